"""The flow of each deployed route: identity, routing, transformation."""
