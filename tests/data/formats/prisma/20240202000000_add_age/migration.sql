-- AlterTable
ALTER TABLE "pets" ADD COLUMN "age" INTEGER;
