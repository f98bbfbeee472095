"""no-full-access: no policy of a principal grants every action on every resource, unless it is registered break-glass.

Claim: no attached or inline policy allows everything. Population: the users, groups and roles of every account, each with the
policies that stand at it; one finding a principal, for that is what an owner changes and a waiver names. Deviation: a statement
that allows every action on every resource, written as `*`, as wildcards that come to the same, or in disguise: Allow with
NotAction or NotResource. Under a real condition, and for the roles that AWS or a landing zone makes, a person decides.
Cannot see: grants that only together come to everything, what a permissions boundary or an SCP takes away, and who reaches such
a principal (IAM-16).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from auditor.access.everything import Breadth, Grants, breadth
from auditor.access.trust import SERVICE, trusted
from auditor.checks.iam.policies_held import Principal, attached, documents, need_all
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    passed,
    undecided,
)
from auditor.checks.principals import break_glass, is_made_for_the_account, to_declare
from auditor.model.estate import Estate
from auditor.model.fact import is_unread, need
from auditor.model.iam import Group, Role, User


@dataclass(frozen=True)
class _Held:
    """What the policies of a principal grant, by the policy's name; those that were not read are not in it."""

    by_name: Mapping[str, Grants]
    also: tuple[str, ...]
    """ARNs of the managed ones: their pages are evidence."""

    def of(self, kind: Breadth) -> dict[str, JsonValue]:
        """Return why, by the policy's name, of those of one kind."""
        return {name: each.why for name, each in sorted(self.by_name.items()) if each.breadth is kind}


def _population(estate: Estate) -> Iterable[ResourceItem[Any]]:
    yield from items(estate.of(User))
    yield from items(estate.of(Group))
    yield from items(estate.of(Role))


def _test(item: ResourceItem[Any], estate: Estate, _params: Params) -> Outcome:
    principal: Principal = item.of
    held = _held(principal, estate)
    if held.of(Breadth.FULL):
        return _full(principal, estate, held)
    # A grant of everything is certain whatever else there is; only without one must all have been read.
    need_all(principal, estate)
    for kind, outcome, what in (
        (Breadth.UNKNOWN, undecided, "what a policy grants is not known"),
        (Breadth.CONDITIONAL, needs_attestation, "grants everything, under a condition that a person must weigh"),
    ):
        if held.of(kind):
            return outcome(f"{what}: {_listed(held, kind)}", held.also, policies=held.of(kind))
    count = len(held.by_name)
    if not count:
        return passed("no policy is attached to it or stands in it")
    return passed(f"none of its policies grants everything ({count} read)", held.also, policies=[*sorted(held.by_name)])


def _full(principal: Principal, estate: Estate, held: _Held) -> Outcome:
    what = _listed(held, Breadth.FULL)
    seen: dict[str, JsonValue] = {"policies": held.of(Breadth.FULL), "boundary": _boundary(principal)}
    entry = break_glass(principal.arn, estate)
    if entry is not None:
        return passed(f"break-glass of {entry.owner}, last tested on {entry.last_tested}: {what}", held.also, **seen)
    if isinstance(principal, Role) and is_made_for_the_account(principal):
        return _made_for_the_account(principal, estate, held)
    if estate.registers.break_glass is None and _may_be_break_glass(principal):
        return needs_attestation(
            f"grants everything: {what}; if it is break-glass, to declare: {to_declare(principal.arn)}",
            held.also,
            **seen,
        )
    return failed(f"grants everything: {what}", held.also, **seen)


def _made_for_the_account(role: Role, estate: Estate, held: _Held) -> Outcome:
    who = trusted(need(role.trust_policy) or "")
    seen: dict[str, JsonValue] = {"policies": held.of(Breadth.FULL), "assumed_by": [*who]}
    writer = next((each for each in estate.registers.allowed_writers or () if each.principal == role.arn), None)
    told = f"AWS or the landing zone made it, and {', '.join(who) or 'nobody'} may assume it"
    if writer is not None:
        return passed(f"{told}; declared an allowed writer: {writer.reason}", held.also, **seen)
    return needs_attestation(
        f"grants everything: {_listed(held, Breadth.FULL)}; {told}; to declare in allowed_writers: "
        f"{{principal: {role.arn}, reason: …}}",
        held.also,
        **seen,
    )


def _may_be_break_glass(principal: Principal) -> bool:
    """Return whether a person could use it in an emergency: no group can, nor a role that only AWS services assume."""
    if isinstance(principal, Role):
        return not all(each.startswith(SERVICE) for each in trusted(need(principal.trust_policy) or ""))
    return isinstance(principal, User)


def _boundary(principal: Principal) -> JsonValue:
    if isinstance(principal, Group) or is_unread(principal.permissions_boundary):
        return None
    return need(principal.permissions_boundary)


def _held(principal: Principal, estate: Estate) -> _Held:
    partition = estate.snapshot.scope.partition
    found = {
        name: Grants(Breadth.UNKNOWN, "the policy is not among those that IAM told")
        if document is None
        else breadth(document, partition, principal.account)
        for name, document in documents(principal, estate).items()
    }
    return _Held(found, attached(principal))


def _listed(held: _Held, kind: Breadth) -> str:
    return "; ".join(f"{name} ({why})" for name, why in held.of(kind).items())


CHECK = Check(
    name="no-full-access",
    reads=("User", "Group", "Role"),
    params=Params,
    population=_population,
    test=_test,
    registers=("break_glass", "allowed_writers"),
)
