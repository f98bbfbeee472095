"""The few SVG elements that a picture is made of: whole numbers, presentation attributes alone, every text escaped.

No style sheet and no definitions: neither a printer's SVG engine nor a second picture on the same page can change what is drawn.
"""

from collections.abc import Iterable
from html import escape

from auditor.render.flow_svg.widths import plain

INK, SOFT, HAIR, GREY, PAPER = "#16202c", "#4b5866", "#98a5b3", "#e3e8ed", "#ffffff"
ACCENT, BAD, CLAIMED, TINT = "#17506b", "#a8201a", "#85510a", "#e8f0f4"
NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "Inter, Helvetica, Arial, sans-serif"


def tag(name: str, *inside: str, **attributes: str | int) -> str:
    """Return an element; `_` in the name of an attribute stands for `-`. What is inside is markup."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{_quoted(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def words(text: str) -> str:
    """Return a text as markup."""
    return escape(plain(text), quote=False)


def label(text: str, x: int, y: int, size: int = 11, **style: str | int) -> str:
    """Return a line of text whose foot stands at y; `text_anchor` in the style where x is not its left end."""
    return tag("text", words(text), **{"x": x, "y": y, "font_size": size, "fill": INK, **style}) if text else ""


def block(x: int, y: int, width: int, height: int, **style: str | int) -> str:
    """Return a rectangle; without a fill of its own it is hollow."""
    return tag("rect", **{"x": x, "y": y, "width": width, "height": height, "fill": "none", **style})


def stroke(points: Iterable[tuple[int, int]], **style: str | int) -> str:
    """Return a line through points."""
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    return tag("path", **{"d": path, "fill": "none", "stroke": INK, **style})


def hatch(x: int, y: int, width: int, height: int, step: int = 8, **style: str | int) -> str:
    """Return diagonal lines across a rectangle, each cut off at its edges."""
    parts = []
    for start in range(step, width + height, step):
        left, right = max(0, start - height), min(width, start)
        parts.append(f"M{x + left} {y + start - left}L{x + right} {y + start - right}")
    return tag("path", **{"d": "".join(parts), "fill": "none", "stroke": HAIR, "stroke_width": 1, **style})


def cross(x: int, y: int, arm: int, **style: str | int) -> str:
    """Return a cross in the place of a value that ends."""
    path = f"M{x - arm} {y - arm}L{x + arm} {y + arm}M{x - arm} {y + arm}L{x + arm} {y - arm}"
    return tag("path", **{"d": path, "fill": "none", "stroke": BAD, "stroke_width": 4, **style})


def arrow(x: int, y: int, back: int, **style: str | int) -> str:
    """Return the head of an arrow whose tip is at (x, y); `back`: how far its foot lies to the left, less than 0: to the right."""
    path = f"M{x} {y}L{x - back} {y - 5}L{x - back} {y + 5}Z"
    return tag("path", **{"d": path, "fill": INK, **style})


def group(*inside: str, **attributes: str | int) -> str:
    """Return elements that belong together."""
    return tag("g", *inside, **attributes)


def _quoted(value: str | int) -> str:
    return escape(plain(value)) if isinstance(value, str) else str(value)
