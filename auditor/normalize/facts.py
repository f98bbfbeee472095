"""Members of an answer as Facts: read, absent, or unread where the call failed or the value makes no sense."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import unquote

from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.snapshot import Gap
from auditor.normalize.reading import Reading

T = TypeVar("T")


_MEANINGLESS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    StopIteration,
    OverflowError,
    OSError,
    RecursionError,
)
"""What converting a member of an unexpected shape may raise."""


@dataclass(frozen=True)
class Members:
    """The members of one record about one resource. `gap`: the call failed, so every member is unread."""

    reading: Reading
    operation: str
    resource: str
    record: Any
    """A mapping where AWS answered as documented; anything else makes every member unread."""
    gap: Gap | None = None

    @classmethod
    def over_pages(cls, read: Reading, operation: str, resource: str, items: str, **asked: str) -> "Members":
        """Return one member, the list `items` over all pages of a call; unread where a page of it was not read."""
        records = [each.record for each in read.records(operation, items, **asked)]
        return cls(read, operation, resource, {items: records}, read.gap(operation, resource))

    def take(self, name: str, convert: Callable[[Any], T]) -> Fact[T]:
        """Return one member converted; ValueError or TypeError of the conversion make it unread, never a default."""
        if self.gap is not None:
            return Unread(gap=self.gap)
        if not isinstance(self.record, Mapping):
            return Unread(
                gap=self.reading.broken(self.operation, self.resource, "the answer is not there, or of another type")
            )
        value = self.record.get(name)
        if value is None:
            return Absent()
        try:
            return Present(value=convert(value))
        except _MEANINGLESS:
            return Unread(gap=self.reading.broken(self.operation, self.resource, f"{name} is not understood"))

    def inner(self, name: str) -> "Members":
        """Return the members of an inner record: of an absent one all are absent, of another type all are unread."""
        value = self.record.get(name) if isinstance(self.record, Mapping) else None
        if not isinstance(self.record, Mapping):
            return self
        return replace(self, record={} if value is None or value == "" else value)

    def text(self, name: str) -> Fact[str]:
        """Return a text; an empty one is absent."""
        return _nonempty(self.take(name, text))

    def flag(self, name: str) -> Fact[bool]:
        """Return a boolean."""
        return self.take(name, flag)

    def number(self, name: str) -> Fact[int]:
        """Return a whole number."""
        return self.take(name, number)

    def moment(self, name: str) -> Fact[datetime]:
        """Return a time."""
        return self.take(name, moment)

    def texts(self, name: str) -> Fact[tuple[str, ...]]:
        """Return a list of texts in a fixed order."""
        return self.take(name, texts)

    def tags(self, name: str = "tags") -> Fact[dict[str, str]]:
        """Return tags: a map, or a list of Key and Value."""
        return self.take(name, tags)

    def policy(self, name: str) -> Fact[str]:
        """Return a policy document as canonical JSON text."""
        return _nonempty(self.take(name, policy))


def _nonempty(fact: Fact[str]) -> Fact[str]:
    return Absent() if isinstance(fact, Present) and not fact.value else fact


def text(value: Any) -> str:
    """Return a text; raise TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def flag(value: Any) -> bool:
    """Return a boolean of JSON, or `true`/`false` of XML."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise TypeError("no boolean")


def number(value: Any) -> int:
    """Return a whole number of JSON, or its digits in XML."""
    if isinstance(value, bool):
        raise TypeError("no number")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("no whole number")
    return int(value)


def moment(value: Any) -> datetime:
    """Return an aware UTC time, whole seconds: epoch seconds (v1, KMS, Secrets Manager) or ISO 8601 (v2, IAM)."""
    if isinstance(value, bool):
        raise TypeError("no time")
    if isinstance(value, int | float):
        return datetime.fromtimestamp(int(value), UTC)
    parsed = datetime.fromisoformat(text(value))
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return parsed.astimezone(UTC).replace(microsecond=0)


def texts(value: Any) -> tuple[str, ...]:
    """Return sorted texts: AWS promises no order."""
    if value == "":
        return ()
    if not isinstance(value, list):
        raise TypeError("no list")
    return tuple(sorted(text(each) for each in value))


def tags(value: Any) -> dict[str, str]:
    """Return tags by key, sorted."""
    if value == "":
        return {}
    if isinstance(value, Mapping):
        return {text(name): text(value[name]) for name in sorted(value)}
    if not isinstance(value, list):
        raise TypeError("no tags")
    return dict(sorted(_tag(each) for each in value))


def _tag(pair: Any) -> tuple[str, str]:
    """Return a tag's key and value: `Key`, `TagKey` (KMS) or, in EC2's XML, `key`."""
    for prefix in ("Key", "TagKey", "key"):
        if prefix in pair:
            return text(pair[prefix]), text(pair.get(prefix.replace("Key", "Value").replace("key", "value"), ""))
    raise TypeError("no tag")


def decimal(value: Any) -> str:
    """Return a number as decimal text without trailing zeros, so that canonical bytes hold no floats."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    found = Decimal(str(value))
    if not found.is_finite():
        raise ValueError("no finite number")
    return format(found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize(), "f")


def text_map(value: Any) -> dict[str, str]:
    """Return texts by name, sorted; an empty template is null on the wire."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError("no map")
    return {text(name): "" if value[name] is None else text(value[name]) for name in sorted(value)}


def optional(convert: Callable[[Any], T], value: Any) -> T | None:
    """Return a value converted, or None where it is not told."""
    return None if value is None else convert(value)


_ESCAPED = re.compile(r"\\(.)")


def policy(value: Any) -> str:
    r"""Return a policy document as canonical JSON: plain, API-Gateway-escaped (`{\"Version\"…`), or percent-encoded."""
    raw = text(value).strip()
    if not raw:
        return ""
    for candidate in (raw, _ESCAPED.sub(r"\1", raw), unquote(raw)):
        try:
            document = json.loads(candidate)
        except json.JSONDecodeError:
            continue
        if isinstance(document, dict):
            return canonical(document)
    raise ValueError("no policy document")


def canonical(document: Any) -> str:
    """Return the one way to write a JSON document as text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
