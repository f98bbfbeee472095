"""Whether a variable of `$context` holds a value for a route, and whose word it is."""

from enum import StrEnum


class Use(StrEnum):
    """Where a variable is used: the sets differ."""

    MAPPING = "mapping"
    """Parameter mappings and body templates."""
    LOG = "log"
    """Formats of access logs."""


class Existence(StrEnum):
    """What a variable holds."""

    VERIFIED = "verified"
    """What the route's authorizer checked."""
    MAY_BE_EMPTY = "may be empty"
    """Checked where it is there; the configuration does not tell whether it is: keys of a Lambda authorizer's context, optional claims."""
    GATEWAY = "gateway"
    """What API Gateway saw itself."""
    CLIENT = "client"
    """What the client sent: `identity.userAgent`."""
    EMPTY = "empty"
    """Nothing, ever, under this authorizer."""
    NO_VARIABLE = "no variable"
    """Not in AWS's lists: nothing, as far as documentation tells."""
    UNKNOWN = "unknown"
    """Nobody can tell: the authorizer is not known, or the documentation does not settle it."""
