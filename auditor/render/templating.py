"""Jinja2 with its guards up: escaping on, undefined names an error, invisible characters shown, fonts from memory."""

import base64
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.assets import templates_dir
from auditor.render.view.report import Report
from auditor.render.view.text import number, visible

PARTS = tuple(
    f"parts/{name}.html.j2"
    for name in (
        "cover", "matrix", "flows", "callers", "changes", "review", "criteria", "workpapers", "completeness", "ledgers",
        "provenance",
    )
)  # fmt: skip
"""In the order of the report."""

FONTS = (
    ("Inter", 400, "inter-regular.woff2"),
    ("Inter", 600, "inter-semibold.woff2"),
    ("Iosevka", 400, "iosevka-regular.woff2"),
)
"""Family, weight, file. The licences stand beside the files."""

_BREAKS = re.compile(r"(?<=[/:.,;#_?&=+-])(?=[^\s])")


def text(name: str) -> str:
    """Return a style sheet or script of the templates folder."""
    return (templates_dir() / name).read_text(encoding="utf-8")


def font(name: str) -> bytes:
    """Return a bundled font."""
    return (templates_dir() / "fonts" / name).read_bytes()


def broken_fonts() -> tuple[str, ...]:
    """Return the bundled fonts that are not there or are no font files."""
    return tuple(file for _, _, file in FONTS if not _is_font(templates_dir() / "fonts" / file))


def _is_font(path: Path) -> bool:
    return path.is_file() and path.read_bytes()[:4] == b"wOF2"


def font_faces(*, inline: bool) -> str:
    """Return the @font-face rules: as data, or by the `pack:` names that the PDF's fetcher serves."""
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:normal;'
        f'src:url("{_source(file, inline=inline)}") format("woff2")}}'
        for family, weight, file in FONTS
    )


def _source(file: str, *, inline: bool) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(font(file)).decode()}" if inline else f"pack:{file}"


def fill(template: str, report: Report, *, paper: bool, **extras: str) -> str:
    """Return a template filled with a report; `extras` are trusted text of ours, such as style sheets."""
    trusted = {name: Markup(value) for name, value in extras.items()}  # noqa: S704 - our own files
    page = _environment(templates_dir(), paper=paper).get_template(template)
    return page.render(report=report, paper=paper, parts=PARTS, **trusted)


@cache
def _environment(folder: Path, *, paper: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = number
    environment.filters["breakable"] = visible if paper else breakable
    return environment


def _shown(value: object) -> object:
    """Make what would be invisible visible, in every expression of every template."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def breakable(value: str) -> Markup:
    """Return text that may wrap behind its separators, so that an ARN breaks where a person would break it."""
    return Markup("<wbr>").join(escape(part) for part in _BREAKS.split(visible(value)))
