"""Who calls the signed routes, what stops some of them, and an API that nobody can call.

Allowed: the claims desk of the partner account. Stopped: the depot planner's writes, by a boundary; the claims archive, by a policy
of the organization; the label printer of the partner account at production's depots, which its own account alone allows; everybody
at the archive, which is private and has no resource policy.
"""

import json
from datetime import datetime
from typing import Any

from moto.organizations.models import organizations_backends

from auditor.demo.company import EUROPE, PARTNERS, PRODUCTION
from auditor.demo.company.building import Rest, RestBuilder
from auditor.demo.company.clients import Account
from auditor.demo.company.estate import Estate
from auditor.demo.company.keys import days_before

_INVOKE = "execute-api:Invoke"


class Callers:
    """The organization's limits, and the roles that meet them."""

    def __init__(self, estate: Estate) -> None:
        """Take the accounts; nothing is made."""
        self._estate = estate

    def build(self, quarter_end: datetime) -> None:
        """Make what stands at the end of the second quarter."""
        with days_before(quarter_end, 60):
            self._organization()
            self._roles()
            self._archive()

    def _organization(self) -> None:
        """Bring the partner account into the organization, below a unit with a policy of its own."""
        organizations = self._estate.production.client("organizations", EUROPE)
        root = organizations.list_roots()["Roots"][0]["Id"]
        made = organizations.create_account(AccountName="partners", Email="partners@halvorsen.example")
        _renumber(made["CreateAccountStatus"]["AccountId"], PARTNERS)
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
        unit = organizations.create_organizational_unit(ParentId=root, Name="Partners")["OrganizationalUnit"]["Id"]
        organizations.move_account(AccountId=PARTNERS, SourceParentId=root, DestinationParentId=unit)
        limit = organizations.create_policy(
            Name="claims-through-the-desk",
            Description="Claims are made by the desk alone",
            Type="SERVICE_CONTROL_POLICY",
            Content=json.dumps(_document(_only_the_desk())),
        )
        organizations.attach_policy(PolicyId=limit["Policy"]["PolicySummary"]["Id"], TargetId=unit)

    def _roles(self) -> None:
        production, partners = self._estate.production, self._estate.partners
        tracking, portal = self._estate.tracking.id, self._estate.portal.id
        depots = f"arn:aws:execute-api:{EUROPE}:{PRODUCTION}:{tracking}/prod"
        reads = _allow("ReadDepots", f"{depots}/GET/depots*")
        bound = _policy(production, "depots-read-only", _document(reads))
        _role(production, "depot-planner", _allow("PlanDepots", f"{depots}/*/depots*"), bound)
        claims = f"arn:aws:execute-api:{EUROPE}:{PARTNERS}:{portal}/prod/POST/claims"
        _role(partners, "claims-desk", _allow("MakeClaims", claims))
        _role(partners, "claims-archive", _allow("MakeClaims", claims))
        _role(partners, "label-printer", _allow("ReadStock", f"{depots}/GET/depots/*/stock"))

    def _archive(self) -> None:
        """Build an API that was never given a resource policy: it was to be opened once the archive was ready."""
        api = RestBuilder(self._estate.production, EUROPE, "archive", endpointConfiguration={"types": ["PRIVATE"]})
        api.routes([Rest("GET", "/parcels/{parcelId}", "AWS_IAM")])
        api.deploy("prod", None)


def _renumber(drawn: str, number: str) -> None:
    """Give a member account its number: moto draws one, as AWS does, and the company has had its own for years."""
    backend = organizations_backends[PRODUCTION]["aws"]
    backend.get_account_by_id(drawn).id = number
    organizations_backends.master_accounts[number] = organizations_backends.master_accounts.pop(drawn)


def _only_the_desk() -> dict[str, Any]:
    return {
        "Sid": "OnlyTheDesk",
        "Effect": "Deny",
        "Action": _INVOKE,
        "Resource": f"arn:aws:execute-api:*:{PARTNERS}:*/*/POST/claims",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{PARTNERS}:role/claims-desk"}},
    }


def _allow(sid: str, resource: str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": _INVOKE, "Resource": resource}


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _policy(account: Account, name: str, document: dict[str, Any]) -> str:
    made = account.client("iam", EUROPE).create_policy(PolicyName=name, PolicyDocument=json.dumps(document))
    return str(made["Policy"]["Arn"])


def _role(account: Account, name: str, statement: dict[str, Any], boundary: str | None = None) -> None:
    """Make a role that functions of the account run as, with one policy of its own."""
    trust = {
        "Sid": "Functions",
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    iam = account.client("iam", EUROPE)
    bounded = {} if boundary is None else {"PermissionsBoundary": boundary}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_document(trust)), **bounded)
    iam.put_role_policy(RoleName=name, PolicyName="calls", PolicyDocument=json.dumps(_document(statement)))
