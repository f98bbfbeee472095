"""Controls, criteria, registers and waivers from YAML; every problem of a file at once."""
