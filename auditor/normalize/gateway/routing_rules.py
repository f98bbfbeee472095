"""The routing rules of a domain name: apigatewayv2:ListRoutingRules. Shapes from botocore's model, untried on a live account."""

from collections.abc import Mapping
from typing import Any

from auditor.model.doors import RoutingCondition, RoutingHeader, RoutingRule
from auditor.model.fact import Fact, NotApplicable, Present, Unread
from auditor.normalize.facts import flag, number, text
from auditor.normalize.reading import Reading

RULES = "apigatewayv2:ListRoutingRules"
_MAPPING_ONLY = frozenset({"BASE_PATH_MAPPING_ONLY", "API_MAPPING_ONLY"})
_NOT_COUNTED = NotApplicable(why="the routing mode lets mappings count alone")


def rules(read: Reading, arn: str, name: str, private_id: str, mode: Any) -> Fact[tuple[RoutingRule, ...]]:
    """Return the rules of a domain name by priority; not applicable where its routing mode leaves them aside."""
    if mode in _MAPPING_ONLY:
        return _NOT_COUNTED
    gap = read.gap(RULES, arn)
    if gap is not None:
        return Unread(gap=gap)
    asked = [each for each in read.reads(RULES, DomainName=name) if _id(each.page.parameters) == private_id]
    if not asked:
        return Unread(gap=read.broken(RULES, arn, "the answer is not there"))
    try:
        found = [_rule(record) for each in asked for record in each.body.get("routingRules") or ()]
    except (ValueError, TypeError, KeyError, AttributeError):
        return Unread(gap=read.broken(RULES, arn, "a routing rule is not understood"))
    return Present(value=tuple(sorted(found, key=lambda each: (each.priority, each.rule_id))))


def _id(parameters: Mapping[str, Any]) -> str:
    return str(parameters.get("DomainNameId") or "")


def _rule(record: Mapping[str, Any]) -> RoutingRule:
    # One action a rule; another kind of action, or more of them, is not understood.
    (action,) = record["actions"]
    target = action["invokeApi"]
    return RoutingRule(
        rule_id=text(record["routingRuleId"]),
        priority=number(record["priority"]),
        conditions=tuple(_condition(each) for each in record.get("conditions") or ()),
        api_id=text(target["apiId"]),
        stage=text(target["stage"]),
        strip_base_path=flag(target.get("stripBasePath", False)),
    )


def _condition(record: Mapping[str, Any]) -> RoutingCondition:
    paths, headers = record.get("matchBasePaths"), record.get("matchHeaders")
    if not set(record) <= {"matchBasePaths", "matchHeaders"} or (paths is None and headers is None):
        raise ValueError("a condition of another kind")
    return RoutingCondition(
        base_paths=tuple(sorted(text(each) for each in (paths or {}).get("anyOf") or ())),
        headers=tuple(
            sorted(
                (
                    RoutingHeader(header=text(each["header"]), value_glob=text(each["valueGlob"]))
                    for each in (headers or {}).get("anyOf") or ()
                ),
                key=lambda each: (each.header, each.value_glob),
            )
        ),
    )
