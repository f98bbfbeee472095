"""The only room that calls AWS: one reader makes every call; one module per service declares what it reads."""
