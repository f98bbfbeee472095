"""Which routes are drawn and where, what page one says of the worst of them, and under which names the sheets stand."""

import re
from xml.etree import ElementTree as ET

import pytest

from auditor.model.control import Severity
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.flow import Backend, Drift, Flow, ToldToBackend, Trace
from auditor.model.identity import AuthenticatedBy
from auditor.model.pack import PackContents
from auditor.model.ruling import Ruling
from auditor.model.status import Status
from auditor.model.step import Effect, StepState
from auditor.model.transform import TransformKind
from auditor.render.flow_files import DRAWN, flow_files
from auditor.render.flow_svg import sheet
from auditor.render.html import render_html
from auditor.render.templating import text
from auditor.render.view import cells
from auditor.render.view.api_files import Api, api_files, api_of
from auditor.render.view.frame import Frame, frame
from auditor.render.view.matrix import HEADS, heads, matrix
from auditor.render.view.pictures import by_rule, pictures
from auditor.render.view.ranking import Ranking
from auditor.render.view.report import screen_report
from auditor.render.view.slices import PRINT, SCREEN
from auditor.render.view.worst import worst_routes
from tests.render.flows import canary, route, rulings, state, steps, told, transform, unread

SVG = "{http://www.w3.org/2000/svg}"
COLUMN = dict(zip(HEADS, range(len(HEADS)), strict=True))


def framed(contents: PackContents, *flows: Flow) -> Frame:
    """Return the frame of a pack that holds these flows alone, and no finding."""
    evaluation = contents.evaluation.model_copy(update={"flows": flows, "results": ()})
    return frame(contents.model_copy(update={"evaluation": evaluation}), SCREEN, links_to_files=True)


def cell(flow: Flow, head: str) -> tuple[str, str]:
    found = cells.of(flow)[COLUMN[head]]
    return found.tone, found.text


def numbered(count: int) -> tuple[Flow, ...]:
    return tuple(route(route=f"{route().route}/{n}", route_key=f"GET /orders/{n}") for n in range(count))


def test_matrix_has_a_head_for_each_cell() -> None:
    assert len(cells.of(route())) == len(HEADS) == len(heads([route()]))


@pytest.mark.parametrize(
    ("state", "effect", "expected"),
    [
        (StepState.SET, Effect.CHECK, ("good", "on")),
        (StepState.ABSENT, Effect.PASS, ("plain", "off")),
        (StepState.NOT_APPLICABLE, Effect.PASS, ("plain", "n/a")),
        (StepState.NOT_READ, Effect.UNKNOWN, ("unsure", "not read")),
    ],
)
def test_cells_of_steps_never_take_unread_for_off(state: StepState, effect: Effect, expected: tuple[str, str]) -> None:
    flow = route(steps=steps(states={3: state, 9: state}, effects={3: effect, 9: effect}))
    assert cell(flow, "WAF") == expected
    assert cell(flow, "Input check") == expected


def test_validator_that_looks_at_nothing_is_told() -> None:
    flow = route(steps=steps(states={9: StepState.SET}, effects={9: Effect.PASS}))
    assert cell(flow, "Input check") == ("bad", "nothing")


@pytest.mark.parametrize(
    ("states", "effects", "expected"),
    [
        ({4: StepState.ABSENT, 6: StepState.ABSENT}, {}, ("plain", "none")),
        ({4: StepState.ABSENT, 6: StepState.ABSENT}, {6: Effect.STOP}, ("plain", "refuses all")),
        ({4: StepState.SET, 6: StepState.SET}, {6: Effect.CHECK}, ("good", "limits")),
        ({4: StepState.SET, 6: StepState.SET}, {}, ("plain", "lets all in")),
        ({4: StepState.SET, 6: StepState.SET}, {6: Effect.UNKNOWN}, ("unsure", "not known")),
        ({4: StepState.SET, 6: StepState.NOT_READ}, {}, ("unsure", "not read")),
        (dict.fromkeys((4, 6), StepState.NOT_APPLICABLE), {}, ("plain", "n/a")),
    ],
)
def test_policy_cell(states: dict[int, StepState], effects: dict[int, Effect], expected: tuple[str, str]) -> None:
    assert cell(route(steps=steps(states=states, effects=effects)), "Policy") == expected


