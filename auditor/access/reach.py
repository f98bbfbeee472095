"""Which statements of a resource policy speak of anonymous calls of a route, and of how much of it."""

from enum import StrEnum

from auditor.access.family import Family, is_within, names_invoke, resource_relation
from auditor.access.patterns import Relation
from auditor.access.policy import Statement


class Reach(StrEnum):
    """Whether a statement speaks of anonymous calls at all."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def reach(statement: Statement) -> Reach:
    """Return whether a statement speaks of execute-api:Invoke by callers without an identity.

    `*` and `{"AWS": "*"}` are everyone (IAM user guide, reference_policies_elements_principal).
    """
    if statement.not_actions and names_invoke(statement.not_actions):
        return Reach.NO
    if statement.actions and not names_invoke(statement.actions):
        return Reach.NO
    if any(each.value == "*" and each.kind in {"*", "AWS"} for each in statement.principals):
        return Reach.UNKNOWN if statement.not_actions else Reach.YES
    return Reach.NO if names_aws_only(statement) else Reach.UNKNOWN


def names_aws_only(statement: Statement) -> bool:
    """Return whether the principals are AWS accounts, roles or users by full name: never an anonymous caller."""
    plain = all(each.kind == "AWS" and not set(each.value) & set("*?$") for each in statement.principals)
    return bool(statement.principals) and plain


def is_elsewhere(statement: Statement, route: Family) -> bool:
    """Return whether NotResource takes the whole route out of a statement."""
    return any(resource_relation(each, route) is Relation.COVERS for each in statement.not_resources)


def covers_route(deny: Statement, route: Family) -> bool:
    """Return whether a Deny certainly speaks of every call of the route."""
    return any(resource_relation(each, route) is Relation.COVERS for each in deny.resources)


def covers(deny: Statement, resource: str, route: Family) -> bool:
    """Return whether a Deny covers all of the route, or at least all that one resource of an Allow matches."""
    return covers_route(deny, route) or any(is_within(resource, each, route) for each in deny.resources)


def parts(deny: Statement, route: Family) -> int | None:
    """Return how many resources of a Deny meet the route in part; None where that cannot be told."""
    relations = [resource_relation(each, route) for each in deny.resources]
    if not relations or Relation.UNKNOWN in relations:
        return None
    return relations.count(Relation.PARTLY)
