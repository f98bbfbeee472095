"""Which audience and subject of an identity provider a statement of a trust policy asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from auditor.access.policy import Condition, Statement
from auditor.checks.iam.federation import is_called
from auditor.checks.iam.trust_statements import Tie, is_pattern, tie

_SAML, _OIDC = ":saml-provider/", ":oidc-provider/"
_COGNITO = "cognito-identity.amazonaws.com"
_GUESTS = ":amr"
_SIGNED_IN = "authenticated"
_BUILT_IN = {
    _COGNITO: ((":aud",), (":sub", _GUESTS)),
    "accounts.google.com": ((":aud", ":oaud"), (":sub",)),
    "www.amazon.com": ((":app_id",), (":user_id",)),
    "graph.facebook.com": ((":app_id",), (":id",)),
}
"""Audience and subject by the condition keys of the providers that IAM knows by name (IAM user guide, AWS STS condition keys)."""
_SHARED = {"token.actions.githubusercontent.com": "repo:", "gitlab.com": "project_path:"}
"""Issuers that serve everybody, and how their subjects begin: the tenant and its project stand behind it, up to the next colon."""


class Claim(IntEnum):
    """How far a statement names an audience or a subject, best first: conditions are joined by AND, so the best one decides."""

    NAMED = 1
    PATTERN = 2
    """By a pattern, and nobody can tell whose subjects it covers."""
    LOOSE = 3
    """Or nothing at all: met where the token does not carry the claim."""
    UNKNOWN = 4
    WIDE = 5
    """By a pattern that covers several projects or tenants."""
    MISSING = 6


@dataclass(frozen=True)
class Keys:
    """The condition keys, in small letters, that tell audience and subject of a provider."""

    provider: str
    """As the policy names it."""
    prefix: str
    audience: tuple[str, ...]
    subject: tuple[str, ...]
    """Empty where none is asked for: SAML."""

    @property
    def action(self) -> str:
        """The action by which its users take a role."""
        return "sts:assumerolewithsaml" if _SAML in self.provider else "sts:assumerolewithwebidentity"


def keys_of(provider: str) -> Keys:
    """Return the keys of a provider as a policy names it: an ARN, or the name of one that IAM knows."""
    if _SAML in provider:
        return Keys(provider, "saml:", ("saml:aud",), ())
    url = (provider.partition(_OIDC)[2] or provider).lower()
    audience, subject = _BUILT_IN.get(url, ((":aud",), (":sub",)))
    return Keys(provider, f"{url}:", tuple(url + each for each in audience), tuple(url + each for each in subject))


def audience(statement: Statement, keys: Keys) -> Claim:
    """Return how far a statement names the audience."""
    return min(
        (_grade(each, keys, ()) for each in statement.conditions if each.key in keys.audience), default=Claim.MISSING
    )


def subject(statement: Statement, keys: Keys, approved: tuple[str, ...]) -> Claim:
    """Return how far a statement names the subject; `approved`: `PROVIDER SUBJECT-PATTERN`, as the organisation wrote them."""
    patterns = tuple(_approved(keys.provider, approved))
    graded = (_grade(each, keys, patterns) for each in statement.conditions if each.key in keys.subject)
    return min(graded, default=Claim.MISSING)


def other_claims(statement: Statement, keys: Keys) -> tuple[str, ...]:
    """Return the provider's further claims that a statement ties to values, by their condition keys."""
    known = {*keys.audience, *keys.subject}
    ties = (each for each in statement.conditions if each.key.startswith(keys.prefix) and each.key not in known)
    return tuple(sorted({each.key for each in ties if tie(each) in {Tie.EXACT, Tie.LIKE}}))


def _approved(provider: str, entries: tuple[str, ...]) -> Iterator[str]:
    for each in entries:
        name, _, pattern = each.partition(" ")
        if pattern and is_called(provider if ":" in provider else f"#federated/{provider}", name):
            yield pattern.strip()


def _grade(condition: Condition, keys: Keys, approved: tuple[str, ...]) -> Claim:
    kind = tie(condition)
    if kind is Tie.UNKNOWN:
        return Claim.UNKNOWN
    if kind is Tie.FREE or not condition.values:
        return Claim.MISSING
    # Values are joined by OR: the widest decides.
    widest = max(_value(condition, each, keys, approved) for each in condition.values)
    return Claim.LOOSE if kind is Tie.LOOSE and widest < Claim.LOOSE else widest


def _value(condition: Condition, value: str, keys: Keys, approved: tuple[str, ...]) -> Claim:
    if condition.key == _COGNITO + _GUESTS:
        return Claim.NAMED if value == _SIGNED_IN else Claim.PATTERN
    if not is_pattern(condition, value) or value in approved:
        return Claim.NAMED
    if value[0] in "*?":
        return Claim.WIDE
    return _by_form(value, keys.prefix.removesuffix(":")) if condition.key in keys.subject else Claim.PATTERN


def _by_form(pattern: str, issuer: str) -> Claim:
    """Return what a pattern of subjects covers, where the form of the subjects is known."""
    head = pattern.replace("?", "*").partition("*")[0]
    begins = _SHARED.get(issuer) or next((each for each in _SHARED.values() if head.startswith(each)), None)
    if begins is None:
        return Claim.PATTERN
    if begins.startswith(head):
        return Claim.WIDE
    if not head.startswith(begins):
        return Claim.PATTERN
    return Claim.NAMED if ":" in head.removeprefix(begins) else Claim.WIDE
