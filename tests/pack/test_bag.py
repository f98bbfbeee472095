"""A pack is a valid bag, the same bytes each time, and replaced whole."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from auditor.errors import StoreError
from auditor.pack.bag import write

_PAYLOAD = {"report.html": b"<p>hello</p>", "populations/KR-01.csv": b"a,b\n", "exhibits/ab": b"{}"}
_INFO = {"Source-Organization": "Example", "Bagging-Date": "2026-09-30"}


def test_manifests_name_every_file_with_its_digest(tmp_path: Path) -> None:
    bag = write(tmp_path, "2026-Q3", _PAYLOAD, _INFO)
    for manifest, below in (("manifest-sha256.txt", "data/"), ("tagmanifest-sha256.txt", "")):
        for line in (bag.folder / manifest).read_text().splitlines():
            digest, _, name = line.partition("  ")
            assert hashlib.sha256((bag.folder / name).read_bytes()).hexdigest() == digest
            assert name.startswith(below)
    payload = {
        str(path.relative_to(bag.folder / "data")) for path in (bag.folder / "data").rglob("*") if path.is_file()
    }
    assert payload == set(_PAYLOAD)


def test_bag_info_counts_the_payload(tmp_path: Path) -> None:
    bag = write(tmp_path, "2026-Q3", _PAYLOAD, _INFO)
    total = sum(len(content) for content in _PAYLOAD.values())
    assert f"Payload-Oxum: {total}.{len(_PAYLOAD)}" in (bag.folder / "bag-info.txt").read_text().splitlines()


def test_the_zip_holds_the_same_bytes_and_is_reproducible(tmp_path: Path) -> None:
    first = write(tmp_path / "a", "2026-Q3", _PAYLOAD, _INFO)
    second = write(tmp_path / "b", "2026-Q3", dict(reversed(_PAYLOAD.items())), _INFO)
    assert first.archive.read_bytes() == second.archive.read_bytes()
    with zipfile.ZipFile(first.archive) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (first.folder.parent / name).read_bytes()


def test_writing_again_leaves_nothing_of_the_old_pack(tmp_path: Path) -> None:
    write(tmp_path, "2026-Q3", {**_PAYLOAD, "gone.csv": b"x"}, _INFO)
    bag = write(tmp_path, "2026-Q3", _PAYLOAD, _INFO)
    assert not (bag.folder / "data" / "gone.csv").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-Q3", "2026-Q3.zip"]


def test_a_name_with_a_line_break_stays_one_line_of_the_manifest(tmp_path: Path) -> None:
    bag = write(tmp_path, "p", {"a\nb%.csv": b"x"}, _INFO)
    assert (bag.folder / "manifest-sha256.txt").read_text().endswith("  data/a%0Ab%25.csv\n")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot write the pack"):
        write(tmp_path / "file", "2026-Q3", _PAYLOAD, _INFO)
