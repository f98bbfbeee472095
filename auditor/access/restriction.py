"""Whether a REST API's resource policy really restricts who may call a route that asks nobody who they are.

The evaluator is asked about one call of each class that the policy tells apart (see `strangers`). Whoever comes from a network
that no policy names must certainly be kept out; where that is not certain, nothing is decided: a wrong RESTRICTING would be a
wrong pass. With authorization NONE the policy must allow by itself (access.md section 4.1). `aws:VpcSourceIp` keeps no stranger
out: another VPC can use the same private addresses. Never tried on a live account.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from auditor.access.family import Family, family
from auditor.access.iam.caller import names_aws_only
from auditor.access.iam.policies import Layer, policy
from auditor.access.iam.statement import not_understood, open_conditions
from auditor.access.iam.truth import Truth
from auditor.access.origins import Way
from auditor.access.policy import Effect, Statement
from auditor.access.sources import Width, collapsed, width_of
from auditor.access.strangers import Call, calls
from auditor.access.values import Naming
from auditor.model.words import several

_OPEN = (Truth.IF, Truth.UNKNOWN)


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


class _Who(IntEnum):
    """Who is among some classes of calls."""

    NOBODY = 0
    NAMED = 1
    PERHAPS_ANYONE = 2
    ANYONE = 3


def restriction(policy_text: str, route_arn: str, *, private: bool | None) -> Restriction:
    """Return what the policy does to a route with authorization NONE; raise ValueError if the ARN is no REST route's.

    `policy_text` is the document as JSON (apigateway:GetRestApis); a malformed one is UNDECIDED. `private`: whether calls come
    through VPC endpoints alone; None: not told, then what does not hold both ways is UNDECIDED.
    """
    route = family(route_arn)
    found = policy(Layer.RESOURCE, "", policy_text)
    if found.trouble:
        return unreadable(found.trouble)
    return of_statements(found.statements, route, private=private)


def unreadable(trouble: str) -> Restriction:
    """Return that a policy is no well-formed one."""
    return Restriction(RestrictionKind.UNDECIDED, f"The resource policy cannot be read: {trouble}.")


def of_statements(
    statements: tuple[Statement, ...], route: Family, *, private: bool | None, is_signed: bool = False
) -> Restriction:
    """Return what statements do to an anonymous call of a route, or to one that an unknown identity signed."""
    if private is not None:
        return of_way(statements, route, Way(inside=private, is_signed=is_signed))
    either = [of_way(statements, route, Way(inside=inside, is_signed=is_signed)) for inside in (False, True)]
    found = _most_open(either)
    if either[0].kind is either[1].kind or found.kind in {RestrictionKind.RESTRICTING, RestrictionKind.CLOSED}:
        return found
    why = f"Whether the API is private is not told: if it is, {_lower(either[1].why)} If not, {_lower(either[0].why)}"
    return Restriction(RestrictionKind.UNDECIDED, why, needs_endpoint_type=True)


def of_way(statements: tuple[Statement, ...], route: Family, way: Way) -> Restriction:
    """Return what statements do to an anonymous call that comes this way."""
    odd = next((each for each in statements if not (each.resources or each.not_resources)), None)
    if odd is not None:
        return Restriction(RestrictionKind.UNDECIDED, f"{_named(odd)} names no resource.")
    found = calls(statements, route, way)
    if found is None:
        return Restriction(RestrictionKind.UNDECIDED, "The policy tells too many kinds of calls apart.")
    return _most_open([_of_part(each, statements, way) for each in found])


def _most_open(found: Sequence[Restriction]) -> Restriction:
    """Return the most open of several parts or ways."""
    return min(found, key=lambda each: _MOST_OPEN_FIRST.index(each.kind))


def _of_part(part: Sequence[Call], statements: tuple[Statement, ...], way: Way) -> Restriction:
    certain = [each for each in part if each.let_in is Truth.YES]
    possible = [each for each in part if each.let_in is not Truth.NO]
    if _who(certain, way) is _Who.ANYONE:
        return Restriction(RestrictionKind.OPEN, _open(certain))
    match _who(possible, way):
        case _Who.NOBODY:
            return Restriction(RestrictionKind.CLOSED, _closed(part, statements))
        case _Who.NAMED:
            return Restriction(RestrictionKind.RESTRICTING, _restricting(part, possible, way))
        case _:
            return Restriction(RestrictionKind.UNDECIDED, _undecided(certain, possible, way))


def _who(some: Iterable[Call], way: Way) -> _Who:
    found = list(some)
    if not found:
        return _Who.NOBODY
    if way.inside:
        named = {Naming.NAMED: _Who.NAMED, Naming.PATTERN: _Who.PERHAPS_ANYONE, Naming.ANYONE: _Who.ANYONE}
        return named[max(each.origin.naming for each in found)]
    wide = {Width.NARROW: _Who.NAMED, Width.UNKNOWN: _Who.PERHAPS_ANYONE, Width.WIDE: _Who.ANYONE}
    return wide[width_of(block for each in found for block in each.origin.networks)]


def _size(call: Call) -> tuple[Naming, int]:
    """Order classes by how many may call so."""
    return call.origin.naming, sum(each.num_addresses for each in call.origin.networks)


def _open(certain: Sequence[Call]) -> str:
    widest = max(certain, key=_size)
    allow = widest.first(Effect.ALLOW, Truth.YES)
    return f"{_named(allow)} allows anyone to call this route."


def _closed(part: Sequence[Call], statements: tuple[Statement, ...]) -> str:
    deny = max(part, key=_size).first(Effect.DENY, Truth.YES)
    if deny is not None and not deny.conditions:
        return f"{_named(deny)} denies every call of this route."
    if any(each.allow is not Truth.NO for each in part) and deny is not None:
        return f"{_named(deny)} denies whatever the policy allows of this route."
    if any(each.effect is Effect.ALLOW and names_aws_only(each) for each in statements):
        return "The policy allows AWS principals only, and without AWS_IAM authorization such calls fail."
    return "No statement allows an anonymous call of this route, so the policy denies it."


def _restricting(part: Sequence[Call], possible: Sequence[Call], way: Way) -> str:
    networks = _networks(possible, way)
    kept_out = [each for each in part if each.let_in is Truth.NO and each.allow is not Truth.NO]
    deny = max(kept_out, key=_size).first(Effect.DENY, Truth.YES) if kept_out else None
    if deny is not None:
        return f"{_named(deny)} denies calls that do not come from {networks}."
    allow = possible[0].first(Effect.ALLOW, Truth.YES, *_OPEN)
    return f"{_named(allow)} allows only calls that come from {networks}."


def _networks(some: Sequence[Call], way: Way) -> str:
    """Return the networks of classes, for a sentence: `aws:SourceIp 203.0.113.0/24`."""
    if not way.inside:
        return f"aws:SourceIp {several(collapsed(block for each in some for block in each.origin.networks))}"
    named: dict[str, set[str]] = {}
    for each in some:
        for key, name in each.origin.named:
            named.setdefault(key, set()).add(name)
    return " or ".join(f"{key} {several(sorted(names))}" for key, names in sorted(named.items(), reverse=True))


def _undecided(certain: Sequence[Call], possible: Sequence[Call], way: Way) -> str:
    """Return what nobody can tell, of the widest class that may be let in."""
    if _who(certain, way) is _who(possible, way):
        which = "a pattern names" if way.inside else f"is much of the internet: {_networks(certain, way)}"
        return f"Whether strangers are kept out is not certain: what is let in {which}."
    widest = max((each for each in possible if each.let_in is not Truth.YES), key=_size)
    odd = widest.first(Effect.ALLOW, *_OPEN) or widest.first(Effect.DENY, *_OPEN)
    if odd is None:
        return "What the policy does is not decided."
    says = "allows" if odd.effect is Effect.ALLOW else "denies"
    open_ = (*not_understood(odd, widest.request), *open_conditions(odd, widest.request))
    return f"{_named(odd)} {says} depending on what cannot be told: {'; '.join(open_) or 'whom it means'}."


def _named(statement: Statement | None) -> str:
    label = "the policy" if statement is None else statement.label
    return label[0].upper() + label[1:]


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
