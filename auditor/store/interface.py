"""What a place that keeps evidence must do. `FileStore` is a directory; S3 comes behind the same protocol."""

from collections.abc import Iterator
from typing import Protocol

from auditor.model.pack import PackRecord
from auditor.model.snapshot import Snapshot


class Store(Protocol):
    """Content-addressed objects, append-only snapshots, pack records. Every method raises StoreError on damage."""

    def put(self, content: bytes) -> str:
        """Keep bytes under their sha256, compressed, atomically; return the digest. Idempotent."""

    def get(self, sha256: str) -> bytes:
        """Return the uncompressed bytes, verified against the digest."""

    def commit(self, snapshot: Snapshot) -> None:
        """Write the manifest last, atomically: before it, the snapshot does not exist."""

    def snapshot_ids(self) -> tuple[str, ...]:
        """Return all snapshot ids, oldest first."""

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return one manifest by its full id; raise NewerSchemaError where a newer auditor wrote it."""

    def record_pack(self, record: PackRecord) -> None:
        """Remember a pack, append-only."""

    def packs(self) -> tuple[PackRecord, ...]:
        """Return all pack records, by (made_at, name)."""

    def cached(self, name: str) -> bytes | None:
        """Return what was cached under a name, whole; None where there is nothing, or nothing whole. Never evidence."""

    def cache(self, name: str, content: bytes) -> None:
        """Keep something that can be made again."""

    def verify(self, snapshot: Snapshot) -> Iterator[str]:
        """Yield a sentence for each object of the snapshot that is missing or whose digest is wrong."""
