class CreatePets
