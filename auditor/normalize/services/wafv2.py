"""wafv2:GetWebACL, GetLoggingConfiguration and GetRuleGroup to WebAcl and WafRuleGroup."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.platform import WafRule, WafRuleGroup, WebAcl
from auditor.model.snapshot import Page
from auditor.normalize.facts import Members, canonical, number, text, texts
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Reading

_ACL = "wafv2:GetWebACL"
_LOGGING = "wafv2:GetLoggingConfiguration"
_GROUP = "wafv2:GetRuleGroup"
_NO_TAGS = NotApplicable(why="tags of web ACLs are not read")
_GONE = NotApplicable(why="the web ACL does not exist")


def normalize(read: Reading) -> None:
    """Add every web ACL and rule group that was asked about."""
    for arn, body, pages in _asked(read, _ACL, "webacl"):
        _acl(read, arn, body, pages)
    for arn, body, pages in _asked(read, _GROUP, "rulegroup"):
        _group(read, arn, body, pages)


def _asked(read: Reading, operation: str, what: str) -> list[tuple[str, Any, tuple[str, ...]]]:
    """Return what a call was made about: its ARN, its body where there is one, and its pages."""

    def arn(page: Page) -> str:
        name, identity = page.parameters.get("Name"), page.parameters.get("Id")
        return f"arn:{read.partition}:wafv2:{read.key.region}:{read.key.account}:regional/{what}/{name}/{identity}"

    found: dict[str, tuple[Any, tuple[str, ...]]] = {}
    for gap in read.gaps:
        if gap.operation == operation:
            found[str(gap.resource)] = (None, ())
    for page in read.refusals:
        if page.operation == operation:
            found[arn(page)] = (None, (page.sha256,))
    for each in read.reads(operation):
        found[arn(each.page)] = (each.body, (each.page.sha256,))
    return sorted((name, *given) for name, given in found.items())


def _acl(read: Reading, arn: str, body: Any, pages: tuple[str, ...]) -> None:
    gap = read.gap(_ACL, arn)
    place: dict[str, Any] = {
        "arn": arn,
        "account": read.key.account,
        "region": read.key.region,
        "name": arn.split("/")[-2],
        "tags": _NO_TAGS,
        "exists": Unread(gap=gap) if gap is not None else Present(value=body is not None),
    }
    if body is None and gap is None:
        missing = {each: _GONE for each in WebAcl.model_fields if each not in place and each != "kind"}
        read.add(WebAcl(**place, **missing), pages)
        return
    about = Members(read, _ACL, arn, body.get("WebACL") if isinstance(body, Mapping) else None, gap)
    logging = _logging(read, arn)
    acl = WebAcl(
        **place,
        default_action=about.take("DefaultAction", _only),
        rules=_rules(about),
        log_destinations=Absent() if logging is None else logging.take("LogDestinationConfigs", _arns),
        logging_filter=Absent() if logging is None else logging.take("LoggingFilter", canonical),
    )
    logged = [page.sha256 for page in read.refusals if page.parameters.get("ResourceArn") == arn]
    read.add(acl, [*pages, *read.pages_of(_LOGGING, ResourceArn=arn), *logged])


def _logging(read: Reading, arn: str) -> Members | None:
    """Return where an ACL logs; None where AWS says that it does not."""
    gap = read.gap(_LOGGING, arn) or read.gap(_ACL, arn)
    bodies = read.reads(_LOGGING, ResourceArn=arn)
    if gap is None and not bodies:
        return None
    return Members(read, _LOGGING, arn, bodies[0].body.get("LoggingConfiguration") if bodies else None, gap)


def _arns(value: Any) -> tuple[str, ...]:
    found = texts(value)
    if not all(each.startswith("arn:") for each in found):
        raise ValueError("no ARN")
    return found


def _rules(about: Members) -> Fact[tuple[WafRule, ...]]:
    """Return the rules of an ACL; one that AWS leaves out is an empty list."""
    before = _list(about.take("PreProcessFirewallManagerRuleGroups", _managed_by_firewall_manager))
    own = _list(about.take("Rules", _own_rules))
    after = _list(about.take("PostProcessFirewallManagerRuleGroups", _managed_by_firewall_manager))
    for fact in (before, own, after):
        if isinstance(fact, Unread):
            return fact
    return Present(
        value=tuple(rule for fact in (before, own, after) if isinstance(fact, Present) for rule in fact.value)
    )


def _list(fact: Fact[tuple[WafRule, ...]]) -> Fact[tuple[WafRule, ...]]:
    return Present(value=()) if isinstance(fact, Absent) else fact


def _own_rules(value: Any) -> tuple[WafRule, ...]:
    return tuple(sorted((_rule(each, "Statement") for each in value), key=lambda rule: rule.priority))


def _managed_by_firewall_manager(value: Any) -> tuple[WafRule, ...]:
    return tuple(sorted((_rule(each, "FirewallManagerStatement") for each in value), key=lambda rule: rule.priority))


def _rule(record: Mapping[str, Any], statement: str) -> WafRule:
    given = record.get("Action") or record.get("OverrideAction")
    ((kind, inner),) = record[statement].items()
    return WafRule(
        name=text(record["Name"]),
        priority=number(record["Priority"]),
        kind=_kind(kind, inner),
        action=_only(given),
        overridden=_overridden(inner if isinstance(inner, Mapping) else {}),
    )


def _kind(kind: str, inner: Any) -> str:
    match kind:
        case "ManagedRuleGroupStatement":
            return f"managed {text(inner['VendorName'])}/{text(inner['Name'])}"
        case "RuleGroupReferenceStatement":
            return f"group {text(inner['ARN'])}"
        case _:
            return kind


def _overridden(inner: Mapping[str, Any]) -> dict[str, str]:
    """Return which rules of a group act otherwise here; excluded ones count."""
    found = {text(each["Name"]): "Count" for each in inner.get("ExcludedRules") or ()}
    found |= {text(each["Name"]): _only(each["ActionToUse"]) for each in inner.get("RuleActionOverrides") or ()}
    return dict(sorted(found.items()))


def _only(value: Any) -> str:
    """Return the one member that is set: `{"Block": {}}` is Block."""
    (name,) = value
    return text(name)


def _group(read: Reading, arn: str, body: Any, pages: tuple[str, ...]) -> None:
    about = Members(
        read, _GROUP, arn, body.get("RuleGroup") if isinstance(body, Mapping) else {}, read.gap(_GROUP, arn)
    )
    group = WafRuleGroup(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=arn.split("/")[-2],
        tags=_NO_TAGS,
        rules=_list(about.take("Rules", _own_rules)),
    )
    read.add(group, pages)


NORMALIZER = Normalizer("wafv2", normalize)
