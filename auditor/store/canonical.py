"""Canonical bytes: JSON with sorted keys, one record a line, no floats, so that equal things have equal digests."""

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson
from pydantic import BaseModel

_OPTIONS = orjson.OPT_SORT_KEYS


def canonical(value: BaseModel | Any) -> bytes:
    """Return the one way to write a value as JSON: sorted keys, no spaces, UTF-8."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    return orjson.dumps(value, option=_OPTIONS)


def lines(values: Iterable[BaseModel | Any]) -> tuple[bytes, int]:
    """Return JSON Lines in the order given, and their number."""
    written = [canonical(value) for value in values]
    return b"".join(line + b"\n" for line in written), len(written)


def sha256(content: bytes) -> str:
    """Return the hex digest."""
    return hashlib.sha256(content).hexdigest()
