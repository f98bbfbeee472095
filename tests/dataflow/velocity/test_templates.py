"""What reading a template tells, as tables that a person can review: the YAML files beside this one.

A case: `template`; optional `side` (request) and `target` (the back end); then what is expected, all of it: `inputs` as
`space path: words` with the words printed, quoted, escaped; `overrides` as `side part name <- space path`; `keys`; `flaws` as
`kind what @ line:column`; `troubles` as `what @ line:column`; `score`; `fits`; `sentence`. What is not named is expected empty.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.dataflow.velocity.flaws import flaws
from auditor.dataflow.velocity.read import read
from auditor.dataflow.velocity.sentence import sentence
from auditor.dataflow.velocity.template import Band, Input, Override, Position, Side
from auditor.model.transform import Source

HERE = Path(__file__).parent
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted(HERE.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_a_template_reads_as_the_table_says(case: dict[str, Any]) -> None:
    assert told(case) == {name: value for name, value in case.items() if name not in {"case", "why"}}


def test_the_tables_hold_enough_to_be_a_reference() -> None:
    assert len(CASES) >= 60
    assert len({case.values[0]["template"] for case in CASES}) == len(CASES)  # type: ignore[index]  # plain dicts


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_is_short_and_a_template_with_trouble_never_fits(case: dict[str, Any]) -> None:
    template = read(case["template"])
    assert len(sentence(template, "the AWS service action " + "x" * 300)) <= 160
    assert not (template.troubles and template.fits)


@pytest.mark.parametrize(
    ("score", "band"), [(3, Band.PLAIN), (4, Band.LOOK), (7, Band.LOOK), (8, Band.TOO_MUCH), (0, Band.PLAIN)]
)
def test_bands_have_exact_edges(score: int, band: Band) -> None:
    fields = "".join(f"$input.path('$.f{number}')" for number in range(score))
    template = read(fields)
    assert (template.score, template.band) == (score, band)


def told(case: dict[str, Any]) -> dict[str, Any]:
    """Return what reading tells, in the words of the tables."""
    template = read(case["template"])
    side = Side(case.get("side", "request"))
    all_of_it = {
        "inputs": [_input(each) for each in template.inputs],
        "overrides": [_override(each) for each in template.overrides],
        "keys": list(template.output_keys),
        "flaws": [f"{each.kind} {each.what} @ {_at(each.at)}" for each in flaws(case["template"])],
        "troubles": [f"{each.what} @ {_at(each.at)}" for each in template.troubles],
    }
    return {
        "template": case["template"],
        **{name: case[name] for name in ("side", "target") if name in case},
        **{name: value for name, value in all_of_it.items() if value},
        "score": template.score,
        "fits": template.fits,
        "sentence": sentence(template, case.get("target", "the back end"), side),
    }


def _input(each: Input) -> str:
    words = [word for word in ("printed", "quoted", "escaped") if getattr(each, f"is_{word}")]
    return f"{_source(each.source)}: {' '.join(words)}".removesuffix(" ")


def _override(each: Override) -> str:
    name = f"{each.side} {each.part} {each.name}".strip()
    return f"{name} <- {', '.join(map(_source, each.sources))}".removesuffix(" ")


def _source(source: Source) -> str:
    return f"{source.space} {source.path}".strip()


def _at(position: Position) -> str:
    return f"{position.line}:{position.column}"
