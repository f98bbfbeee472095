"""Classes of ids and of texts, by the words and patterns that conditions name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.access.cells import Cell, cells
from auditor.access.iam.truth import Truth
from auditor.access.patterns import SEGMENT, STAR, Relation, glob, literal, relation
from auditor.access.policy import Condition
from auditor.access.strangers.values import (
    IGNORING_CASE,
    MISSING,
    NOT_TOLD,
    NULL,
    Naming,
    Values,
    answers,
    are_closed,
)

_EQUAL = frozenset({"stringequals", "stringnotequals"})
_LIKE = frozenset({"stringlike", "stringnotlike"})
_WILD = frozenset("*?")
_ID = re.compile(r"[0-9a-z]+")
_SOME_TEXT = "x"
_FEW = 8
_MOST_STATES = 2_000


def ids(conditions: tuple[Condition, ...], start: str) -> tuple[Values, ...]:
    """Return the classes of ids of VPCs or endpoints, by how the conditions name them: `start`, digits, letters in lower case."""
    if not are_closed(conditions, _EQUAL | _LIKE | IGNORING_CASE | {NULL}):
        return (NOT_TOLD,)
    universe = literal(start) + SEGMENT
    folded = {value.casefold() for each in conditions if each.parts.base in IGNORING_CASE for value in each.values}
    exact = {
        each for each in _exact(conditions) | folded if each.startswith(start) and _ID.fullmatch(each[len(start) :])
    }
    parts = _parts(universe, _patterns(conditions), exact)
    if parts is None or not all(_ID.fullmatch(each.witness[len(start) :]) for each in parts):
        return (NOT_TOLD,)
    found: dict[tuple[Naming, tuple[Truth, ...]], list[str]] = {}
    for each in sorted(exact):
        found.setdefault((Naming.NAMED, answers(conditions, each)), []).append(each)
    for part in parts:
        if part.witness not in exact:
            naming = Naming.PATTERN if part.inside else Naming.ANYONE
            found.setdefault((naming, answers(conditions, part.witness)), []).append(part.witness)
    return tuple(
        Values(group[0], naming=naming, named=tuple(group) if naming is Naming.NAMED else ())
        for (naming, _), group in found.items()
    )


def texts(conditions: tuple[Condition, ...]) -> tuple[Values, ...]:
    """Return the classes of texts that a caller may send, or leave out; a few texts and the rest, where they are too many."""
    if not conditions:
        return (NOT_TOLD,)
    values = _all_texts(conditions)
    if values is None:
        few = sorted(
            {_SOME_TEXT, *(_matching(each) for each, _ in _written(conditions))}, key=lambda each: (len(each), each)
        )
        return (MISSING, *(Values(each) for each in few[:_FEW]), NOT_TOLD)
    found: dict[tuple[Truth, ...], Values] = {answers(conditions, None): MISSING}
    for each in values:
        found.setdefault(answers(conditions, each), Values(each))
    return tuple(found.values())


def _all_texts(conditions: tuple[Condition, ...]) -> list[str] | None:
    """Return a text of each class; None where nobody can tell, or they are too many."""
    ignoring = any(each.parts.base in IGNORING_CASE for each in conditions)
    if not are_closed(conditions, (IGNORING_CASE if ignoring else _EQUAL | _LIKE) | {NULL}):
        return None
    written = _exact(conditions)
    if ignoring:
        longest = max((len(each) for each in written), default=0)
        return [*sorted(written), _SOME_TEXT * (longest + 1)]
    parts = _parts(STAR, _patterns(conditions), written)
    return None if parts is None else sorted(written | {each.witness for each in parts})


def _parts(universe: str, patterns: frozenset[str], exact: set[str]) -> tuple[Cell, ...] | None:
    """Return the universe cut by patterns, each part with a witness that no condition names exactly, where it has one.

    Cutting by exact texts as well is slow where they are many, and needed only where one happens to be the witness.
    """
    relations = {each: relation(each, universe) for each in patterns}
    if Relation.UNKNOWN in relations.values():
        return None
    cut = frozenset(each for each, found in relations.items() if found is Relation.PARTLY)
    found = cells(universe, cut, _MOST_STATES)
    if found is None or not any(each.witness in exact for each in found):
        return found
    finer = cells(universe, cut | {literal(each) for each in exact}, _MOST_STATES)
    if finer is None:
        return None
    points = {literal(each) for each in exact}
    return tuple(replace(each, inside=each.inside - points) for each in finer)


def _written(conditions: Iterable[Condition]) -> Iterator[tuple[str, bool]]:
    """Yield each text that is compared with, and whether it is a pattern."""
    for each in conditions:
        if each.parts.base != NULL:
            yield from ((value, each.parts.base in _LIKE and bool(set(value) & _WILD)) for value in each.values)


def _exact(conditions: Iterable[Condition]) -> set[str]:
    """Return the texts that a value must be to match."""
    return {value for value, is_pattern in _written(conditions) if not is_pattern}


def _patterns(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(glob(value) for value, is_pattern in _written(conditions) if is_pattern)


def _matching(pattern: str) -> str:
    """Return a text that a pattern matches; a text without wildcards matches itself."""
    return pattern.replace("*", "").replace("?", _SOME_TEXT)
