"""Everything that rendering puts into a pack: name below `data/` to bytes, the same for the same contents."""

import orjson

from auditor.model.pack import PackContents
from auditor.render.completeness import completeness_json
from auditor.render.flow_files import flow_files
from auditor.render.html import render_html
from auditor.render.pdf import Embedded, render_pdf
from auditor.render.records import diff_record
from auditor.render.tables import access_review_csv, findings_csv, findings_jsonl, population_csv, routes_csv
from auditor.render.view.report import print_report, screen_report

_JSON = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def render(contents: PackContents) -> dict[str, bytes]:
    """Return the files; `diff.json` stands there where something was compared, `exhibits/` is the pack's to add."""
    evaluation = contents.evaluation
    findings = findings_csv(evaluation.findings)
    beside = Embedded("findings.csv", "Every finding of this pack, as data", findings)
    files = {
        "report.html": render_html(screen_report(contents)),
        "report.pdf": render_pdf(print_report(contents), (beside,)),
        "access-review.csv": access_review_csv(contents.access.lines),
        "findings.csv": findings,
        "findings.jsonl": findings_jsonl(evaluation.findings),
        "flows/routes.csv": routes_csv(evaluation),
        "completeness.json": completeness_json(contents),
    }
    files |= flow_files(evaluation)
    files |= {f"populations/{each.control.id}.csv": population_csv(each) for each in evaluation.results}
    if contents.diff is not None:
        files["diff.json"] = orjson.dumps(diff_record(contents.diff), option=_JSON)
    return dict(sorted(files.items()))
