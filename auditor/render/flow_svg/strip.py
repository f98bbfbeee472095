"""Under the ribbon: the way back, and what is written down about a call."""

from auditor.model.flow import Flow, Trace
from auditor.model.step import Step, StepState
from auditor.render.flow_svg.badges import Badges
from auditor.render.flow_svg.boxes import STATE
from auditor.render.flow_svg.layout import ANSWER, FIRST, LEFT, STRIP, STRIP_TALL, middle
from auditor.render.flow_svg.shapes import (
    GREY,
    HAIR,
    INK,
    PAPER,
    SOFT,
    arrow,
    block,
    hatch,
    label,
    stroke,
)
from auditor.render.flow_svg.widths import fit, wrap

_THROTTLE, _RESPONSE, _EVIDENCE = 8, 13, 14
TRACE = {
    None: ("?", "not known whether it names the caller"),
    Trace.NONE: ("▲", "none is written"),
    Trace.BROKEN: ("▲", "written so that it cannot be read"),
    Trace.ANONYMOUS: ("▲", "nobody is named"),
    Trace.PARTIAL: ("▲", "some callers are named, others not"),
    Trace.IDENTIFIED: ("✓", "the caller is named"),
}
_CELLS = ((FIRST, 600), (FIRST + 612, 226), (FIRST + 850, 226))
"""Left edge and width: log, trace, metrics."""


def answer(flow: Flow) -> str:
    """Return the thin line on which the answer comes back."""
    step = _step(flow, _RESPONSE)
    said = step.sentence if step else "How the answer is changed was not read."
    dashes = "5 4" if step is None or step.state is StepState.NOT_READ else "none"
    middle_of_last = middle(7)
    text = fit(f"Answer: {said}", middle_of_last - FIRST - 40, 11)
    return (
        stroke(((middle_of_last, ANSWER - 8), (middle_of_last, ANSWER), (LEFT + 62, ANSWER)), stroke_width=1,
               stroke=SOFT, stroke_dasharray=dashes)
        + arrow(LEFT + 56, ANSWER, -8, fill=SOFT)
        + label(text, FIRST, ANSWER + 13, 11, fill=SOFT)
    )  # fmt: skip


def evidence(flow: Flow, badges: Badges) -> str:
    """Return the strip: access log, tracing, metrics."""
    step = _step(flow, _EVIDENCE)
    return (
        label("Evidence", LEFT, STRIP + 18, 11, font_weight=600)
        + _log(flow, step, badges)
        + _fact("Tracing", _named(flow, "X-Ray"), _CELLS[1])
        + _fact("Metrics", _named(flow, "metrics"), _CELLS[2])
    )


def _log(flow: Flow, step: Step | None, badges: Badges) -> str:
    x, width = _CELLS[0]
    symbol, word = TRACE[flow.trace]
    said = step.sentence if step else "What is written down about a call was not read."
    return (
        _frame(_CELLS[0], StepState.NOT_READ if flow.trace is None else StepState.SET)
        + label(fit(f"{symbol} Access log: {word}", width - 150, 11), x + 8, STRIP + 16, 11, font_weight=600)
        + "".join(
            label(line, x + 8, STRIP + 29 + n * 13, 11) for n, line in enumerate(wrap(said, width - 16, 11, 2))
        )
        + badges.row(x + width - 6, STRIP + 5)
    )  # fmt: skip


def _fact(name: str, fact: tuple[StepState, str], cell: tuple[int, int]) -> str:
    x, width = cell
    state, value = fact
    symbol, word = STATE[state]
    ink = SOFT if state is StepState.NOT_APPLICABLE else INK
    return (
        _frame(cell, state)
        + label(fit(f"{symbol} {name}: {word}", width - 16, 11), x + 8, STRIP + 16, 11, font_weight=600, fill=ink)
        + "".join(label(e, x + 8, STRIP + 29 + n * 13, 11, fill=ink) for n, e in enumerate(_lines(value, width)))
    )


def _lines(value: str, width: int) -> tuple[str, ...]:
    return wrap(value, width - 16, 11, 2) if value else ()


def _frame(cell: tuple[int, int], state: StepState) -> str:
    x, width = cell
    match state:
        case StepState.NOT_READ:
            paper = block(x, STRIP, width, STRIP_TALL, fill=PAPER, stroke=SOFT, stroke_width=1, stroke_dasharray="4 3")
            plate = block(x + 3, STRIP + 3, width - 6, STRIP_TALL - 6, fill=PAPER)
            return paper + hatch(x, STRIP, width, STRIP_TALL) + plate
        case StepState.NOT_APPLICABLE:
            return block(x, STRIP, width, STRIP_TALL, fill=GREY, stroke=HAIR, stroke_width=1)
        case _:
            thick = 2 if state is StepState.SET else 1
            return block(x, STRIP, width, STRIP_TALL, fill=PAPER, stroke=INK, stroke_width=thick)


def _named(flow: Flow, name: str) -> tuple[StepState, str]:
    """Return the state of a setting of the stage, and what there is to say of it."""
    step = _step(flow, _EVIDENCE)
    fact = next((each for each in step.facts if each.name == name), None) if step else None
    if fact is None:
        return (StepState.ABSENT, "") if _were_settings_read(flow) else (StepState.NOT_READ, "")
    if fact.value in {"on", "off"}:
        return (StepState.SET if fact.value == "on" else StepState.ABSENT), ""
    return fact.state, fact.value or fact.why


def _were_settings_read(flow: Flow) -> bool:
    """Return whether the settings of the stage were read: the limit on calls stands among them."""
    throttle = _step(flow, _THROTTLE)
    return throttle is not None and throttle.state in {StepState.SET, StepState.DEFAULT}


def _step(flow: Flow, number: int) -> Step | None:
    return next((each for each in flow.steps if each.n == number), None)