@pytest.mark.parametrize(
    ("key", "throttle", "expected"),
    [
        (Present(value=True), StepState.SET, "key, limit"),
        (Present(value=False), StepState.DEFAULT, "no key"),
        (Absent(), StepState.NOT_READ, "no key, limit not read"),
        (NotApplicable(why="HTTP API"), StepState.SET, "no keys, limit"),
    ],
)
def test_key_and_limit_stand_in_one_cell(key: Fact[bool], throttle: StepState, expected: str) -> None:
    flow = route(api_key_required=key, steps=steps(states={8: throttle}))
    assert cell(flow, "Key, limit") == ("plain", expected)


def test_unread_key_is_unsure(contents: PackContents) -> None:
    flow = route(api_key_required=Unread(gap=contents.evaluation.snapshot.gaps[0]))
    assert cell(flow, "Key, limit") == ("unsure", "key")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, ("unsure", "not read")),
        ((), ("plain", "none")),
        ((transform(kind=TransformKind.IMPLICIT), transform(kind=TransformKind.PASS_ALL)), ("plain", "none")),
        ((transform(score=3),), ("plain", "1 · plain · yes")),
        ((transform(score=4), transform(score=0)), ("plain", "2 · look · yes")),
        ((transform(score=7, fits=False),), ("bad", "1 · look · no")),
        ((transform(score=8),), ("bad", "1 · too much · yes")),
        ((transform(kind=TransformKind.NOT_UNDERSTOOD, fits=False),), ("unsure", "1 · not understood")),
    ],
)
def test_changes_are_counted_and_weighed(found: tuple[object, ...] | None, expected: tuple[str, str]) -> None:
    assert cell(route(transforms=found), "Changes, 1 sentence?") == expected


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        (("HTTP", "https://a.example", "https://a.example/v1"), ("good", "a.example TLS")),
        (("PRIVATE", "http://a.example", "http://a.example"), ("bad", "a.example no TLS")),
        (("LAMBDA", "λ orders", "arn:aws:lambda:eu-west-1:1:function:orders"), ("plain", "λ orders")),
        (("MOCK", "mock answer", None), ("plain", "mock answer")),
        (("UNKNOWN", "not known", "http://x"), ("unsure", "not known")),
    ],
)
def test_back_end_says_whether_the_way_there_is_encrypted(
    backend: tuple[str, str, str | None], expected: tuple[str, str]
) -> None:
    kind, label, target = backend
    assert cell(route(backend=Backend(kind=kind, label=label, target=target)), "Back end") == expected


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (None, ("unsure", "not known")),
        (Trace.NONE, ("bad", "no log")),
        (Trace.BROKEN, ("bad", "broken")),
        (Trace.ANONYMOUS, ("bad", "no name")),
        (Trace.PARTIAL, ("bad", "partial")),
        (Trace.IDENTIFIED, ("good", "identified")),
    ],
)
def test_trace_cell(trace: Trace | None, expected: tuple[str, str]) -> None:
    assert cell(route(trace=trace), "Trace") == expected


def test_heads_count_what_is_wrong_of_how_many() -> None:
    counted = dict(heads([route(), told(), unread()]))
    assert counted["Told to back end"] == "not told 1/3"
    assert counted["Trace"] == "no name 1/3"
    assert counted["Drift"] == "changed 1/3"
    assert counted["WAF"] == ""


def test_canary_is_a_row_of_its_own(contents: PackContents) -> None:
    rows = matrix(framed(contents, told(), canary(route="arn#canary/d9"))).rows.chunks[0]
    assert sorted(each.path for each in rows) == ["/orders", "/orders (canary)"]


def test_worse_routes_come_first_also_without_findings(contents: PackContents) -> None:
    good = told(told_to_backend=ToldToBackend.VERIFIED, drift=Drift.NONE, rulings=())
    assert [each.route_key for each in framed(contents, good, route()).ranking.worst_first] == [
        route().route_key, good.route_key,
    ]  # fmt: skip


def test_equals_keep_the_order_of_the_flows() -> None:
    flows = numbered(5)
    assert Ranking(flows, ()).worst_first == flows


