"""organizations' accounts, units, and control policies with what they are attached to."""

from collections.abc import Callable, Mapping
from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.organization import Organization, OrganizationAccount, OrganizationPolicy
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_ORGANIZATION = "organizations:DescribeOrganization"
_ACCOUNTS = "organizations:ListAccounts"
_DELEGATES = "organizations:ListDelegatedAdministrators"
_ROOTS = "organizations:ListRoots"
_UNITS = "organizations:ListOrganizationalUnitsForParent"
_PLACED = "organizations:ListAccountsForParent"
_POLICIES = "organizations:ListPolicies"
_POLICY = "organizations:DescribePolicy"
_TARGETS = "organizations:ListTargetsForPolicy"
_HERE = "arn:{partition}:organizations::{account}:organization"
_NO_TAGS = NotApplicable(why="tags of the organization are not read")


def normalize(read: Reading) -> None:
    """Add the organization, where the account is in one, and what it tells this account."""
    described = read.reads(_ORGANIZATION)
    record = described[0].body.get("Organization") if described else None
    if isinstance(record, Mapping) and isinstance(record.get("Arn"), str):
        _organization(read, record, described[0].page.sha256)
    above = _above(read)
    for found in read.records(_ACCOUNTS, "Accounts"):
        _account(read, found, above)
    for found in read.records(_POLICIES, "Policies"):
        _policy(read, found)


def _place(read: Reading, arn: str, name: object) -> dict[str, Any]:
    return {"account": read.key.account, "region": read.key.region, "arn": arn, "name": str(name), "tags": _NO_TAGS}


def _organization(read: Reading, record: Mapping[str, Any], page: str) -> None:
    arn = str(record["Arn"])
    about = Members(read, _ORGANIZATION, arn, record)
    organization = Organization(
        **_place(read, arn, record.get("Id", arn)),
        organization_id=about.text("Id"),
        management_account=about.text("MasterAccountId"),
        feature_set=about.text("FeatureSet"),
        accounts=_told(read, _ACCOUNTS, "Accounts", lambda each: text(each["Id"])),
        delegated_administrators=_told(read, _DELEGATES, "DelegatedAdministrators", lambda each: text(each["Id"])),
        enabled_policy_types=_types(read),
        service_control_policies=_policies(read, "SERVICE_CONTROL_POLICY"),
        resource_control_policies=_policies(read, "RESOURCE_CONTROL_POLICY"),
    )
    read.add(organization, [page, *(sha for call in (_ACCOUNTS, _DELEGATES, _ROOTS) for sha in read.pages_of(call))])


def _told(
    read: Reading, operation: str, items: str, name: Callable[[Any], str], about: str | None = None, **asked: str
) -> Fact[tuple[str, ...]]:
    """Return what a list names, sorted; unread where it was cut short, refused by nature, or never asked for."""
    pages = read.reads(operation, **asked)
    gap = read.gap(operation, about)
    if gap is None and not pages:
        gap = read.refused(operation) or read.refused(_ACCOUNTS) or read.gap(_ACCOUNTS, None)
    if gap is None and not pages:
        gap = read.broken(operation, about or _here(read), "was not asked for")
    if gap is not None:
        return Unread(gap=gap)
    try:
        found = {name(each) for page in pages for each in page.body.get(items) or ()}
    except (TypeError, LookupError, ValueError, AttributeError):
        return Unread(gap=read.broken(operation, about or _here(read), f"{items} is not understood"))
    return Present(value=tuple(sorted(found)))


def _here(read: Reading) -> str:
    return _HERE.format(partition=read.partition, account=read.key.account)


def _types(read: Reading) -> Fact[tuple[str, ...]]:
    names = _told(read, _ROOTS, "Roots", _enabled)
    return Present(value=tuple(sorted(set(" ".join(names.value).split())))) if isinstance(names, Present) else names


def _enabled(root: Any) -> str:
    return " ".join(text(each["Type"]) for each in root.get("PolicyTypes") or () if each.get("Status") == "ENABLED")


