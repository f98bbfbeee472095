"""The values of one condition key, cut into classes: in each, all conditions on the key have the same answer.

The evaluator is asked about one value of each class. Where the classes would not be complete, because of an operator, a variable
or a value of another form, there is one class of which nobody can tell the value: what depends on it stays open.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address, summarize_address_range

from auditor.access.cells import Cell, cells
from auditor.access.iam.condition import holds
from auditor.access.iam.context import Context
from auditor.access.iam.truth import Truth
from auditor.access.patterns import SEGMENT, STAR, Relation, glob, literal, relation
from auditor.access.policy import Condition
from auditor.access.sources import EVERYWHERE, Network, network

_OPERATOR = re.compile(r"(?:forallvalues:|foranyvalue:)?(?P<base>.+?)(?:ifexists)?")
_NULL = "null"
_OF_ADDRESSES = frozenset({"ipaddress", "notipaddress", _NULL})
_EQUAL = frozenset({"stringequals", "stringnotequals"})
_LIKE = frozenset({"stringlike", "stringnotlike"})
_IGNORING_CASE = frozenset({"stringequalsignorecase", "stringnotequalsignorecase"})
_ID = re.compile(r"[0-9A-Za-z]+")
_MOST = 1024


class Naming(IntEnum):
    """How a policy names where a call comes from; the least of several decides."""

    NAMED = 0
    """By ids, one by one."""
    PATTERN = 1
    """By a pattern that a stranger's id may match."""
    ANYONE = 2


@dataclass(frozen=True, slots=True)
class Values:
    """One class."""

    value: str | None
    """One value of it; None: the call does not carry the key, or nobody can tell which value it has."""
    is_told: bool = True
    naming: Naming = Naming.ANYONE
    networks: tuple[Network, ...] = EVERYWHERE
    """Of addresses."""
    named: tuple[str, ...] = ()
    """Of ids that are named: which."""


MISSING = Values(None)
_NOT_TOLD = (Values(None, is_told=False),)


def addresses(conditions: tuple[Condition, ...]) -> tuple[Values, ...]:
    """Return the classes of addresses, of either IP version."""
    named = [network(value) for each in conditions if _base(each) != _NULL for value in each.values]
    blocks = {each for each in named if each is not None}
    if not _are_closed(conditions, _OF_ADDRESSES) or None in named or len(blocks) > _MOST:
        return _NOT_TOLD
    found: dict[tuple[Truth, ...], list[Network]] = {}
    for first, last in _ranges(blocks):
        found.setdefault(_answers(conditions, str(first)), []).extend(summarize_address_range(first, last))
    return tuple(Values(str(each[0].network_address), networks=tuple(each)) for each in found.values())


def _ranges(blocks: set[Network]) -> Iterator[tuple[IPv4Address, IPv4Address] | tuple[IPv6Address, IPv6Address]]:
    """Yield the first and last address of each stretch that no block begins or ends in."""
    for whole in EVERYWHERE:
        own = [each for each in blocks if each.version == whole.version]
        first, last = int(whole.network_address), int(whole.broadcast_address)
        starts = sorted(
            {first}
            | {int(each.network_address) for each in own}
            | {int(each.broadcast_address) + 1 for each in own if int(each.broadcast_address) < last}
        )
        for start, following in zip(starts, [*starts[1:], last + 1], strict=True):
            if whole.version == 4:  # noqa: PLR2004 - the version of IP
                yield IPv4Address(start), IPv4Address(following - 1)
            else:
                yield IPv6Address(start), IPv6Address(following - 1)


