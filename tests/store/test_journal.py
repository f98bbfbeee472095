"""An interrupted collection goes on where it stopped."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.store.journal import RESUME_WITHIN, Journal, UnitReceipt

_NOW = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
_SCOPE = {"accounts": ["111122223333"]}
_RECEIPT = UnitReceipt(account="111122223333", region="eu-west-1", shards=(), calls={"kms:ListKeys": 1}, throttled=0)


def test_a_later_run_of_the_same_scope_finds_what_was_finished(tmp_path: Path) -> None:
    Journal(tmp_path, _SCOPE, _NOW).record(_RECEIPT)
    later = Journal(tmp_path, _SCOPE, _NOW + timedelta(minutes=5))
    assert later.finished() == {("111122223333", "eu-west-1"): _RECEIPT}
    assert later.as_of == _NOW


def test_another_scope_begins_anew(tmp_path: Path) -> None:
    Journal(tmp_path, _SCOPE, _NOW).record(_RECEIPT)
    assert Journal(tmp_path, {"accounts": ["444455556666"]}, _NOW).finished() == {}


def test_a_day_later_nothing_is_continued(tmp_path: Path) -> None:
    Journal(tmp_path, _SCOPE, _NOW).record(_RECEIPT)
    later = Journal(tmp_path, _SCOPE, _NOW + RESUME_WITHIN)
    assert later.finished() == {}
    assert later.as_of == _NOW + RESUME_WITHIN


def test_a_damaged_receipt_is_collected_again(tmp_path: Path) -> None:
    Journal(tmp_path, _SCOPE, _NOW).record(_RECEIPT)
    for path in tmp_path.glob("runs/*/111122223333.*.json"):
        path.write_text("{half")
    assert Journal(tmp_path, _SCOPE, _NOW).finished() == {}


def test_a_committed_collection_leaves_no_receipts(tmp_path: Path) -> None:
    journal = Journal(tmp_path, _SCOPE, _NOW)
    journal.record(_RECEIPT)
    journal.close()
    assert Journal(tmp_path, _SCOPE, _NOW).finished() == {}
