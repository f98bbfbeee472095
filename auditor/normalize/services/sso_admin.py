"""sso-admin's instances, permission sets and assignments."""

from typing import Any

from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.model.people import AccountAssignment, IdentityCenterInstance, PermissionSet
from auditor.normalize.facts import Members, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_INSTANCES = "sso-admin:ListInstances"
_SETS = "sso-admin:ListPermissionSets"
_SET = "sso-admin:DescribePermissionSet"
_MANAGED = "sso-admin:ListManagedPoliciesInPermissionSet"
_CUSTOMER = "sso-admin:ListCustomerManagedPolicyReferencesInPermissionSet"
_INLINE = "sso-admin:GetInlinePolicyForPermissionSet"
_BOUNDARY = "sso-admin:GetPermissionsBoundaryForPermissionSet"
_PROVISIONED = "sso-admin:ListAccountsForProvisionedPermissionSet"
_ASSIGNMENTS = "sso-admin:ListAccountAssignments"
_NO_TAGS = NotApplicable(why="tags of Identity Center are not read")
_DETAILS = (_SET, _MANAGED, _CUSTOMER, _INLINE, _BOUNDARY, _PROVISIONED)


def normalize(read: Reading) -> None:
    """Add the instances that are seen here, and what each that is read here holds."""
    for found in read.records(_INSTANCES, "Instances"):
        _instance(read, found)
    for each in read.reads(_SETS):
        for arn in each.body.get("PermissionSets") or ():
            _set(read, str(each.page.parameters["InstanceArn"]), text(arn), each.page.sha256)
    for each in read.reads(_ASSIGNMENTS):
        for record in each.body.get("AccountAssignments") or ():
            _assignment(read, Found(record, _ASSIGNMENTS, (each.page.sha256,)), each.page.parameters)


def _place(read: Reading, arn: str, name: str) -> dict[str, Any]:
    return {
        "account": read.key.account,
        "region": read.key.region,
        "arn": arn,
        "name": name,
        "tags": _NO_TAGS,
    }


def _instance(read: Reading, found: Found) -> None:
    arn = str(found.record["InstanceArn"])
    about = Members(read, _INSTANCES, arn, found.record)
    name = about.text("Name")
    instance = IdentityCenterInstance(
        **_place(read, arn, name.value if isinstance(name, Present) else arn.rpartition("/")[2]),
        identity_store=about.text("IdentityStoreId"),
        owner_account=about.text("OwnerAccountId"),
        status=about.text("Status"),
        primary_region=about.text("PrimaryRegion"),
        created=about.moment("CreatedDate"),
        permission_sets=_sets(read, arn, about.text("PrimaryRegion")),
    )
    read.add(instance, [*found.pages, *read.pages_of(_SETS, InstanceArn=arn)])


def _sets(read: Reading, arn: str, primary: Fact[str]) -> Fact[tuple[str, ...]]:
    if isinstance(primary, Present) and primary.value != read.key.region:
        return NotApplicable(why=f"read in its primary region {primary.value}")
    gap = read.gap(_SETS, arn)
    pages = read.reads(_SETS, InstanceArn=arn)
    if gap is None and not pages:
        gap = read.refused(_SETS)
    if gap is not None:
        return Unread(gap=gap)
    return Present(value=tuple(sorted({str(each) for page in pages for each in page.body.get("PermissionSets") or ()})))


def _set(read: Reading, instance: str, arn: str, page: str) -> None:
    described = read.reads(_SET, PermissionSetArn=arn)
    inner = described[0].body.get("PermissionSet") if described else None
    about = Members(read, _SET, arn, inner, read.gap(_SET, arn))
    name = about.text("Name")
    inline = read.reads(_INLINE, PermissionSetArn=arn)
    permission_set = PermissionSet(
        **_place(read, arn, name.value if isinstance(name, Present) else arn.rpartition("/")[2]),
        instance_arn=instance,
        set_name=name,
        session_duration=about.text("SessionDuration"),
        attached_policy_arns=_listed(read, _MANAGED, arn, "AttachedManagedPolicies", _arn),
        customer_policies=_listed(read, _CUSTOMER, arn, "CustomerManagedPolicyReferences", _path),
        policy=Members(read, _INLINE, arn, inline[0].body if inline else None, read.gap(_INLINE, arn)).policy(
            "InlinePolicy"
        ),
        permissions_boundary=_boundary(read, arn),
        accounts=_listed(read, _PROVISIONED, arn, "AccountIds", text),
    )
    details = [sha for call in _DETAILS for sha in read.pages_of(call, PermissionSetArn=arn)]
    read.add(permission_set, [page, *details])


def _listed(read: Reading, operation: str, arn: str, items: str, name: Any) -> Fact[tuple[str, ...]]:
    """Return what a list below a permission set names, sorted; unread where the list was not read to its end."""
    gap = read.gap(operation, arn)
    if gap is not None:
        return Unread(gap=gap)
    found = [each for page in read.reads(operation, PermissionSetArn=arn) for each in page.body.get(items) or ()]
    try:
        return Present(value=tuple(sorted({name(each) for each in found})))
    except (TypeError, LookupError, ValueError):
        return Unread(gap=read.broken(operation, arn, f"{items} is not understood"))


def _arn(policy: Any) -> str:
    return text(policy["Arn"])


def _path(reference: Any) -> str:
    return text(reference.get("Path") or "/") + text(reference["Name"])


def _boundary(read: Reading, arn: str) -> Fact[str]:
    gap = read.gap(_BOUNDARY, arn)
    answered = read.reads(_BOUNDARY, PermissionSetArn=arn)
    # A refusal is AWS's word for "none"; the collector tolerates no other.
    none = any(page.operation == _BOUNDARY and page.parameters.get("PermissionSetArn") == arn for page in read.refusals)
    body: Any = answered[0].body if answered else {} if none else None
    return Members(read, _BOUNDARY, arn, body, gap).take("PermissionsBoundary", _bound)


def _bound(value: Any) -> str:
    arn = value.get("ManagedPolicyArn")
    return text(arn) if arn is not None else _path(value["CustomerManagedPolicyReference"])


def _assignment(read: Reading, found: Found, asked: Any) -> None:
    set_arn, account = str(asked["PermissionSetArn"]), str(asked["AccountId"])
    principal = str(found.record["PrincipalId"])
    kind = found.record.get("PrincipalType")
    arn = f"{set_arn}#assignment/{account}/{kind}/{principal}"
    about = Members(read, _ASSIGNMENTS, arn, found.record)
    assignment = AccountAssignment(
        **_place(read, arn, f"{kind} {principal} in {account}"),
        permission_set_arn=set_arn,
        target_account=account,
        principal_type=about.text("PrincipalType"),
        principal_id=principal,
    )
    read.add(assignment, found.pages)


NORMALIZER = Normalizer(
    "sso-admin",
    normalize,
    lists=(
        ListCall(_INSTANCES, "IdentityCenterInstance", "Instances"),
        ListCall(_SETS, "PermissionSet", "PermissionSets", "{InstanceArn}"),
        ListCall(_PROVISIONED, "ProvisionedAccount", "AccountIds", "{PermissionSetArn}"),
        ListCall(_ASSIGNMENTS, "AccountAssignment", "AccountAssignments", "{PermissionSetArn}#account/{AccountId}"),
    ),
)
