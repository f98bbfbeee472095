"""Pages to resources, observations and listings. Pure."""
