"""Lists that stand on their own: gaps, waivers, registers."""

from dataclasses import dataclass

from pydantic import JsonValue

from auditor.model.base import Frozen
from auditor.model.finding import WaiverResult
from auditor.model.register import AccessDecision, Registers
from auditor.model.snapshot import Gap
from auditor.render.view.frame import Frame, waiver_anchor, workpaper_anchor
from auditor.render.view.names import Name
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, number
from auditor.render.view.words import WAIVER, Mark


@dataclass(frozen=True)
class GapLine:
    """Something in scope that could not be read."""

    operation: str
    place: str
    resource: Name | None
    reason: str
    action: str
    detail: str
    controls: tuple[tuple[str, str], ...]
    """Controls that needed it, with links."""


@dataclass(frozen=True)
class WaiverLine:
    """A waiver and what became of it."""

    anchor: str
    mark: Mark
    id: str
    control: str
    control_href: str
    name: Name
    reason: str
    people: str
    dates: str
    ticket: str
    why: str


@dataclass(frozen=True)
class RegisterView:
    """A list that management owns, as it was used."""

    title: str
    state: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Ledgers:
    """The three lists."""

    gaps: Slice[GapLine]
    waivers: tuple[WaiverLine, ...]
    registers: tuple[RegisterView, ...]


def ledgers(frame: Frame) -> Ledgers:
    """Return gaps, waivers and registers of a pack."""
    evaluation = frame.evaluation
    return Ledgers(
        gaps=cut(
            evaluation.snapshot.gaps,
            frame.limits.rows,
            frame.limits.chunk,
            "completeness.json",
            lambda each: _gap(frame, each),
        ),
        waivers=tuple(_waiver(frame, n, each) for n, each in enumerate(evaluation.waivers, start=1)),
        registers=_registers(evaluation.catalog.registers),
    )


def _gap(frame: Frame, gap: Gap) -> GapLine:
    needed = [each.control.id for each in frame.evaluation.results if gap in each.gaps]
    return GapLine(
        operation=gap.operation,
        place=f"{gap.account} · {gap.region}",
        resource=frame.names.of(gap.resource) if gap.resource else None,
        reason=gap.reason.value,
        action=gap.action,
        detail=gap.detail,
        controls=tuple((each, f"#{workpaper_anchor(each)}") for each in needed),
    )


def _waiver(frame: Frame, position: int, result: WaiverResult) -> WaiverLine:
    waiver = result.waiver
    known = {each.control.id for each in frame.evaluation.results}
    starts = f"from {waiver.starts_on.isoformat()} " if waiver.starts_on else ""
    return WaiverLine(
        anchor=waiver_anchor(position),
        mark=WAIVER[result.state],
        id=waiver.id,
        control=waiver.control,
        control_href=f"#{workpaper_anchor(waiver.control)}" if waiver.control in known else "",
        name=frame.names.of(waiver.resource),
        reason=waiver.reason,
        people=f"asked by {waiver.requested_by}, risk owner {waiver.risk_owner}, approved by {waiver.approver}",
        dates=f"approved {waiver.approved_on.isoformat()}, valid {starts}through {waiver.expires_on.isoformat()}",
        ticket=waiver.ticket,
        why=result.why,
    )


def _registers(registers: Registers) -> tuple[RegisterView, ...]:
    routes = registers.public_routes
    secrets = registers.secrets
    return (
        RegisterView(
            "Public routes",
            _state(routes),
            ("Route", "Owner and reason", "Approved", "Review by", "Compensating control"),
            tuple(
                (each.route, f"{each.owner}: {each.reason}", f"{each.approved_by}, {each.approved_on.isoformat()}",
                 each.review_by.isoformat(), each.compensating_control or "none named")
                for each in routes or ()
            ),
        ),
        RegisterView(
            "Secrets and keys that do not rotate by themselves",
            _state(secrets),
            ("Secret", "Owner", "Rotation"),
            tuple((each.secret, each.owner, each.rotation) for each in secrets or ()),
        ),
        RegisterView("Access review", _reviewed(registers.access_review), (), ()),
        *(_plain(title, getattr(registers, name)) for name, title in _TITLES.items()),
    )  # fmt: skip


def _reviewed(entries: tuple[AccessDecision, ...] | None) -> str:
    """Return how many decisions there are: each stands with its line in the access review."""
    if not entries:
        return _state(entries)
    revoked = sum(each.decision == "revoke" for each in entries)
    return (
        f"{counted(len(entries), 'decision')}: {number(len(entries) - revoked)} to keep, {number(revoked)} to revoke. Each stands "
        "with its line in the access review."
    )


_TITLES = {
    "issuers": "Issuers of identities",
    "machine_identities": "Identities of machines and agents",
    "allowed_writers": "Principals that may change everything",
    "backends": "Back ends",
    "break_glass": "Break-glass identities",
    "domains": "Custom domain names",
    "agent_routes": "Routes meant for agents",
}


def _plain(title: str, entries: tuple[Frozen, ...] | None) -> RegisterView:
    """Return a register with one column a member that any entry has."""
    rows = [each.model_dump(mode="json", exclude_none=True) for each in entries or ()]
    used = [name for name in (type(entries[0]).model_fields if entries else ()) if any(row.get(name) for row in rows)]
    heads = tuple(name.replace("_", " ").capitalize() for name in used)
    return RegisterView(
        title, _state(entries), heads, tuple(tuple(_cell(row.get(name)) for name in used) for row in rows)
    )


def _cell(value: JsonValue) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_cell(each) for each in value)
        case dict():
            return ", ".join(f"{name} {_cell(inner)}" for name, inner in value.items())
        case _:
            return str(value)


def _state(entries: tuple[object, ...] | None) -> str:
    if entries is None:
        return "Undeclared: no such register is configured, so what it would decide needs attestation."
    return "Configured, and empty." if not entries else ""
