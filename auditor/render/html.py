"""The report as one file that opens from disk, offline, in ten years; scripts only fold and filter."""

import base64
import hashlib

from auditor.render.templating import fill, font_faces, text
from auditor.render.view.report import Report


def render_html(report: Report) -> bytes:
    """Return the HTML report; its policy forbids the network and every script but its own."""
    script = text("filter.js")
    page = fill(
        "report.html.j2",
        report,
        paper=False,
        style=font_faces(inline=True) + text("common.css") + text("screen.css"),
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return page.encode()
