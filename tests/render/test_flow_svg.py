"""Pictures of routes: nothing leaves its box, hostile text stays text, the break in the ribbon is drawn and said."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from auditor.assets import templates_dir
from auditor.model.flow import Flow
from auditor.model.identity import Lane, Origin
from auditor.model.status import Status
from auditor.model.step import Effect, StepState
from auditor.render.flow_svg import draw
from auditor.render.flow_svg.boxes import BOXES, speaker, state_of, steps_of
from auditor.render.flow_svg.layout import BOX, HEIGHT, TALL, TOP, WIDTH, left
from auditor.render.flow_svg.ribbon import meaning, stretches
from auditor.render.flow_svg.widths import fit, measure, wrap
from tests.render import flows
from tests.render.flows import canary, route, rulings, state, steps, told, unread

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "</svg><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}<![CDATA[ ]]> &amp; \"'",
    "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "/" + "x" * 300,
    "/orders/{id}/" * 25,
    "\U0001f680\U0001f468\u200d\U0001f469\u200d\U0001f467 " * 12,
    "\u6f22\u5b57" * 60,
    "nul\x00bell\x07 tab\t line\n \ud800 \ufffe",
    "",
    "W" * 90,
)
ALL = (route, told, unread, canary)
FONTS = {weight: TTFont(templates_dir() / "fonts" / f"inter-{weight}.woff2") for weight in ("regular", "semibold")}


def hostile(text: str) -> Flow:
    plain = told()
    return told(
        api_name=text,
        stage=text,
        route_key=f"GET {text}",
        who=replace(plain.who, label=text),
        backend=replace(plain.backend, label=text),
        drift_fields=tuple(replace(each, configured=text, deployed=text) for each in plain.drift_fields),
        steps=steps(
            {
                5: state((Lane.ACTOR, text, Origin.VERIFIED), (Lane.TENANT, text, Origin.CLIENT)),
                11: state((Lane.ACTOR, text, Origin.MIXED), (Lane.TENANT, text, Origin.STATIC)),
            },
            sentences=dict.fromkeys(range(1, 15), text),
        ),
    )  # fmt: skip


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own text


def texts(root: ET.Element) -> list[ET.Element]:
    return list(root.iter(f"{SVG}text"))


def true_width(text: str, size: int, weight: str) -> float:
    """Return the width in the report's own font; what it does not know counts as one and a quarter of the size."""
    font = FONTS[weight]
    known, advances = font.getBestCmap(), font["hmtx"]
    return sum(advances[known[ord(c)]][0] / 2048 if ord(c) in known else 1.25 for c in text) * size


def extent(text: ET.Element) -> tuple[float, float]:
    weight = "semibold" if text.get("font-weight") == "600" else "regular"
    wide = true_width(text.text or "", int(text.attrib["font-size"]), weight)
    x = int(text.attrib["x"])
    start = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor", "start")]
    return start, start + wide


PICTURES = [pytest.param(make(), id=make.__name__) for make in ALL]
PICTURES += [pytest.param(hostile(text), id=f"hostile {n}") for n, text in enumerate(HOSTILE)]


