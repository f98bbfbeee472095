"""Secrets out of an answer before anything is stored: by member, and by shape anywhere in any text.

A secret becomes `redacted:KEYID:DIGEST`, DIGEST = first 32 hex digits of HMAC-SHA-256 under a key that stands outside the
store: a diff still sees a change, and nobody reads the value. A body without secrets keeps its exact bytes.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from pydantic import JsonValue

from auditor.collect.shapes import SHAPES
from auditor.collect.stage_variables import is_target

_SECRET_MEMBERS = frozenset(
    {
        "attributevalue",
        "base32stringseed",
        "clientsecret",
        "client_secret",
        "clientsecretvalue",
        "hectoken",
        "password",
        "passwd",
        "privatekey",
        "private_key",
        "qrcodepng",
        "secretaccesskey",
        "secretbinary",
        "secretstring",
        "sessiontoken",
    }
)
_SECRET_MAPS = frozenset(
    {
        "customparameters",
        "environment",
        "stagevariableoverrides",
        "stagevariables",
        "staticqueryparameters",
        "variables",
    }
)
"""Maps of which every value goes: function settings, what a gateway's target adds to each request, and stage variables."""
_TARGETS = {
    "apigateway:GetStages": frozenset({"variables", "stageVariableOverrides"}),
    "apigatewayv2:GetStages": frozenset({"stageVariables"}),
}
"""Maps of stage variables: of them alone a value stays whose name and shape both say that it is a target and no secret."""
_HEADERS = "insertheaders"
"""Headers that a web ACL adds, often as a password between a CDN and what stands behind it: their `Value` goes."""
_KEY_VALUES = frozenset({"apigateway:GetApiKeys", "apigateway:GetUsagePlanKeys"})
"""Their items have a member `value`: the API key itself, which GetUsagePlanKeys gives unasked."""
_KEYED_BY_VALUE = ("apigateway:GetUsage", ("values",))
"""What each key was used: by the key's id (API reference; a live answer), or by its value (botocore's model)."""
_SHORTEST_KEY_VALUE = 20
"""Characters (API Gateway developer guide); an id has ten."""
_PERSONAL = {
    "identitystore:ListUsers": frozenset(
        {
            "Addresses",
            "Birthdate",
            "Emails",
            "Extensions",
            "Locale",
            "NickName",
            "PhoneNumbers",
            "Photos",
            "PreferredLanguage",
            "ProfileUrl",
            "Timezone",
            "Title",
            "UserType",
            "Website",
        }
    )
}
"""What an answer says of people beyond the names that an auditor needs: every text below these members goes."""
_MAPPING = re.compile(r"^(?:(?:integration|method)\.|(?:append|overwrite):)", re.IGNORECASE)
_SENSITIVE_TARGET = re.compile(r"(?:authorization|api-?key|token|secret|passw|credential)", re.IGNORECASE)
_REFERENCE = re.compile(r"^(?:\$|method\.|integration\.|context\.|stageVariables\.|'?\$\{)")
_XML_TEXT = re.compile(rb"<([A-Za-z][A-Za-z0-9]*)>([^<]+)</\1>")


