"""The sentences and marks that people read first."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import JsonValue

from auditor import assets
from auditor.errors import AuditorError, UsageError
from auditor.model.environment import Sla
from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.finding import Finding
from auditor.model.flow import Flow, ToldToBackend, Trace, WhoKind
from auditor.model.pack import PackContents
from auditor.model.status import Status
from auditor.render.templating import breakable
from auditor.render.view import cells
from auditor.render.view.cover import cover
from auditor.render.view.findings import line
from auditor.render.view.frame import Frame, frame
from auditor.render.view.matrix import headline
from auditor.render.view.names import names
from auditor.render.view.report import SECTIONS, print_report
from auditor.render.view.slices import PRINT
from auditor.render.view.tally import tally
from auditor.render.view.text import json_text, local, shortened, visible, zone


@pytest.fixture
def plain(contents: PackContents) -> Flow:
    return contents.evaluation.flows[0]


def test_headline_counts_what_is_wrong_and_what_nobody_knows(contents: PackContents) -> None:
    assert headline(contents.evaluation.flows) == (
        "41 routes: 2 open to anyone, 2 with an API key only, 1 where it is not known who may call, 20 where the back "
        "end is not told who called (10 not known), 28 with no name in the log (7 not known), 2 with undeployed "
        "changes (3 not known)."
    )


def test_headline_of_a_sound_estate_is_short(plain: Flow) -> None:
    sound = replace(plain, told_to_backend=ToldToBackend.VERIFIED, trace=Trace.IDENTIFIED)
    assert headline([sound]) == (
        "1 route: 0 open to anyone, 0 where the back end is not told who called, 0 with no name in the log."
    )


def test_headline_does_not_take_unknown_for_told(plain: Flow) -> None:
    unknown = replace(plain, told_to_backend=ToldToBackend.UNKNOWN, trace=None)
    assert "0 where the back end is not told who called (1 not known)" in headline([unknown])
    assert "0 with no name in the log (1 not known)" in headline([unknown])


@pytest.mark.parametrize(
    ("who", "key", "private", "expected"),
    [
        (WhoKind.NONE, Present(value=False), False, 0),
        (WhoKind.NONE, Absent(), None, 0),
        (WhoKind.NONE, Present(value=True), False, 2),
        (WhoKind.NONE, Present(value=False), True, 3),
        (WhoKind.UNKNOWN, Present(value=True), False, 1),
        (WhoKind.IAM, Present(value=False), False, 3),
    ],
)
def test_openness(plain: Flow, who: WhoKind, key: Fact[bool], private: bool | None, expected: int) -> None:  # noqa: FBT001
    changed = replace(plain, who=replace(plain.who, kind=who), api_key_required=key, private=private)
    assert cells.openness(changed) == expected


def test_unread_key_is_not_known_rather_than_open(contents: PackContents, plain: Flow) -> None:
    unread = Unread(gap=contents.evaluation.snapshot.gaps[0])
    who = replace(plain.who, kind=WhoKind.NONE)
    assert cells.openness(replace(plain, who=who, api_key_required=unread)) == 1


def test_worst_routes_come_first(contents: PackContents) -> None:
    rows = [row for chunk in print_report(contents).matrix.rows.chunks for row in chunk]
    order = ["fail", "waived", "unseen", "attest", "none"]
    assert [order.index(row.worst) for row in rows] == sorted(order.index(row.worst) for row in rows)
    assert len(rows) == len(contents.evaluation.flows)


def test_collection_controls_stay_outside_the_totals(contents: PackContents) -> None:
    report = print_report(contents)
    assert "CH-05" not in {each.id for each in report.cover.controls}
    assert [each.id for each in report.completeness.controls] == ["CH-05"]


def test_deviations_are_fails_and_waivers_together(contents: PackContents) -> None:
    paper = next(each for each in print_report(contents).workpapers if each.id == "GW-ID-01")
    assert paper.tally.deviations == paper.tally.of(Status.FAIL) + paper.tally.of(Status.WAIVED) == 4
    assert "4 deviations (1 of them waived)" in paper.sentence


def test_all_criteria_are_printed_once(contents: PackContents) -> None:
    criteria = print_report(contents).criteria
    ids = [row.id for group in (*criteria.tested, *criteria.others) for row in group.rows]
    assert len(ids) == len(set(ids)) == 61


def test_sections_stand_in_the_order_of_the_report() -> None:
    assert [anchor for anchor, _ in SECTIONS][:8] == [
        "cover", "matrix", "flows", "access", "changes", "review", "criteria", "workpapers",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain ü", "plain ü"), ("\u202eevil", "\\u202eevil"), ("a\x00b", "a\\u0000b"), ("two\nlines", "two\nlines")],
)
def test_invisible_characters_are_shown(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_arn_breaks_behind_its_separators_and_stays_escaped() -> None:
    assert breakable("a:b/<i>") == "a:<wbr>b/<wbr>&lt;i&gt;"


def test_long_text_loses_its_middle() -> None:
    assert shortened("abcdefghij", 7) == "abcd…ij"
    assert len(shortened("x" * 500, 72)) == 72


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"state": "present", "value": True}, "yes"),
        ({"state": "unread", "gap": {}}, "not read"),
        ({"state": "absent"}, "not set"),
        (None, "not set"),
        (["a", "b"], "a, b"),
        ({"b": 1, "a": [2]}, '{"a": [2], "b": 1}'),
    ],
)
def test_values_read_like_words(value: JsonValue, expected: str) -> None:
    assert json_text(value) == expected


def test_route_name_comes_from_its_flow_or_its_arn(contents: PackContents) -> None:
    known = names(contents.evaluation.flows)
    assert known.of(contents.evaluation.flows[0].route).context == "orders · prod"
    other = known.of("arn:aws:execute-api:eu-west-1:1:abc/prod/GET/orders/{id}")
    assert (other.label, other.context) == ("GET /orders/{id}", "API abc · prod")
    assert known.of("auditor:waiver/W").label == "auditor:waiver/W"


def test_local_time_carries_its_offset() -> None:
    moment = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
    assert local(moment, zone("Europe/Berlin"), "Europe/Berlin") == "2026-10-01 00:05:12 +02:00 (Europe/Berlin)"


def test_unknown_time_zone_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="Mars"):
        zone("Mars/Olympus")


def test_templates_stand_in_the_checkout() -> None:
    assert (assets.templates_dir() / "report.html.j2").is_file()
    assert assets.controls_dir().is_dir()


def test_broken_installation_says_what_is_missing() -> None:
    with pytest.raises(AuditorError, match="no nowhere folder"):
        assets._find("nowhere")


def _whole(contents: PackContents, **sla: int) -> Frame:
    evaluation = contents.evaluation
    catalog = evaluation.catalog.model_copy(update={"sla": Sla(**sla)})
    evaluation = evaluation.model_copy(update={"catalog": catalog})
    return frame(contents.model_copy(update={"evaluation": evaluation}), PRINT, links_to_files=False)


def _failing(contents: PackContents, **members: object) -> Finding:
    found = next(each for each in contents.evaluation.findings if each.status is Status.FAIL)
    return found.model_copy(update=members)


@pytest.mark.parametrize(
    ("status", "days", "told", "overdue"),
    [
        (Status.FAIL, -62, "62 days overdue", True),
        (Status.FAIL, 0, "today", False),
        (Status.FAIL, 1, "in 1 day", False),
        (Status.WAIVED, -62, "accepted", False),
    ],
)
def test_a_deviation_says_how_far_its_day_is_off(
    contents: PackContents, status: Status, days: int, told: str, *, overdue: bool
) -> None:
    whole = _whole(contents)
    due = date.fromordinal(whole.today.toordinal() + days)
    since = date.fromordinal(whole.today.toordinal() - 92)
    shown = line(whole, _failing(contents, status=status, first_seen=since, due=due))
    assert (shown.since, shown.age) == (since.isoformat(), "for 92 days")
    assert (shown.due, shown.overdue) == (f"due {due.isoformat()}, {told}", overdue)


def test_without_a_limit_nothing_is_due(contents: PackContents) -> None:
    whole = _whole(contents)
    shown = line(whole, _failing(contents, first_seen=whole.today, due=None))
    assert (shown.age, shown.due, shown.overdue) == ("new today", "", False)
    assert [each.label for each in cover(whole).facts].count("Overdue") == 0


def test_the_cover_counts_what_is_overdue_once_a_limit_is_set(contents: PackContents) -> None:
    fact = next(each for each in cover(_whole(contents, critical=7, high=1)).facts if each.label == "Overdue")
    assert fact.value.endswith("not waived (critical 7 days and high 1 day)")


def test_findings_with_one_cause_are_one_deviation(contents: PackContents) -> None:
    one = _failing(contents, root_cause="GW-ID-01:arn")
    other = one.model_copy(update={"control": "GW-ID-10"})
    alone = one.model_copy(update={"control": "GW-ID-11", "root_cause": None})
    waived = one.model_copy(update={"status": Status.WAIVED})
    counted = tally([one, other, alone])
    assert (counted.population, counted.deviations, counted.accepted) == (3, 2, 0)
    assert (tally([waived, other]).deviations, tally([waived, other]).accepted) == (1, 0)
    assert (tally([waived]).deviations, tally([waived]).accepted) == (1, 1)
