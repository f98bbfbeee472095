"""What a resource policy does together with what else a route asks for (dataflow.md section 4.2, access.md section 4.1).

With a Lambda authorizer, and with AWS IAM inside one account, either allow is enough: only a Deny keeps anybody out. With user
pools the policy is asked by itself, once the token was found good; of JWT authorizers the same is inferred. None of it was tried
on a live account.
"""

import re
from dataclasses import replace
from datetime import datetime

from auditor.access.family import INVOKE, Family, family, resource_relation
from auditor.access.iam.caller import SOMEBODY, Named, names_aws_only, speaks_of
from auditor.access.iam.statement import has_action
from auditor.access.iam.truth import Truth
from auditor.access.patterns import Relation
from auditor.access.policy import Condition, Effect, Principal, Statement
from auditor.access.strangers.origins import Way
from auditor.access.strangers.restriction import (
    Restriction,
    RestrictionKind,
    of_statements,
    of_text,
    of_way,
)

_EVERYONE = (Principal("*", "*"),)
_OPEN_ALLOW = Statement(
    number=0,
    sid="",
    effect=Effect.ALLOW,
    principals=_EVERYONE,
    not_principals=(),
    actions=("execute-api:Invoke",),
    not_actions=(),
    resources=("*",),
    not_resources=(),
    conditions=(),
)
_ENDPOINT_KEYS = frozenset({"aws:sourcevpce", "aws:sourcevpc"})
_ABOUT_ENDPOINTS = _ENDPOINT_KEYS | {"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:sourcevpcarn"}
"""Keys that speak of where a private call comes from; those that name no id stay undecided."""
_IDENTITY = {
    "aws:principalorgid": re.compile(r"o-[0-9a-z]+"),
    "aws:principalaccount": re.compile(r"[0-9]{12}"),
    "aws:principalarn": re.compile(r"arn:[^:*?]+:(iam|sts)::[0-9]{12}:[^$]+"),
}
_IS = re.compile(r"(string|arn)(equals|like)")
_IS_NOT = re.compile(r"(string|arn)not(equals|like)")


def beside_function(
    policy_text: str, route_arn: str, *, private: bool | None, moment: datetime | None = None
) -> Restriction:
    """Return what the policy does beside a Lambda authorizer of the same account: its Denies alone count."""
    route, way = family(route_arn), Way(moment=moment)

    def judged(statements: tuple[Statement, ...]) -> Restriction:
        denies = tuple(each for each in statements if each.effect is Effect.DENY)
        found = of_statements((*denies, _OPEN_ALLOW), route, way, private=private)
        if found.kind is not RestrictionKind.OPEN:
            return found
        return Restriction(RestrictionKind.OPEN, "No Deny of the policy limits where calls come from.")

    return of_text(policy_text, judged)


def beside_iam(
    policy_text: str, route_arn: str, *, private: bool | None, moment: datetime | None = None
) -> Restriction:
    """Return what the policy does to callers with an identity of AWS: it may also name organizations, accounts and principals.

    These in recognised forms only.
    """
    route, way = family(route_arn), Way(is_signed=True, moment=moment)

    def judged(statements: tuple[Statement, ...]) -> Restriction:
        limiting = next((each for each in statements if _denies_others(each, route)), None)
        if limiting is not None:
            return _restricting(f"The policy denies callers other than those of {_identities(limiting)}.")
        wide = tuple(each for each in statements if each.effect is Effect.DENY or not _allows_some(each))
        found = of_statements(wide, route, way, private=private)
        allows = (each for each in statements if each.effect is Effect.ALLOW)
        named = next((each for each in allows if each not in wide or names_aws_only(each)), None)
        if found.kind is RestrictionKind.CLOSED and named is not None:
            return _restricting(f"The policy allows only callers of {_identities(named)}.")
        return found

    return of_text(policy_text, judged)


def at_endpoints(
    policy_text: str, of: str | Family, *, or_address: bool = False, moment: datetime | None = None
) -> Restriction:
    """Return whether the policy limits calls to named VPC endpoints or VPCs, whatever else it asks for.

    What an Allow asks besides is left out: then only what names the network can restrict. A value with a wildcard names none.
    `or_address`: a condition on aws:SourceIp limits too, as far as calls through endpoints carry none.
    """
    whole = family(of) if isinstance(of, str) else of
    way = Way(inside=True, is_signed=True, by_address=not or_address, moment=moment)

    def judged(statements: tuple[Statement, ...]) -> Restriction:
        return of_way(tuple(_bare(each) for each in statements if not _is_by_pattern(each)), whole, way)

    return of_text(policy_text, judged)


def _restricting(why: str) -> Restriction:
    return Restriction(RestrictionKind.RESTRICTING, why)


def _denies_others(statement: Statement, route: Family) -> bool:
    """Return whether a Deny of everyone, of the whole route, leaves named identities alone."""
    return (
        statement.effect is Effect.DENY
        and speaks_of(statement, SOMEBODY, Named.DIRECTLY) is Truth.YES
        and has_action(statement, INVOKE)
        and any(resource_relation(each, route) is Relation.COVERS for each in statement.resources)
        and bool(statement.conditions)
        and all(_IS_NOT.fullmatch(each.operator) and _names_identities(each) for each in statement.conditions)
    )


def _allows_some(statement: Statement) -> bool:
    """Return whether an Allow is for named organizations, accounts or principals alone."""
    return any(_IS.fullmatch(each.operator) and _names_identities(each) for each in statement.conditions)


def _names_identities(condition: Condition) -> bool:
    form = _IDENTITY.get(condition.key)
    return form is not None and bool(condition.values) and all(form.fullmatch(each) for each in condition.values)


def _identities(statement: Statement) -> str:
    by_condition = " and ".join(", ".join(each.values[:3]) for each in statement.conditions if each.key in _IDENTITY)
    return by_condition or ", ".join(each.value for each in statement.principals[:3])


def _bare(statement: Statement) -> Statement:
    if statement.effect is Effect.DENY:
        return statement
    kept = tuple(each for each in statement.conditions if each.key in _ABOUT_ENDPOINTS and not _is_pattern(each))
    return replace(statement, principals=_EVERYONE, not_principals=(), conditions=kept)


def _is_by_pattern(statement: Statement) -> bool:
    """Return whether a Deny spares whatever matches a pattern: strangers' networks match it too."""
    return statement.effect is Effect.DENY and any(_is_pattern(each) for each in statement.conditions)


def _is_pattern(condition: Condition) -> bool:
    return condition.key in _ENDPOINT_KEYS and any(set(each) & set("*?") for each in condition.values)
