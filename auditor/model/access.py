"""Who may call a route, as answers print it."""

from dataclasses import dataclass
from enum import StrEnum


class Paths(StrEnum):
    """For how much of a route an answer holds."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Access:
    """What one principal may do with one route."""

    principal: str
    """ARN; `*` for anyone; of tokens and functions their issuer, pool or ARN."""
    decision: str
    """allowed, conditional, partly, denied, unknown."""
    paths: Paths
    witness: str | None
    """Where it holds for some of the route's paths: the ARN of a call for which it does."""
    by: tuple[str, ...]
    """`layer: policy#statement`, or in words what decided where no statement did."""
    conditions: tuple[str, ...]
    people: tuple[str, ...] = ()
    """Who is behind a role of Identity Center, as far as the snapshot knows."""


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """Who may call one deployed route."""

    route: str
    authorization_type: str | None
    """None: not read."""
    open_to_anyone: bool | None
    callers: tuple[Access, ...]
