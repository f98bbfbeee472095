"""Checks of what is changed on the way to the back end."""
