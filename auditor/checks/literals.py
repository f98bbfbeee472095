"""Secrets in configuration, told without telling them: digests that stand in their place, and texts that look like one."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.model.route_parts import Integration, IntegrationResponse

_DIGEST = re.compile(r"redacted:[0-9a-f]+:[0-9a-f]+")
_CANDIDATE = re.compile(r"(?<![A-Za-z0-9+/=_.$:-])[A-Za-z0-9+/_=-]{20,}(?![A-Za-z0-9+/=_.:-])")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_QUOTED = re.compile(r"\"([^\"\n]{20,})\"|'([^'\n]{20,})'")
_LEAST_BITS = 3.5
"""A character, of random base64 at this length; words stay below (measured on public templates)."""
_REFERENCES = ("$", "method.", "integration.", "context.", "stageVariables.")


@dataclass(frozen=True)
class Literal:
    """A text of the configuration that is no reference."""

    place: str
    """`request mapping integration.request.header.X-Api-Key`."""
    text: str

    @property
    def digests(self) -> tuple[str, ...]:
        """Return the digests that stand in the place of secrets."""
        return tuple(_DIGEST.findall(self.text))

    @property
    def looks_random(self) -> bool:
        """Return whether a part of it has the length and the entropy of a credential."""
        return any(_is_random(each) for each in _CANDIDATE.findall(self.text) if not _UUID.fullmatch(each))


def literals_of(integration: Integration, responses: tuple[IntegrationResponse, ...]) -> Iterator[Literal]:
    """Yield the texts of an integration and its responses that are written out, in order."""
    for member in ("uri", "connection_id", "credentials"):
        text = getattr(integration, member)
        if text is not None:
            yield from _marked(f"integration {member}", text)
    yield from _mapped("request mapping", integration.request_parameters)
    yield from _written("request template", integration.request_templates)
    for each in responses:
        name = f"response {each.status or each.selection_pattern or 'default'}"
        yield from _mapped(f"{name} mapping", each.parameters)
        yield from _written(f"{name} template", each.templates)


def _marked(place: str, text: str) -> Iterator[Literal]:
    """Yield a target only where something was taken out of it: identifiers in it are random by nature."""
    if _DIGEST.search(text):
        yield Literal(place, text)


def _mapped(place: str, given: dict[str, str]) -> Iterator[Literal]:
    for name, value in sorted(given.items()):
        if not value.startswith(_REFERENCES) and not value.startswith("arn:"):
            yield Literal(f"{place} {name}", value)


def _written(place: str, given: dict[str, str]) -> Iterator[Literal]:
    for name, text in sorted(given.items()):
        if _DIGEST.search(text):
            yield Literal(f"{place} {name}", text)
        for found in _QUOTED.findall(text):
            value = found[0] or found[1]
            if "$" not in value and not value.startswith("arn:") and not _DIGEST.search(value):
                yield Literal(f"{place} {name}", value)


def _is_random(text: str) -> bool:
    kinds = (any(each.isdigit() for each in text), any(each.isalpha() for each in text))
    return all(kinds) and _bits(text) >= _LEAST_BITS


def _bits(text: str) -> float:
    """Return the Shannon entropy of a text, in bits a character."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())
