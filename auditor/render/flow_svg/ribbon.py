"""What is known of the caller, as one ribbon for each fact: where it breaks is seen before anything is read.

Thick: an authorizer checked it. Dashed: the client says so. Striped: both reach the same place. A cross: it ends here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from auditor.model.flow import Flow
from auditor.model.identity import Carried, IdentityState, Lane, Origin
from auditor.render.flow_svg.boxes import BOXES, steps_of
from auditor.render.flow_svg.layout import FIRST, LANE, LANES, LEFT, RIGHT, middle
from auditor.render.flow_svg.shapes import (
    ACCENT,
    BAD,
    CLAIMED,
    HAIR,
    INK,
    PAPER,
    SOFT,
    block,
    cross,
    group,
    hatch,
    label,
    stroke,
    tag,
    words,
)
from auditor.render.flow_svg.widths import fit, measure

NAMES = {Lane.ACTOR: "Actor", Lane.TENANT: "Tenant, scope", Lane.TOKEN: "Token"}
_SAID = {
    Origin.VERIFIED: "reaches the back end verified, as ",
    Origin.GATEWAY: "reaches the back end as API Gateway saw it, as ",
    Origin.CLIENT: "only the client says so: ",
    Origin.STATIC: "a constant: ",
    Origin.MIXED: "the client can put its own value in: ",
}
_START = LEFT + 74
_SIZE = 10
_LINES: dict[Origin, dict[str, str | int]] = {
    Origin.CLIENT: {"stroke": CLAIMED, "stroke_width": 5, "stroke_dasharray": "10 7"},
    Origin.STATIC: {"stroke": SOFT, "stroke_width": 4, "stroke_dasharray": "2 5"},
}
_ROOM = 14
_LEAST = 90
"""Room below which a name is left out rather than cut to nothing: the picture's description has it."""


@dataclass(frozen=True)
class Stretch:
    """A part of a lane on which nothing changes; `box` is where it begins, -1: with the client."""

    box: int
    origin: Origin | None
    """None: nothing is known, and nobody says anything."""
    name: str


def draw(flow: Flow) -> str:
    """Return the three lanes of a flow."""
    return "".join(_lane(flow, lane, LANES + n * LANE) for n, lane in enumerate(Lane))


def stretches(flow: Flow, lane: Lane) -> tuple[Stretch, ...]:
    """Return a lane from the client to the back end, neighbours that say the same put together."""
    found: list[Stretch] = []
    for box, state in _points(flow):
        one = _stretch(box, state, lane, found)
        if not found or (one.origin, one.name) != (found[-1].origin, found[-1].name):
            found.append(one)
    return tuple(found)


def meaning(flow: Flow, lane: Lane) -> str:
    """Return what a lane says, in words, for its end and for those who do not see it."""
    parts = stretches(flow, lane)
    last = parts[-1]
    before = next((each for each in reversed(parts[:-1]) if each.origin is not Origin.LOST), last)
    if last.origin is None:
        return f"no {NAMES[lane].lower().replace(',', ' or')} is ever known"
    if last.origin is Origin.LOST:
        return _lost(lane, BOXES[max(last.box, 0)].name, before)
    if last.origin is Origin.UNKNOWN:
        return "not known from here on" if len(parts) > 1 else "not known: it was not read or not understood"
    return f"{_SAID[last.origin]}{last.name}"


def _lost(lane: Lane, box: str, before: Stretch) -> str:
    if lane is Lane.TOKEN:
        return f"ENDS at {box}: the token is not sent on"
    whose = "the client's word" if before.origin is Origin.CLIENT else "the back end is not told"
    return f"LOST at {box}: {whose}{' is not sent on' if before.origin is Origin.CLIENT else ''}"


def _points(flow: Flow) -> Iterator[tuple[int, IdentityState | None]]:
    """Return what is known before the first box and behind each; None: not known."""
    yield -1, flow.steps[0].identity_in if flow.steps else None
    for number, box in enumerate(BOXES):
        steps = steps_of(flow, box)
        yield number, max(steps, key=lambda each: each.n).identity_out if steps else None