def test_worst_routes_are_three_with_a_sentence_and_a_link(contents: PackContents) -> None:
    severe = rulings(P5=Status.FAIL)
    critical = (
        *severe[:4],
        Ruling("P5", Status.FAIL, "Identity is taken from what the client says.", Severity.CRITICAL),
    )
    flows = (*numbered(4), told(rulings=critical))
    found = worst_routes(framed(contents, *flows))
    assert len(found) == 3
    assert (found[0].route, found[0].severity) == ("POST /orders", "Critical")
    assert found[0].sentence == "Identity is taken from what the client says."
    assert [each.route for each in found[1:]] == ["GET /orders/0", "GET /orders/1"]
    assert found[1].more == "1 further failing test"
    assert all(re.fullmatch(r"#flow-\d", each.href) for each in found)


def test_nothing_that_fails_is_no_worst_route(contents: PackContents) -> None:
    quiet = route(rulings=rulings(P9=Status.NEEDS_ATTESTATION, P3=Status.NOT_EVALUATED))
    assert worst_routes(framed(contents, quiet)) == ()
    html = render_html(screen_report(contents.model_copy(update={"evaluation": framed(contents, quiet).evaluation})))
    assert b"The worst route" not in html


def test_finding_of_a_rule_is_not_told_twice(contents: PackContents) -> None:
    flow = contents.evaluation.flows[1]
    finding = (
        contents.evaluation.results[0]
        .findings[0]
        .model_copy(
            update={"resource": flow.route, "observed": {"rule": "P1"}, "status": Status.FAIL, "reason": "said once"}
        )
    )
    result = contents.evaluation.results[0].model_copy(update={"findings": (finding,)})
    evaluation = contents.evaluation.model_copy(update={"flows": (flow,), "results": (result,)})
    whole = frame(contents.model_copy(update={"evaluation": evaluation}), SCREEN, links_to_files=True)
    found = worst_routes(whole)
    assert [(each.sentence, each.more) for each in found] == [("said once", "")]
    lines = pictures(whole).apis[0].pictures[0].rulings
    line = next(each for each in lines if each.rules[0][0] == "P1")
    assert (line.finding, line.href) == (finding.control, whole.finding_href(finding))
    assert by_rule([finding]) == {"P1": finding}


def test_badges_lead_to_the_line_that_explains_them(contents: PackContents) -> None:
    drawn = pictures(framed(contents, route())).apis[0].pictures[0]
    links = set(re.findall(r'href="#([^"]+)"', drawn.svg))
    assert links == {anchor for each in drawn.rulings for _, anchor in each.rules}
    assert [rule for each in drawn.rulings for rule, _ in each.rules] == ["P1", "P16", "P17", "P12"]
    assert (
        drawn.rulings[0].chain
        == "authorizer customers-pool → step 11 request transformation → https://legacy.example.com"
    )
    assert drawn.quiet == "14 rules found nothing here."


def test_only_the_worst_are_drawn_and_the_rest_is_counted(contents: PackContents) -> None:
    section = pictures(framed(contents, *numbered(30))).apis[0]
    assert len(section.pictures) == SCREEN.pictures
    assert section.more == "6 routes of this API are not drawn here"
    assert section.file == "flows/a1b2c3.svg"


def test_apis_without_a_section_are_counted(contents: PackContents) -> None:
    flows = [route(api=f"api{n}", route=f"arn{n}") for n in range(PRINT.apis + 2)]
    whole = framed(contents, *flows)
    short = frame(whole.contents, PRINT, links_to_files=False)
    assert (len(pictures(short).apis), pictures(short).hidden) == (PRINT.apis, 2)
    assert len(flow_files(whole.evaluation)) == len(flows)


def test_routes_that_are_drawn_are_linked_from_the_matrix(contents: PackContents) -> None:
    whole = framed(contents, *numbered(30))
    links = [row.picture for chunk in matrix(whole).rows.chunks for row in chunk]
    assert links == [*(f"#flow-{n}" for n in range(1, SCREEN.pictures + 1)), *[""] * 6]


def test_every_step_stands_in_words_under_the_picture(contents: PackContents) -> None:
    drawn = pictures(framed(contents, unread())).apis[0].pictures[0]
    assert [each.n for each in drawn.steps] == list(range(1, 15))
    assert (drawn.steps[4].symbol, drawn.steps[4].state) == ("?", "not read")


