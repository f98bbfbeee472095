"""The catalog: everything wrong with every file, at once, with line and value."""

from pathlib import Path
from typing import Any

import pytest

from auditor.assets import controls_dir
from auditor.catalog.load import CatalogSources, load
from auditor.errors import InvalidFileError
from auditor.evaluate.bind import bind

SHIPPED = controls_dir()
CRITERIA = SHIPPED / "criteria" / "tsc-2017.yaml"
GOOD = (SHIPPED / "key-rotation" / "KR-01.yaml").read_text()


def _load(folder: Path, **other: Any) -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        load(CatalogSources(controls=(folder,), criteria=CRITERIA, **other))
    return list(caught.value.problems)


def _one(folder: Path, text: str, name: str = "KR-01.yaml") -> Path:
    (folder / name).write_text(text)
    return folder


def test_the_shipped_catalog_loads_binds_and_covers_all_criteria() -> None:
    catalog = load(CatalogSources(controls=(SHIPPED,), criteria=CRITERIA))
    assert [each.id for each in catalog.controls] == sorted(each.id for each in catalog.controls)
    files = [path for path in SHIPPED.glob("*/*.yaml") if path.parent.name != "criteria"]
    assert len(bind(catalog)) == len(catalog.controls) == len(files)
    assert len(catalog.criteria) == 61
    assert {each.coverage.value for each in catalog.criteria} == {"partly", "not"}


def test_the_digest_changes_with_a_parameter_and_its_source_says_so() -> None:
    plain = load(CatalogSources(controls=(SHIPPED,), criteria=CRITERIA))
    other = load(CatalogSources(controls=(SHIPPED,), criteria=CRITERIA, parameters={"KR-01": {"max_key_age_days": 60}}))
    assert plain.digest != other.digest
    parameter = next(each for each in other.controls if each.id == "KR-01").parameters["max_key_age_days"]
    assert (parameter.value, "auditor.toml" in parameter.source, "90" in parameter.source) == (60, True, True)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("severity: high", "severity: hihg", "severity"),
        ("severity: high", "severty: high", "unknown key severty; did you mean severity?"),
        ("version: 1", "version: 0", "version"),
        ("id: CC6.1", "id: CC6.9", "there is no criterion CC6.9"),
        ("title: IAM access keys are rotated", "title: ''", "title"),
        ("domain: key-rotation", "domain: key-rotation\ndomain: other", "domain stands here twice"),
        ("version: 1", "version: [1", "expected"),
        ("id: KR-01", "id: KR-02", "the file is named KR-01.yaml, the control KR-02"),
    ],
)
def test_a_malformed_control_is_told_with_its_line(tmp_path: Path, before: str, after: str, told: str) -> None:
    problems = _load(_one(tmp_path, GOOD.replace(before, after, 1)))
    assert len(problems) >= 1
    assert any(told in each for each in problems)
    assert all(f"{tmp_path / 'KR-01.yaml'}:" in each for each in problems)


def test_yaml_that_would_run_code_is_refused(tmp_path: Path) -> None:
    problems = _load(_one(tmp_path, GOOD.replace("version: 1", "version: !!python/object/apply:os.getcwd []")))
    assert "version: Input should be a valid integer" in problems[0]


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    _one(tmp_path, GOOD.replace("severity: high", "severity: x"))
    public, waivers = tmp_path / "public.yml", tmp_path / "waivers.yml"
    public.write_text("- route: nonsense\n  owner: ''\n- {}\n")
    waivers.write_text("key: value\n")
    problems = _load(tmp_path, registers={"public_routes": public, "secrets": tmp_path / "none.yml"}, waivers=waivers)
    told = "\n".join(problems)
    for words in (
        "KR-01.yaml",
        "public.yml:2: 0.owner",
        "public.yml:3: 1.route is missing",
        "none.yml:1: the file does not exist",
    ):
        assert words.replace("0.", "").replace("1.", "") in told.replace("0.", "").replace("1.", "")
    assert "waivers.yml:1: a list of entries is expected" in told


