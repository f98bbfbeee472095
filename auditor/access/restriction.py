"""Whether a REST API's resource policy really restricts who may call a route that asks nobody who they are.

Recognised forms only: a wrong RESTRICTING would be a wrong pass, so whatever is not recognised is UNDECIDED. Stands on
access.md section 4.1: with authorization NONE a policy must allow explicitly, and only the keys that need no identity
(SourceIp, SourceVpc, SourceVpce, …) are there to be compared. Where a form works on one endpoint type alone
(SourceIp on public ones, SourceVpc and SourceVpce on private ones) it restricts on the other too: nobody passes.
`aws:VpcSourceIp` alone does not count: a stranger's VPC can use the same private addresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from auditor.access.conditions import (
    Hold,
    allow_hold,
    allows_by_endpoint,
    denies_by_endpoint,
    deny_hold,
    networks,
)
from auditor.access.family import Family, family, resource_relation
from auditor.access.patterns import Relation
from auditor.access.policy import Effect, Statement, parse
from auditor.access.reach import Reach, covers, covers_route, is_elsewhere, names_aws_only, parts, reach


class RestrictionKind(StrEnum):
    """What a resource policy does for a route without authorization of its own."""

    OPEN = "open"
    """Anyone may call."""
    RESTRICTING = "restricting"
    """Only calls from named networks are let through."""
    CLOSED = "closed"
    """Nobody is let through."""
    UNDECIDED = "undecided"
    """The policy uses a form that is not recognised."""


@dataclass(frozen=True)
class Restriction:
    """What a policy does, and through which statement."""

    kind: RestrictionKind
    why: str
    """One sentence."""
    names_endpoints: bool = False
    """Of RESTRICTING: whether every way in is limited to VPC endpoints or VPCs by their ids."""


def restriction(policy: str, route_arn: str) -> Restriction:
    """Return what the policy does to a route with authorization NONE; raise ValueError if the ARN is no REST route's.

    `policy` is the document as JSON text (apigateway:GetRestApis); a malformed one is UNDECIDED.
    """
    route = family(route_arn)
    try:
        statements = parse(policy)
    except ValueError as error:
        return unreadable(error)
    return of_statements(statements, route)


def unreadable(error: ValueError) -> Restriction:
    """Return that a policy is no well-formed one."""
    return Restriction(RestrictionKind.UNDECIDED, f"The resource policy cannot be read: {error}.")


def of_statements(statements: tuple[Statement, ...], route: Family) -> Restriction:
    """Return what statements do to an anonymous call of a route."""
    denies = tuple(each for each in statements if each.effect is Effect.DENY and reach(each) is not Reach.NO)
    closed = next((each for each in denies if _is_plain(each) and covers_route(each, route)), None)
    if closed is not None:
        return Restriction(RestrictionKind.CLOSED, f"{_named(closed)} denies every call of this route.")
    allows = tuple(each for each in statements if each.effect is Effect.ALLOW)
    return _most_open([verdict for each in allows for verdict in _verdicts(each, denies, route)], allows)


def _most_open(verdicts: list[Restriction], allows: tuple[Statement, ...]) -> Restriction:
    """Return the most open verdict, for Allows add up; without any, the implicit deny."""
    for kind in (RestrictionKind.OPEN, RestrictionKind.UNDECIDED, RestrictionKind.RESTRICTING):
        found = [verdict for verdict in verdicts if verdict.kind is kind]
        if found:
            return replace(found[0], names_endpoints=all(each.names_endpoints for each in found))
    if any(names_aws_only(each) for each in allows):
        why = "The policy allows AWS principals only, and without AWS_IAM authorization such calls fail."
    else:
        why = "No statement allows an anonymous call of this route, so the policy denies it."
    return Restriction(RestrictionKind.CLOSED, why)


def _verdicts(allow: Statement, denies: tuple[Statement, ...], route: Family) -> Iterator[Restriction]:
    """Yield a verdict for each way in which an Allow may let anonymous calls of the route through."""
    if reach(allow) is Reach.NO or is_elsewhere(allow, route):
        return
    if not allow.resources:
        yield _undecided(allow, "names its resources in a form that is not recognised")
    for resource in allow.resources:
        match resource_relation(resource, route):
            case Relation.DISJOINT:
                continue
            case Relation.UNKNOWN:
                yield _undecided(allow, f"names a resource that cannot be compared with this route: {resource}")
            case Relation.COVERS | Relation.PARTLY:
                yield from _after_denies(allow, resource, denies, route)


def _after_denies(
    allow: Statement, resource: str, denies: tuple[Statement, ...], route: Family
) -> Iterator[Restriction]:
    """Yield the verdict on one resource of an Allow, after what the Denies take from it; none where they take all."""
    shields = [each for each in denies if reach(each) is Reach.YES and covers(each, resource, route)]
    if any(_is_plain(each) for each in shields):
        return
    limiting = [each for each in shields if deny_hold(each) is Hold.LIMITED]
    by_endpoint = allows_by_endpoint(allow) or any(denies_by_endpoint(each) for each in limiting)
    if limiting:
        why = f"{_named(limiting[0])} denies calls that do not come from {networks(limiting[0])}."
        yield Restriction(RestrictionKind.RESTRICTING, why, names_endpoints=by_endpoint)
    elif allow_hold(allow) is Hold.LIMITED:
        why = f"{_named(allow)} allows only calls that come from {networks(allow)}."
        yield Restriction(RestrictionKind.RESTRICTING, why, names_endpoints=by_endpoint)
    else:
        yield _unlimited(allow, resource, denies, route)


def _unlimited(allow: Statement, resource: str, denies: tuple[Statement, ...], route: Family) -> Restriction:
    """Return OPEN where an Allow certainly lets anyone through, UNDECIDED where something is not recognised."""
    if reach(allow) is Reach.UNKNOWN:
        return _undecided(allow, "allows principals or actions in a form that is not recognised")
    if allow_hold(allow) is Hold.UNKNOWN:
        keys = ", ".join(sorted({f"{each.operator} {each.key}" for each in allow.conditions}))
        return _undecided(allow, f"allows under conditions that are not recognised as restricting: {keys}")
    doubtful = _doubtful(denies, resource, route)
    if doubtful is not None:
        return _undecided(doubtful, f"may or may not stop the calls that {allow.label} allows to anyone")
    return Restriction(RestrictionKind.OPEN, f"{_named(allow)} allows anyone to call this route.")


def _doubtful(denies: tuple[Statement, ...], resource: str, route: Family) -> Statement | None:
    """Return a Deny that may limit an open Allow although that is not certain.

    One pattern that meets the route in part leaves the rest to an Allow of the whole; several may add up to all of it.
    """
    candidates = [each for each in denies if deny_hold(each) is not Hold.NEVER_LIMITS and not is_elsewhere(each, route)]
    pieces = 0
    for each in candidates:
        part = parts(each, route)
        if part is None or covers(each, resource, route):
            return each
        pieces += part
    whole = resource_relation(resource, route) is Relation.COVERS
    certain = pieces == 0 or (pieces == 1 and whole)
    return None if certain else next(each for each in candidates if parts(each, route))


def _is_plain(deny: Statement) -> bool:
    """Return whether a Deny stops everyone under all circumstances."""
    return not deny.conditions and reach(deny) is Reach.YES


def _undecided(statement: Statement, what: str) -> Restriction:
    return Restriction(RestrictionKind.UNDECIDED, f"{_named(statement)} {what}.")


def _named(statement: Statement) -> str:
    return statement.label[0].upper() + statement.label[1:]
