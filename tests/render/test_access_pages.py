"""Who may call, and the access review: what is said once, what is marked, and totals that add up."""

import csv
import io
from dataclasses import replace

import pytest

from auditor.model.diff import AccessDiff
from auditor.model.pack import PackContents
from auditor.model.review import AccessSheet
from auditor.render.alike import together
from auditor.render.records import diff_rows
from auditor.render.tables import access_review_csv
from auditor.render.view.callers import Callers, callers, through
from auditor.render.view.changes import changes
from auditor.render.view.frame import frame
from auditor.render.view.review import HEADS, Review, review
from auditor.render.view.slices import PRINT, SCREEN
from tests.render.conftest import HOSTILE, Build, held


def _callers(contents: PackContents) -> Callers:
    return callers(frame(contents, SCREEN, links_to_files=True))


def _review(contents: PackContents) -> Review:
    return review(frame(contents, SCREEN, links_to_files=True))


def test_totals_of_the_review_add_up(contents: PackContents) -> None:
    found = _review(contents)
    *kinds, together_ = found.totals
    assert [sum(cells) for cells in zip(*(each.cells for each in kinds), strict=True)] == list(together_.cells)
    for each in found.totals:
        told = dict(zip(HEADS, each.cells, strict=True))
        assert told["Lines"] == told["New"] + told["Were there"] + told["Not known"]
        assert told["Lines"] == told["Kept before"] + told["Revoked, still there"] + told["Never decided"]
    assert together_.cells[0] == len(contents.access.lines) == found.rows.total
    assert together_.cells[-1] == sum(each.routes for each in contents.access.lines)


def test_what_was_to_be_revoked_and_still_stands_is_said_and_marked(contents: PackContents) -> None:
    found = _review(contents)
    assert found.headline == "6 lines to review: 1 new, 1 that was to be revoked and is still there."
    row = found.rows.chunks[0][1]
    assert (row.tone, row.last and row.last.word) == ("fail", "Revoke")
    assert row.last_said.startswith("and still there; 2026-07-01, Ada: ")


def test_rows_say_what_is_granted_in_words(contents: PackContents) -> None:
    rows = _review(contents).rows.chunks[0]
    assert [each.what for each in rows] == [
        "orders · prod: 1 route",
        "orders · prod: all 3 routes",
        "administrator",
        "permission set Admin of 111122223333",
        "orders · prod: 2 routes",
        "orders · prod: 1 route",
    ]
    assert [each.last_used for each in rows] == ["", "not read", "2026-09-01", "not read", "2026-09-01", "never"]


def test_anyone_and_what_is_not_known_are_marked(contents: PackContents) -> None:
    (stage,) = _callers(contents).stages.chunks[0]
    assert [(each.kind, each.tone, each.since.word if each.since else "") for each in stage.lines] == [
        ("Anyone", "fail", "1 new"),
        ("People", "", ""),
        ("User", "", "1 not known before"),
        ("Service", "unseen", ""),
        ("Not known", "unseen", ""),
    ]
    assert stage.lines[1].count == "all 3 routes"
    assert stage.lines[3].beside == "taken by service lambda.amazonaws.com"


def test_who_lost_access_stands_with_the_stage(contents: PackContents) -> None:
    (stage,) = _callers(contents).stages.chunks[0]
    assert [(who, count) for _, who, count in stage.lost] == [("user old", "2 routes")]


def test_the_headline_counts_routes_and_pairs(contents: PackContents) -> None:
    assert _callers(contents).headline == (
        "3 routes: 1 open to anyone, 3 for identities of AWS and 1 of which it is not known for every caller. "
        "6 pairs of identity and route."
    )


def test_an_estate_without_routes_says_so(make: Build) -> None:
    nothing = AccessSheet(stages=(), held=(), lines=(), unread=(), is_compared=False)
    contents = make(access=nothing)
    assert _callers(contents).headline == "No deployed route was seen, so nobody is known to call one."
    assert _review(contents).headline == "Nothing to review: no grant was seen."


def test_without_an_earlier_pack_nothing_is_called_new(contents: PackContents) -> None:
    first = contents.model_copy(update={"access": contents.access.model_copy(update={"is_compared": False})})
    found = _callers(first)
    assert all(line.since is None for chunk in found.stages.chunks for stage in chunk for line in stage.lines)
    assert "no earlier pack" in found.note


