"""The 14 steps of a flow as eight boxes on a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from auditor.model.flow import Flow
from auditor.model.step import Effect, Step, StepState
from auditor.render.flow_svg.layout import BOX, TALL, TOP, left
from auditor.render.flow_svg.shapes import BAD, GREY, HAIR, INK, PAPER, SOFT, block, group, hatch, label, tag, words
from auditor.render.flow_svg.widths import wrap
from auditor.render.view.words import DASH

_PAD = 7
_HEAD = 24
_SIZE, _LINE, _LINES = 11, 13, 8
_NOTICED = (Effect.DROP, Effect.UNKNOWN)
"""A step with such an effect speaks for its box, where it holds several."""


@dataclass(frozen=True)
class Box:
    """One box: its name, its mark (I identity, R routing, T transformation), and the steps that it stands for."""

    name: str
    mark: str
    steps: tuple[int, ...]
    """The one that the box is named after first."""


BOXES = (
    Box("Entry", "R", (1, 2)),
    Box("WAF", "R", (3,)),
    Box("Policy", "I", (6, 4)),
    Box("Authorizer", "I", (5,)),
    Box("Key / limit", "I", (7, 8)),
    Box("Validate", "T", (9,)),
    Box("Transform", "T", (11,)),
    Box("Backend", "R", (12, 10)),
)
"""Answers from a cache stand in for the back end, so step 10 is told there; 13 is the way back, 14 the strip of evidence."""
STATE = {
    StepState.SET: ("●", "on"),
    StepState.DEFAULT: ("◇", "default"),
    StepState.ABSENT: ("○", "off"),
    StepState.NOT_APPLICABLE: (DASH, "not applicable"),
    StepState.NOT_READ: ("?", "not read"),
}


def steps_of(flow: Flow, box: Box) -> tuple[Step, ...]:
    """Return the steps that a box stands for, its own first."""
    return tuple(each for n in box.steps for each in flow.steps if each.n == n)


def speaker(steps: Sequence[Step]) -> Step | None:
    """Return the step whose sentence a box carries."""
    noticed = [each for effect in _NOTICED for each in steps if each.effect is effect and _applies(each)]
    configured = [each for each in steps if each.state is StepState.SET]
    return next(iter([*noticed, *configured, *(each for each in steps if _applies(each)), *steps]), None)


def _applies(step: Step) -> bool:
    return step.state is not StepState.NOT_APPLICABLE


def state_of(steps: Sequence[Step]) -> StepState:
    """Return the state of a box: on where one of its steps is; not read where one was not and none is on."""
    states = {each.state for each in steps}
    order = (StepState.SET, StepState.NOT_READ, StepState.DEFAULT, StepState.ABSENT, StepState.NOT_APPLICABLE)
    return next((each for each in order if each in states), StepState.NOT_READ)


def is_partly_unread(steps: Sequence[Step]) -> bool:
    """Return whether a box that is on hides a step that was not read."""
    return state_of(steps) is StepState.SET and any(each.state is StepState.NOT_READ for each in steps)


def draw(flow: Flow, number: int, *, has_badges: bool) -> str:
    """Return one box, counted from 0; badges take the room of its last line."""
    box, x = BOXES[number], left(number)
    steps = steps_of(flow, box)
    state, said = state_of(steps), speaker(steps)
    # Where nobody is asked the door is open: the one step that is worse off than hollow.
    is_open = box.name == "Authorizer" and state is StepState.ABSENT
    symbol, word = ("▲", "off") if is_open else STATE[state]
    word = "on, part not read" if is_partly_unread(steps) else word
    told = " ".join(each.sentence for each in steps)
    return group(
        tag("title", words(f"{box.name}: {word}. {told}")),
        _body(x, state),
        hatch(x, TOP + TALL - 20, BOX, 20, 6) if is_partly_unread(steps) else "",
        _head(box, x, state),
        _sentence(said.sentence if said else "This step was not read.", x, state, _LINES - has_badges),
        label(f"{symbol} {word}", x + _PAD, TOP + _HEAD + 13, 10, fill=BAD if is_open else SOFT, font_weight=600),
    )


def _body(x: int, state: StepState) -> str:
    match state:
        case StepState.SET:
            return block(x, TOP, BOX, TALL, fill=PAPER, stroke=INK, stroke_width=2)
        case StepState.DEFAULT | StepState.ABSENT:
            return block(x, TOP, BOX, TALL, fill=PAPER, stroke=INK, stroke_width=1)
        case StepState.NOT_APPLICABLE:
            return block(x, TOP, BOX, TALL, fill=GREY, stroke=HAIR, stroke_width=1)
        case StepState.NOT_READ:
            paper = block(x, TOP, BOX, TALL, fill=PAPER, stroke=SOFT, stroke_width=1, stroke_dasharray="4 3")
            return paper + hatch(x, TOP, BOX, TALL)
        case _:
            assert_never(state)


def _head(box: Box, x: int, state: StepState) -> str:
    is_on = state is StepState.SET
    ink = PAPER if is_on else SOFT if state is StepState.NOT_APPLICABLE else INK
    return (
        (block(x, TOP, BOX, _HEAD, fill=INK) if is_on else "")
        + (block(x + 2, TOP + 2, BOX - 4, _HEAD - 4, fill=PAPER) if state is StepState.NOT_READ else "")
        + label(box.name, x + _PAD, TOP + 16, 12, font_weight=600, fill=ink)
        + tag("circle", cx=x + BOX - 13, cy=TOP + 12, r=8, fill="none", stroke=ink, stroke_width=1)
        + label(box.mark, x + BOX - 13, TOP + 16, 10, text_anchor="middle", font_weight=600, fill=ink)
    )


def _sentence(text: str, x: int, state: StepState, most: int) -> str:
    lines = wrap(text, BOX - 2 * _PAD, _SIZE, most)
    first = TOP + _HEAD + 28
    tall = 17 + _LINE * len(lines)
    # What was not read is hatched; a plate keeps its words readable.
    plate = block(x + 3, TOP + _HEAD + 2, BOX - 6, tall, fill=PAPER) if state is StepState.NOT_READ else ""
    ink = SOFT if state is StepState.NOT_APPLICABLE else INK
    return plate + "".join(label(line, x + _PAD, first + n * _LINE, _SIZE, fill=ink) for n, line in enumerate(lines))