@pytest.mark.parametrize("flow", PICTURES)
def test_picture_is_well_formed_named_and_of_fixed_size(flow: Flow) -> None:
    root = parsed(draw(flow, "r1"))
    assert root.tag == f"{SVG}svg"
    assert (root.get("viewBox"), root.get("width"), root.get("role")) == (f"0 0 {WIDTH} {HEIGHT}", "100%", "img")
    assert root.get("aria-labelledby") == "r1-title r1-desc"
    assert [(each.tag, each.get("id")) for each in list(root)[:2]] == [
        (f"{SVG}title", "r1-title"), (f"{SVG}desc", "r1-desc"),
    ]  # fmt: skip
    assert not {each.tag for each in root.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject"}


@pytest.mark.parametrize("flow", PICTURES)
def test_no_text_leaves_the_picture(flow: Flow) -> None:
    for each in texts(parsed(draw(flow, "r"))):
        start, end = extent(each)
        assert start >= 0, each.text
        assert end <= WIDTH, each.text
        assert 0 < int(each.attrib["y"]) <= HEIGHT - 3


@pytest.mark.parametrize("flow", PICTURES)
def test_no_text_of_a_box_leaves_its_box(flow: Flow) -> None:
    inside = [each for each in texts(parsed(draw(flow, "r"))) if TOP + 4 < int(each.attrib["y"]) < TOP + TALL]
    for each in inside:
        start, end = extent(each)
        box = next(n for n in range(-1, len(BOXES)) if n == len(BOXES) - 1 or start < left(n + 1))
        edges = (left(box), left(box) + BOX) if box >= 0 else (0, left(0))
        assert edges[0] <= start, each.text
        assert end <= edges[1], each.text


@pytest.mark.parametrize("flow", PICTURES)
def test_texts_do_not_run_into_each_other(flow: Flow) -> None:
    shown = [(int(each.attrib["y"]), *extent(each), each.text) for each in texts(parsed(draw(flow, "r")))]
    for y, start, end, text in shown:
        for other_y, other_start, other_end, other in shown:
            if text is not other and abs(y - other_y) < 6 and other != "?":
                assert end <= other_start or other_end <= start, (text, other)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    drawn = draw(hostile(text), "r")
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert "\x00" not in drawn
    drawn.encode("utf-8")
    if text == HOSTILE[0]:
        assert text in (parsed(drawn)[1].text or "")


def test_same_flow_gives_the_same_bytes_and_whole_numbers() -> None:
    assert draw(told(), "r") == draw(told(), "r")
    drawn = draw(told(), "r")
    numbers = re.findall(r' (?:x|y|width|height|r|cx|cy|d)="([^"]*)"', drawn)
    assert numbers
    assert not [each for each in numbers if "." in each or "e-" in each]


def test_ids_stay_apart_where_many_pictures_stand_on_one_page() -> None:
    page = "".join(draw(make(), f"f{n}") for n, make in enumerate(ALL))
    ids = Counter(re.findall(r' id="([^"]*)"', page))
    assert len(ids) == 2 * len(ALL)
    assert set(ids.values()) == {1}


def test_lost_identity_is_drawn_as_a_cross_and_said() -> None:
    flow = route()
    assert [each.origin for each in stretches(flow, Lane.ACTOR)] == [None, Origin.VERIFIED, Origin.LOST]
    assert meaning(flow, Lane.ACTOR) == "LOST at Transform: the back end is not told"
    assert meaning(flow, Lane.TOKEN) == "ENDS at Transform: the token is not sent on"
    assert draw(flow, "r").count('stroke-width="4"') == len(Lane)


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (Origin.VERIFIED, "reaches the back end verified, as header x"),
        (Origin.GATEWAY, "reaches the back end as API Gateway saw it, as header x"),
        (Origin.CLIENT, "only the client says so: header x"),
        (Origin.STATIC, "a constant: header x"),
        (Origin.MIXED, "the client can put its own value in: header x"),
        (Origin.LOST, "LOST at Transform: the back end is not told"),
        (Origin.UNKNOWN, "not known from here on"),
    ],
)
def test_ribbon_says_what_it_draws(origin: Origin, said: str) -> None:
    after = {5: flows.CLAIMS, 11: state((Lane.ACTOR, "header x", origin))}
    assert meaning(route(steps=steps(after)), Lane.ACTOR) == said


def test_each_origin_is_drawn_in_its_own_way() -> None:
    drawn = set()
    for origin in Origin:
        svg = parsed(draw(route(steps=steps({5: state((Lane.ACTOR, "x", origin))})), "r"))
        lane = next(each for each in svg.iter(f"{SVG}g") if (each.findtext(f"{SVG}title") or "").startswith("Actor:"))
        # Colours are left out: the ways must differ in black and white.
        drawn.add(tuple((each.tag, each.get("height"), each.get("stroke-width"), each.get("stroke-dasharray"))
                        for each in lane if each.tag != f"{SVG}text"))  # fmt: skip
    assert len(drawn) == len(Origin)


def test_what_is_named_no_more_has_ended() -> None:
    flow = route(steps=steps({5: flows.CLAIMS, 12: state()}))
    assert meaning(flow, Lane.ACTOR) == "LOST at Backend: the back end is not told"


def test_clients_own_word_that_is_not_sent_on_is_no_broken_promise() -> None:
    said = state((Lane.ACTOR, "header x-user-id", Origin.CLIENT))
    flow = route(steps=steps({5: said, 11: state()}))
    assert meaning(flow, Lane.ACTOR) == "LOST at Transform: the client's word is not sent on"


def test_unknown_identity_is_neither_lost_nor_verified() -> None:
    flow = route(steps=steps(dict.fromkeys(range(1, 15))))
    assert meaning(flow, Lane.ACTOR) == "not known from here on"
    assert Origin.LOST not in {each.origin for each in stretches(flow, Lane.ACTOR)}


