"""The snapshots before, each judged once under a catalog: what the age of a deviation rests on.

Judging is the costly part, so its short result is kept in the store's cache, named by everything that decided it: the manifest (all
objects by digest, gaps included), the catalog and the program. The cache may be deleted at any time; it is no evidence.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress

from pydantic import ValidationError

from auditor.assets import tool_digest
from auditor.errors import StoreError
from auditor.evaluate.lifecycle import Judgement, judgement
from auditor.model.control import Catalog
from auditor.model.finding import Evaluation
from auditor.model.snapshot import Snapshot
from auditor.store.canonical import canonical, sha256
from auditor.store.interface import Store

Judge = Callable[[Snapshot], Evaluation]
"""Evaluates a snapshot by itself, without what was before it."""


def earlier(store: Store, snapshot: Snapshot, catalog: Catalog, judge: Judge) -> Iterator[Judgement]:
    """Yield what each snapshot before says of deviations, latest first; judged only when asked for, and only once."""
    for name in reversed([each for each in store.snapshot_ids() if each < snapshot.id]):
        try:
            before = store.snapshot(name)
            found = recall(store, before, catalog)
            if found is None:
                found = remember(store, before, catalog, judge(before))
        except StoreError as error:
            raise type(error)(
                f"since when deviations stand rests on snapshot {name}, which cannot be read: {error}",
                f"{error.next_step} Where there is no copy, take {name}.json out of the store: then nothing is known of it.",
            ) from error
        yield found


def recall(store: Store, snapshot: Snapshot, catalog: Catalog) -> Judgement | None:
    """Return what the cache knows of a snapshot under a catalog, if anything."""
    content = store.cached(_name(snapshot, catalog))
    if content is None:
        return None
    try:
        return Judgement.model_validate_json(content)
    except ValidationError:
        return None


def remember(store: Store, snapshot: Snapshot, catalog: Catalog, evaluation: Evaluation) -> Judgement:
    """Return an evaluation in short, kept in the cache where that can be written: a store that is only read serves as well."""
    found = judgement(evaluation)
    with suppress(StoreError):
        store.cache(_name(snapshot, catalog), canonical(found))
    return found


def _name(snapshot: Snapshot, catalog: Catalog) -> str:
    decided = {"manifest": sha256(canonical(snapshot)), "catalog": catalog.digest, "tool": tool_digest()}
    return sha256(canonical(decided))
