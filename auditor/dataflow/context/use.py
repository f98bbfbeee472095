"""Where a variable of `$context` is used."""

from enum import StrEnum


class Use(StrEnum):
    """Where a variable is used: the sets differ."""

    MAPPING = "mapping"
    """Parameter mappings and body templates."""
    LOG = "log"
    """Formats of access logs."""
