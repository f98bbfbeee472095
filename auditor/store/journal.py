"""Receipts of a collection under way, so that an interrupted one goes on where it stopped. Not evidence."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from pydantic import ValidationError

from auditor.model.base import Frozen
from auditor.model.snapshot import Declared, Gap, Page, ShardKey
from auditor.store.canonical import canonical, sha256
from auditor.store.directory import write_atomically

RESUME_WITHIN = timedelta(hours=24)
"""An older interrupted collection is not continued: its first answers would be too far from its last."""


class ShardReceipt(Frozen):
    """What one finished shard left; the page bodies stand in the store already."""

    key: ShardKey
    pages: tuple[Page, ...]
    gaps: tuple[Gap, ...]


class UnitReceipt(Frozen):
    """One (account, region) that was read to its end."""

    account: str
    region: str
    shards: tuple[ShardReceipt, ...]
    calls: dict[str, int]
    throttled: int
    declared: tuple[Declared, ...] = ()


class _Started(Frozen):
    as_of: datetime


class Journal:
    """The receipts of one scope's collection. Begun with the first, gone when the snapshot is committed."""

    def __init__(self, root: Path, scope: Mapping[str, object], now: datetime) -> None:
        """Open the journal of a scope below the store; one that is too old is begun anew."""
        self._folder = root / "runs" / sha256(canonical(dict(scope)))[:16]
        self.as_of = self._begin(now)

    def _begin(self, now: datetime) -> datetime:
        started = self._folder / "started.json"
        try:
            begun = _Started.model_validate_json(started.read_bytes()).as_of
        except (OSError, ValidationError):
            begun = None
        if begun is not None and timedelta(0) <= now - begun < RESUME_WITHIN:
            return begun
        self.close()
        write_atomically(started, canonical(_Started(as_of=now)))
        return now

    def record(self, receipt: UnitReceipt) -> None:
        """Keep a finished unit."""
        write_atomically(self._folder / f"{receipt.account}.{receipt.region}.json", canonical(receipt))

    def finished(self) -> dict[tuple[str, str], UnitReceipt]:
        """Return the units that an earlier, interrupted run finished. A damaged receipt is read again from AWS."""
        found: dict[tuple[str, str], UnitReceipt] = {}
        for path in sorted(self._folder.glob("*.*.json")):
            try:
                receipt = UnitReceipt.model_validate(orjson.loads(path.read_bytes()))
            except (OSError, orjson.JSONDecodeError, ValidationError):
                continue
            found[(receipt.account, receipt.region)] = receipt
        return found

    def close(self) -> None:
        """Forget the receipts: the snapshot that they led to is committed."""
        shutil.rmtree(self._folder, ignore_errors=True)
