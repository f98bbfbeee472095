"""Several routes of one API on one sheet, one below the other."""

from collections.abc import Sequence

from auditor.model.flow import Flow
from auditor.render.flow_svg.layout import HEIGHT, LEFT, RIGHT, WIDTH
from auditor.render.flow_svg.picture import description, inside, title
from auditor.render.flow_svg.shapes import FONT, HAIR, NAMESPACE, PAPER, SOFT, block, group, label, stroke, tag, words
from auditor.render.flow_svg.widths import fit

_HEAD, _BETWEEN = 64, 16


def sheet(flows: Sequence[Flow], name: str, told: str) -> str:
    """Return an SVG document of the given routes under the name of their API and one line of words."""
    tall = _HEAD + len(flows) * (HEIGHT + _BETWEEN)
    return tag(
        "svg",
        tag("title", words(f"Paths of calls to API {name}"), id="sheet-title"),
        tag("desc", words(told), id="sheet-desc"),
        block(0, 0, WIDTH, tall, fill=PAPER),
        label(fit(name, RIGHT - LEFT, 20), LEFT, 30, 20, font_weight=600),
        label(fit(told, RIGHT - LEFT, 12), LEFT, 52, 12, fill=SOFT),
        *(_one(each, _HEAD + n * (HEIGHT + _BETWEEN)) for n, each in enumerate(flows)),
        xmlns=NAMESPACE,
        viewBox=f"0 0 {WIDTH} {tall}",
        width="100%",
        role="img",
        aria_labelledby="sheet-title sheet-desc",
        font_family=FONT,
    )


def _one(flow: Flow, top: int) -> str:
    return group(
        tag("title", words(title(flow))),
        tag("desc", words(description(flow))),
        stroke(((LEFT, 0), (RIGHT, 0)), stroke=HAIR, stroke_width=1),
        inside(flow, {}),
        transform=f"translate(0 {top})",
    )