def _policies(read: Reading, kind: str) -> Fact[tuple[str, ...]]:
    about = f"{_here(read)}#policies/{kind}"
    return _told(read, _POLICIES, "Policies", lambda each: text(each["Arn"]), about, Filter=kind)


def _above(read: Reading) -> Mapping[str, str]:
    """Return the unit or root directly above each account and unit, by id."""
    found: dict[str, str] = {}
    for operation, items in ((_PLACED, "Accounts"), (_UNITS, "OrganizationalUnits")):
        for each in read.reads(operation):
            for record in each.body.get(items) or ():
                found[str(record.get("Id"))] = str(each.page.parameters["ParentId"])
    return found


def _account(read: Reading, found: Found, above: Mapping[str, str]) -> None:
    account_id = str(found.record["Id"])
    arn = str(found.record.get("Arn", account_id))
    about = Members(read, _ACCOUNTS, arn, found.record)
    state = about.text("State")
    account = OrganizationAccount(
        **_place(read, arn, found.record.get("Name", account_id)),
        account_id=account_id,
        status=state if isinstance(state, Present | Unread) else about.text("Status"),
        above=_chain(read, account_id, above),
    )
    read.add(account, [*found.pages, *read.pages_of(_PLACED, ParentId=above.get(account_id, ""))])


def _chain(read: Reading, account_id: str, above: Mapping[str, str]) -> Fact[tuple[str, ...]]:
    chain: list[str] = []
    at = above.get(account_id)
    while at is not None and at not in chain:
        chain.append(at)
        at = above.get(at)
    if chain and chain[-1].startswith("r-"):
        return Present(value=tuple(chain))
    gap = next((gap for gap in read.gaps if gap.operation in {_PLACED, _UNITS, _ROOTS}), None)
    refused = next((each for call in (_PLACED, _UNITS, _ROOTS) if (each := read.refused(call))), None)
    return Unread(gap=gap or refused or read.broken(_PLACED, _here(read), f"{account_id} stands below nothing"))


def _policy(read: Reading, found: Found) -> None:
    policy_id = str(found.record["Id"])
    arn = str(found.record.get("Arn", policy_id))
    about = f"{_here(read)}#policy/{policy_id}"
    described = read.reads(_POLICY, PolicyId=policy_id)
    gap = read.gap(_POLICY, about) or (None if described else read.refused(_POLICY))
    inner = described[0].body.get("Policy") if described else None
    policy = OrganizationPolicy(
        **_place(read, arn, found.record.get("Name", policy_id)),
        policy_id=policy_id,
        policy_type=str(found.record.get("Type", "")),
        is_aws_managed=Members(read, _POLICIES, arn, found.record).flag("AwsManaged"),
        document=Members(read, _POLICY, arn, inner, gap).policy("Content"),
        targets=_told(read, _TARGETS, "Targets", lambda each: text(each["TargetId"]), about, PolicyId=policy_id),
    )
    pages = [sha for call in (_POLICY, _TARGETS) for sha in read.pages_of(call, PolicyId=policy_id)]
    read.add(policy, [*found.pages, *pages])


NORMALIZER = Normalizer(
    "organizations",
    normalize,
    lists=(
        ListCall(_ACCOUNTS, "OrganizationAccount", "Accounts"),
        ListCall(_DELEGATES, "DelegatedAdministrator", "DelegatedAdministrators"),
        ListCall(_ROOTS, "OrganizationRoot", "Roots"),
        ListCall(_UNITS, "OrganizationalUnit", "OrganizationalUnits", _HERE + "#parent/{ParentId}"),
        ListCall(_PLACED, "PlacedAccount", "Accounts", _HERE + "#parent/{ParentId}"),
        ListCall(_POLICIES, "OrganizationPolicy", "Policies", _HERE + "#policies/{Filter}"),
        ListCall(_TARGETS, "PolicyTarget", "Targets", _HERE + "#policy/{PolicyId}"),
    ),
)
