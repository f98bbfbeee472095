"""One request: who asks for what on which resource, under which circumstances."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from auditor.access.iam.caller import Caller
from auditor.access.iam.context import Context
from auditor.access.iam.operators import expression
from auditor.access.iam.truth import Truth, truth_of
from auditor.access.patterns import STAR, glob


class Target(Protocol):
    """What is asked for: one ARN, or all ARNs of a family that no pattern in question tells apart."""

    def within(self, language: str) -> Truth:
        """Return whether a pattern, as a language (see `patterns`), matches it."""


@dataclass(frozen=True, slots=True)
class Arn:
    """One ARN."""

    text: str

    def within(self, language: str) -> Truth:
        """Return whether a pattern matches it: `*` also crosses `/` and `:`."""
        return truth_of(language == STAR or expression(language).fullmatch(self.text) is not None)


@dataclass(frozen=True, slots=True)
class Request:
    """A request, with the context as the caller and the resource make it."""

    caller: Caller
    action: str
    """Lower case: `execute-api:invoke`."""
    target: Target
    resource_account: str
    api: str
    """`arn:…:execute-api:REGION:ACCOUNT:API` for what `execute-api:/…` abbreviates; empty for other services."""
    context: Context


@lru_cache(maxsize=65_536)
def names_action(pattern: str, action: str) -> bool:
    """Return whether an Action entry names an action (lower case)."""
    # Not every letter has a lower case of its own: the Kelvin sign's is a plain k.
    named = pattern == "*" or expression(glob(pattern.lower())).fullmatch(action) is not None
    return named and pattern.isascii()
