"""Small marks on a box: what the rules about identity say of this route, each a link to where it is explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.model.flow import Flow
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.render.flow_svg.layout import BOX, TALL, TOP, left
from auditor.render.flow_svg.shapes import BAD, INK, PAPER, SOFT, block, group, label, tag, words
from auditor.render.flow_svg.widths import measure
from auditor.render.view.words import STATUS

SHOWN = (Status.FAIL, Status.NEEDS_ATTESTATION, Status.NOT_EVALUATED)
"""Worst first."""
LOG = 8
"""The place behind the boxes: the cell of the access log."""
_ENTRY, _AUTHORIZER, _TRANSFORM, _BACKEND = 0, 3, 6, 7
_BOX = {
    "P2": _TRANSFORM, "P10": _BACKEND, "P11": _AUTHORIZER, "P12": _AUTHORIZER, "P13": _AUTHORIZER,
    "P14": _ENTRY, "P15": _BACKEND, "P16": LOG, "P18": _BACKEND,
}  # fmt: skip
"""Rules that are judged elsewhere than at the transformation, and where."""
_ROOM = 3
_TALL = 16
_GAP = 3


@dataclass(frozen=True)
class Badges:
    """The marks of one place, worst first."""

    rulings: tuple[Ruling, ...]
    links: Mapping[str, str]
    """Rule to the address where its ruling is explained; without one the mark is no link."""

    def row(self, right: int, top: int) -> str:
        """Return the marks side by side, the last of them ending at `right`."""
        shown = list(self.rulings[:_ROOM])
        x = right
        found = [_more(len(self.rulings) - _ROOM, right, top)] if len(self.rulings) > _ROOM else []
        x -= measure(f"+{len(self.rulings) - _ROOM}", 10) + _GAP if found else 0
        for each in reversed(shown):
            width = _width(each)
            x -= width
            found.append(_badge(each, self.links.get(each.rule), x, top))
            x -= _GAP
        return "".join(reversed(found))


def of(flow: Flow, links: Mapping[str, str], place: int) -> Badges:
    """Return the marks of a box, counted from 0, or of the log."""
    here = [each for each in rulings(flow) if _BOX.get(each.rule, _TRANSFORM) == place]
    return Badges(tuple(here), links)


def rulings(flow: Flow) -> list[Ruling]:
    """Return the rulings of a flow that a reader must see, worst first."""
    return sorted((each for each in flow.rulings if each.status in SHOWN), key=lambda each: SHOWN.index(each.status))


def draw(flow: Flow, links: Mapping[str, str], number: int) -> str:
    """Return the marks at the foot of a box."""
    return of(flow, links, number).row(left(number) + BOX - 4, TOP + TALL - 19)


def _text(ruling: Ruling) -> str:
    return f"{STATUS[ruling.status].symbol} {ruling.rule}"


def _width(ruling: Ruling) -> int:
    return measure(_text(ruling), 10) + 6


def _badge(ruling: Ruling, link: str | None, x: int, y: int) -> str:
    is_bad = ruling.status is Status.FAIL
    drawn = (
        tag("title", words(f"{ruling.rule}, {STATUS[ruling.status].word.lower()}: {ruling.because}")),
        block(x, y, _width(ruling), _TALL, rx=3, fill=BAD if is_bad else PAPER, stroke=BAD if is_bad else INK),
        label(_text(ruling), x + 3, y + 12, 10, font_weight=600, fill=PAPER if is_bad else INK),
    )
    return tag("a", *drawn, href=link) if link else group(*drawn)


def _more(count: int, right: int, y: int) -> str:
    return label(f"+{count}", right, y + 12, 10, text_anchor="end", fill=SOFT, font_weight=600)


def summary(several: Sequence[Ruling]) -> str:
    """Return the rulings as one line for those who do not see the marks."""
    return " ".join(f"{each.rule} {STATUS[each.status].word.lower()}: {each.because}" for each in several)
