"""Since when deviations stand: going back without interruption, where a gap interrupts nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from auditor.evaluate.engine import evaluate
from auditor.evaluate.lifecycle import Judgement, dated, judgement
from auditor.model.control import Basis, Catalog, Control, CriterionMapping, Parameter, Severity
from auditor.model.environment import Sla
from auditor.model.finding import Evaluation, Finding
from auditor.model.register import Registers
from auditor.model.snapshot import GLOBAL_REGION
from tests.estates import AS_OF, estate, gap, listing, resource, snapshot

KEY = "arn:aws:iam::111122223333:user/ci#AKIA1"
WEEK = timedelta(days=7)


def _catalog(**sla: int) -> Catalog:
    control = Control(
        id="KR-01",
        version=1,
        title="t",
        statement="s",
        domain="d",
        criteria=(CriterionMapping(id="CC6.1", rationale="r"),),
        severity=Severity.HIGH,
        frequency="f",
        basis=Basis.DOCUMENTED,
        procedure="p",
        remediation="r",
        check="access-key-age",
        parameters={"max_key_age_days": Parameter(value=90, source="s")},
    )
    return Catalog(
        controls=(control,), criteria=(), framework="", registers=Registers(), waivers=(), digest="", sla=Sla(**sla)
    )


def _evaluated(what: str, weeks_ago: int, catalog: Catalog) -> Evaluation:
    """Evaluate a week's snapshot: `F` failing, `P` passing, `?` not read, `-` not there, `!` the list not read, `.` never asked."""
    created: dict[str, Any] = {"F": AS_OF - timedelta(days=900), "P": AS_OF - timedelta(days=1), "?": "unread"}
    keys = (
        [
            resource(
                {"kind": "AccessKey", "arn": KEY, "region": GLOBAL_REGION, "status": "Active", "created": created[what]}
            )
        ]
        if what in created
        else []
    )
    hidden = gap("iam:ListAccessKeys", region=GLOBAL_REGION)
    lists = (
        []
        if what == "."
        else [
            listing(each, region=GLOBAL_REGION, operation="iam:ListAccessKeys", complete=what != "!")
            for each in ("AccessKey", "User")
        ]
    )
    given = estate(keys, listings=lists, gaps=[hidden] if what == "!" else [])
    taken = snapshot(given.gaps, AS_OF - weeks_ago * WEEK)
    return evaluate(type(given)(taken, given.resources, given.observations, given.listings), catalog)


def _history(weeks: str, catalog: Catalog | None = None) -> Finding:
    """Return the finding of the last of some weekly snapshots."""
    used = catalog or _catalog()
    evaluations = [_evaluated(what, len(weeks) - 1 - index, used) for index, what in enumerate(weeks)]
    before = [judgement(each) for each in reversed(evaluations[:-1])]
    return next(each for each in dated(evaluations[-1], before).findings if each.resource == KEY)


@pytest.mark.parametrize(
    ("weeks", "since"),
    [
        ("F", 0),
        ("FF", 1),
        ("PF", 0),
        ("FPF", 0),
        ("FPFFF", 2),
        ("F?F", 2),
        ("F!F", 2),
        ("F.F", 2),
        ("F-F", 0),
        ("?F", 0),
        (".F", 0),
        ("?F?!F", 3),
        ("F??P?F", 0),
        ("F-?!F", 0),
    ],
)
def test_a_deviation_begins_where_it_was_first_seen_without_interruption(weeks: str, since: int) -> None:
    assert _history(weeks).first_seen == (AS_OF - since * WEEK).date()


def test_what_does_not_fail_has_no_beginning() -> None:
    assert (_history("FP").first_seen, _history("F?").first_seen) == (None, None)


def test_it_is_due_by_the_days_of_its_severity() -> None:
    found = _history("FF", _catalog(high=30))
    assert (found.first_seen, found.due) == (date(2026, 9, 23), date(2026, 10, 23))
    assert _history("FF", _catalog(critical=7)).due is None


def test_no_more_of_the_past_is_judged_than_is_needed() -> None:
    catalog = _catalog()
    asked: list[int] = []

    def before() -> Iterator[Judgement]:
        for weeks_ago, what in enumerate("FPFF", start=1):
            asked.append(weeks_ago)
            yield judgement(_evaluated(what, weeks_ago, catalog))

    dated(_evaluated("F", 0, catalog), before())
    assert asked == [1, 2]
    asked.clear()
    dated(_evaluated("P", 0, catalog), before())
    assert asked == []


def test_what_is_kept_of_a_snapshot_is_read_back_as_it_was() -> None:
    found = judgement(_evaluated("!", 3, _catalog()))
    assert Judgement.model_validate_json(found.model_dump_json()) == found
