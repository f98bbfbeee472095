"""Each kind of change, for each protocol that can have it, and the traps."""

from typing import Any

import pytest

from auditor.dataflow.transformation.passthrough import chosen
from auditor.dataflow.transformation.wording import LONGEST
from auditor.model.transform import Transform, TransformKind, Where
from tests.dataflow.transformation.tables import HERE, integration, made, rows

TABLES = sorted(each.stem for each in HERE.glob("*.yaml") if each.stem not in {"passthrough", "sentences"})
ALL = [pytest.param(case, id=f"{table}: {case['case']}") for table in TABLES for case in rows(table)]
CHOICES = [pytest.param(case, id=case["case"]) for case in rows("passthrough")]


def shown(case: dict[str, Any]) -> list[Transform]:
    """Return what a table looks at: by default all but what happens by itself, and the rest that passes."""
    found = [each for each in made(case) if each.kind is not TransformKind.IMPLICIT or "show" in case]
    found = [each for each in found if not each.sentence.startswith("Passes everything else")]
    if "kinds" in case:
        return [each for each in found if each.kind.value in case["kinds"]]
    if "targets" in case:
        found = [each for each in found if each.kind is not TransformKind.IMPLICIT or case["targets"] in each.target]
    match case.get("only"):
        case "request":
            return [each for each in found if each.where is Where.REQUEST]
        case "answers":
            return [each for each in found if each.where is not Where.REQUEST]
        case _:
            return found if case.get("responses") else [each for each in found if each.where is Where.REQUEST]


def told(transform: Transform) -> dict[str, Any]:
    """Return a transform as tables write it."""
    row: dict[str, Any] = {"kind": transform.kind.value, "target": transform.target, "origin": transform.origin.value}
    if transform.sources:
        row["from"] = [f"{each.space.value} {each.path}".strip() for each in transform.sources]
    return {**row, "says": transform.sentence}


@pytest.mark.parametrize("case", ALL)
def test_what_is_made_of_it(case: dict[str, Any]) -> None:
    assert [told(each) for each in shown(case)] == case["expect"]


@pytest.mark.parametrize("case", ALL)
def test_a_sentence_is_short_whole_and_shows_no_secret(case: dict[str, Any]) -> None:
    for each in made(case):
        assert 0 < len(each.sentence) <= LONGEST
        assert each.sentence.endswith(".")
        assert "redacted:" not in each.sentence
        assert each.sentence.isprintable()


def test_every_kind_stands_in_a_table() -> None:
    cases = [case for table in TABLES for case in rows(table)]
    assert {each.kind for case in cases for each in made(case)} == set(TransformKind)


@pytest.mark.parametrize("case", CHOICES)
def test_which_template_is_chosen(case: dict[str, Any]) -> None:
    given = {
        "type": case.get("type", "AWS"),
        "passthrough": case["behaviour"],
        "request_templates": dict.fromkeys(case["templates"], ""),
        "template_selection": case.get("selection"),
    }
    found = chosen(integration(given), case["content_type"])
    assert (found.fate, found.template) == (case["fate"], case.get("template"))
