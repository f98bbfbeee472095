"""Questions about a web ACL: whether anything in it blocks."""

from enum import StrEnum

from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.platform import WafRule, WafRuleGroup, WebAcl


class Blocking(StrEnum):
    """Whether a rule or an ACL stops any request."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_STOPS = frozenset({"Block", "Captcha", "Challenge"})
_LETS_THROUGH = frozenset({"Allow", "Count"})


def blocking(acl: WebAcl, estate: Estate) -> tuple[Blocking, str]:
    """Return whether an ACL stops any request, and by what; raises NotReadError where a part of it is unread."""
    default = need(acl.default_action)
    rules = need(acl.rules) or ()
    if default == "Block":
        return Blocking.YES, "its default action"
    found = [(_rule(each, acl, estate), each) for each in rules]
    stopping = next((each for verdict, each in found if verdict is Blocking.YES), None)
    if stopping is not None:
        return Blocking.YES, f"rule {stopping.name}"
    open_rule = next((each for verdict, each in found if verdict is Blocking.UNKNOWN), None)
    if open_rule is not None:
        return Blocking.UNKNOWN, f"rule {open_rule.name} ({open_rule.kind}, {open_rule.action})"
    if default != "Allow":
        return Blocking.UNKNOWN, f"its default action {default} is not known to this version"
    if not rules:
        return Blocking.NO, "it has no rules, and lets through by default"
    only_count = all(each.action == "Count" for each in rules)
    return Blocking.NO, "every rule only counts" if only_count else "every rule counts or lets through"


def _rule(rule: WafRule, acl: WebAcl, estate: Estate) -> Blocking:
    is_group = rule.kind.startswith(("managed ", "group "))
    if not is_group or rule.action == "Count":
        return _action(rule.action)
    if rule.action != "None":
        return Blocking.UNKNOWN
    if rule.kind.startswith("managed "):
        # Which rules a managed group has is not read: where some are turned to counting, all may be.
        return Blocking.UNKNOWN if "Count" in rule.overridden.values() else Blocking.YES
    return _own_group(rule, acl, estate)


def _own_group(rule: WafRule, acl: WebAcl, estate: Estate) -> Blocking:
    arn = rule.kind.removeprefix("group ")
    group = next((each for each in estate.of(WafRuleGroup) if (each.arn, each.account) == (arn, acl.account)), None)
    if group is None:
        return Blocking.UNKNOWN
    actions = [_action(rule.overridden.get(each.name, each.action)) for each in need(group.rules) or ()]
    if Blocking.YES in actions:
        return Blocking.YES
    return Blocking.UNKNOWN if Blocking.UNKNOWN in actions else Blocking.NO


def _action(action: str) -> Blocking:
    if action in _STOPS:
        return Blocking.YES
    return Blocking.NO if action in _LETS_THROUGH else Blocking.UNKNOWN
