"""Where the evidence comes from, and how a stranger checks it."""

from dataclasses import dataclass

from auditor.render.view.frame import Frame
from auditor.render.view.text import local, number, utc, zone


@dataclass(frozen=True)
class Provenance:
    """The section."""

    facts: tuple[tuple[str, str], ...]
    callers: tuple[tuple[str, str], ...]
    calls: tuple[tuple[str, str], ...]
    total_calls: str
    checks: tuple[tuple[str, str], ...]
    """What a command proves, and the command."""


def provenance(frame: Frame) -> Provenance:
    """Return the provenance of a pack."""
    contents, snapshot = frame.contents, frame.evaluation.snapshot
    offset = snapshot.clock_offset_seconds
    return Provenance(
        facts=(
            ("Tool", f"auditor {snapshot.tool_version}"),
            ("Snapshot", snapshot.id),
            ("Config root (sha256)", snapshot.root),
            ("Catalog digest (sha256)", frame.evaluation.catalog.digest),
            ("As of", f"{utc(snapshot.as_of)} · {local(snapshot.as_of, zone(contents.time_zone), contents.time_zone)}"),
            ("Finished", utc(snapshot.finished_at)),
            ("Clock", "not known" if offset is None else f"{offset:+d} s against the Date that AWS sent"),
            ("Throttled answers", number(snapshot.throttled)),
            ("Redaction key", snapshot.redaction_key_id),
        ),
        callers=tuple(sorted(snapshot.callers.items())),
        calls=tuple((operation, number(count)) for operation, count in sorted(snapshot.calls.items())),
        total_calls=number(sum(snapshot.calls.values())),
        checks=(
            ("Every file of the pack is what the manifest says", "sha256sum -c manifest-sha256.txt"),
            ("An exhibit's name is the sha256 of its bytes", "sha256sum data/exhibits/*"),
            ("An object of the store, which is compressed, is what its name says", "zstd -dc FILE | sha256sum"),
        ),
    )
