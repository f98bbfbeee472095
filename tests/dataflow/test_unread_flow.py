"""Whatever is hidden of a rich estate, no cell of a flow gets cleaner: it stays as it was, or says that it is not known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from auditor.dataflow.build import flows
from auditor.model.estate import Estate
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.flow import Drift, Flow, ToldToBackend, WhoKind
from auditor.model.identity import IdentityState, Origin
from auditor.model.resource import Listing, Resource
from auditor.model.status import Status
from auditor.model.step import Step, StepState
from tests.dataflow.rich import rich
from tests.estates import gap

_CLEAN = frozenset({Status.PASS, Status.NOT_APPLICABLE})
_ALWAYS_ASKED_FOR = frozenset({"RestApi", "Api", "Stage", "DeployedRoute"})
_HIDDEN = Unread(gap=gap("test:hidden"))
Cell = Callable[[Flow, Flow], bool]
"""Whether a cell is no cleaner than it was; given the flow before, and after something was hidden."""


def _who(before: Flow, after: Flow) -> bool:
    is_unknown = after.who.kind is WhoKind.UNKNOWN or "not read" in after.who.label or "undecided" in after.who.label
    return after.who == before.who or is_unknown


def _doors(before: Flow, after: Flow) -> bool:
    known = {each.url: each.mutual_tls for each in before.doors}
    is_same = all(each.mutual_tls in {known.get(each.url, each.mutual_tls), None} for each in after.doors)
    return is_same and (not after.doors_complete or len(after.doors) == len(before.doors))


def _told(before: Flow, after: Flow) -> bool:
    return after.told_to_backend in {before.told_to_backend, ToldToBackend.UNKNOWN}


def _transforms(before: Flow, after: Flow) -> bool:
    return after.transforms is None or _sentences(after) == _sentences(before) or _is_open(_sentences(after))


def _is_open(said: str) -> bool:
    """Return whether a sentence says that something is not known."""
    return any(words in said for words in ("not read", "not known", "not understood", "nobody can tell", "${"))


def _sentences(flow: Flow) -> str:
    return " ".join(each.sentence for each in flow.transforms or ())


def _back_end(before: Flow, after: Flow) -> bool:
    is_unknown = after.backend.kind == "UNKNOWN" or "${" in (after.backend.target or "")
    return after.backend == before.backend or is_unknown


def _drift(before: Flow, after: Flow) -> bool:
    return after.drift in {before.drift, Drift.UNKNOWN}


def _identity(before: Flow, after: Flow) -> bool:
    return _state(before.identity, after.identity)


def _state(before: IdentityState | None, after: IdentityState | None) -> bool:
    if before is None or after is None:
        return after is None
    known = {each.lane: each.origin for each in before.facts}
    return after.mutual_tls in {before.mutual_tls, None} and all(
        each.origin in {known.get(each.lane), Origin.UNKNOWN} for each in after.facts
    )


CELLS: Mapping[str, Cell] = {
    "who": _who,
    "doors": _doors,
    "API key": lambda before, after: (
        after.api_key_required == before.api_key_required or isinstance(after.api_key_required, Unread)
    ),
    "private": lambda before, after: after.private in {before.private, None},
    "told to the back end": _told,
    "transforms": _transforms,
    "back end": _back_end,
    "trace": lambda before, after: after.trace in {before.trace, None},
    "drift": _drift,
    "identity": _identity,
}


def _step(before: Step, after: Step) -> bool:
    if after.state is StepState.NOT_READ:
        return True
    if not (_state(before.identity_in, after.identity_in) and _state(before.identity_out, after.identity_out)):
        return False
    if after.state is not before.state:
        return False
    return (
        after.facts == before.facts
        or _is_open(after.sentence)
        or any(each.state is StepState.NOT_READ for each in after.facts)
    )


def _facts(given: Estate) -> Iterator[tuple[str, Estate]]:
    """Yield the estate with one fact of one resource hidden."""
    for index, each in enumerate(given.resources):
        for name in type(each).model_fields:
            if isinstance(getattr(each, name), Present | Absent | NotApplicable) and name != "tags":
                changed: list[Resource] = list(given.resources)
                changed[index] = each.model_copy(update={name: _HIDDEN})
                yield f"{each.arn}: {name}", replace(given, resources=tuple(changed))


def _lists(given: Estate) -> Iterator[tuple[str, Estate]]:
    """Yield the estate with one list that ended early: with all that it held, and with none of it."""
    for index, each in enumerate(given.listings):
        short: list[Listing] = list(given.listings)
        short[index] = each.model_copy(update={"complete": False})
        cut = replace(given, listings=tuple(short), snapshot=given.snapshot)
        what = f"{each.kind} of {each.parent or 'the region'}"
        yield f"{what}, cut short", cut
        held = tuple(one for one in given.resources if not _is_held(one, each))
        if len(held) < len(given.resources):
            yield f"{what}, lost", replace(cut, resources=held)
        if each.kind not in _ALWAYS_ASKED_FOR and len(held) < len(given.resources):
            gone = tuple(one for one in given.listings if one is not each)
            yield f"{what}, never asked for", replace(given, listings=gone, resources=held)


def _is_held(resource: Resource, by: Listing) -> bool:
    if type(resource).__name__ != by.kind:
        return False
    above = {getattr(resource, name, None) for name in ("api_arn", "stage_arn")}
    return by.parent is None or by.parent in above


@dataclass(frozen=True)
class _Worse:
    """What got cleaner, and after what was hidden."""

    hidden: str
    route: str
    cell: str
    before: Any
    after: Any


def _cleaner(given: Estate, hidden: Estate, what: str) -> Iterator[_Worse]:
    after = {each.route: each for each in flows(hidden)}
    for before in flows(given):
        now = after.get(before.route)
        if now is None:
            continue
        for name, cell in CELLS.items():
            if not cell(before, now):
                yield _Worse(what, before.route, name, "", "")
        for one, other in zip(before.steps, now.steps, strict=True):
            if not _step(one, other):
                yield _Worse(what, before.route, f"step {one.n}", one.sentence, other.sentence)
        for ruling in before.rulings:
            status = now.ruling(ruling.rule).status
            if status in _CLEAN and status is not ruling.status:
                yield _Worse(what, before.route, ruling.rule, ruling.because, now.ruling(ruling.rule).because)


@pytest.mark.parametrize("hide", [_facts, _lists], ids=["facts", "lists"])
def test_what_is_hidden_makes_no_cell_cleaner(hide: Callable[[Estate], Iterator[tuple[str, Estate]]]) -> None:
    given = rich()
    found = [worse for what, hidden in hide(given) for worse in _cleaner(given, hidden, what)]
    assert not found, "\n".join(str(each) for each in found[:20])
