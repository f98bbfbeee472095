"""The identity providers of an account: those that IAM lists, and those that roles' trust policies name."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.policy import Effect, parse
from auditor.checks.interface import Outcome, failed, needs_attestation, passed
from auditor.model.estate import Estate
from auditor.model.fact import Present
from auditor.model.federation import OidcProvider, SamlProvider
from auditor.model.iam import Role

_SAML, _OIDC = ":saml-provider/", ":oidc-provider/"


@dataclass(frozen=True)
class Provider:
    """An identity provider of an account."""

    account: str
    region: str
    arn: str
    """Its ARN; `ACCOUNT-ARN#federated/NAME` for one that AWS knows by a name alone (cognito-identity.amazonaws.com)."""
    roles: tuple[str, ...]
    """ARNs of the roles that trust it."""

    @property
    def is_saml(self) -> bool:
        """Whether it signs people in by SAML; the others serve people and workloads alike."""
        return _SAML in self.arn

    @property
    def resource_type(self) -> str:
        """CloudFormation's name."""
        return "AWS::IAM::SAMLProvider" if self.is_saml else "AWS::IAM::OIDCProvider"


def providers(estate: Estate) -> Iterator[Provider]:
    """Yield the providers that are listed or trusted, by account and ARN; Identity Center's own are its business."""
    listed: tuple[SamlProvider | OidcProvider, ...] = (*estate.of(SamlProvider), *estate.of(OidcProvider))
    found: dict[tuple[str, str, str], list[str]] = {(each.account, each.region, each.arn): [] for each in listed}
    for role in estate.of(Role):
        for name in _federated(role) or ():
            found.setdefault((role.account, role.region, name), []).append(role.arn)
    for (account, region, arn), roles in sorted(found.items()):
        if not _is_identity_center(arn):
            yield Provider(account, region, arn, tuple(sorted(roles)))


def unclear_roles(estate: Estate) -> Iterator[Role]:
    """Yield the roles whose trust was not read or is no policy that can be understood."""
    return (role for role in estate.of(Role) if _federated(role) is None)


def _federated(role: Role) -> tuple[str, ...] | None:
    if not isinstance(role.trust_policy, Present):
        return None
    try:
        statements = parse(role.trust_policy.value)
    except ValueError:
        return None
    names = {
        principal.value
        for statement in statements
        if statement.effect is Effect.ALLOW
        for principal in statement.principals
        if principal.kind == "Federated"
    }
    return tuple(sorted(provider_arn(role, each) for each in names))


def provider_arn(role: Role, name: str) -> str:
    """Return the ARN of a provider that a role's trust policy names, as `Provider` writes it."""
    root = role.arn.partition(":role/")[0]
    return name if name.startswith("arn:") else f"{root}:account#federated/{name}"


def _is_identity_center(arn: str) -> bool:
    name = arn.partition(_SAML)[2]
    return name.startswith("AWSSSO_") and name.endswith("_DO_NOT_DELETE")


def judge(provider: Provider, estate: Estate) -> Outcome:
    """Return whether management declared a provider as a source of identities."""
    also = provider.roles
    seen: dict[str, JsonValue] = {"provider": provider.arn, "trusted_by": list(provider.roles)}
    entry = next((each for each in estate.registers.issuers or () if is_called(provider.arn, each.issuer)), None)
    if entry is not None:
        return passed(f"{entry.owner} declared this source of identities", also, owner=entry.owner, **seen)
    to_declare = f"{{issuer: {provider.arn}, owner: …, approved_by: …}}"
    count = len(provider.roles)
    trusted = (
        f"{count} role{'s take' if count != 1 else ' takes'} its users in" if count else "no role takes its users in"
    )
    if estate.registers.issuers is None:
        return needs_attestation(f"{trusted}; if that is meant, to declare: {to_declare}", also, **seen)
    if provider.is_saml:
        return failed(f"{trusted}, and the register of issuers does not name it", also, **seen)
    return needs_attestation(
        f"{trusted}, people or workloads, and the register of issuers does not name it; to declare: {to_declare}",
        also,
        **seen,
    )


def is_called(provider: str, name: str) -> bool:
    """Return whether a name of the organisation's (ARN, URL) is that of a provider, by its ARN as above."""
    if name == provider:
        return True
    url = provider.partition(_OIDC)[2] or provider.partition("#federated/")[2]
    return bool(url) and name.removeprefix("https://").rstrip("/") == url.rstrip("/")
