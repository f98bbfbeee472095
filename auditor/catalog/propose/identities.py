"""Proposals from IAM, KMS and Secrets Manager: who may change the gateway, who is for emergencies, what is renewed by hand."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from auditor.access.policy import Effect, Statement, parse
from auditor.catalog.propose.interface import Entry, Proposer
from auditor.model.cognito import UserPoolClient
from auditor.model.estate import Estate
from auditor.model.fact import NotApplicable, Present
from auditor.model.iam import Group, ManagedPolicy, Role, User, is_service_linked
from auditor.model.keys import KmsKey, Secret
from auditor.model.register import AllowedWriter, BreakGlass, DeclaredSecret, MachineIdentity

_WRITES = (
    "apigateway:delete",
    "apigateway:patch",
    "apigateway:post",
    "apigateway:put",
    "apigateway:updaterestapipolicy",
)
_EVERYTHING = ("*:*",)
_OF_AWS = {
    "AdministratorAccess": True,
    "PowerUserAccess": True,
    "AmazonAPIGatewayAdministrator": True,
}
"""AWS's own policies that may change the gateway, where the snapshot does not hold their text."""
_EMERGENCY = re.compile(r"break.?glass|emergenc", re.IGNORECASE)
Holder = Role | User | Group


def _allowed_writers(estate: Estate) -> Iterator[Entry]:
    declared = {each.principal for each in estate.registers.allowed_writers or ()}
    for holder in _holders(estate):
        through = [name for name, allows in _policies(holder, estate, _WRITES) if allows]
        if through and holder.arn not in declared and not is_service_linked(holder.arn):
            yield Entry(f"may change API Gateway through {', '.join(through)}", {"principal": holder.arn})


def _break_glass(estate: Estate) -> Iterator[Entry]:
    declared = {each.principal for each in estate.registers.break_glass or ()}
    for holder in _holders(estate):
        if isinstance(holder, Group) or holder.arn in declared or is_service_linked(holder.arn):
            continue
        named = _EMERGENCY.search(holder.name) is not None
        through = [name for name, allows in _policies(holder, estate, _EVERYTHING) if allows]
        if named or (through and isinstance(holder, User)):
            why = (
                f"may do everything through {', '.join(through)}" if through else "is named like an emergency identity"
            )
            yield Entry(why, {"principal": holder.arn})


def _holders(estate: Estate) -> Iterator[Holder]:
    yield from estate.of(Role)
    yield from estate.of(User)
    yield from estate.of(Group)


def _policies(holder: Holder, estate: Estate, actions: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Yield each policy of an identity by name, with whether it allows any of the actions; what was not read is left out."""
    if isinstance(holder.inline_policies, Present):
        yield from ((each.name, _allows(each.document, actions)) for each in holder.inline_policies.value)
    attached = holder.attached_policy_arns.value if isinstance(holder.attached_policy_arns, Present) else ()
    texts = {each.arn: each.document for each in estate.of(ManagedPolicy) if each.account == holder.account}
    for arn in attached:
        name, text = arn.rpartition("/")[2], texts.get(arn)
        if isinstance(text, Present):
            yield name, _allows(text.value, actions)
        else:
            yield name, name in _OF_AWS and (actions == _WRITES or name == "AdministratorAccess")


def _allows(document: str, actions: tuple[str, ...]) -> bool:
    """Return whether a statement allows one of the actions somewhere; a policy that is malformed allows nothing."""
    try:
        statements = parse(document)
    except ValueError:
        return False
    return any(_grants(each, actions) for each in statements if each.effect is Effect.ALLOW)


def _grants(statement: Statement, actions: tuple[str, ...]) -> bool:
    if actions == _EVERYTHING:
        return bool({"*", "*:*"} & set(statement.actions)) and "*" in statement.resources
    if statement.not_actions:
        return any(not _named(action, statement.not_actions) for action in actions)
    return any(_named(action, statement.actions) for action in actions)


def _named(action: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(action, each.lower()) for each in patterns)


def _secrets(estate: Estate) -> Iterator[Entry]:
    declared = {each.secret for each in estate.registers.secrets or ()}
    for secret in estate.of(Secret):
        owned = isinstance(secret.owning_service, Present)
        if secret.arn not in declared and not owned and secret.rotation_enabled == Present[bool](value=False):
            yield Entry(f"secret {secret.name}, rotation is off", {"secret": secret.arn, "rotation": "manual"})
    for key in estate.of(KmsKey):
        ours = key.manager == Present[str](value="CUSTOMER") and key.state == Present[str](value="Enabled")
        if key.arn not in declared and ours and isinstance(key.rotation_enabled, NotApplicable):
            yield Entry(f"KMS key {key.name}, which cannot rotate by itself", {"secret": key.arn, "rotation": "manual"})


def _machine_identities(estate: Estate) -> Iterator[Entry]:
    """Propose the app clients that get tokens by themselves. Whose they are, and for whom they act, only people know."""
    declared = {each.identity for each in estate.registers.machine_identities or ()}
    for client in estate.of(UserPoolClient):
        flows = client.oauth_flows.value if isinstance(client.oauth_flows, Present) else ()
        if "client_credentials" in flows and client.client_id not in declared:
            scopes = client.oauth_scopes.value if isinstance(client.oauth_scopes, Present) else ()
            holds = f", holds {', '.join(scopes)}" if scopes else ""
            yield Entry(f"app client {client.name} gets tokens by itself{holds}", {"identity": client.client_id})


PROPOSERS = (
    Proposer(
        "allowed_writers",
        AllowedWriter,
        "Roles, users and groups that may change the gateway, and why.",
        _allowed_writers,
    ),
    Proposer("break_glass", BreakGlass, "Identities for emergencies: unused by design, and tested.", _break_glass),
    Proposer(
        "machine_identities",
        MachineIdentity,
        "Identities of machines and agents, and who answers for them.",
        _machine_identities,
    ),
    Proposer("secrets", DeclaredSecret, "Secrets and keys that are renewed by hand.", _secrets),
)
