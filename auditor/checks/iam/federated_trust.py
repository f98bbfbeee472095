"""federated-trust-named: federation lets in approved providers alone, and of their users the audience and subjects that are named.

Claim: each statement that lets users of an OIDC provider take a role names audience and subject, one of a SAML provider the
audience; every provider is approved. Population: roles whose trust names a provider, those whose trust nobody can tell, and
the providers, listed or trusted. Deviation: no audience or subject; a subject that begins with a wildcard, or leaves open which
project of GitHub or GitLab; a provider outside every list. Subjects of other issuers have forms of their own: a pattern there
needs a person. Cannot see: who at the provider may get such a token. Documented, never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.policy import Effect, Statement
from auditor.checks.iam.federated_claims import Claim, Keys, audience, keys_of, other_claims, subject
from auditor.checks.iam.federation import Provider, is_called, provider_arn, providers
from auditor.checks.iam.trust_statements import UNCLEAR, denied_keys, opens, statements, worst
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.federation import OidcProvider, SamlProvider
from auditor.model.iam import Role

_FEDERATED = "Federated"


class _Params(Params):
    approved_providers: list[str]
    """ARNs or URLs; `PROVIDER PATTERN` approves a pattern of its subjects as well, as the trust policy writes it."""


@dataclass(frozen=True)
class _Trust(Item):
    """A role that users of a provider may take, or a provider that IAM lists."""

    of: Role | Provider
    unlisted: tuple[Provider, ...] = ()
    """Providers that this role trusts and IAM does not list: it knows some by a name alone."""


@dataclass(frozen=True)
class _Asked:
    """What one statement asks of one provider's users."""

    statement: Statement
    keys: Keys
    claims: dict[str, Claim]
    """How far it names the audience, and the subject where one is asked for."""
    is_denied: bool
    """Whether a Deny of the policy speaks of the same claims."""

    @property
    def seen(self) -> dict[str, JsonValue]:
        """What was observed."""
        conditions = (each for each in self.statement.conditions if each.key.startswith(self.keys.prefix))
        shown: list[JsonValue] = [f"{each.operator} {each.key}: {', '.join(each.values)}" for each in conditions]
        return {"statement": self.statement.label, "provider": self.keys.provider, "conditions": shown}


def _population(estate: Estate) -> Iterator[_Trust]:
    listed = {(each.account, each.arn) for each in (*estate.of(SamlProvider), *estate.of(OidcProvider))}
    found = list(providers(estate))
    unlisted: dict[tuple[str, str], list[Provider]] = {}
    for each in found:
        if (each.account, each.arn) in listed:
            yield _Trust(each.arn, each.resource_type, each.account, each.region, each)
        else:
            for arn in each.roles:
                unlisted.setdefault((each.account, arn), []).append(each)
    for role in estate.of(Role):
        trust = statements(role)
        if trust is None or any(_federated(one) for one in trust):
            theirs = tuple(unlisted.get((role.account, role.arn), ()))
            yield _Trust(role.arn, Role.cloudformation, role.account, role.region, role, theirs)


def _federated(statement: Statement) -> tuple[str, ...]:
    if statement.effect is not Effect.ALLOW:
        return ()
    return tuple(each.value for each in statement.principals if each.kind == _FEDERATED)


def _test(item: _Trust, estate: Estate, params: _Params) -> Outcome:
    match item.of:
        case Role():
            return _role(item.of, item.unlisted, estate, params)
        case Provider():
            return _provider(item.of, estate, params)


def _provider(provider: Provider, estate: Estate, params: _Params) -> Outcome:
    also, issuers = provider.roles, estate.registers.issuers
    seen: dict[str, JsonValue] = {"provider": provider.arn, "trusted_by": [*provider.roles]}
    entry = next((each for each in issuers or () if is_called(provider.arn, each.issuer)), None)
    if entry is not None:
        return passed(f"{entry.approved_by} approved this provider, {entry.owner} answers for it", also, **seen)
    if any(is_called(provider.arn, each.partition(" ")[0]) for each in params.approved_providers):
        return passed("approved_providers names this provider", also, **seen)
    if issuers is None and not params.approved_providers:
        to_register = f"{{issuer: {provider.arn}, owner: …, approved_by: …}}"
        return needs_attestation(
            f"nobody wrote down which providers are approved; to register: {to_register}", also, **seen
        )
    return failed("neither approved_providers nor the register of issuers names this provider", also, **seen)


