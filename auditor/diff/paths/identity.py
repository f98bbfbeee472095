"""Who may call, by what right, and whether the back end and the log are told."""

from collections.abc import Iterator

from auditor.access.strangers.restriction import RestrictionKind, restriction
from auditor.diff.canonical import canonical
from auditor.diff.paths.interface import Change, Pair, Seen
from auditor.diff.policies import compare_policy
from auditor.model.diff import AccessChange, Direction
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.flow import ToldToBackend, Trace, Who, WhoKind
from auditor.model.gateway import Protocol
from auditor.model.route_parts import AuthorizerDefinition

ASKED = {
    WhoKind.IAM: "an IAM signature",
    WhoKind.COGNITO: "a token",
    WhoKind.JWT: "a token",
    WhoKind.LAMBDA: "an Allow of its authorizer function",
}
_UNCERTAIN = frozenset({WhoKind.UNKNOWN, WhoKind.INHERITED})
"""What nobody knows, and what `$connect` tells for all messages."""
_NAMED = frozenset({"name"})
"""Members of an authorizer that decide nothing."""
_RANK = {RestrictionKind.OPEN: 0, RestrictionKind.RESTRICTING: 1, RestrictionKind.CLOSED: 2}
_BY_ACCESS = {
    AccessChange.WIDENED: ("lets more callers in by its resource policy", Direction.WORSE),
    AccessChange.NARROWED: ("lets fewer callers in by its resource policy", Direction.BETTER),
}
_TOLD = {
    ToldToBackend.VERIFIED: (2, "now tells its back end who calls"),
    ToldToBackend.NOTHING: (1, "no longer tells its back end who calls"),
    ToldToBackend.CLIENT_CLAIMED: (0, "now lets the client say to the back end who calls"),
}
_UNTOLD = "no longer lets the client say to the back end who calls"
_TRACE = {
    Trace.NONE: (0, "no longer has an access log"),
    Trace.BROKEN: (0, "now has an access log that cannot be read or is cut off"),
    Trace.ANONYMOUS: (1, "is now logged without naming who calls"),
    Trace.PARTIAL: (2, "is now logged with some callers named, others not"),
    Trace.IDENTIFIED: (3, "is now logged with who calls"),
}


def identity(pair: Pair) -> Iterator[Change]:
    """Yield what changed about who may call, in the order in which a reader asks."""
    yield from _who(pair)
    yield from _scopes(pair)
    yield from _key(pair)
    yield from _policy(pair)
    yield from _told(pair)
    yield from _trace(pair)


