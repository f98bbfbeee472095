"""P2 EMPTY_REF: a value of `$context` that is always empty, in what the back end gets and in the access log.

A mapping is one route's: whatever its authorizer never gives is wrong there. A format is the whole stage's: a variable
that another authorizer gives is in its place, so that only what no authorizer gives is wrong in a log. A key that only a
Lambda authorizer could return, and a name that AWS does not list, are possible: neither is proof. From AWS's lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from auditor.dataflow.context.existence import Existence, Use, existence, near_miss
from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import ACCESS_LOG, Found, clean, idle, possible, unclear_caller, unseen, wrong
from auditor.dataflow.trace.log_format import LogFormat
from auditor.dataflow.trace.read import read
from auditor.model.control import Severity
from auditor.model.fact import Fact, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy, Origin
from auditor.model.ruling import Ruling
from auditor.model.snapshot import Gap
from auditor.model.transform import Space, Transform, TransformKind, Where

_ID = "P2"
_CLEAN = clean(_ID, "every value of the caller that it names can be there")
_IDLE = idle(_ID, "neither mappings nor the access log name a value of the caller")
_SEEN_BY_GATEWAY = frozenset({Existence.GATEWAY, Existence.CLIENT})
_CERTAIN = tuple(each for each in AuthenticatedBy if each is not AuthenticatedBy.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Use:
    """A variable where it is used."""

    variable: str
    target: str
    layer: str
    holds: Existence
    severity: Severity


def _judge(passage: Passage, _among: Neighbours) -> Ruling:
    uses = (*_in_mappings(passage), *_in_log(passage))
    for each in uses:
        if each.holds is Existence.EMPTY or (each.holds is Existence.NO_VARIABLE and _is_meant(each, passage)):
            return wrong(_ID, passage, _found(each, passage))
    hidden = _hidden(passage)
    if hidden is not None:
        return unseen(_ID, hidden)
    for each in uses:
        if each.holds is Existence.NO_VARIABLE:
            return possible(_ID, passage, _found(each, passage))
    unsettled = next((each for each in uses if each.holds is Existence.UNKNOWN), None)
    if unsettled is not None:
        return unclear_caller(_ID, passage) or possible(_ID, passage, _found(unsettled, passage))
    return _CLEAN if uses else _IDLE


def _in_mappings(passage: Passage) -> Iterator[_Use]:
    if not isinstance(passage.transforms, Present):
        return
    protocol, by = passage.route.protocol, passage.authenticated_by
    for change in passage.transforms.value:
        if change.where is Where.ERROR or change.kind is TransformKind.IMPLICIT:
            continue  # there nobody may have been asked yet; and what the gateway itself gives a function is no reference of anybody's
        for source in change.sources:
            if source.space in {Space.IDENTITY, Space.GATEWAY}:
                holds = existence(source.path, protocol, by, Use.MAPPING)
                if source.space is Space.IDENTITY or holds is Existence.NO_VARIABLE:
                    yield _Use(source.path, change.target or "body", change.layer, holds, _severity(change))


def _severity(change: Transform) -> Severity:
    """Return how much it matters: less where something that was checked goes to the same place."""
    return Severity.MEDIUM if change.origin in {Origin.VERIFIED, Origin.MIXED} else Severity.HIGH


def _in_log(passage: Passage) -> tuple[_Use, ...]:
    if not isinstance(passage.log, Present):
        return ()
    return _of_format(passage.log.value.text, passage.route.protocol, passage.authenticated_by)


@lru_cache(maxsize=4096)
def _of_format(text: str, protocol: Protocol, by: AuthenticatedBy) -> tuple[_Use, ...]:
    """Return the variables of a format that speak of the caller or are in no list, and what each holds."""
    names = dict.fromkeys(each.name for each in read(text, protocol).variables)
    found = ((name, _in_format(name, protocol, by)) for name in names)
    return tuple(
        _Use(name, f"$context.{name}", ACCESS_LOG, holds, Severity.MEDIUM) for name, holds in found if holds is not None
    )


def _in_format(name: str, protocol: Protocol, by: AuthenticatedBy) -> Existence | None:
    holds = existence(name, protocol, by, Use.LOG)
    if holds in _SEEN_BY_GATEWAY:
        return None
    if holds is not Existence.EMPTY:
        return holds
    others = {existence(name, protocol, each, Use.LOG) for each in _CERTAIN}
    # Another authorizer of the stage may give it, or, under a name that AWS does not know, a Lambda authorizer.
    return Existence.EMPTY if others <= {Existence.EMPTY} or _is_of_event(name) else None


def _is_of_event(name: str) -> bool:
    return name.startswith("authorizer.jwt.")


def _is_meant(use: _Use, passage: Passage) -> bool:
    """Return whether a name that AWS does not list is another one misspelt; what a Lambda authorizer returns is unknown."""
    is_key = use.variable.startswith("authorizer.") and passage.authenticated_by is AuthenticatedBy.LAMBDA
    return not is_key and near_miss(use.variable) is not None


def _found(use: _Use, passage: Passage) -> Found:
    return Found(_words(use, _instead(use, passage)), use.severity, use.target, use.layer)


def _words(use: _Use, instead: str) -> str:
    where = "the access log" if use.layer == ACCESS_LOG else use.target
    match use.holds:
        case Existence.EMPTY:
            return f"$context.{use.variable} is always empty here, and goes into {where}{instead}"
        case Existence.NO_VARIABLE:
            return f"$context.{use.variable} is in none of AWS's lists, and goes into {where}{instead}"
        case _:
            return f"no page of AWS says whether $context.{use.variable} is set; it goes into {where}{instead}"


def _instead(use: _Use, passage: Passage) -> str:
    meant = near_miss(use.variable) or _USUAL.get(passage.authenticated_by)
    here = Use.LOG if use.layer == ACCESS_LOG else Use.MAPPING
    if meant is None or meant == use.variable:
        return ""
    holds = existence(meant, passage.route.protocol, passage.authenticated_by, here)
    return "" if holds in {Existence.EMPTY, Existence.NO_VARIABLE} else f"; use $context.{meant}"


_USUAL = {
    AuthenticatedBy.IAM: "identity.userArn",
    AuthenticatedBy.COGNITO: "authorizer.claims.sub",
    AuthenticatedBy.JWT: "authorizer.claims.sub",
    AuthenticatedBy.LAMBDA: "authorizer.principalId",
}


def _hidden(passage: Passage) -> Gap | None:
    """Return a gap behind which an empty value may hide."""
    facts: tuple[Fact[tuple[Transform, ...]] | Fact[LogFormat], ...] = (passage.transforms, passage.log)
    return next((each.gap for each in facts if isinstance(each, Unread)), None)


RULE = Rule(id=_ID, name="EMPTY_REF", title="This value is always empty", judge=_judge)