@pytest.mark.parametrize("state_", StepState)
def test_each_state_is_told_by_a_word(state_: StepState) -> None:
    word = {"set": "on", "absent": "off"}.get(state_.value, state_.value)
    svg = parsed(draw(route(steps=steps(states={3: state_})), "r"))
    assert f"WAF: {word}." in " ".join(each.text or "" for each in svg.iter(f"{SVG}title"))
    assert any((each.text or "").endswith(f" {word}") for each in texts(svg))


def test_box_that_hides_an_unread_step_says_so() -> None:
    flow = route(steps=steps(states={10: StepState.NOT_READ}))
    assert state_of(steps_of(flow, BOXES[7])) is StepState.SET
    assert "on, part not read" in draw(flow, "r")


def test_unread_step_beside_one_that_is_off_is_not_off() -> None:
    found = steps_of(route(steps=steps(states={7: StepState.ABSENT, 8: StepState.NOT_READ})), BOXES[4])
    assert state_of(found) is StepState.NOT_READ


@pytest.mark.parametrize(
    ("effects", "said"),
    [({}, 12), ({12: Effect.STOP}, 12), ({10: Effect.UNKNOWN}, 10), ({10: Effect.UNKNOWN, 12: Effect.DROP}, 12)],
)
def test_step_that_loses_or_is_unknown_speaks_for_its_box(effects: dict[int, Effect], said: int) -> None:
    found = speaker(steps_of(route(steps=steps(effects=effects)), BOXES[7]))
    assert found is not None
    assert found.n == said


def test_boxes_answer_and_evidence_show_every_step() -> None:
    assert sorted([*(n for each in BOXES for n in each.steps), 13, 14]) == list(range(1, 15))
    described = parsed(draw(route(), "r"))[1].text or ""
    assert all(each.sentence in described for each in route().steps)


def test_badges_are_links_where_there_is_something_to_lead_to() -> None:
    svg = parsed(draw(route(), "r", {"P1": "#r-P1"}))
    linked = list(svg.iter(f"{SVG}a"))
    assert [each.get("href") for each in linked] == ["#r-P1"]
    shown = [each.text for each in texts(svg)]
    assert "✗ P1" in shown
    assert "□ P17" in shown
    assert "? P12" in shown
    assert "✓ P2" not in shown


def test_more_badges_than_fit_are_counted() -> None:
    flow = route(rulings=rulings(**dict.fromkeys(("P1", "P3", "P4", "P5", "P6"), Status.FAIL)))
    assert "+2" in [each.text for each in texts(parsed(draw(flow, "r")))]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (told, "configured, not deployed: authorization type COGNITO_USER_POOLS → NONE, and 1 more"),
        (canary, "canary deployment d9e8f7: 10 % of the calls"),
    ],
)
def test_second_line_says_what_is_not_deployed_to_all(make: Callable[[], Flow], said: str) -> None:
    drawn = draw(make(), "r")
    assert said in drawn
    assert 'stroke-dasharray="2 4"' in drawn
    assert 'stroke-dasharray="2 4"' not in draw(route(), "r")


@pytest.mark.parametrize("text", [*HOSTILE, "plain", "a sentence of several words that goes on and on"])
def test_measured_text_is_never_narrower_than_it_is(text: str) -> None:
    short = fit(text, 200, 11)
    assert measure(short, 11) <= 200
    assert true_width(short, 11, "semibold") <= 200
    for line in wrap(text, 110, 11, 7):
        assert true_width(line, 11, "semibold") <= 110
    assert len(wrap(text, 110, 11, 7)) <= 7


def test_short_text_is_not_changed() -> None:
    assert fit("GET /orders", 200, 11) == "GET /orders"
    assert wrap("Needs no API key.", 110, 11, 7) == ("Needs no API key.",)


def test_ninety_characters_fit_into_a_box() -> None:
    sentence = "Checks a token of user pool customers-prod; one of orders/read, orders/write is needed now"
    assert len(sentence) == 90
    assert "…" not in "".join(wrap(sentence, BOX - 14, 11, 7))


@pytest.mark.parametrize(
    ("throttle", "word"),
    [(StepState.DEFAULT, "off"), (StepState.SET, "off"), (StepState.NOT_READ, "not read")],
)
def test_setting_that_is_not_told_is_off_only_where_settings_were_read(throttle: StepState, word: str) -> None:
    made = steps(states={8: throttle})
    bare = (*made[:-1], replace(made[-1], facts=()))
    assert f"Metrics: {word}" in draw(route(steps=bare), "r")