def _role(role: Role, unlisted: tuple[Provider, ...], estate: Estate, params: _Params) -> Outcome:
    need(role.trust_policy)
    found = statements(role)
    if found is None:
        return undecided(UNCLEAR)
    asked = list(_asked(found, tuple(params.approved_providers)))
    if not asked:
        return not_applicable("no statement lets users of a provider take the role")
    claims = [_judge(each, role, name) for each in asked for name in ("audience", "subject") if name in each.claims]
    return worst([*claims, *(_provider(each, estate, params) for each in unlisted)])


def _asked(found: tuple[Statement, ...], approved: tuple[str, ...]) -> Iterator[_Asked]:
    denied = frozenset(denied_keys(found))
    for statement in found:
        for keys in map(keys_of, _federated(statement)):
            if opens(statement, keys.action):
                is_denied = not denied.isdisjoint((*keys.audience, *keys.subject))
                claims = {"audience": audience(statement, keys)}
                if keys.subject:
                    claims["subject"] = subject(statement, keys, approved)
                yield _Asked(statement, keys, claims, is_denied)


def _judge(asked: _Asked, role: Role, name: str) -> Outcome:
    also = (provider_arn(role, asked.keys.provider),)
    where = f"{asked.statement.label} of the trust policy"
    match asked.claims[name]:
        case Claim.NAMED:
            named = " and ".join(asked.claims)
            verb = "is" if len(asked.claims) == 1 else "are"
            return passed(f"{named} {verb} named, for users of {asked.keys.provider}", also, **asked.seen)
        case Claim.LOOSE:
            why = f"{where} is met, too, by a token without {name}"
            return needs_attestation(
                f"{why}: ask without IfExists and ForAllValues, or say that it always has one", also, **asked.seen
            )
        case Claim.PATTERN:
            return _pattern(asked, name, where, also)
        case Claim.UNKNOWN:
            return undecided(f"which {name} {where} asks for is not understood", also, **asked.seen)
        case Claim.WIDE | Claim.MISSING:
            return _open(asked, name, where, also)


def _pattern(asked: _Asked, name: str, where: str, also: tuple[str, ...]) -> Outcome:
    why = f"{where} names the {name} by a pattern, and whom it covers is not known"
    to_approve = (
        f"add '{asked.keys.provider} PATTERN' to approved_providers" if name == "subject" else "name it in full"
    )
    return needs_attestation(f"{why}; if it covers nobody else, {to_approve}", also, **asked.seen)


def _open(asked: _Asked, name: str, where: str, also: tuple[str, ...]) -> Outcome:
    """Return the outcome where a statement takes any audience or subject of the provider, or all of a wide pattern."""
    claim, provider = asked.claims[name], asked.keys.provider
    if asked.is_denied:
        return undecided(f"{where} leaves the {name} open; a Deny speaks of it, and is not weighed", also, **asked.seen)
    if claim is Claim.WIDE:
        why = f"{where} takes each {name} of a pattern that covers several projects or tenants"
        return failed(f"{why} ({provider})", also, **asked.seen)
    others = other_claims(asked.statement, asked.keys) if name == "subject" else ()
    if others:
        why = f"{where} names no subject, but {others[0]}"
        return needs_attestation(
            f"{why}: whether that keeps others of the provider out must be said", also, **asked.seen
        )
    return failed(f"{where} names no {name}, so it takes any of {provider}", also, **asked.seen)


CHECK = Check(
    name="federated-trust-named",
    reads=("Role", "OidcProvider", "SamlProvider"),
    params=_Params,
    population=_population,
    test=_test,
    registers=("issuers",),
)
