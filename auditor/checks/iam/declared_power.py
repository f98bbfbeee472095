"""Whether an identity's power is declared, and whether all was read of what grants it."""

from dataclasses import dataclass

from auditor.access.power.graph import Paths
from auditor.access.power.targets import Targets
from auditor.access.principals import Known
from auditor.checks.iam.policies_held import need_all, need_one
from auditor.checks.interface import Item
from auditor.checks.principals import break_glass
from auditor.model.estate import Estate
from auditor.model.fact import Present, need
from auditor.model.iam import Group, User


@dataclass(frozen=True)
class PowerItem(Item):
    """An identity, with the paths of its whole estate."""

    known: Known
    paths: Paths


def declared(arn: str, estate: Estate) -> str | None:
    """Return how an ARN is declared, in words."""
    writer = next((each for each in estate.registers.allowed_writers or () if each.principal == arn), None)
    if writer is not None:
        return f"declared an allowed writer: {writer.reason}"
    entry = break_glass(arn, estate)
    return None if entry is None else f"break-glass of {entry.owner}, last tested on {entry.last_tested}"


def declared_identity(known: Known, estate: Estate, targets: Targets) -> str | None:
    """Return how an identity is declared, by itself or by a group that it is in."""
    groups = targets.groups(known.of) if isinstance(known.of, User) else ()
    names = (known.who.arn, *(each.arn for each in groups))
    return next((how for each in names if (how := declared(each, estate)) is not None), None)


def to_declare(arn: str) -> str:
    """Return what to write into the register."""
    return f"to declare in allowed_writers: {{principal: {arn}, reason: …}}"


def policies_of(known: Known) -> tuple[str, ...]:
    """Return the ARNs of the managed policies of an identity: their pages are evidence."""
    attached = known.of.attached_policy_arns if known.of is not None else None
    return tuple(sorted(attached.value)) if isinstance(attached, Present) else ()


def need_policies(known: Known, estate: Estate) -> None:
    """Raise NotReadError where a policy that grants to an identity or bounds it was not read."""
    identity = known.of
    if identity is None:
        return
    need_all(identity, estate)
    bound = need(identity.permissions_boundary)
    if bound:
        need_one(identity, bound, estate)
    names = {each.rpartition("/")[2] for each in need(identity.groups) or ()} if isinstance(identity, User) else set()
    for group in estate.of(Group) if names else ():
        if group.account == identity.account and group.name in names:
            need_all(group, estate)
