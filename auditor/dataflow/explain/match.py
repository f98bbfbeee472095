"""Which route of a stage takes a call, by route keys.

REST: the most specific path, part by part (its own words before `{id}` before `{proxy+}`), then the method before ANY; a slash at
the end is taken as not there, as LocalStack has it, which is checked against AWS. HTTP: a full path before a greedy one, the
method before ANY, then `$default` (developer guide, "Routes for HTTP APIs"); `/orders/` is not `/orders`. Whether a REST API falls
back on a less specific path for a method that the most specific one lacks is documented nowhere: ambiguous. Never tried live.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.model.gateway import Protocol

_ANY, _DEFAULT = "ANY", "$default"
_CONNECTION = frozenset({"$connect", "$disconnect"})
_GREEDY = 2
Rank = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """The route that takes a call, if any."""

    key: str | None
    is_ambiguous: bool = False
    """A less specific path has the method that the most specific one lacks; `key` is that one."""
    is_best: bool = False
    """No route that was not read could take the call instead."""


def match(keys: Iterable[str], method: str, path: str, protocol: Protocol) -> Match:
    """Return which of the route keys takes a call; on WebSocket APIs `method` is the key that is asked for."""
    every = sorted(keys)
    if protocol is Protocol.WEBSOCKET:
        return _by_key(every, method)
    if protocol is Protocol.REST:
        path = path.rstrip("/") or "/"
    found = sorted((rank, key) for key in every if (rank := _rank(key, path, protocol)) is not None)
    return _rest(found, method) if protocol is Protocol.REST else _http(found, method, every)


def _by_key(keys: Sequence[str], wanted: str) -> Match:
    if wanted in keys:
        return Match(wanted, is_best=True)
    return Match(_DEFAULT if _DEFAULT in keys and wanted not in _CONNECTION else None)


def _rest(found: Sequence[tuple[Rank, str]], method: str) -> Match:
    if not found:
        return Match(None)
    best = found[0][0]
    taken = _with_method([key for rank, key in found if rank == best], method)
    if taken is not None:
        return Match(taken, is_best=_is_plain(best) and _verb(taken) == method)
    other = _with_method([key for _, key in found], method)
    return Match(other, is_ambiguous=other is not None)


def _http(found: Sequence[tuple[Rank, str]], method: str, keys: Sequence[str]) -> Match:
    fitting = sorted((rank, _verb(key) == _ANY, key) for rank, key in found if _verb(key) in {method, _ANY})
    if fitting:
        rank, is_any, key = fitting[0]
        return Match(key, is_best=_is_plain(rank) and not is_any)
    return Match(_DEFAULT if _DEFAULT in keys else None)


def _with_method(keys: Sequence[str], method: str) -> str | None:
    return next((key for wanted in (method, _ANY) for key in keys if _verb(key) == wanted), None)


def _verb(key: str) -> str:
    return key.partition(" ")[0]


def _is_plain(rank: Rank) -> bool:
    return not any(rank[1])


def _rank(key: str, path: str, protocol: Protocol) -> Rank | None:
    """Return how specific a route is for a path, the lowest most; None where it does not take the path."""
    pattern = key.partition(" ")[2]
    if not pattern.startswith("/"):
        return None
    wanted, parts = pattern.split("/")[1:], path.split("/")[1:]
    marks: list[int] = []
    for index, each in enumerate(wanted):
        if index >= len(parts) or (each.startswith("{") and not parts[index]):
            return None
        if each.endswith("+}"):
            return (int(protocol is Protocol.HTTP), (*marks, _GREEDY))
        if each != parts[index] and not each.startswith("{"):
            return None
        marks.append(int(each != parts[index]))
    return (0, tuple(marks)) if len(wanted) == len(parts) else None
