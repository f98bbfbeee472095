"""The decoded claims of a token. A token itself is refused: it is a secret, and nothing of it may reach a message."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue

from auditor.errors import UsageError

_TOKEN = re.compile(r"\s*\"?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\"?\s*")
_TEXTS = ("iss", "client_id", "token_use")
_LATEST = 253_402_300_799
"""The last second that a date can name."""
_DECODE = "Decode the token's middle part and give that: a JSON object with iss, aud, exp and scope."


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. Only names, iss, aud, client_id, token_use, scopes and exp may be shown."""

    iss: str | None
    audiences: tuple[str, ...]
    """Of `aud`; empty where there is none."""
    client_id: str | None
    scopes: tuple[str, ...]
    """Of `scope` or `scp`, as written."""
    token_use: str | None
    """Cognito: `id` or `access`."""
    expires: int | float | None
    """Seconds since 1970."""
    values: Mapping[str, JsonValue] = field(repr=False)
    """All of them, to compare: never shown."""

    @property
    def expiry(self) -> str:
        """Return the moment of expiry for a sentence."""
        if self.expires is None:
            return "never said"
        if not 0 <= self.expires <= _LATEST:
            return "out of all time"
        return datetime.fromtimestamp(self.expires, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def read(text: str, name: str) -> Claims:
    """Return the claims of a file's text; raise UsageError where it is no object of claims. `name`: the file's."""
    if _TOKEN.fullmatch(text):
        raise UsageError(f"{name} holds a token, which is a secret; explain takes its claims alone", _DECODE)
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        # The cause quotes nothing: json's own message names a place, never the text.
        raise UsageError(f"{name} is no JSON", _DECODE) from error
    if not isinstance(found, dict):
        raise UsageError(f"{name} holds no JSON object", _DECODE)
    return _claims(found, name)


def _claims(found: dict[str, JsonValue], name: str) -> Claims:
    texts = {each: _text(found.get(each), each, name) for each in _TEXTS}
    expires = found.get("exp")
    if expires is not None and (isinstance(expires, bool) or not isinstance(expires, int | float)):
        raise UsageError(f"{name}: claim exp is no number of seconds", _DECODE)
    return Claims(
        iss=texts["iss"],
        audiences=_texts(found.get("aud"), "aud", name),
        client_id=texts["client_id"],
        scopes=_scopes(found.get("scope", found.get("scp")), name),
        token_use=texts["token_use"],
        expires=expires,
        values=found,
    )


def _text(value: JsonValue, claim: str, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise UsageError(f"{name}: claim {claim} is no text", _DECODE)


def _texts(value: JsonValue, claim: str, name: str) -> tuple[str, ...]:
    several = value if isinstance(value, list) else [] if value is None else [value]
    found = tuple(each for each in several if isinstance(each, str))
    if len(found) != len(several):
        raise UsageError(f"{name}: claim {claim} is no text or list of texts", _DECODE)
    return found


def _scopes(value: JsonValue, name: str) -> tuple[str, ...]:
    """Return the scopes: one text with blanks between, or a list."""
    return tuple(each for text in _texts(value, "scope", name) for each in text.split())


def _no_number(_word: str) -> JsonValue:
    raise ValueError("no JSON number")