def ids(conditions: tuple[Condition, ...], start: str) -> tuple[Values, ...]:
    """Return the classes of ids of VPCs or endpoints, by how the conditions name them: `start`, and letters in lower case."""
    if not _are_closed(conditions, _EQUAL | _LIKE | _IGNORING_CASE | {_NULL}):
        return _NOT_TOLD
    universe = literal(start) + SEGMENT
    folded = {value.casefold() for each in conditions if _base(each) in _IGNORING_CASE for value in each.values}
    exact = {
        each for each in _exact(conditions) | folded if each.startswith(start) and _ID.fullmatch(each[len(start) :])
    }
    parts = _parts(universe, _patterns(conditions), exact)
    if parts is None:
        return _NOT_TOLD
    found: dict[tuple[Naming, tuple[Truth, ...]], list[str]] = {}
    for each in sorted(exact):
        found.setdefault((Naming.NAMED, _answers(conditions, each)), []).append(each)
    for part in parts:
        if part.witness not in exact:
            naming = Naming.PATTERN if part.inside else Naming.ANYONE
            found.setdefault((naming, _answers(conditions, part.witness)), []).append(part.witness)
    return tuple(
        Values(group[0], naming=naming, named=tuple(group) if naming is Naming.NAMED else ())
        for (naming, _), group in found.items()
    )


def texts(conditions: tuple[Condition, ...]) -> tuple[Values, ...]:
    """Return the classes of texts that a caller may send, or leave out."""
    ignoring = any(_base(each) in _IGNORING_CASE for each in conditions)
    if not _are_closed(conditions, (_IGNORING_CASE if ignoring else _EQUAL | _LIKE) | {_NULL}):
        return _NOT_TOLD
    written = _exact(conditions)
    if ignoring:
        longest = max((len(each) for each in written), default=0)
        values = [*sorted(written), "x" * (longest + 1)]
    else:
        parts = _parts(STAR, _patterns(conditions), written)
        if parts is None:
            return _NOT_TOLD
        values = sorted(written | {each.witness for each in parts})
    found: dict[tuple[Truth, ...], Values] = {_answers(conditions, None): MISSING}
    for each in values:
        found.setdefault(_answers(conditions, each), Values(each))
    return tuple(found.values())


def _parts(universe: str, patterns: frozenset[str], exact: set[str]) -> tuple[Cell, ...] | None:
    """Return the universe cut by patterns, each part with a witness that no condition names exactly, where it has one.

    Cutting by exact texts as well is slow where they are many, and needed only where one happens to be the witness.
    """
    cut = frozenset(each for each in patterns if relation(each, universe) is Relation.PARTLY)
    found = cells(universe, cut)
    if found is None or not any(each.witness in exact for each in found):
        return found
    finer = cells(universe, cut | {literal(each) for each in exact})
    points = {literal(each) for each in exact}
    return (
        None
        if finer is None
        else tuple(Cell(each.family, each.inside - points, each.cut, each.witness) for each in finer)
    )


def _exact(conditions: Iterable[Condition]) -> set[str]:
    """Return the texts that a value must be to match."""
    return {
        value
        for each in conditions
        if _base(each) != _NULL
        for value in each.values
        if _base(each) not in _LIKE or not set(value) & set("*?")
    }


def _patterns(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(
        glob(value) for each in conditions if _base(each) in _LIKE for value in each.values if set(value) & set("*?")
    )


def _are_closed(conditions: tuple[Condition, ...], operators: frozenset[str]) -> bool:
    """Return whether there are conditions, all of operators that the classes are complete for, without variables."""
    written = [value for each in conditions for value in each.values]
    return (
        bool(conditions)
        and len(written) <= _MOST
        and all(_base(each) in operators for each in conditions)
        and not any("${" in value for value in written)
    )


def _base(condition: Condition) -> str:
    found = _OPERATOR.fullmatch(condition.operator)
    return found["base"] if found else ""


def _answers(conditions: tuple[Condition, ...], value: str | None) -> tuple[Truth, ...]:
    """Return what the evaluator says of each condition: all are on one key."""
    key = conditions[0].key
    context = Context({}, frozenset({key})) if value is None else Context({key: (value,)})
    return tuple(holds(each, context, dynamic=False) for each in conditions)
