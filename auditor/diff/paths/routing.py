"""Where a route can be reached, what stands before it, and where it leads."""

from collections.abc import Iterator

from auditor.diff.paths.interface import Change, Pair, step_fact
from auditor.model.diff import Direction
from auditor.model.fact import Present
from auditor.model.flow import Door, Flow
from auditor.model.step import StepState

_WEB_ACL, _THROTTLE, _CACHE = 3, 8, 10
_OWN = "execute-api"
_UNKNOWN = "UNKNOWN"
_NO_LIMIT = frozenset({None, "-1", "-1.0"})
"""-1 is how a stage says that a method has no limit of its own."""


def routing(pair: Pair) -> Iterator[Change]:
    """Yield what changed about the way to the route and from it."""
    yield from _doors(pair)
    yield from _private(pair)
    yield from _web_acl(pair)
    yield from _throttle(pair)
    yield from _cache(pair)
    yield from _backend(pair)
    yield from _certificate_check(pair)
    yield from _credentials(pair)


def _doors(pair: Pair) -> Iterator[Change]:
    """Compare addresses. One that is on one side alone is news only where the other side is known to the end."""
    before, after = _by_address(pair.old.flow), _by_address(pair.new.flow)
    for address in sorted(after.keys() - before.keys()):
        if pair.old.flow.doors_complete:
            door = after[address][0]
            yield _door(f"now answers under {address}, too", None, address, _come(door, pair.old.flow))
    for address in sorted(before.keys() - after.keys()):
        if pair.new.flow.doors_complete:
            is_own = before[address][0].kind == _OWN
            direction = Direction.BETTER if is_own else Direction.NEITHER
            yield _door(f"no longer answers under {address}", address, None, direction)
    for address in sorted(before.keys() & after.keys()):
        yield from _one_door(address, before[address], after[address])


def _door(words: str, old: str | None, new: str | None, direction: Direction) -> Change:
    return Change("doors", words, direction, old, new, is_deployed=False)


def _come(door: Door, before: Flow) -> Direction:
    """Judge a new address: the gateway's own, or one that asks for less than all others did, opens a way around them."""
    asked = bool(before.doors) and all(each.mutual_tls for each in before.doors)
    return Direction.WORSE if door.kind == _OWN or (asked and not door.mutual_tls) else Direction.UNKNOWN


def _by_address(flow: Flow) -> dict[str, tuple[Door, ...]]:
    """Return the doors without the route's own path, so that routes which share a door say the same."""
    path = flow.route_key.rpartition(" ")[2]
    found: dict[str, tuple[Door, ...]] = {}
    for door in flow.doors:
        address = door.url.removesuffix(path) if path.startswith("/") else door.url
        found[address] = (*found.get(address, ()), door)
    return found


def _one_door(address: str, old: tuple[Door, ...], new: tuple[Door, ...]) -> Iterator[Change]:
    one, other = old[0].mutual_tls, new[0].mutual_tls
    if one is not None and other is not None and one is not other:
        words = f"{'now' if other else 'no longer'} asks for a client certificate under {address}"
        direction = Direction.BETTER if other else Direction.WORSE
        yield Change("mutual TLS", words, direction, one, other, is_deployed=False)
    before, after = sorted({each.when or "" for each in old}), sorted({each.when or "" for each in new})
    if before != after:
        words = f"answers under {address} to calls with other headers"
        yield Change("doors", words, Direction.UNKNOWN, [*before], [*after], is_deployed=False)


def _private(pair: Pair) -> Iterator[Change]:
    one, other = pair.old.flow.private, pair.new.flow.private
    if one is None or other is None or one is other:
        return
    words, direction = (
        ("can now be reached from VPCs alone", Direction.BETTER)
        if other
        else ("can now be reached from the internet", Direction.WORSE)
    )
    yield Change("private", words, direction, one, other, is_deployed=False)


def _web_acl(pair: Pair) -> Iterator[Change]:
    one, other = pair.old.flow.steps[_WEB_ACL - 1], pair.new.flow.steps[_WEB_ACL - 1]
    if StepState.NOT_READ in {one.state, other.state}:
        return
    old, new = (step_fact(each.flow, _WEB_ACL, "web ACL") for each in (pair.old, pair.new))
    if old == new:
        return
    if new is None:
        words, direction = f"is no longer behind web ACL {_acl(old)}", Direction.WORSE
    elif old is None:
        words, direction = f"is now behind web ACL {_acl(new)}", Direction.BETTER
    else:
        words, direction = f"is behind web ACL {_acl(new)} instead of {_acl(old)}", Direction.UNKNOWN
    yield Change("web ACL", words, direction, old, new, is_deployed=False)


