"""The second, dotted line: what is configured and not deployed, or the second deployment that takes a share of the calls."""

from auditor.model.flow import Drift, Flow
from auditor.render.flow_svg.layout import BESIDE, LEFT, TOP, middle
from auditor.render.flow_svg.shapes import ACCENT, PAPER, block, label, stroke
from auditor.render.flow_svg.widths import fit, measure

_Y = TOP - 8
_LAST = 7
_VALUES, _GAP = 260, 16
"""Room of the two values of a difference, and between these words and those on the route."""
_BOXES = (
    (("route",), 0),
    (("authoriz", "scope", "user pool", "issuer", "identity source", "algorithm"), 3),
    (("api key", "throttl"), 4),
    (("valid", "model", "required parameter"), 5),
    (("mapping", "template", "passthrough", "content handling"), 6),
    (("integration", "connection", "certificate", "server name", "timeout", "cache"), 7),
)
"""Words in the name of a difference, and the box that it changes."""


def draw(flow: Flow) -> str:
    """Return the dotted line; nothing where one deployment takes every call and nothing is left undeployed."""
    if flow.drift is Drift.UNDEPLOYED_CHANGE:
        return _dotted(_changed(flow), _difference(flow))
    if flow.canary is not None:
        return _dotted(0, canary(flow))
    return ""


def canary(flow: Flow) -> str:
    """Return which share of the calls takes this way; nothing where the flow is no canary."""
    if flow.canary is None:
        return ""
    share = f"{flow.canary.percent} % of the calls" if flow.canary.percent else "a share of the calls that was not read"
    return f"canary deployment {flow.canary.deployment}: {share}"


def _difference(flow: Flow) -> str:
    if not flow.drift_fields:
        return "configured, not deployed"
    first, more = flow.drift_fields[0], len(flow.drift_fields) - 1
    rest = f", and {more} more" if more else ""
    values = f" {first.deployed} → {first.configured}"
    # Half a mapping says nothing; the whole of it stands in the table beside the picture.
    told = values if measure(values, 11) <= _VALUES else ""
    return f"configured, not deployed: {first.field}{told}{rest}"


def _changed(flow: Flow) -> int:
    names = [each.field.lower() for each in flow.drift_fields]
    found = (box for name in names for parts, box in _BOXES if any(part in name for part in parts))
    return next(found, 0)


def _dotted(box: int, said: str) -> str:
    start, end = middle(box), middle(_LAST) + 30
    start = min(start, end - 50)
    text = fit(said, end - LEFT - BESIDE - _GAP, 11)
    wide = measure(text, 11)
    # The words end where the line ends, so that neither leaves the picture, however late the change comes.
    return (
        stroke(
            ((start, TOP), (start, _Y), (end, _Y), (end, TOP - 3)),
            stroke=ACCENT,
            stroke_width=2,
            stroke_dasharray="2 4",
        )
        + arrow_down(end)
        + block(end - wide - 3, _Y - 15, wide + 6, 14, fill=PAPER)
        + label(text, end, _Y - 4, 11, text_anchor="end", font_weight=600, fill=ACCENT)
    )


def arrow_down(x: int) -> str:
    """Return the head of an arrow that meets the top of a box."""
    return stroke(((x - 4, TOP - 7), (x, TOP - 1), (x + 4, TOP - 7)), stroke=ACCENT, stroke_width=2)
