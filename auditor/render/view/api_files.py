"""The name of each API's picture in a pack: by its id, whatever its name is."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from auditor.model.flow import Flow

_UNSAFE = re.compile(r"[^A-Za-z0-9-]")
_LONGEST = 40


class Api(NamedTuple):
    """What makes an API one; two accounts or regions can hold the same id."""

    account: str
    region: str
    id: str


def api_of(flow: Flow) -> Api:
    """Return the API that a flow belongs to."""
    return Api(flow.account, flow.region, flow.api)


def api_files(flows: Iterable[Flow]) -> Mapping[Api, str]:
    """Return the file below `data/` of each API: `flows/ID.svg`, with account and region where the id alone is not enough.

    A name never leaves its folder, and differs from the others even where upper and lower case are one.
    """
    apis = list(dict.fromkeys(api_of(each) for each in flows))
    counted = Counter(_safe(each.id).lower() for each in apis)
    return {each: f"flows/{_stem(each, alone=counted[_safe(each.id).lower()] == 1)}.svg" for each in apis}


def _stem(api: Api, *, alone: bool) -> str:
    if alone:
        return _safe(api.id)
    return f"{_safe(api.id)}.{_safe(api.account)}.{_safe(api.region)}.{_digest(api.id)}"


def _safe(text: str) -> str:
    """Return the text itself where it is safe as it is, else what is safe of it with a digest of all of it."""
    kept = _UNSAFE.sub("_", text)[:_LONGEST] or "api"
    return kept if kept == text else f"{kept}.{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
