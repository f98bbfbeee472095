"""The use cases, and the only wiring between the rooms."""
