"""Velocity templates in API Gateway's dialect, read and never run."""
