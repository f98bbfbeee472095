"""How the caller's identity is carried to the back end and the log, or lost on the way."""
