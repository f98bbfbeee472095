"""The policies that stand at a user, group or role, by name; what bounds it from outside is not among them."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from auditor.model.estate import Estate
from auditor.model.fact import is_unread, need
from auditor.model.iam import Group, ManagedPolicy, Role, User

Principal: TypeAlias = User | Group | Role


def documents(principal: Principal, estate: Estate) -> Mapping[str, str | None]:
    """Return the documents that were read, by the policy's name; None for one that IAM did not tell of at all."""
    found: dict[str, str | None] = dict(_inline(principal))
    for arn in attached(principal):
        policy = estate.one(ManagedPolicy, principal.account, arn)
        if policy is None:
            found[arn] = None
        elif not is_unread(policy.document):
            found[arn] = need(policy.document) or ""
    return found


def attached(principal: Principal) -> tuple[str, ...]:
    """Return the ARNs of the managed policies, as far as they were read: their pages are evidence."""
    return () if is_unread(principal.attached_policy_arns) else need(principal.attached_policy_arns) or ()


def need_all(principal: Principal, estate: Estate) -> None:
    """Raise NotReadError where a policy of the principal was not read."""
    need(principal.inline_policies)
    for arn in need(principal.attached_policy_arns) or ():
        need_one(principal, arn, estate)


def need_one(principal: Principal, arn: str, estate: Estate) -> None:
    """Raise NotReadError where a managed policy of the principal's account, or of AWS, was not read."""
    policy = estate.one(ManagedPolicy, principal.account, arn)
    if policy is None:
        estate.whole(ManagedPolicy, principal.account, principal.region)
    else:
        need(policy.document)


def _inline(principal: Principal) -> Iterator[tuple[str, str]]:
    if not is_unread(principal.inline_policies):
        for each in need(principal.inline_policies) or ():
            yield f"inline policy {each.name}", each.document
