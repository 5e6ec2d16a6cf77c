-- CreateTable
CREATE TABLE "pets" (
    "id" SERIAL NOT NULL,
    CONSTRAINT "pets_pkey" PRIMARY KEY ("id")
);
