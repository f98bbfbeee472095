"""Pictures of flows as SVG text: pure, without libraries, the same bytes for the same flow."""

from auditor.render.flow_svg.picture import draw
from auditor.render.flow_svg.sheet import sheet

__all__ = ["draw", "sheet"]
