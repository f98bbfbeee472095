"""The pack as a BagIt bag (RFC 8493), folder and zip: manifests over every byte, no clock, same input same bytes."""

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import StoreError
from auditor.store.canonical import sha256

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can hold: a pack's time is its snapshot's, not its file system's."""


@dataclass(frozen=True)
class Bag:
    """A written pack."""

    folder: Path
    archive: Path
    manifest_sha256: str
    """Of manifest-sha256.txt."""
    size: int
    """Bytes of the zip."""


def write(directory: Path, name: str, payload: Mapping[str, bytes], info: Mapping[str, str]) -> Bag:
    """Write DIR/NAME/ and DIR/NAME.zip, each replaced whole; raise StoreError where that cannot be done.

    `payload`: name below `data/` to bytes. `info`: members of bag-info.txt, in order; Payload-Oxum is added.
    """
    files = _files(payload, info)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(dir=directory, prefix=f".{name}-"))
        try:
            _write_folder(working / name, files)
            _write_archive(working / f"{name}.zip", name, files)
            _replace(working / name, directory / name)
            (working / f"{name}.zip").replace(directory / f"{name}.zip")
        finally:
            shutil.rmtree(working, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"cannot write the pack {directory / name}: {error.strerror}", "Give --out a folder to write to."
        ) from error
    archive = directory / f"{name}.zip"
    return Bag(directory / name, archive, sha256(files["manifest-sha256.txt"]), archive.stat().st_size)


def _files(payload: Mapping[str, bytes], info: Mapping[str, str]) -> dict[str, bytes]:
    data = {f"data/{name}": content for name, content in sorted(payload.items())}
    oxum = f"{sum(len(content) for content in data.values())}.{len(data)}"
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(
            f"{label}: {value}\n" for label, value in {**info, "Payload-Oxum": oxum}.items()
        ).encode(),
        "manifest-sha256.txt": _manifest(data),
    }
    return {**data, **tags, "tagmanifest-sha256.txt": _manifest(tags)}


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(content)}  {_encoded(name)}\n" for name, content in sorted(files.items())).encode()


def _encoded(name: str) -> str:
    """RFC 8493 section 2.1.3: CR, LF and percent are percent-encoded in manifests."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _write_archive(path: Path, root: str, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{root}/{name}", _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def _replace(new: Path, target: Path) -> None:
    """Put the new folder in the old one's place; the old one goes only when the new one is whole."""
    if target.exists():
        retired = new.with_name(f"{new.name}.retired")
        target.replace(retired)
    new.replace(target)