_ROUTE = "arn:aws:execute-api:eu-west-1:111122223333:a/prod/GET/x"
_ENTRY = "- {{route: '{route}', owner: o, reason: r, approved_by: a, approved_on: 2026-01-01, review_by: {review}}}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_ENTRY.format(route=_ROUTE.replace("x", "*"), review="2027-01-01"), "no wildcard"),
        (_ENTRY.format(route="arn:aws:iam::1:user/x", review="2027-01-01"), "no execute-api ARN"),
        (_ENTRY.format(route=_ROUTE, review="2025-01-01"), "before the approval"),
        (_ENTRY.format(route=_ROUTE, review="2027-01-01") * 2, "stands here twice"),
        (_ENTRY.format(route=_ROUTE, review="soon"), "review_by"),
    ],
)
def test_a_public_route_that_makes_no_sense_is_told(tmp_path: Path, text: str, told: str) -> None:
    register = tmp_path / "public.yml"
    register.write_text(text)
    with pytest.raises(InvalidFileError, match=told):
        load(CatalogSources(controls=(SHIPPED,), criteria=CRITERIA, registers={"public_routes": register}))


def test_an_empty_register_is_declared_and_empty_one_without_a_file_is_undeclared(tmp_path: Path) -> None:
    empty = tmp_path / "public.yml"
    empty.write_text("[]\n")
    found = load(CatalogSources(controls=(SHIPPED,), criteria=CRITERIA, registers={"public_routes": empty})).registers
    assert (found.public_routes, found.secrets) == ((), None)


_WAIVER = (
    "- {{id: {id}, control: {control}, resource: '{resource}', reason: r, requested_by: a, risk_owner: b, approver: c,"
    " approved_on: 2026-01-01, expires_on: {expires}, ticket: T}}\n"
)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"control": "KR-99"}, "there is no control KR-99"),
        ({"expires": "2025-12-31"}, "expires before it starts"),
        ({"resource": "arn:aws:kms:*"}, "one exact resource"),
        ({"expires": "never"}, "expires_on"),
    ],
)
def test_a_waiver_that_makes_no_sense_is_told(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    waivers = tmp_path / "waivers.yml"
    waivers.write_text(
        _WAIVER.format(**{"id": "W", "control": "KR-01", "resource": "arn:x", "expires": "2027-01-01", **changes})
    )
    with pytest.raises(InvalidFileError, match=told):
        load(CatalogSources(controls=(SHIPPED,), criteria=CRITERIA, waivers=waivers))


def test_unknown_names_in_the_configuration_are_told_with_the_nearest() -> None:
    with pytest.raises(InvalidFileError) as caught:
        load(
            CatalogSources(
                controls=(SHIPPED,),
                criteria=CRITERIA,
                disabled=("KR-001",),
                parameters={"KR-01": {"max_key_age": 60}, "KR-99": {}},
            )
        )
    told = "\n".join(caught.value.problems)
    assert "there is no KR-001; did you mean KR-01?" in told
    assert "there is no max_key_age; did you mean max_key_age_days?" in told
    assert "there is no KR-99" in told


def test_causes_that_lead_in_a_circle_are_told(tmp_path: Path) -> None:
    for name, same in (("KR-01", "KR-04"), ("KR-04", "KR-01")):
        text = next(SHIPPED.rglob(f"{name}.yaml")).read_text()
        (tmp_path / f"{name}.yaml").write_text(f"{text}same_cause_as: {same}\n")
    with pytest.raises(InvalidFileError) as caught:
        load(CatalogSources(controls=(tmp_path,), criteria=CRITERIA))
    assert caught.value.problems == (
        "KR-01: same_cause_as leads back to itself (KR-04)",
        "KR-04: same_cause_as leads back to itself (KR-01)",
    )
