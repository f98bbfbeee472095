"""How wide a text is, from a table of character widths: no font file is asked, so that the same text gives the same picture."""

from functools import lru_cache

from auditor.render.view.text import shortened, visible
from auditor.render.view.words import DASH

_WIDTHS = {
    280: "Iijl",
    300: " ",
    320: ",.:·",
    340: "!';",
    360: "`t|",
    380: "()/[\\]",
    400: "fr",
    440: "1",
    460: "{}",
    480: "-_",
    500: f"^{DASH}",
    540: '"*',
    560: "?s",
    580: "7JLakxz",
    600: "Fcevy",
    620: "5Ehnou",
    640: "2369bdgpq",
    660: "#$08BPRSZ",
    700: "&+4<=>T~λ≥",
    720: "KXY",
    740: "ACDV",
    760: "GHNU",
    780: "OQ",
    840: "w",
    920: "m✗✓",
    940: "M□●○",
    1000: "@…→←",
    1020: "%",
    1060: "W▲◆◇",
}
"""Thousandths of the size, of the bolder of the two weights of the report's font, rounded up."""
_TABLE = {character: width for width, several in _WIDTHS.items() for character in several}
_LETTER = 800
"""Of Latin, Greek and Cyrillic letters that the table does not name."""
_WIDE = 1400
"""Of everything else: pictographs, ideographs, ligatures."""
_FIRST_WIDE = 0x500
_ELLIPSIS = "…"
_BREAKS = "/-_.:,;&=?"
_SPARE = 104
"""Per cent: where a picture is opened outside the report, another font stands in."""


def measure(text: str, size: int) -> int:
    """Return the width of a text in the units of the picture, rounded up."""
    thousandths = sum(_TABLE.get(each) or (_LETTER if ord(each) < _FIRST_WIDE else _WIDE) for each in text)
    return -(-thousandths * size * _SPARE // 100_000)


@lru_cache(maxsize=8192)
def fit(text: str, width: int, size: int) -> str:
    """Return the text on one line, its middle left out where it is wider than `width`; nothing where not even that fits."""
    line = plain(text)
    if measure(line, size) <= width:
        return line
    length = min(len(line), width * 1000 // (size * 250))
    while length > 1 and measure(shortened(line, length), size) > width:
        length -= 1
    short = shortened(line, length) if length > 1 else _ELLIPSIS
    return short if measure(short, size) <= width else ""


@lru_cache(maxsize=8192)
def wrap(text: str, width: int, size: int, most: int) -> tuple[str, ...]:
    """Return the text in at most `most` lines of `width`, broken between words, else behind a separator, else anywhere."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(plain(text), width, size):
        if line and measure((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], _cut(lines[most - 1], width, size))


def plain(text: str) -> str:
    """Return the text with its invisible characters shown, and on one line."""
    return " ".join(visible(text).split())


def _cut(line: str, width: int, size: int) -> str:
    while line and measure(line + _ELLIPSIS, size) > width:
        line = line[:-1]
    return line.rstrip() + _ELLIPSIS


def _pieces(text: str, width: int, size: int) -> list[str]:
    """Return what may not be broken further: words with the space before them, long ones in parts."""
    found: list[str] = []
    for n, word in enumerate(text.split(" ")):
        spaced = f" {word}" if n else word
        found += [spaced] if measure(word, size) <= width else _parts(spaced, width, size)
    return found


def _parts(word: str, width: int, size: int) -> list[str]:
    """Return a word that is wider than a line in parts, each no wider than a line."""
    parts = [""]
    for character in word:
        if parts[-1] and (parts[-1][-1] in _BREAKS or measure(parts[-1] + character, size) > width):
            parts.append("")
        parts[-1] += character
    return parts
