"""The documented name that somebody meant who wrote another one."""

from functools import lru_cache

from auditor.dataflow.context.use import Use
from auditor.dataflow.context.variables import documented
from auditor.model.gateway import Protocol

_MOST_EDITS = 2
_LONGEST = 64
_SHORTEST = 6
"""A shorter name is two letters away from too much."""
_MEANT = {
    "authorizer.claims": "authorizer.claims.sub",
    "authorizer.jwt.claims": "authorizer.claims.sub",
    "responseTime": "responseLatency",
}
_EVENT_ONLY = {
    # What stands there in the event of a function, and nowhere else.
    "authorizer.jwt.claims.": "authorizer.claims.",
    "authorizer.lambda.": "authorizer.",
    "authorizer.iam.": "identity.",
}
_LIKELY_KEYS = frozenset({"principal", "principal_id", "claim", "claim_id"})
"""Near misses that a Lambda authorizer may well return on purpose."""


@lru_cache(maxsize=4096)
def near_miss(variable: str) -> str | None:
    """Return the documented name that stands instead of a variable of the event, or at most two letters away; None: none."""
    if variable in _MEANT:
        return _MEANT[variable]
    for wrong, right in _EVENT_ONLY.items():
        if variable.startswith(wrong) and variable != wrong:
            return _in_its_place(right, variable.removeprefix(wrong))
    if variable.startswith("authorizer."):
        return _of_authorizer(variable.removeprefix("authorizer."))
    return None if variable in _names() else _closest(variable)


def _in_its_place(right: str, name: str) -> str | None:
    found = right + name
    return found if right != "identity." or found in _names() else None


def _of_authorizer(key: str) -> str | None:
    first, dot, rest = key.partition(".")
    if first in {"principalId", "claims"} or key in _LIKELY_KEYS:
        return None
    if dot and rest and _is_near(first, "claims", most=1):
        return f"authorizer.claims.{rest}"
    return "authorizer.principalId" if not dot and _is_near(key, "principalId") else None


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """Return every documented name of whatever API and use, sorted."""
    return tuple(sorted({name for protocol in Protocol for use in Use for name in documented(protocol, use)}))


def _closest(variable: str) -> str | None:
    inner = [name for name in _names() if name.startswith("identity.") and name.removeprefix("identity.") == variable]
    near = [(distance(variable, name), name) for name in _names() if _is_near(variable, name)]
    return inner[0] if inner else min(near)[1] if near else None


def _is_near(written: str, meant: str, most: int = _MOST_EDITS) -> bool:
    if written == meant or len(meant) < _SHORTEST or abs(len(written) - len(meant)) > most or len(written) > _LONGEST:
        return False
    return distance(written, meant) <= most


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out, replaced or swapped with their neighbour to make one the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, its in enumerate(other, start=1):
            best = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                best = min(best, before[column - 2] + 1)
            now.append(best)
        before, last = last, now
    return last[-1]
