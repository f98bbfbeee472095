"""Whether a REST API's resource policy really restricts who may call a route that asks nobody who they are.

The evaluator is asked about one call of each class that the policy tells apart (see `calls`). Whoever comes from a network
that no policy names must certainly be kept out; where that is not certain, nothing is decided: a wrong RESTRICTING would be a
wrong pass. With authorization NONE the policy must allow by itself (access.md section 4.1). `aws:VpcSourceIp` keeps no stranger
out: another VPC can use the same private addresses. Never tried on a live account.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from itertools import chain

from auditor.access.family import Family, family
from auditor.access.iam.policies import Layer, policy
from auditor.access.policy import Statement
from auditor.access.sources import Width, width_of
from auditor.access.strangers import reasons
from auditor.access.strangers.calls import Call, calls
from auditor.access.strangers.origins import Way
from auditor.access.strangers.values import Naming


class RestrictionKind(StrEnum):
    """What a resource policy does for a route without authorization of its own."""

    OPEN = "open"
    """Anyone may call."""
    RESTRICTING = "restricting"
    """Only calls from named networks are let through."""
    CLOSED = "closed"
    """Nobody is let through."""
    UNDECIDED = "undecided"
    """It depends on what nobody can tell."""


_MOST_OPEN_FIRST = (
    RestrictionKind.OPEN,
    RestrictionKind.UNDECIDED,
    RestrictionKind.RESTRICTING,
    RestrictionKind.CLOSED,
)


@dataclass(frozen=True)
class Restriction:
    """What a policy does, and through which statement."""

    kind: RestrictionKind
    why: str
    """One sentence."""
    needs_endpoint_type: bool = False
    """Of UNDECIDED: whether only that is missing, whether the API is private."""


def restriction(
    policy_text: str, route_arn: str, *, private: bool | None, moment: datetime | None = None
) -> Restriction:
    """Return what the policy does to a route with authorization NONE; raise ValueError if the ARN is no REST route's.

    `policy_text` is the document as JSON (apigateway:GetRestApis); a malformed one is UNDECIDED. `private`: whether calls come
    through VPC endpoints alone; None: not told, then what does not hold both ways is UNDECIDED. `moment`: what lets anyone in then
    is OPEN; None: what depends on the time is UNDECIDED.
    """
    route = family(route_arn)
    return of_text(policy_text, lambda written: of_statements(written, route, Way(moment=moment), private=private))


def of_text(policy_text: str, judged: Callable[[tuple[Statement, ...]], Restriction]) -> Restriction:
    """Return what is judged of a policy's statements; UNDECIDED where it is no well-formed one."""
    found = policy(Layer.RESOURCE, "", policy_text)
    if found.trouble:
        return Restriction(RestrictionKind.UNDECIDED, reasons.unreadable(found.trouble))
    return judged(found.statements)


def of_statements(statements: tuple[Statement, ...], route: Family, way: Way, *, private: bool | None) -> Restriction:
    """Return what statements do to calls of a route that come this way, inside VPCs or not as `private` says."""
    if private is not None:
        return of_way(statements, route, replace(way, inside=private))
    either = [of_way(statements, route, replace(way, inside=inside)) for inside in (False, True)]
    found = _most_open(either)
    if either[0].kind is either[1].kind or found.kind in {RestrictionKind.RESTRICTING, RestrictionKind.CLOSED}:
        return found
    why = reasons.by_endpoint_type(public=either[0].why, private=either[1].why)
    return Restriction(RestrictionKind.UNDECIDED, why, needs_endpoint_type=True)


def of_way(statements: tuple[Statement, ...], route: Family, way: Way) -> Restriction:
    """Return what statements do to an anonymous call that comes this way."""
    odd = next((each for each in statements if not (each.resources or each.not_resources)), None)
    if odd is not None:
        return Restriction(RestrictionKind.UNDECIDED, reasons.without_resource(odd))
    found = calls(statements, route, way)
    if found is None:
        return Restriction(RestrictionKind.UNDECIDED, reasons.TOO_MANY)
    parts = [(_of_part(each, way), each) for each in found]
    kind = min((kind for kind, _ in parts), key=_MOST_OPEN_FIRST.index)
    such = [part for found, part in parts if found is kind]
    match kind:
        case RestrictionKind.OPEN:
            return Restriction(kind, reasons.opened(such[0], is_whole=len(parts) == 1))
        case RestrictionKind.UNDECIDED:
            return Restriction(kind, reasons.undecided(such[0], way))
        case RestrictionKind.RESTRICTING:
            return Restriction(kind, reasons.restricting(tuple(chain.from_iterable(such)), way))
        case RestrictionKind.CLOSED:
            return Restriction(kind, reasons.closed(tuple(chain.from_iterable(such)), statements))


def _most_open(found: Iterable[Restriction]) -> Restriction:
    """Return the more open of both ways."""
    return min(found, key=lambda each: _MOST_OPEN_FIRST.index(each.kind))


class _Who(IntEnum):
    """Who is among some classes of calls."""

    NOBODY = 0
    NAMED = 1
    PERHAPS_ANYONE = 2
    ANYONE = 3


def _of_part(part: tuple[Call, ...], way: Way) -> RestrictionKind:
    """Return what is done to one part of a route, by who certainly gets in and who may."""
    if _who((each for each in part if each.is_let_in), way) is _Who.ANYONE:
        return RestrictionKind.OPEN
    match _who((each for each in part if each.may_be_let_in), way):
        case _Who.NOBODY:
            return RestrictionKind.CLOSED
        case _Who.NAMED:
            return RestrictionKind.RESTRICTING
        case _Who.PERHAPS_ANYONE | _Who.ANYONE:
            return RestrictionKind.UNDECIDED


def _who(some: Iterable[Call], way: Way) -> _Who:
    found = list(some)
    if not found:
        return _Who.NOBODY
    if way.inside:
        named = {Naming.NAMED: _Who.NAMED, Naming.PATTERN: _Who.PERHAPS_ANYONE, Naming.ANYONE: _Who.ANYONE}
        return named[max(each.origin.naming for each in found)]
    wide = {Width.NARROW: _Who.NAMED, Width.UNKNOWN: _Who.PERHAPS_ANYONE, Width.WIDE: _Who.ANYONE}
    return wide[width_of(block for each in found for block in each.origin.networks)]