@dataclass(frozen=True)
class Redactor:
    """Replaces secrets under one key."""

    key: bytes

    @property
    def key_id(self) -> str:
        """Eight hex digits that name the key without telling it."""
        return hashlib.sha256(self.key).hexdigest()[:8]

    def digest(self, secret: str) -> str:
        """Return what stands in a secret's place."""
        return f"redacted:{self.key_id}:{hmac.new(self.key, secret.encode(), hashlib.sha256).hexdigest()[:32]}"

    def text(self, text: str) -> str:
        """Return a text with everything that has the shape of a credential replaced."""
        for shape in SHAPES:
            text = shape.sub(self._shaped, text)
        return text

    def body(self, operation: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
        """Return the bytes to keep, and the sorted places that were replaced (JSON pointers, XML elements)."""
        if content.lstrip()[:1] == b"<":
            return self._xml(content)
        document = json.loads(content)
        places: list[str] = []
        replaced = _Walk(self, operation, places.append).value(document, ())
        if not places:
            return content, ()
        return json.dumps(replaced, ensure_ascii=False, separators=(",", ":")).encode(), tuple(sorted(places))

    def parameters(self, parameters: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return call parameters as a page may keep them."""
        replaced = _Walk(self, "", lambda _place: None).value(parameters, ())
        return replaced if isinstance(replaced, dict) else {}

    def _shaped(self, match: re.Match[str]) -> str:
        secret = match.group("secret")
        if _REFERENCE.match(secret) or secret.startswith("redacted:"):
            return match.group(0)
        start, end = (position - match.start() for position in match.span("secret"))
        whole = match.group(0)
        return whole[:start] + self.digest(secret) + whole[end:]

    def _xml(self, content: bytes) -> tuple[bytes, tuple[str, ...]]:
        places: list[str] = []
        seen: dict[str, int] = {}

        def replace(match: re.Match[bytes]) -> bytes:
            name, text = match.group(1).decode(), match.group(2).decode("utf-8", "surrogateescape")
            seen[name] = seen.get(name, 0) + 1
            clean = self._xml_text(name, text)
            if clean == text:
                return match.group(0)
            places.append(f"{name}[{seen[name]}]")
            return f"<{name}>{clean}</{name}>".encode("utf-8", "surrogateescape")

        return _XML_TEXT.sub(replace, content), tuple(sorted(places))

    def _xml_text(self, name: str, text: str) -> str:
        if name.lower() in _SECRET_MEMBERS:
            return self.digest(text)
        if "%7B" in text or "%22" in text:
            # IAM percent-encodes policy documents: a secret may hide behind the encoding.
            plain = unquote(text)
            clean = self.text(plain)
            return text if clean == plain else quote(clean, safe="-_.~")
        return self.text(text)


@dataclass(frozen=True)
class _Walk:
    """One pass over a JSON document."""

    redactor: Redactor
    operation: str
    found: Callable[[str], None]

    def value(self, value: JsonValue, path: tuple[str, ...]) -> JsonValue:
        match value:
            case dict():
                return {
                    self._tell(name, self._name(name, path), (*path, "(name)")): self._member(
                        name, inner, (*path, name)
                    )
                    for name, inner in value.items()
                }
            case list():
                return [self.value(inner, (*path, str(index))) for index, inner in enumerate(value)]
            case str() if value and not _PERSONAL.get(self.operation, frozenset()).isdisjoint(path):
                return self._tell(value, self.redactor.digest(value), path)
            case str():
                return self._tell(value, self.redactor.text(value), path)
            case _:
                return value

    def _name(self, name: str, path: tuple[str, ...]) -> str:
        is_key_value = (self.operation, path) == _KEYED_BY_VALUE and len(name) >= _SHORTEST_KEY_VALUE
        if is_key_value and not name.startswith("redacted:"):
            return self.redactor.digest(name)
        return self.redactor.text(name)

    def _member(self, name: str, value: JsonValue, path: tuple[str, ...]) -> JsonValue:
        if isinstance(value, str) and value and self._is_secret(name, value, path):
            bare = value[1:-1] if value[:1] == value[-1:] == "'" else value
            return self._tell(value, self.redactor.digest(bare), path)
        return self.value(value, path)

    def _is_secret(self, name: str, value: str, path: tuple[str, ...]) -> bool:
        if value.startswith("redacted:"):
            return False
        if name == "value" and self.operation in _KEY_VALUES:
            return True
        if len(path) > 1 and any(part.lower() in _SECRET_MAPS for part in path[-3:-1]):
            return not (path[-2] in _TARGETS.get(self.operation, frozenset()) and is_target(name, value))
        if name.lower() in _SECRET_MEMBERS:
            return not _REFERENCE.match(value)
        if name == "Value" and len(path) > 2 and path[-3].lower() == _HEADERS:  # noqa: PLR2004 - list, index, member
            return True
        is_mapping = bool(_MAPPING.match(name)) and bool(_SENSITIVE_TARGET.search(name))
        return is_mapping and not _REFERENCE.match(value)

    def _tell(self, before: str, after: str, path: tuple[str, ...]) -> str:
        if before != after:
            clean = (self.redactor.text(part) for part in path)
            self.found("/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in clean))
        return after


def strings(value: JsonValue) -> Iterator[str]:
    """Yield every string of a JSON value, member names included: what a search for secrets must look through."""
    match value:
        case dict():
            for name, inner in value.items():
                yield name
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)
        case str():
            yield value
