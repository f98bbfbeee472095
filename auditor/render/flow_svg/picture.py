"""One route as a straight line from the client to the back end, with the caller's identity carried along under it."""

from collections.abc import Mapping

from auditor.model.flow import Drift, Flow, ToldToBackend
from auditor.model.identity import Lane
from auditor.model.ruling import Ruling
from auditor.render.flow_svg import badges, boxes, ribbon, second, strip
from auditor.render.flow_svg.boxes import BOXES
from auditor.render.flow_svg.layout import BESIDE, BOX, FIRST, HEIGHT, LEFT, LEGEND, RIGHT, WAY, WIDTH, left
from auditor.render.flow_svg.shapes import FONT, INK, NAMESPACE, PAPER, SOFT, arrow, block, label, stroke, tag, words
from auditor.render.flow_svg.widths import fit, measure
from auditor.render.view.cells import has_back_end, is_kept_in_the_dark

_TOLD = {
    ToldToBackend.VERIFIED: "told who called, verified",
    ToldToBackend.CLIENT_CLAIMED: "told only what the client claims",
    ToldToBackend.NOTHING: "not told who called",
    ToldToBackend.UNKNOWN: "not known what it is told",
}
_LEGEND = (
    "Ribbon: thick = verified, thin = seen by API Gateway, dashed = the client says so, striped = mixed, cross = ends here. "
    "Box: dark head = on, hollow = off or default, grey = not applicable, hatched = not read. "
    "I identity, R routing, T transformation."
)
Links = Mapping[str, str]
"""Rule to the address where its ruling on this route is explained."""


def draw(flow: Flow, ids: str, links: Links | None = None) -> str:
    """Return one route as an SVG element; `ids` begins its two ids, so that many pictures can stand on one page."""
    name, told = title(flow), description(flow)
    return tag(
        "svg",
        tag("title", words(name), id=f"{ids}-title"),
        tag("desc", words(told), id=f"{ids}-desc"),
        block(0, 0, WIDTH, HEIGHT, fill=PAPER),
        inside(flow, links or {}),
        xmlns=NAMESPACE,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width="100%",
        role="img",
        aria_labelledby=f"{ids}-title {ids}-desc",
        font_family=FONT,
    )


def inside(flow: Flow, links: Links) -> str:
    """Return what is drawn of a route, without the element around it."""
    numbers = range(len(BOXES))
    return (
        _headline(flow)
        + _way()
        + second.draw(flow)
        + "".join(_box(flow, links, n) for n in numbers)
        + ribbon.draw(flow)
        + strip.answer(flow)
        + strip.evidence(flow, badges.of(flow, links, badges.LOG))
        + label(fit(_LEGEND, RIGHT - LEFT, 9), LEFT, LEGEND, 9, fill=SOFT)
    )


def title(flow: Flow) -> str:
    """Return what the picture shows, in one line."""
    return f"Path of {flow.route_key} of API {flow.api_name}, stage {flow.stage}{', canary' if flow.canary else ''}"


def description(flow: Flow) -> str:
    """Return the whole picture in words: every step, every lane, every ruling that asks for a reader."""
    steps = [f"{each.n}. {each.name}: {each.sentence}" for each in flow.steps]
    lanes = [f"{ribbon.NAMES[each]}: {ribbon.meaning(flow, each)}." for each in Lane]
    seen: list[Ruling] = badges.rulings(flow)
    parts = [f"From the client to {flow.backend.label}.", *steps, *lanes, badges.summary(seen)]
    return " ".join(each for each in parts if each)


def _told(flow: Flow) -> str:
    if flow.told_to_backend is not ToldToBackend.NOTHING or is_kept_in_the_dark(flow):
        return f"Back end: {flow.backend.label}, {_TOLD[flow.told_to_backend]}."
    return f"Back end: {flow.backend.label}{', nobody to tell of' if has_back_end(flow) else ''}."


def _headline(flow: Flow) -> str:
    where = fit(f"{flow.api_name} · {flow.stage}{' · canary' if flow.canary else ''}", 420, 12)
    room = RIGHT - LEFT - measure(where, 12) - 24
    told = f"Who: {flow.who.label}. {_told(flow)}"
    drift = " Not known whether the working copy differs." if flow.drift is Drift.UNKNOWN else ""
    return (
        label(fit(flow.route_key, room, 16), LEFT, 22, 16, font_weight=600)
        + label(where, RIGHT, 22, 12, text_anchor="end", fill=SOFT)
        + label(fit(told + drift, _room_beside(flow), 11), LEFT, 40, 11, fill=SOFT)
    )


def _room_beside(flow: Flow) -> int:
    """Return the room that the words of the dotted line leave beside the line on the route."""
    return BESIDE if second.draw(flow) else RIGHT - LEFT


def _box(flow: Flow, links: Links, number: int) -> str:
    marks = badges.draw(flow, links, number)
    return boxes.draw(flow, number, has_badges=bool(marks)) + marks


def _way() -> str:
    gaps = (stroke(((left(n) + BOX, WAY), (left(n + 1), WAY)), stroke_width=2) for n in range(len(BOXES) - 1))
    return (
        tag("circle", cx=LEFT + 16, cy=WAY - 6, r=6, fill=PAPER, stroke=INK, stroke_width=2)
        + stroke(
            ((LEFT + 5, WAY + 14), (LEFT + 8, WAY + 4), (LEFT + 24, WAY + 4), (LEFT + 27, WAY + 14)), stroke_width=2
        )
        + label("Client", LEFT, WAY + 30, 11, font_weight=600)
        + stroke(((LEFT + 34, WAY), (FIRST - 6, WAY)), stroke_width=2)
        + arrow(FIRST, WAY, 9)
        + "".join(gaps)
    )
