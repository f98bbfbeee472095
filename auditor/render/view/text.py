"""Turning values into text that is safe to show: hostile characters made visible, times, JSON, numbers with nouns."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import JsonValue

from auditor.errors import UsageError

_FACTS = {"absent": "not set", "not_applicable": "not applicable", "unread": "not read"}
_SPACES = frozenset("\n\t ")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""Return the text with control, bidi and other invisible characters written as `\u202e`."""
    if text.isprintable():
        return text
    return "".join(
        character if character in _SPACES or unicodedata.category(character) not in _HIDDEN else _escaped(character)
        for character in text
    )


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"


def shortened(text: str, limit: int) -> str:
    """Return the text, its middle left out where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    head = (limit - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"


def number(count: int) -> str:
    """Return a count with its thousands apart."""
    return f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `1 route`, `2 routes`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def joined(parts: list[str], last: str = "and") -> str:
    """Return `a, b and c`."""
    if len(parts) < 2:  # noqa: PLR2004 - one part needs no word between
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def utc(moment: datetime) -> str:
    """Return `2026-09-30 22:05:12 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def local(moment: datetime, zone: tzinfo, name: str) -> str:
    """Return `2026-10-01 00:05:12 +02:00 (Europe/Berlin)`."""
    there = moment.astimezone(zone)
    offset = there.strftime("%z")
    return f"{there.strftime('%Y-%m-%d %H:%M:%S')} {offset[:3]}:{offset[3:5]} ({name})"


def zone(name: str) -> tzinfo:
    """Return the time zone; raise UsageError where this machine does not know it."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"the time zone {name!r} is not known here",
            "Correct [report] time_zone, e.g. Europe/Berlin, or install tzdata.",
        ) from error


def duration(span: timedelta) -> str:
    """Return `6 min 28 s`."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def json_text(value: JsonValue) -> str:
    """Return a value as a person reads it: text bare, facts by their state, the rest as JSON."""
    if isinstance(value, dict) and "state" in value:
        return _FACTS.get(str(value["state"])) or json_text(value.get("value"))
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return ", ".join(str(each) for each in value)
    match value:
        case None:
            return "not set"
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case _:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
