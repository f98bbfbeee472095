"""Checks of what becomes of a request on its way, and of what the back end is told about the caller."""
