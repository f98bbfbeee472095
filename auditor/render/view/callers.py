"""Who may call, API by API, and the widest grants, identity by identity."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from auditor.access.naming import named
from auditor.model.diff import AccessGroup
from auditor.model.review import PRIVILEGES, AccessSheet, CallerKind, GrantKind, Held, Holder, LastUse, StageOf
from auditor.render.view.frame import Frame
from auditor.render.view.slices import Slice, cut
from auditor.render.view.text import counted, joined, number
from auditor.render.view.words import Mark

REVIEW_FILE = "access-review.csv"
KINDS = {
    CallerKind.ANYONE: "Anyone",
    CallerKind.OUTSIDE: "Another account",
    CallerKind.PEOPLE: "People",
    CallerKind.USER: "User",
    CallerKind.ROLE: "Role",
    CallerKind.SERVICE: "Service",
    CallerKind.TOKEN: "Token",
    CallerKind.FUNCTION: "Authorizer",
    CallerKind.UNKNOWN: "Not known",
}
DEGREE = {"allowed": "In full", "conditional": "Under conditions", "partly": "For some paths", "unknown": "Not known"}
_NEW = Mark("fail", "▲", "new")
_UNSURE = Mark("unseen", "?", "not known before")
_LOST = Mark("pass", "▼", "No longer")
_NAMED = 6
_ROUTES = 4
_WIDEST = 25
_UNREAD = 6
_IDENTITIES = frozenset({CallerKind.PEOPLE, CallerKind.USER, CallerKind.ROLE, CallerKind.SERVICE, CallerKind.OUTSIDE})


@dataclass(frozen=True)
class CallerLine:
    """Who may call the same routes of a stage, through the same policies."""

    tone: str
    kind: str
    who: str
    beside: str
    """The people behind them, or who takes the role."""
    count: str
    routes: str
    degree: str
    through: str
    since: Mark | None
    """What of it is new since the pack before."""


@dataclass(frozen=True)
class StageLines:
    """One stage of an API."""

    api: str
    stage: str
    place: str
    routes: str
    lines: tuple[CallerLine, ...]
    lost: tuple[tuple[Mark, str, str], ...]
    """Who no longer may call, and how many routes."""


@dataclass(frozen=True)
class Widest:
    """One identity with all that it was granted."""

    name: str
    arn: str
    beside: str
    kind: str
    count: int
    apis: str
    privileges: str
    tone: str
    last_used: str


@dataclass(frozen=True)
class Callers:
    """The section."""

    headline: str
    note: str
    unread: str
    """What may be missing from these lists; empty where all was read."""
    stages: Slice[StageLines]
    widest: Slice[Widest]
    meaning: str
    """What the privileges mean."""


def callers(frame: Frame) -> Callers:
    """Return who may call."""
    sheet = frame.contents.access
    by_stage: dict[str, list[Held]] = defaultdict(list)
    for each in sheet.held:
        by_stage[each.stage.root].append(each)
    return Callers(
        headline=_headline(sheet),
        note=_note(frame, sheet),
        unread=missing(sheet),
        stages=cut(
            sheet.stages, frame.limits.apis * 2, 1, REVIEW_FILE, lambda each: _stage(frame, each, by_stage[each.root])
        ),
        widest=cut(_identities(sheet), min(frame.limits.rows, _WIDEST), _WIDEST, REVIEW_FILE, lambda each: each),
        meaning=joined([f"{name}: {words}" for name, words in PRIVILEGES.items()]),
    )


def missing(sheet: AccessSheet) -> str:
    """Return what was not read, so that nobody takes a short list for a whole one."""
    if not sheet.unread:
        return ""
    return f"Not read, and so in no line below: {first_of(sheet.unread, _UNREAD)}."


def _headline(sheet: AccessSheet) -> str:
    if not sheet.stages:
        return "No deployed route was seen, so nobody is known to call one."
    count = sum(each.routes for each in sheet.stages)

    def routes(has: Callable[[Held], bool]) -> int:
        return len({route for each in sheet.held if has(each) for route in each.routes})

    parts = [
        (routes(lambda each: each.holder.kind is CallerKind.ANYONE and each.decision == "allowed"), "open to anyone"),
        (
            routes(lambda each: each.holder.kind is CallerKind.ANYONE and each.decision == "conditional"),
            "open to anyone under conditions",
        ),
        (routes(lambda each: each.holder.kind in _IDENTITIES), "for identities of AWS"),
        (routes(lambda each: each.holder.kind is CallerKind.TOKEN), "for tokens"),
        (routes(lambda each: each.holder.kind is CallerKind.FUNCTION), "behind Lambda authorizers"),
        (routes(lambda each: each.decision == "unknown"), "of which it is not known for every caller"),
        (
            count - routes(lambda _: True),
            "that nobody who was read may call" if sheet.unread else "that nobody may call",
        ),
    ]
    told = [f"{number(n)} {words}" for n, words in parts if n]
    pairs = sum(len(each.routes) for each in sheet.held if each.holder.kind in _IDENTITIES)
    return f"{counted(count, 'route')}: {joined(told)}. {counted(pairs, 'pair')} of identity and route."


def _note(frame: Frame, sheet: AccessSheet) -> str:
    since = "" if sheet.is_compared else " There is no earlier pack, so what is new is not marked."
    prior = frame.contents.prior_pack
    canaries = " Routes of canaries are left out." if any(each.canary for each in frame.evaluation.flows) else ""
    if sheet.is_compared and prior is not None:
        since = f" New: since the pack {prior.name}."
    return (
        "By every policy together: of the identity, its groups and its boundary, of the organization, of VPC endpoints and of "
        f"the API. Who holds a token, and whom a function lets in, no answer of AWS tells.{canaries}{since}"
    )


def _stage(frame: Frame, stage: StageOf, held: Sequence[Held]) -> StageLines:
    alike: dict[tuple[object, ...], list[Held]] = {}
    for each in held:
        key = (each.holder.kind, each.routes, each.decision, each.by, each.conditions, each.new, each.unsure)
        alike.setdefault(key, []).append(each)
    return StageLines(
        api=stage.api_name,
        stage=stage.stage,
        place=f"{stage.account} · {stage.region}",
        routes=counted(stage.routes, "route"),
        lines=tuple(_line(frame, several) for several in alike.values()),
        lost=tuple(_lost(each) for each in _lost_of(frame, stage)),
    )


def _line(frame: Frame, held: Sequence[Held]) -> CallerLine:
    first = held[0]
    kind = first.holder.kind
    is_open = kind is CallerKind.ANYONE and first.decision == "allowed"
    names = [frame.names.of(each).label for each in first.routes]
    many = counted(len(names), "route")
    return CallerLine(
        tone="fail" if is_open else "unseen" if first.decision == "unknown" else "",
        kind=KINDS[kind],
        who=first_of([each.holder.name for each in held], _NAMED),
        beside=first_of(sorted({text for each in held for text in _beside(each.holder)}), _NAMED),
        count=f"all {many}" if first.is_all else many,
        routes=first_of(names, _ROUTES),
        degree=DEGREE[first.decision],
        through=through(first.by, first.conditions),
        since=_since(frame, first),
    )


def _since(frame: Frame, held: Held) -> Mark | None:
    if not frame.contents.access.is_compared:
        return None
    if held.new:
        return Mark(_NEW.tone, _NEW.symbol, f"{number(len(held.new))} {_NEW.word}")
    return Mark(_UNSURE.tone, _UNSURE.symbol, f"{number(len(held.unsure))} {_UNSURE.word}") if held.unsure else None


def _beside(holder: Holder) -> tuple[str, ...]:
    return holder.people or tuple(f"taken by {each}" for each in holder.taken_by)


def _lost_of(frame: Frame, stage: StageOf) -> list[AccessGroup]:
    access = frame.contents.diff.access if frame.contents.diff else None
    groups = access.lost if access else ()
    return [each for each in groups if each.after == "denied" and each.routes[0].startswith(f"{stage.root}/")]


def _lost(group: AccessGroup) -> tuple[Mark, str, str]:
    return _LOST, group.name, counted(len(group.routes), "route")


def _identities(sheet: AccessSheet) -> list[Widest]:
    """Return the identities with the most routes and privileges, widest first."""
    held: dict[str, list[Held]] = defaultdict(list)
    for each in sheet.held:
        if each.holder.kind in _IDENTITIES and each.holder.principal.startswith("arn:"):
            held[each.holder.principal].append(each)
    privileges: dict[str, list[tuple[str, str]]] = defaultdict(list)
    last: dict[str, LastUse] = {
        each.holder.principal: each.holder.last_use for several in held.values() for each in several
    }
    for line in sheet.lines:
        if line.kind is GrantKind.PRIVILEGE:
            privileges[line.principal].append((line.grants[0], line.access))
            last[line.principal] = line.last_use
    found = [_widest(arn, held[arn], privileges[arn], last[arn]) for arn in sorted({*held, *privileges})]
    return sorted(found, key=lambda each: (-len(privileges[each.arn]), -each.count, each.arn))


def _widest(arn: str, held: Sequence[Held], privileges: Sequence[tuple[str, str]], last: LastUse) -> Widest:
    apis = list(dict.fromkeys(f"{each.stage.api_name} · {each.stage.stage}" for each in held))
    words = [
        name if access == "allowed" else f"{name} ({DEGREE[access].lower()})" for name, access in sorted(privileges)
    ]
    return Widest(
        name=named(arn),
        arn=arn,
        beside=first_of(list(_beside(held[0].holder)), _NAMED) if held else "",
        kind=KINDS[held[0].holder.kind] if held else "User" if ":user/" in arn else "Role",
        count=sum(len(each.routes) for each in held),
        apis=first_of(apis, _NAMED),
        privileges=joined(words),
        tone="fail" if words else "",
        last_used=last_used(last),
    )


def last_used(found: LastUse) -> str:
    """Return when something was last used, in words; empty where AWS keeps no such date."""
    if found.day is not None:
        return found.day.isoformat()
    return {"never": "never", "unknown": "not read"}.get(found.state, "")


def first_of(names: Iterable[str], most: int) -> str:
    """Return some names and how many more there are."""
    found = list(names)
    more = len(found) - most
    return joined([*found[:most], *([f"{number(more)} more"] if more > 0 else [])])


def through(by: Sequence[str], conditions: Sequence[str]) -> str:
    """Return what decides and under which conditions, without saying a condition twice."""
    said = [
        each
        for each in by
        if not conditions or (":" in each and not any(_inner(each) in other for other in conditions))
    ]
    return "; ".join((*said, *conditions))


def _inner(text: str) -> str:
    """Return what stands in parentheses at the end of a text, else the text."""
    return text.rpartition(" (")[2].removesuffix(")") if text.endswith(")") else text
