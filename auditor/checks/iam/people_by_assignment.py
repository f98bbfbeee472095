"""people-by-assignment: people reach accounts through groups of an Identity Center or declared federation, and leavers are gone.

Claim: every assignment to an account in scope is a group's, and points to someone who exists and is enabled; beside it nobody
has a console password of IAM; every other provider that roles trust is declared. Population: assignments to accounts in scope,
IAM users, trusted identity providers, and each account. Deviation: an assignment to a user outside the register of break-glass;
to a user or group that is gone, or a disabled user; a group with an unknown member; a console password beside Identity
Center; an undeclared SAML provider. A disabled member of a group is printed, no deviation: such a user cannot sign in.
Cannot see: who comes by a role of another account, who sits behind a SAML or OIDC provider, and an Identity Center that
lives outside the snapshot; AWSReservedSSO roles show that there is one, and then a person must say who comes by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.checks.iam.federation import Provider, judge, providers, unclear_roles
from auditor.checks.iam.people import DISABLED, ENABLED, People, in_words, named, people, set_name_of
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
from auditor.checks.principals import break_glass, to_declare
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.iam import Role, User
from auditor.model.people import (
    AccountAssignment,
    GroupMembership,
    IdentityCenterGroup,
    IdentityCenterInstance,
    IdentityCenterUser,
    PermissionSet,
)
from auditor.model.snapshot import GLOBAL_REGION

_USERS, _GROUPS = "list:IdentityCenterUser", "list:IdentityCenterGroup"


@dataclass(frozen=True)
class WayIn(Item):
    """One way in which people may reach an account."""

    of: AccountAssignment | User | Role | Provider | None
    """None: the account itself."""
    people: People


def _population(estate: Estate) -> Iterator[WayIn]:
    index = people(estate)
    scope = estate.snapshot.scope
    for assignment in estate.of(AccountAssignment):
        if assignment.target_account in scope.accounts:
            yield _resource(assignment, index)
    for user in estate.of(User):
        yield _resource(user, index)
    for provider in providers(estate):
        yield WayIn(provider.arn, provider.resource_type, provider.account, provider.region, provider, index)
    for role in unclear_roles(estate):
        yield _resource(role, index)
    for account in scope.accounts:
        arn = f"arn:{scope.partition}:iam::{account}:account"
        yield WayIn(arn, "AWS::IAM::Account", account, GLOBAL_REGION, None, index)


def _resource(of: AccountAssignment | User | Role, index: People) -> WayIn:
    return WayIn(of.arn, type(of).cloudformation, of.account, of.region, of, index)


def _test(item: WayIn, estate: Estate, _params: Params) -> Outcome:
    match item.of:
        case AccountAssignment():
            return _assignment(item.of, estate, item.people)
        case User():
            return _console(item.of, estate, item.people)
        case Provider():
            return judge(item.of, estate)
        case Role():
            need(item.of.trust_policy)
            return undecided("the trust policy is not understood, so nobody can tell whether people come by this role")
        case None:
            return _account(item.account, estate, item.people)


def _assignment(assignment: AccountAssignment, estate: Estate, index: People) -> Outcome:
    kind = need(assignment.principal_type)
    seen: dict[str, JsonValue] = {
        "target_account": assignment.target_account,
        "permission_set": index.permission_set(assignment),
        "principal_type": kind,
        "principal_id": assignment.principal_id,
    }
    if kind == "GROUP":
        return _group(assignment, estate, index, seen)
    if kind == "USER":
        return _direct(assignment, estate, index, seen)
    return undecided(f"what kind of principal {kind} is, is not known", (), **seen)


def _group(assignment: AccountAssignment, estate: Estate, index: People, seen: dict[str, JsonValue]) -> Outcome:
    group = index.groups.get((assignment.account, assignment.region, assignment.principal_id))
    also: tuple[str, ...] = (assignment.permission_set_arn,)
    if group is None:
        estate.whole(IdentityCenterGroup, assignment.account, assignment.region)
        why = f"no group has the id {assignment.principal_id}: the assignment outlived it"
        return failed(why, (*also, _GROUPS), people=[], **seen)
    estate.whole(GroupMembership, group.account, group.region, group.arn)
    members = index.members.get((group.account, group.region, group.arn), ())
    ids = {need(each.member) for each in members}
    found = {each: index.users.get((group.account, group.region, each or "")) for each in ids}
    unknown = sorted(str(each) for each, user in found.items() if user is None)
    if unknown:
        estate.whole(IdentityCenterUser, group.account, group.region)
    known = [user for user in found.values() if user is not None]
    name = need(group.display_name) or group.group_id
    shown = sorted(named(each) for each in known)
    seen |= {"group": name, "people": [*shown, *(f"unknown user {each}" for each in unknown)]}
    also = (*also, group.arn, *sorted(each.arn for each in (*known, *members)))
    if unknown:
        return failed(f"the group {name} has a member whom nobody can name: {in_words(unknown)}", also, **seen)
    disabled = sum(need(each.status) == DISABLED for each in known)
    return passed(_sentence(name, len(known), disabled, seen), also, **seen)


def _sentence(group: str, count: int, disabled: int, seen: dict[str, JsonValue]) -> str:
    number = f"{count} {'person' if count == 1 else 'people'}" + (f", {disabled} disabled" if disabled else "")
    return f"the group {group} ({number}) holds {seen['permission_set']} in {seen['target_account']}"


def _direct(assignment: AccountAssignment, estate: Estate, index: People, seen: dict[str, JsonValue]) -> Outcome:
    user = index.users.get((assignment.account, assignment.region, assignment.principal_id))
    also: tuple[str, ...] = (assignment.permission_set_arn,)
    if user is None:
        estate.whole(IdentityCenterUser, assignment.account, assignment.region)
        why = f"no user has the id {assignment.principal_id}: the assignment outlived them"
        return failed(why, (*also, _USERS), people=[], **seen)
    also, status = (*also, user.arn), need(user.status)
    name = named(user)
    seen |= {"group": None, "people": [name], "user": user.arn, "status": status}
    if status == DISABLED:
        return failed(f"assigned to {name}: the user is disabled, the assignment stands", also, **seen)
    entry = break_glass(user.arn, estate)
    if entry is not None and status == ENABLED:
        return passed(f"assigned to {name} for emergencies, as {entry.owner} declared", also, owner=entry.owner, **seen)
    if entry is not None:
        return undecided(f"assigned to {name}: whether the user is enabled is not told", also, **seen)
    if estate.registers.break_glass is None:
        return needs_attestation(
            f"assigned to {name} directly, through no group; if it is for emergencies, to declare: {to_declare(user.arn)}",
            also,
            **seen,
        )
    return failed(f"assigned to {name} directly, through no group, and the register does not name them", also, **seen)


def _console(user: User, estate: Estate, index: People) -> Outcome:
    password = need(user.password_enabled)
    if password is None:
        return undecided("the credential report does not say whether the user has a console password")
    if not password:
        return not_applicable("the user has no console password", password_enabled=False)
    if not _has_identity_center(user.account, estate, index):
        return not_applicable("has a console password, and no Identity Center stands beside it", password_enabled=True)
    entry = break_glass(user.arn, estate)
    if entry is not None:
        return passed(f"for emergencies, as {entry.owner} declared", owner=entry.owner, password_enabled=True)
    if estate.registers.break_glass is None:
        return needs_attestation(
            f"signs in to the console beside Identity Center; if it is for emergencies, to declare: {to_declare(user.arn)}",
            password_enabled=True,
        )
    return failed(
        "signs in to the console beside Identity Center, and the register of break-glass does not name the user",
        password_enabled=True,
    )


def _has_identity_center(account: str, estate: Estate, index: People) -> bool:
    if index.reserved.get(account) or index.assigned.get(account):
        return True
    if any(each.account == account for each in estate.of(IdentityCenterInstance)):
        return True
    estate.whole(Role, account, GLOBAL_REGION)
    for region in estate.snapshot.scope.regions:
        estate.whole(IdentityCenterInstance, account, region)
    return False


def _account(account: str, estate: Estate, index: People) -> Outcome:
    estate.whole(Role, account, GLOBAL_REGION)
    roles = index.reserved.get(account, ())
    foreign = sorted(each.name for each in roles if not _is_explained(set_name_of(each), account, index))
    also = tuple(each.arn for each in roles)
    leading = len(index.assigned.get(account, ()))
    seen: dict[str, JsonValue] = {"reserved_roles": [each.name for each in roles], "assignments": leading}
    if foreign:
        _own_instances_were_read(account, estate)
        return needs_attestation(
            f"an Identity Center that this snapshot does not hold leads here: it made {in_words(foreign)}; collect the account and "
            "region where it lives, or attest who holds these",
            also,
            **seen,
        )
    if roles or leading:
        return passed(
            f"every role of an Identity Center here is one that was read; assignments: {leading}", also, **seen
        )
    for region in estate.snapshot.scope.regions:
        estate.whole(IdentityCenterInstance, account, region)
    return not_applicable("no Identity Center leads here; identity providers that roles trust are judged by themselves")


def _is_explained(name: str, account: str, index: People) -> bool:
    """Return whether a permission set of this name was brought to the account: names are alike in many Identity Centers."""
    if any(index.permission_set(each) == name for each in index.assigned.get(account, ())):
        return True
    alike = [each for each in index.sets.values() if need(each.set_name) == name]
    return any(account in (need(each.accounts) or ()) for each in alike)


def _own_instances_were_read(account: str, estate: Estate) -> None:
    """Raise where an instance of the account itself may hide behind a gap; another account's gap is told as its own."""
    for region in estate.snapshot.scope.regions:
        estate.whole(IdentityCenterInstance, account, region)
        estate.whole(PermissionSet, account, region)


CHECK = Check(
    name="people-by-assignment",
    reads=("AccountAssignment", "User", "Role", "SamlProvider", "OidcProvider"),
    params=Params,
    population=_population,
    test=_test,
    registers=("break_glass", "issuers"),
)