def _who(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.flow.who, pair.new.flow.who
    if old.kind in _UNCERTAIN or new.kind in _UNCERTAIN:
        yield from _type(pair)
    elif old.kind is WhoKind.NONE and new.kind is not WhoKind.NONE:
        yield Change("who", f"now asks for {ASKED[new.kind]}", Direction.BETTER, _named(old), _named(new))
    elif new.kind is WhoKind.NONE and old.kind is not WhoKind.NONE:
        yield Change("who", f"no longer asks for {ASKED[old.kind]}", Direction.WORSE, _named(old), _named(new))
    elif old.kind is not new.kind and ASKED[old.kind] != ASKED[new.kind]:
        words = f"asks for {ASKED[new.kind]} instead of {ASKED[old.kind]}"
        yield Change("who", words, Direction.UNKNOWN, _named(old), _named(new))
    elif (old.kind, old.label, old.detail) != (new.kind, new.label, new.detail) and new.kind is not WhoKind.NONE:
        yield from _another(pair)
    else:
        yield from _authorizer(pair)


def _type(pair: Pair) -> Iterator[Change]:
    """Name an authorization type that this program does not know; what was not read is no change."""
    one, other = pair.old.route.authorization_type, pair.new.route.authorization_type
    if isinstance(one, Present) and isinstance(other, Present) and one != other:
        words = f"has authorization type {other.value} instead of {one.value}"
        yield Change("who", words, Direction.UNKNOWN, one.value, other.value)


def _named(who: Who) -> str:
    return f"{who.label} ({who.detail})" if who.detail else who.label


def _another(pair: Pair) -> Iterator[Change]:
    """Say that somebody else decides; an authorizer that was read on one side alone says nothing."""
    if isinstance(pair.old.route.authorizer, Unread) or isinstance(pair.new.route.authorizer, Unread):
        return
    old, new = pair.old.flow.who, pair.new.flow.who
    if not pair.is_same(_named(old), _named(new)):
        words = f"trusts {new.label} instead of {old.label}"
        if new.label == old.label:
            words = f"trusts another {new.label}"
        yield Change("who", words, Direction.UNKNOWN, _named(old), _named(new))


def _authorizer(pair: Pair) -> Iterator[Change]:
    one, other = pair.old.route.authorizer, pair.new.route.authorizer
    if not isinstance(one, Present) or not isinstance(other, Present):
        return
    differing = [
        name
        for name in AuthorizerDefinition.model_fields
        if name not in _NAMED
        and not pair.is_same(canonical(getattr(one.value, name)), canonical(getattr(other.value, name)))
    ]
    if differing:
        named = ", ".join(each.replace("_", " ") for each in differing)
        before, after = canonical(one.value), canonical(other.value)
        yield Change("authorizer", f"has its authorizer changed: {named}", Direction.UNKNOWN, before, after)


def _scopes(pair: Pair) -> Iterator[Change]:
    """Compare scopes: one of them is enough, and without any every token passes."""
    if pair.old.flow.who.kind is not pair.new.flow.who.kind:
        return
    one, other = pair.old.route.authorization_scopes, pair.new.route.authorization_scopes
    if isinstance(one, Unread) or isinstance(other, Unread):
        return
    old, new = _set(one), _set(other)
    if old == new:
        return
    words, direction = _scope_words(old, new)
    yield Change("scopes", words, direction, [*sorted(old)], [*sorted(new)])


def _scope_words(old: frozenset[str], new: frozenset[str]) -> tuple[str, Direction]:
    if not new:
        return f"no longer asks for scope {_either(old)}", Direction.WORSE
    if not old:
        return f"now asks for scope {_either(new)}", Direction.BETTER
    if old < new:
        return f"now takes scope {_either(new - old)} too", Direction.WORSE
    if new < old:
        return f"no longer takes scope {_either(old - new)}", Direction.BETTER
    return f"asks for scope {_either(new)} instead of {_either(old)}", Direction.UNKNOWN


def _either(scopes: frozenset[str]) -> str:
    return " or ".join(sorted(scopes))


def _set(fact: Fact[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(fact.value) if isinstance(fact, Present) else frozenset()


def _key(pair: Pair) -> Iterator[Change]:
    one, other = _flag(pair.old.flow.api_key_required), _flag(pair.new.flow.api_key_required)
    if one is None or other is None or one == other:
        return
    words, direction = (
        ("now needs an API key", Direction.BETTER) if other else ("no longer needs an API key", Direction.WORSE)
    )
    yield Change("API key", words, direction, one, other)


def _flag(fact: Fact[bool]) -> bool | None:
    match fact:
        case Present(value=value):
            return value
        case Unread():
            return None
        case Absent() | NotApplicable():
            return False


def _policy(pair: Pair) -> Iterator[Change]:
    """Compare the resource policy. An edit takes effect with a deployment alone (developer guide, "Updating a REST API")."""
    one, other = pair.old.policy, pair.new.policy
    if pair.new.flow.kind is not Protocol.REST or isinstance(one, Unread) or isinstance(other, Unread):
        return
    before, after = _text(pair.old), _text(pair.new)
    compared = compare_policy("policy", before, after)
    if not compared.fields:
        return
    old, new = [each.old for each in compared.fields], [each.new for each in compared.fields]
    if pair.was_redeployed is False and not pair.new.is_policy_told:
        words = "has its resource policy edited, not deployed"
        yield Change("resource policy", words, Direction.NEITHER, old, new, is_deployed=False)
        return
    words, direction = _by_verdict(pair, before, after) or _BY_ACCESS.get(
        compared.access, ("has another resource policy", Direction.UNKNOWN)
    )
    yield Change("resource policy", words, direction, old, new)


def _text(seen: Seen) -> str | None:
    """Return the policy with this API's resources written the short way, as exports and lists differ in that."""
    if not isinstance(seen.policy, Present):
        return None
    return seen.policy.value.replace(f"{seen.route.arn.partition('/')[0]}/", "execute-api:/")


def _by_verdict(pair: Pair, before: str | None, after: str | None) -> tuple[str, Direction] | None:
    """Return what the policy does to a route that asks nobody; None where an authorizer decides as well, or nobody can tell."""
    if {pair.old.flow.who.kind, pair.new.flow.who.kind} != {WhoKind.NONE}:
        return None
    one, other = _verdict(pair.old, before), _verdict(pair.new, after)
    if one not in _RANK or other not in _RANK or one is other:
        return None
    if _RANK[other] < _RANK[one]:
        words = (
            "is no longer limited by its resource policy"
            if other is RestrictionKind.OPEN
            else _BY_ACCESS[AccessChange.WIDENED][0]
        )
        return words, Direction.WORSE
    return "is now limited by its resource policy", Direction.BETTER


def _verdict(seen: Seen, policy: str | None) -> RestrictionKind:
    if policy is not None:
        return restriction(policy, seen.route.arn, private=seen.flow.private, moment=seen.as_of).kind
    # A private API refuses every call until it has a policy (developer guide, "Private REST APIs").
    return RestrictionKind.CLOSED if seen.flow.private else RestrictionKind.OPEN


def _told(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.flow.told_to_backend, pair.new.flow.told_to_backend
    if old not in _TOLD or new not in _TOLD or old is new or pair.are_variables_torn:
        return
    words = _UNTOLD if (old, new) == (ToldToBackend.CLIENT_CLAIMED, ToldToBackend.NOTHING) else _TOLD[new][1]
    direction = Direction.BETTER if _TOLD[new][0] > _TOLD[old][0] else Direction.WORSE
    yield Change("told to back end", words, direction, old.value, new.value)


def _trace(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.flow.trace, pair.new.flow.trace
    if old is None or new is None or old is new:
        return
    direction = Direction.BETTER if _TRACE[new][0] > _TRACE[old][0] else Direction.WORSE
    if _TRACE[new][0] == _TRACE[old][0]:
        direction = Direction.NEITHER
    yield Change("trace", _TRACE[new][1], direction, old.value, new.value, is_deployed=False)


def asks(seen: Seen) -> tuple[str, Direction]:
    """Return what a route asks for, and whether that leaves it open to anyone."""
    kind = seen.flow.who.kind
    if kind in ASKED:
        return f"asks for {ASKED[kind]}", Direction.NEITHER
    if kind is WhoKind.INHERITED:
        return "asks what $connect asks", Direction.NEITHER
    if kind is WhoKind.UNKNOWN:
        return "whom it asks is not known", Direction.UNKNOWN
    if _flag(seen.flow.api_key_required):
        return "asks for an API key alone", Direction.WORSE
    return _nobody(seen)


def _nobody(seen: Seen) -> tuple[str, Direction]:
    if seen.flow.kind is not Protocol.REST:
        return "asks nobody", Direction.WORSE
    verdict = None if isinstance(seen.policy, Unread) else _verdict(seen, _text(seen))
    if verdict is RestrictionKind.OPEN:
        return "asks nobody", Direction.WORSE
    if verdict in _RANK:
        return "asks nobody, but its resource policy limits who may call", Direction.NEITHER
    return "asks nobody; what its resource policy does is not known", Direction.UNKNOWN
