"""Formats of access logs: whether what they write can be read, and names who called."""