def _acl(arn: str | None) -> str:
    parts = (arn or "").split("/")
    return parts[-2] if len(parts) > 2 else parts[-1]  # noqa: PLR2004 - …/webacl/NAME/ID


def _throttle(pair: Pair) -> Iterator[Change]:
    if StepState.NOT_READ in {each.flow.steps[_THROTTLE - 1].state for each in (pair.old, pair.new)}:
        return
    old, new = (step_fact(each.flow, _THROTTLE, "rate") for each in (pair.old, pair.new))
    if old == new or {old, new} <= _NO_LIMIT:
        return
    if new in _NO_LIMIT:
        words, direction = f"no longer has a limit of {old} calls a second", Direction.WORSE
    elif old in _NO_LIMIT:
        words, direction = f"is now limited to {new} calls a second", Direction.BETTER
    else:
        words, direction = f"is limited to {new} calls a second instead of {old}", Direction.NEITHER
    yield Change("throttle", words, direction, old, new, is_deployed=False)


def _cache(pair: Pair) -> Iterator[Change]:
    one, other = (each.flow.steps[_CACHE - 1] for each in (pair.old, pair.new))
    if StepState.NOT_READ in {one.state, other.state}:
        return
    old, new = _kept(pair.old.flow), _kept(pair.new.flow)
    if old == new:
        return
    if new is None:
        words = "no longer gives an earlier answer again"
    elif old is None:
        words = f"now gives an earlier answer again for {new[0]} s, told apart by {new[1]}"
    else:
        words = (
            f"gives an earlier answer again for {new[0]} s, told apart by {new[1]}, instead of {old[0]} s, by {old[1]}"
        )
    direction = Direction.UNKNOWN if new is not None else Direction.NEITHER
    yield Change("cache", words, direction, old and [*old], new and [*new], is_deployed=False)


def _kept(flow: Flow) -> tuple[str, str] | None:
    """Return for how many seconds an answer is kept, and by what it is found again; None: none is kept."""
    if flow.steps[_CACHE - 1].state is not StepState.SET:
        return None
    return step_fact(flow, _CACHE, "seconds") or "?", step_fact(flow, _CACHE, "cache key") or "the path alone"


def _backend(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.flow.backend, pair.new.flow.backend
    if _UNKNOWN in {old.kind, new.kind} or pair.are_variables_torn:
        return
    if (old.kind, old.target) == (new.kind, new.target) or pair.is_same(
        old.target or old.label, new.target or new.label
    ):
        return
    words = f"now leads to {new.label} instead of {old.label}"
    if new.label == old.label:
        words = f"now leads to another target of {new.label}"
    by_variable = pair.old.route.integration == pair.new.route.integration
    words += ", by a stage variable" if by_variable else ""
    direction = _line(old.target or "", new.target or "")
    before, after = old.target or old.label, new.target or new.label
    yield Change("back end", words, direction, before, after, is_deployed=not by_variable)


def _line(old: str, new: str) -> Direction:
    """Judge a new back end by the line to it; whether the back end is the right one, a person has to say."""
    if old.startswith("https://") and new.startswith("http://"):
        return Direction.WORSE
    if old.startswith("http://") and new.startswith("https://") and old[7:] == new[8:]:
        return Direction.BETTER
    return Direction.UNKNOWN


def _certificate_check(pair: Pair) -> Iterator[Change]:
    one, other = pair.old.route.integration, pair.new.route.integration
    if not isinstance(one, Present) or not isinstance(other, Present):
        return
    old, new = bool(one.value.insecure_skip_verification), bool(other.value.insecure_skip_verification)
    if old is new:
        return
    words, direction = (
        ("now takes any certificate of its back end", Direction.WORSE)
        if new
        else ("now verifies the certificate of its back end", Direction.BETTER)
    )
    yield Change("certificate check", words, direction, not old, not new)


def _credentials(pair: Pair) -> Iterator[Change]:
    one, other = pair.old.route.integration, pair.new.route.integration
    if not isinstance(one, Present) or not isinstance(other, Present):
        return
    old, new = one.value.credentials, other.value.credentials
    if old != new:
        words = f"calls its back end {_as(new)} instead of {_as(old)}"
        yield Change("credentials", words, Direction.UNKNOWN, old, new)


def _as(credentials: str | None) -> str:
    if credentials is None:
        return "without credentials"
    if credentials.startswith("arn:aws:iam::*"):
        return "as the caller"
    return f"as {credentials.rpartition('/')[2]}"
