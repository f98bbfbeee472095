"""One module per service: what it reads, and in which order."""
