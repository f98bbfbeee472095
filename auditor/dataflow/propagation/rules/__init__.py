"""The rules P1 to P18, one module each."""