def test_callers_alike_are_one_line(make: Build, contents: PackContents) -> None:
    one = held(2, "GET/orders")
    other = one.model_copy(update={"holder": one.holder.model_copy(update={"principal": "p", "name": "user b"})})
    found = make(access=contents.access.model_copy(update={"held": (one, other)}))
    (stage,) = _callers(found).stages.chunks[0]
    assert [each.who for each in stage.lines] == [f"{HOSTILE[4]} and user b"]


def test_the_widest_identities_come_first_with_their_privileges(contents: PackContents) -> None:
    found = _callers(contents).widest.chunks[0]
    assert [(each.count, each.privileges) for each in found] == [(2, "administrator"), (3, ""), (1, "")]


def test_a_list_that_is_cut_says_where_the_rest_is(contents: PackContents) -> None:
    limits = replace(PRINT, rows=2)
    found = review(frame(contents, limits, links_to_files=False))
    assert (found.rows.hidden, found.rows.where) == (4, "access-review.csv")


def test_a_condition_is_not_said_twice() -> None:
    assert through(("token",), ("a token that is good for this route",)) == "a token that is good for this route"
    assert through(("resource policy: of API a#1",), ("if x",)) == "resource policy: of API a#1; if x"
    assert through(("identity policy: of it (it allows too)",), ("if it allows too",)) == "if it allows too"
    assert through(("authorization type NONE: nobody is asked",), ()) == "authorization type NONE: nobody is asked"


def test_the_sheet_cannot_be_run_by_a_spreadsheet(contents: PackContents) -> None:
    rows = list(csv.DictReader(io.StringIO(access_review_csv(contents.access.lines).decode(), newline="")))
    assert len(rows) == len(contents.access.lines)
    assert all(each[:1] not in tuple("=+-@\t\r") for row in rows for each in row.values() if each)
    assert rows[2]["who"] == f"'{HOSTILE[4]}"
    assert rows[0] | {"new": "yes", "keep": "", "revoke": "", "reason": "", "reviewer": "", "date": ""} == rows[0]
    assert rows[4]["grant"].splitlines() == list(contents.access.lines[4].grants)
    assert rows[1]["last_decision"] == "revoke"


def test_principals_that_gained_alike_are_told_together(contents: PackContents) -> None:
    assert contents.diff is not None
    assert contents.diff.access is not None
    found = together(contents.diff.access.gained)
    assert [(each.first.principal.rpartition("/")[2], each.pairs) for each in found] == [("orders", 4), ("*", 2)]
    rows = [each for each in diff_rows(contents.diff) if each["kind"] == "access"]
    assert [each["change"] for each in rows] == ["gained", "gained", "lost"]


@pytest.mark.parametrize("has", [True, False])
def test_where_access_could_not_be_compared_the_report_says_so(contents: PackContents, has: bool) -> None:  # noqa: FBT001
    assert contents.diff is not None
    access = AccessDiff() if has else None
    blind = contents.model_copy(update={"diff": contents.diff.model_copy(update={"access": access})})
    found = changes(frame(blind, SCREEN, links_to_files=True))
    assert found.access == ()
    assert found.access_note.startswith("Nobody gained or lost" if has else "Who may call could not be compared")


def test_pairs_are_counted_as_pairs(contents: PackContents) -> None:
    found = changes(frame(contents, SCREEN, links_to_files=True))
    assert [(each.anchor, each.pairs, each.lines.total) for each in found.access] == [
        ("ch-access-gained", 6, 2),
        ("ch-access-lost", 2, 1),
    ]
    assert found.figures[0].text == "6"


def test_what_was_not_read_is_said_above_both_lists(contents: PackContents) -> None:
    blind = contents.access.model_copy(update={"unread": ("roles of account 1 (iam:X: denied)",), "held": ()})
    found = contents.model_copy(update={"access": blind})
    words = "Not read, and so in no line below: roles of account 1 (iam:X: denied)."
    assert (_callers(found).unread, _review(found).unread) == (words, words)
    assert "3 that nobody who was read may call" in _callers(found).headline
    assert _callers(contents).unread == ""