def _stretch(box: int, state: IdentityState | None, lane: Lane, before: Sequence[Stretch]) -> Stretch:
    if state is None:
        return Stretch(box, Origin.UNKNOWN, "")
    carried = next((each for each in state.facts if each.lane is lane), None)
    last = before[-1] if before else None
    if carried is None:
        # What was there and is named no more has ended, whoever forgot to say so.
        ended = last is not None and last.origin not in {None, Origin.UNKNOWN}
        return Stretch(box, Origin.LOST if ended else None, "")
    return Stretch(box, carried.origin, "" if carried.origin in {Origin.LOST, Origin.UNKNOWN} else _name(carried))


def _name(carried: Carried) -> str:
    return carried.name.removeprefix("$context.")


def _lane(flow: Flow, lane: Lane, top: int) -> str:
    parts = stretches(flow, lane)
    ends = [*(_place(each.box) for each in parts[1:]), RIGHT]
    said = meaning(flow, lane)
    return group(
        tag("title", words(f"{NAMES[lane]}: {said}")),
        label(NAMES[lane], LEFT, top + 23, 11, font_weight=600),
        stroke(((_START, top + 19), (RIGHT, top + 19)), stroke=HAIR, stroke_width=1, stroke_dasharray="1 5"),
        *(_bar(each, _place(each.box), end, top + 19) for each, end in zip(parts, ends, strict=True)),
        *_captions(parts, ends, said, top + 10),
    )


def _place(box: int) -> int:
    return FIRST - 4 if box < 0 else middle(box)


def _captions(parts: Sequence[Stretch], ends: Sequence[int], said: str, foot: int) -> list[str]:
    """Return the meaning at the end of a lane, and the name of what is carried where there is room before it."""
    last = parts[-1]
    is_bad = last.origin in {Origin.LOST, Origin.MIXED}
    ending = fit(said, RIGHT - FIRST, _SIZE + 1)
    free = RIGHT - measure(ending, _SIZE + 1) - _ROOM
    shown = [
        label(ending, RIGHT, foot, _SIZE + 1, text_anchor="end", font_weight=600, fill=BAD if is_bad else INK),
    ]
    for each, end in zip(parts[:-1], ends[:-1], strict=True):
        start = _place(each.box) + (0 if each.box < 0 else 6)
        room = min(end, free) - start - 6
        if each.name and room >= min(_LEAST, measure(each.name, _SIZE)):
            shown.append(label(fit(each.name, room, _SIZE), start, foot, _SIZE, fill=SOFT))
    return shown


def _bar(part: Stretch, start: int, end: int, y: int) -> str:
    match part.origin:
        case None:
            return ""
        case Origin.VERIFIED | Origin.GATEWAY:
            half = 4 if part.origin is Origin.VERIFIED else 1
            return block(start, y - half, end - start, 2 * half + 1, fill=ACCENT)
        case Origin.CLIENT | Origin.STATIC:
            style = _LINES[part.origin]
            return stroke(((start, y), (end, y)), **style)
        case Origin.MIXED:
            return _striped(start, end, y)
        case Origin.LOST:
            return _break(start, y)
        case Origin.UNKNOWN:
            return _unknown(start, end, y)
        case _:
            assert_never(part.origin)


def _striped(start: int, end: int, y: int) -> str:
    paper = block(start, y - 5, end - start, 11, fill=PAPER, stroke=BAD, stroke_width=1)
    return paper + hatch(start, y - 5, end - start, 11, 9, stroke=BAD, stroke_width=4)


def _break(x: int, y: int) -> str:
    plate = block(x - 2, y - 8, 24, 17, fill=PAPER)
    return plate + cross(x + 10, y, 7) if x + 20 < RIGHT else plate + cross(x, y, 7)


def _unknown(start: int, end: int, y: int) -> str:
    paper = block(start, y - 4, end - start, 9, fill=PAPER, stroke=SOFT, stroke_width=1, stroke_dasharray="4 3")
    marks = (label("?", x, y + 4, 10, text_anchor="middle", fill=SOFT) for x in range(start + 20, end, 60))
    return paper + "".join(marks)
