"""Bind controls to checks, run them with gaps and waivers, conclude."""
