"""The registers and waivers that management owns: YAML lists, the access review as CSV too, judged whole."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from auditor.catalog.review_csv import read_csv
from auditor.catalog.validation import build
from auditor.catalog.yaml_lines import Document, read
from auditor.model.control import Waiver
from auditor.model.register import (
    AccessDecision,
    AgentRoute,
    AllowedWriter,
    Backend,
    BreakGlass,
    DeclaredSecret,
    Domain,
    Issuer,
    MachineIdentity,
    PublicRoute,
    Registers,
)

M = TypeVar("M", bound=BaseModel)


def load_registers(paths: Mapping[str, Path], problems: list[str]) -> Registers:
    """Return the registers; one without a file is undeclared (None), one with an empty file is declared and empty."""
    return Registers(
        public_routes=_entries(paths.get("public_routes"), PublicRoute, _check_route, problems),
        secrets=_entries(paths.get("secrets"), DeclaredSecret, _arn("secret"), problems),
        issuers=_entries(paths.get("issuers"), Issuer, _once("issuer"), problems),
        machine_identities=_entries(paths.get("machine_identities"), MachineIdentity, _workloads, problems),
        allowed_writers=_entries(paths.get("allowed_writers"), AllowedWriter, _arn("principal"), problems),
        backends=_entries(paths.get("backends"), Backend, _once("target"), problems),
        break_glass=_entries(paths.get("break_glass"), BreakGlass, _arn("principal"), problems),
        domains=_entries(paths.get("domains"), Domain, _once("domain"), problems),
        agent_routes=_entries(paths.get("agent_routes"), AgentRoute, _check_pattern, problems),
        access_review=_entries(paths.get("access_review"), AccessDecision, _check_grant, problems),
    )


def load_waivers(path: Path | None, controls: Collection[str], problems: list[str]) -> tuple[Waiver, ...]:
    """Return the waivers, by id."""

    def check(entries: list[tuple[int, Waiver]], document: Document) -> None:
        _unique(entries, document, "id", lambda each: each.id)
        _unique(entries, document, "control and resource", lambda each: f"{each.control} {each.resource}")
        for index, each in entries:
            if each.control not in controls:
                document.problem((index, "control"), f"there is no control {each.control}")
            if each.compensating_control is not None and each.compensating_control not in controls:
                document.problem((index, "compensating_control"), f"there is no control {each.compensating_control}")
            if each.expires_on < (each.starts_on or each.approved_on):
                document.problem((index, "expires_on"), f"expires before it starts ({each.expires_on})")
            if "*" in each.resource:
                document.problem(
                    (index, "resource"), f"a waiver names one exact resource, no wildcard ({each.resource})"
                )

    found = _entries(path, Waiver, check, problems) or ()
    return tuple(sorted(found, key=lambda each: each.id))


def _entries(
    path: Path | None,
    model: type[M],
    check: Callable[[list[tuple[int, M]], Document], None],
    problems: list[str],
) -> tuple[M, ...] | None:
    if path is None:
        return None
    document = read_csv(path) if path.suffix.lower() == ".csv" and model is AccessDecision else read(path)
    entries: list[tuple[int, M]] = []
    if isinstance(document.value, list):
        built = ((index, build(model, document, (index,))) for index in range(len(document.value)))
        entries = [(index, each) for index, each in built if each is not None]
        check(entries, document)
    elif document.value is not None:
        document.problem((), "a list of entries is expected here")
    problems += document.problems
    return tuple(each for _, each in entries)


def _unique(entries: list[tuple[int, M]], document: Document, name: str, key: Callable[[M], str]) -> None:
    seen: set[str] = set()
    for index, each in entries:
        if key(each) in seen:
            document.problem((index,), f"{name} stands here twice ({key(each)})")
        seen.add(key(each))


def _check_route(entries: list[tuple[int, PublicRoute]], document: Document) -> None:
    _unique(entries, document, "route", lambda each: each.route)
    for index, each in entries:
        if "*" in each.route:
            document.problem((index, "route"), f"a public route is named exactly, no wildcard ({each.route})")
        elif not each.route.startswith("arn:") or ":execute-api:" not in each.route:
            document.problem((index, "route"), f"this is no execute-api ARN ({each.route})")
        if each.review_by < each.approved_on:
            document.problem((index, "review_by"), f"the review is due before the approval ({each.review_by})")


def _check_pattern(entries: list[tuple[int, AgentRoute]], document: Document) -> None:
    _unique(entries, document, "route", lambda each: each.route)
    for index, each in entries:
        if not each.route.startswith("arn:") or ":execute-api:" not in each.route:
            document.problem((index, "route"), f"this is no execute-api ARN ({each.route})")


def _check_grant(entries: list[tuple[int, AccessDecision]], document: Document) -> None:
    _unique(
        entries,
        document,
        "grant and date",
        lambda each: f"{each.grant.principal} {each.grant.target} {each.date.isoformat()}",
    )
    for index, each in entries:
        route, role = each.grant.route, each.grant.role
        if route is not None and (not route.startswith("arn:") or ":execute-api:" not in route):
            document.problem((index, "grant"), f"this is no execute-api ARN ({route})")
        if role is not None and not role.startswith("arn:"):
            document.problem((index, "grant"), f"this is no ARN ({role})")


def _workloads(entries: list[tuple[int, MachineIdentity]], document: Document) -> None:
    """Check that no entry stands twice. One identity with several owners is no fault of the file: a control fails on it."""
    _unique(entries, document, "identity and owner", lambda each: f"{each.identity} {each.owner}")


def _once(member: str) -> Callable[[list[tuple[int, M]], Document], None]:
    """Return a check that each entry names something else."""

    def check(entries: list[tuple[int, M]], document: Document) -> None:
        _unique(entries, document, member, lambda each: str(getattr(each, member)))

    return check


def _arn(member: str) -> Callable[[list[tuple[int, M]], Document], None]:
    """Return a check that each entry names another ARN."""

    def check(entries: list[tuple[int, M]], document: Document) -> None:
        _unique(entries, document, member, lambda each: str(getattr(each, member)))
        for index, each in entries:
            if not str(getattr(each, member)).startswith("arn:"):
                document.problem((index, member), f"this is no ARN ({getattr(each, member)})")

    return check
