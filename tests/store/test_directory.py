"""The store keeps evidence: content-addressed, append-only, and damage is told."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from auditor.errors import NewerSchemaError, StoreError
from auditor.model.snapshot import ObjectRef, Scope, Shard, ShardKey, Snapshot
from auditor.store.canonical import canonical, sha256
from auditor.store.directory import FileStore
from auditor.store.merkle import root_digest


def _shard(store: FileStore, service: str, resources: bytes) -> Shard:
    def reference(content: bytes) -> ObjectRef:
        return ObjectRef(sha256=store.put(content), count=content.count(b"\n"), size=len(content))

    return Shard(
        key=ShardKey(account="111122223333", region="eu-west-1", service=service),
        resources=reference(resources),
        observations=reference(b""),
        pages=reference(b""),
        gaps=(),
    )


def _snapshot(*shards: Shard) -> Snapshot:
    as_of = datetime(2026, 9, 30, 22, 5, 12, tzinfo=UTC)
    root = root_digest(shards)
    return Snapshot(
        id=f"20260930T220512Z-{root[:8]}",
        root=root,
        as_of=as_of,
        finished_at=as_of,
        tool_version="0",
        scope=Scope(partition="aws", accounts=("111122223333",), regions=("eu-west-1",), services=("kms",)),
        callers={},
        redaction_key_id="k",
        shards=shards,
    )


def test_an_object_opens_with_zstd_and_sha256sum_alone(tmp_path: Path) -> None:
    digest = FileStore(tmp_path).put(b'{"a":1}\n')
    path = tmp_path / "objects" / digest[:2] / f"{digest}.zst"
    plain = subprocess.run(["zstd", "-dc", str(path)], check=True, capture_output=True).stdout
    assert plain == b'{"a":1}\n'
    assert sha256(plain) == digest


def test_a_changed_object_is_damage_not_data(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    first, second = store.put(b"one\n"), store.put(b"two\n")
    source = tmp_path / "objects" / first[:2] / f"{first}.zst"
    (tmp_path / "objects" / second[:2] / f"{second}.zst").write_bytes(source.read_bytes())
    with pytest.raises(StoreError, match="another digest"):
        store.get(second)


def test_a_truncated_object_is_damage_not_data(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"something long enough to be cut\n" * 50)
    path = tmp_path / "objects" / digest[:2] / f"{digest}.zst"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(StoreError, match="damaged"):
        store.get(digest)


def test_a_snapshot_cannot_be_overwritten_with_another(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    snapshot = _snapshot(_shard(store, "kms", b'{"arn":"a"}\n'))
    store.commit(snapshot)
    store.commit(snapshot)
    with pytest.raises(StoreError, match="append-only"):
        store.commit(snapshot.model_copy(update={"tool_version": "other"}))
    assert store.snapshot(snapshot.id) == snapshot


def test_a_snapshot_of_a_newer_schema_is_refused_with_the_next_step(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    snapshot = _snapshot(_shard(store, "kms", b""))
    newer = orjson.loads(canonical(snapshot)) | {"schema_version": 99, "unknown_member": 1}
    path = tmp_path / "snapshots" / f"{snapshot.id}.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(orjson.dumps(newer))
    with pytest.raises(NewerSchemaError, match="schema 99") as caught:
        store.snapshot(snapshot.id)
    assert "newer" in caught.value.next_step


def test_verify_names_every_lost_object(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    snapshot = _snapshot(_shard(store, "kms", b'{"arn":"a"}\n'), _shard(store, "logs", b'{"arn":"b"}\n'))
    assert list(store.verify(snapshot)) == []
    lost = snapshot.shards[1].resources.sha256
    (tmp_path / "objects" / lost[:2] / f"{lost}.zst").unlink()
    assert list(store.verify(snapshot)) == [f"the store has lost object {lost}"]


def test_the_root_depends_on_resources_alone(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    quiet, changed = _shard(store, "kms", b'{"arn":"a"}\n'), _shard(store, "kms", b'{"arn":"b"}\n')
    volatile = quiet.model_copy(update={"observations": changed.resources})
    assert root_digest([quiet]) == root_digest([volatile])
    assert root_digest([quiet]) != root_digest([changed])


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StoreError, match="cannot write") as caught:
        FileStore(blocked).put(b"x")
    assert caught.value.exit_code == 6
