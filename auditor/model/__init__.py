"""The vocabulary: frozen pydantic types that every other room speaks in. Imports nothing of ours."""