def test_sheet_holds_the_worst_routes_of_its_api_and_says_what_is_left_out(contents: PackContents) -> None:
    found = flow_files(framed(contents, *numbered(DRAWN + 3)).evaluation)
    root = ET.fromstring(found["flows/a1b2c3.svg"])  # noqa: S314 - our own text
    drawn = [each for each in root if each.tag == f"{SVG}g"]
    assert len(drawn) == DRAWN
    assert "The worst 6 are drawn; 3 more stand in routes.csv." in (root.findtext(f"{SVG}desc") or "")
    assert [each.get("transform") for each in drawn[:2]] == ["translate(0 64)", "translate(0 500)"]
    assert found == flow_files(framed(contents, *numbered(DRAWN + 3)).evaluation)


def test_sheet_of_hostile_names_stays_well_formed() -> None:
    drawn = sheet([route()], "</svg><script>alert(1)</script>\x00", "{{ 7*7 }} & <b>")
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    assert "<script" not in drawn
    assert root.findtext(f"{SVG}desc") == "{{ 7*7 }} & <b>"


HOSTILE_IDS = (
    "../../etc/passwd",
    "a/b",
    "..",
    "",
    "nul\x00",
    "x" * 300,
    "con",
    "\u202e",
    "a b",
    "A1B2C3",
    "a1b2c3",
    "-rf",
)


def test_file_names_are_safe_and_apart() -> None:
    flows = [route(api=each, route=f"arn{n}") for n, each in enumerate(HOSTILE_IDS)]
    flows += [route(account="444455556666", route="arn-x"), route(region="us-east-1", route="arn-y")]
    names = api_files(flows)
    assert set(names) == {api_of(each) for each in flows}
    assert len({each.lower() for each in names.values()}) == len(names)
    for each in names.values():
        assert re.fullmatch(r"flows/[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}\.svg", each), each
        assert ".." not in each


def test_file_name_is_the_id_where_the_id_is_enough() -> None:
    one = Api("111122223333", "eu-west-1", "a1b2c3")
    assert api_files([route()]) == {one: "flows/a1b2c3.svg"}
    both = api_files([route(), route(region="us-east-1")])
    assert all(each.startswith("flows/a1b2c3.111122223333.") for each in both.values())


NOBODY = state(by=AuthenticatedBy.NONE)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("bad", "nothing")),
        ({"backend": Backend(kind="MOCK", label="mock answer", target=None)}, ("plain", "no back end")),
        ({"steps": steps({5: NOBODY})}, ("plain", "nobody asked")),
        ({"steps": steps({5: None})}, ("bad", "nothing")),
        ({"told_to_backend": ToldToBackend.CLIENT_CLAIMED, "steps": steps({5: NOBODY})}, ("bad", "client-claimed")),
        ({"told_to_backend": ToldToBackend.UNKNOWN}, ("unsure", "not known")),
    ],
)
def test_back_end_is_kept_in_the_dark_only_where_there_is_somebody_to_name(
    changes: dict[str, object], expected: tuple[str, str]
) -> None:
    flow = route(**changes)
    assert cell(flow, "Told to back end") == expected
    assert cells.is_kept_in_the_dark(flow) is (expected[0] == "bad")


def test_methods_of_one_path_that_fail_alike_are_told_once(contents: PackContents) -> None:
    flows = [route(route=f"arn{n}", route_key=f"{each} /orders") for n, each in enumerate(("GET", "HEAD", "PUT"))]
    assert [each.route for each in worst_routes(framed(contents, *flows, told()))] == ["GET /orders", "POST /orders"]


def test_findings_of_a_route_stand_under_its_picture(contents: PackContents) -> None:
    whole = frame(contents, SCREEN, links_to_files=True)
    drawn = next(each for api in pictures(whole).apis for each in api.pictures if each.findings)
    assert all(href.startswith("#wp-") and each.reason for each in drawn.findings for _, href in each.controls)


def test_controls_that_say_the_same_of_a_route_stand_in_one_line(contents: PackContents) -> None:
    whole = frame(contents, SCREEN, links_to_files=True)
    for drawn in (each for api in pictures(whole).apis for each in api.pictures):
        told = [(each.mark, each.reason) for each in drawn.findings]
        assert len(told) == len(set(told))


def test_cards_of_a_narrow_screen_name_each_column() -> None:
    # The names stand in the style sheet once, not in every cell of twenty thousand rows.
    labels = re.findall(r'\.routes td:nth-child\((\d+)\)::before \{ content: "([^"]+): " \}', text("screen.css"))
    assert labels == [(str(n), name) for n, name in enumerate(("API", *HEADS, "Findings"), start=2)]
