"""Which other sites a browser lets read answers, whoever says so: a configuration, a header, a template."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from auditor.checks.interface import Outcome, failed, passed, undecided
from auditor.dataflow.transformation.references import sources
from auditor.model.gateway import Protocol
from auditor.model.transform import Source, Space

ORIGIN = "access-control-allow-origin"
CREDENTIALS = "access-control-allow-credentials"
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Opening:
    """What one place says."""

    where: str
    """`answers of status 200`, as a sentence names it."""
    origins: tuple[str, ...] | None
    """None: decided where nobody can see it."""
    credentials: bool | None
    """Whether browsers may send cookies and the like along; None: not told."""
    is_echo: bool = False
    """Whether it gives back whatever origin asks."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said whatever the outcome."""

    also: tuple[str, ...]
    seen: dict[str, Any]


def said(values: Iterable[Source]) -> tuple[tuple[str, ...] | None, bool]:
    """Return the origins that a header's sources come to, and whether they are whatever origin asks."""
    found = tuple(values)
    is_echo = any(each.space.is_client and each.path.lower() == "origin" for each in found)
    if not found or any(each.space is not Space.STATIC for each in found):
        return None, is_echo
    return tuple(part.strip() for each in found for part in each.path.split(",") if part.strip()), False


def allows_credentials(values: Iterable[Source] | None) -> bool | None:
    """Return what a header's sources come to; no header is no credentials."""
    if values is None:
        return False
    origins, _ = said(values)
    return None if origins is None else origins == ("true",)


def mapped(value: str) -> tuple[Source, ...]:
    """Return the sources of a header that a REST API maps."""
    return sources(value, Protocol.REST)


def judged(opening: Opening, asks: Callable[[], bool | None], allowed: list[str], told: Told) -> Outcome:
    """Return what an opening comes to. `asks`: whether callers must say who they are; asked only where it decides."""
    where, origins = opening.where, opening.origins
    if opening.is_echo:
        return failed(f"{where} echo whatever origin asks", told.also, **told.seen)
    if origins is None:
        return undecided(f"which origins {where} let in is decided by what was not seen", told.also, **told.seen)
    pattern = next((each for each in origins if _ANY in each and each != _ANY), None)
    if pattern is not None:
        return failed(f"{where} let in every site that fits {pattern}: list exact origins", told.also, **told.seen)
    if _ANY in origins:
        return _any(opening, asks, told)
    strange = sorted(set(origins) - set(allowed)) if allowed else []
    if strange:
        return failed(f"{where} let in {', '.join(strange)}, which the parameters do not name", told.also, **told.seen)
    listed = ", ".join(origins) if origins else "no other site"
    return passed(f"{where} let in {listed}", told.also, **told.seen)


def _any(opening: Opening, asks: Callable[[], bool | None], told: Told) -> Outcome:
    where = opening.where
    if opening.credentials:
        return failed(f"{where} let in any site, with credentials", told.also, **told.seen)
    asked = asks()
    if asked:
        reason = f"{where} let in any site, and callers must say who they are: list exact origins"
        return failed(reason, told.also, **told.seen)
    if opening.credentials is None:
        reason = f"{where} let in any site; whether with credentials is decided by what was not seen"
        return undecided(reason, told.also, **told.seen)
    if asked is None:
        return undecided(
            f"{where} let in any site; whether callers are asked who they are is not known", told.also, **told.seen
        )
    return passed(
        f"{where} let in any site, without credentials, and nobody is asked who calls", told.also, **told.seen
    )
