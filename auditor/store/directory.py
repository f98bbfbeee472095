"""The store as a directory: compressed objects by digest, manifests written last, nothing ever overwritten.

```
objects/ab/<sha256>.zst     sha256 of the uncompressed bytes: `zstd -dc FILE | sha256sum` gives the name
snapshots/<id>.json         manifest of one collection
packs/<digest>.json         what was packed from which snapshot
runs/<key>/…                receipts of a collection under way; not evidence
cache/ab/<key>              what can be made again at any time; not evidence, may be deleted
```
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import zstandard
from pydantic import ValidationError

from auditor.errors import NewerSchemaError, StoreError
from auditor.model.pack import PackRecord
from auditor.model.snapshot import SCHEMA_VERSION, ObjectRef, Snapshot
from auditor.store.canonical import canonical, sha256
from auditor.store.upgrade import upgraded

_LEVEL = 3


class FileStore:
    """A directory that keeps evidence. Made on the first write."""

    def __init__(self, root: Path) -> None:
        """Take the directory; nothing is read or written yet."""
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep bytes under their sha256, compressed, atomically; return the digest. Idempotent; a damaged object is made whole."""
        digest = sha256(content)
        if not self._is_whole(digest):
            write_atomically(
                self._object(digest),
                zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(content),
            )
        return digest

    def get(self, digest: str) -> bytes:
        """Return the uncompressed bytes, verified against the digest."""
        path = self._object(digest)
        try:
            content = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except FileNotFoundError as error:
            raise StoreError(f"the store has lost object {digest}", _RESTORE) from error
        except zstandard.ZstdError as error:
            raise StoreError(f"object {digest} is damaged: it cannot be decompressed", _RESTORE) from error
        except OSError as error:
            raise StoreError(f"object {digest} cannot be read: {error.strerror}", _READABLE) from error
        if sha256(content) != digest:
            raise StoreError(f"object {digest} is damaged: its bytes have another digest", _RESTORE)
        return content

    def commit(self, snapshot: Snapshot) -> None:
        """Write the manifest last, atomically: before it, the snapshot does not exist."""
        self._append(self.root / "snapshots" / f"{snapshot.id}.json", canonical(snapshot))

    def snapshot_ids(self) -> tuple[str, ...]:
        """Return all snapshot ids, oldest first."""
        return tuple(path.stem for path in _documents(self.root / "snapshots"))

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return one manifest by its full id; raise NewerSchemaError where a newer auditor wrote it."""
        path = self.root / "snapshots" / f"{snapshot_id}.json"
        try:
            document = orjson.loads(path.read_bytes())
            version = document.get("schema_version")
        except FileNotFoundError as error:
            raise StoreError(f"there is no snapshot {snapshot_id} in {self.root}") from error
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise StoreError(f"the manifest of snapshot {snapshot_id} is damaged: it is no JSON", _RESTORE) from error
        except OSError as error:
            raise StoreError(f"the manifest {path} cannot be read: {error.strerror}", _READABLE) from error
        if not isinstance(version, int) or version > SCHEMA_VERSION:
            raise NewerSchemaError(
                f"snapshot {snapshot_id} has schema {version}, this auditor reads up to {SCHEMA_VERSION}",
                "Install the auditor that wrote it, or a newer one.",
            )
        try:
            found = Snapshot.model_validate_json(orjson.dumps(upgraded(document)))
        except ValidationError as error:
            raise StoreError(f"the manifest of snapshot {snapshot_id} is damaged", _RESTORE) from error
        if found.id != snapshot_id:
            raise StoreError(f"the manifest of snapshot {snapshot_id} is damaged: it names {found.id}", _RESTORE)
        return found

    def record_pack(self, record: PackRecord) -> None:
        """Remember a pack, append-only."""
        content = canonical(record)
        self._append(self.root / "packs" / f"{sha256(content)}.json", content)

    def packs(self) -> tuple[PackRecord, ...]:
        """Return all pack records, by (made_at, name)."""
        found = [_pack_record(path) for path in _documents(self.root / "packs")]
        return tuple(sorted(found, key=lambda record: (record.made_at, record.name, record.manifest_sha256)))

    def cached(self, name: str) -> bytes | None:
        """Return what was cached under a name; None where there is nothing, or its own digest does not fit."""
        try:
            digest, _, content = self._cache(name).read_bytes().partition(b"\n")
        except OSError:
            return None
        return content if sha256(content).encode() == digest else None

    def cache(self, name: str, content: bytes) -> None:
        """Keep something that can be made again, its digest before it."""
        write_atomically(self._cache(name), sha256(content).encode() + b"\n" + content)

    def verify(self, snapshot: Snapshot) -> Iterator[str]:
        """Yield a sentence for each object of the snapshot that is missing or whose digest is wrong."""
        for shard in snapshot.shards:
            for reference in (shard.resources, shard.observations, shard.pages):
                yield from self._verify_object(reference)
            try:
                bodies = [orjson.loads(line)["sha256"] for line in self.get(shard.pages.sha256).splitlines()]
            except StoreError:
                continue  # already told above
            for digest in bodies:
                yield from self._problem(digest)

    def _verify_object(self, reference: ObjectRef) -> Iterator[str]:
        problems = list(self._problem(reference.sha256))
        yield from problems
        if not problems and self.get(reference.sha256).count(b"\n") != reference.count:
            yield f"object {reference.sha256} does not hold {reference.count} records"

    def _problem(self, digest: str) -> Iterator[str]:
        try:
            self.get(digest)
        except StoreError as error:
            yield str(error)

    def _is_whole(self, digest: str) -> bool:
        try:
            self.get(digest)
        except StoreError:
            return False
        return True

    def _object(self, digest: str) -> Path:
        return self.root / "objects" / digest[:2] / f"{digest}.zst"

    def _cache(self, name: str) -> Path:
        return self.root / "cache" / name[:2] / name

    def _append(self, path: Path, content: bytes) -> None:
        if path.exists():
            if path.read_bytes() != content:
                raise StoreError(f"{path} exists with other content; the store is append-only")
            return
        write_atomically(path, content)


_READABLE = "Make the store readable to whoever runs this."
_RESTORE = "Restore the store from a copy; a snapshot cannot be repaired, only taken again."


def _documents(folder: Path) -> list[Path]:
    """Return the JSON files of a folder, by name; none where there is no folder. One that cannot be listed is not empty."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"the store's folder {folder} cannot be listed: {error.strerror}", _READABLE) from error


def _pack_record(path: Path) -> PackRecord:
    try:
        return PackRecord.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise StoreError(f"the pack record {path} is damaged", _RESTORE) from error
    except OSError as error:
        raise StoreError(f"the pack record {path} cannot be read: {error.strerror}", _READABLE) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old state or the new, never half; raise StoreError where it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        finally:
            # Whatever stopped the writing, Ctrl-C too, leaves no half file behind; after the replacement there is none.
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}", "Free space or give another folder with --store."
        ) from error
