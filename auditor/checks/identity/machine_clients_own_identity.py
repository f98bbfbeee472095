"""machine-clients-own-identity: an app client that gets tokens by itself is one workload's alone, and somebody answers for it.

Claim: it has an entry in the register of machine identities, one only, holds scopes of one API, and no person signs in through
it. Population: every app client of a user pool. Deviation: a flow for people beside client_credentials, among them those that
Cognito allows where none is set; two owners in the register; scopes of several resource servers, or no owner, without an entry.
Cannot see: who holds the client's secret, and how many programs use it.
"""

from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.model.cognito import UserPoolClient
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.register import MachineIdentity

_BY_ITSELF = "client_credentials"
_NO_SIGN_IN = frozenset(
    {"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_TOKEN_EXCHANGE_DELEGATION", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"}
)
"""ExplicitAuthFlows by which nobody signs in; where none is set, Cognito allows two others (API reference)."""
_SIGN_IN = frozenset(
    {
        "ADMIN_NO_SRP_AUTH",
        "CUSTOM_AUTH_FLOW_ONLY",
        "USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
    }
)
_FOR_PEOPLE = frozenset({"code", "implicit"})


class _Params(Params):
    owner_required: bool


def _test(item: ResourceItem[UserPoolClient], estate: Estate, params: _Params) -> Outcome:
    client = item.of
    flows = need(client.oauth_flows) or ()
    if need(client.oauth_enabled) is not True or _BY_ITSELF not in flows:
        return not_applicable("it gets no tokens by itself")
    scopes = need(client.oauth_scopes) or ()
    entries = tuple(
        each for each in estate.registers.machine_identities or () if each.identity in {client.client_id, client.arn}
    )
    seen: dict[str, Any] = {"oauth_flows": [*flows], "scopes": [*scopes], "owners": sorted({e.owner for e in entries})}
    why = _for_people(client, flows) or _shared(entries)
    if why is not None:
        return failed(why, **seen)
    if (strange := _strange(client, flows)) is not None:
        return undecided(f"whether people sign in by {strange} is not known to this version", **seen)
    return _unowned(client, scopes, entries, estate, params) or passed(_words(entries), **seen)


def _for_people(client: UserPoolClient, flows: tuple[str, ...]) -> str | None:
    """Return how people get in as well; raise NotReadError where that is unread."""
    sign_in = need(client.sign_in_flows)
    people = sorted({*flows} & _FOR_PEOPLE) or sorted({*(sign_in or ())} & _SIGN_IN)
    if people:
        return f"it gets tokens by itself, and people sign in through it as well ({', '.join(people)})"
    if not sign_in:
        return (
            "it gets tokens by itself, and as no authentication flow is set, Cognito lets people sign in (SRP, custom)"
        )
    return None


def _strange(client: UserPoolClient, flows: tuple[str, ...]) -> str | None:
    """Return a flow of which nobody can tell whether people sign in by it."""
    found = ({*flows} - _FOR_PEOPLE - {_BY_ITSELF}) | ({*(need(client.sign_in_flows) or ())} - _SIGN_IN - _NO_SIGN_IN)
    return min(found, default=None)


def _shared(entries: tuple[MachineIdentity, ...]) -> str | None:
    owners = sorted({each.owner for each in entries})
    return f"workloads of {' and '.join(owners)} share it, as the register says" if len(owners) > 1 else None


def _unowned(
    client: UserPoolClient,
    scopes: tuple[str, ...],
    entries: tuple[MachineIdentity, ...],
    estate: Estate,
    params: _Params,
) -> Outcome | None:
    """Return what is missing where the register does not name the client."""
    servers = sorted({scope.rpartition("/")[0] for scope in scopes if "/" in scope})
    if entries or not (params.owner_required or len(servers) > 1):
        return None
    what = f"it holds scopes of {' and '.join(servers)}" if len(servers) > 1 else "nobody is named who answers for it"
    seen: dict[str, Any] = {"scopes": [*scopes]}
    if estate.registers.machine_identities is None:
        entry = f"{{identity: {client.client_id}, kind: machine, owner: …, acts_for_users: false}}"
        return needs_attestation(
            f"{what}, and no register of machine identities is configured; to register: {entry}", **seen
        )
    return failed(f"{what}, and the register of machine identities does not name it", **seen)


def _words(entries: tuple[MachineIdentity, ...]) -> str:
    owner = f"{entries[0].owner} answers for it, and " if entries else ""
    return f"{owner}no person signs in through it"


CHECK = Check(
    name="machine-clients-own-identity",
    reads=("UserPoolClient",),
    params=_Params,
    population=lambda estate: items(estate.of(UserPoolClient)),
    test=_test,
    registers=("machine_identities",),
)
