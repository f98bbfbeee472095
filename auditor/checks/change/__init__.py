"""The evidence itself, and how it changes."""
