"""The deliverable, and the memory of earlier ones."""

from datetime import datetime

from auditor.model.base import Frozen
from auditor.model.control import Catalog
from auditor.model.diff import Diff
from auditor.model.finding import Evaluation
from auditor.model.review import AccessSheet
from auditor.model.snapshot import Page


class PackRecord(Frozen):
    """What the store remembers of a pack, so that the next run finds its baseline."""

    name: str
    """The period, else the snapshot's date."""
    period: str | None
    snapshot: str
    made_at: datetime
    """The snapshot's as_of: no clock in a pack."""
    manifest_sha256: str
    """Of the pack's manifest-sha256.txt."""
    catalog: Catalog
    """As it was, so that the next diff can tell a changed control from a changed estate."""


class PackContents(Frozen):
    """Everything that a renderer may show."""

    name: str
    period: str | None
    organisation: str
    reviewer: str | None
    time_zone: str
    evaluation: Evaluation
    diff: Diff | None
    """None the first time."""
    access: AccessSheet
    """Who may call what, and the lines of the access review."""
    prior_pack: PackRecord | None
    pages: tuple[Page, ...]
    """Every page of the snapshot, in shard order: provenance, the completeness sheet, and the exhibits' descriptions."""
