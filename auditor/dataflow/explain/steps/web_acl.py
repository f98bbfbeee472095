"""Step 3: whether the web ACL turns every call away. What its rules look for is in the call itself, which nobody can tell."""

from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.platform import WafRule, WebAcl

_COUNT, _ALLOW, _BLOCK = "Count", "Allow", "Block"


def judge(meeting: Meeting) -> Verdict:
    """Return what becomes of the call; a web ACL stands before REST APIs alone."""
    stage = meeting.passage.stage
    if meeting.passage.route.protocol is not Protocol.REST:
        return passed()
    if stage is None:
        return unknown("Whether a web ACL is attached was not read.")
    match stage.web_acl_arn:
        case Present(value=arn):
            return _by_acl(meeting, arn)
        case Unread(gap=gap):
            return unread("Whether a web ACL is attached", gap)
        case Absent() | NotApplicable():
            return passed()


def _by_acl(meeting: Meeting, arn: str) -> Verdict:
    acl = meeting.around.estate.one(WebAcl, meeting.passage.route.account, arn)
    if acl is None:
        return unknown(f"Web ACL {_name(arn)} was not read.", f"wafv2:GetWebACL {arn}")
    if isinstance(acl.default_action, Unread):
        return unread(f"What web ACL {_name(arn)} does", acl.default_action.gap)
    if isinstance(acl.rules, Unread):
        return unread(f"What web ACL {_name(arn)} looks for", acl.rules.gap)
    default = acl.default_action.value if isinstance(acl.default_action, Present) else None
    rules = acl.rules.value if isinstance(acl.rules, Present) else ()
    acting = tuple(each for each in rules if each.action != _COUNT)
    return _decided(arn, default, acting)


def _decided(arn: str, default: str | None, acting: tuple[WafRule, ...]) -> Verdict:
    """Return what rules that do more than count leave of a default action."""
    source, name = f"wafv2:GetWebACL {arn}", _name(arn)
    stopping = [each.name for each in acting if each.action != _ALLOW]
    if default == _BLOCK and len(stopping) == len(acting):
        if not acting:
            return refused(
                "WAF_FILTERED", f"Web ACL {name} blocks what no rule lets through, and no rule does.", source
            )
        if all(each.action == _BLOCK for each in acting):
            return refused("WAF_FILTERED", f"Web ACL {name} blocks every call: no rule of it allows any.", source)
    if default == _BLOCK:
        return unknown(f"Web ACL {name} blocks what no rule allows; whether one allows this call is not known.", source)
    if default != _ALLOW:
        return unknown(f"The default action of web ACL {name} is not understood.", source)
    if stopping:
        return passed(f"WAF_FILTERED at step 3, if a rule of web ACL {name} matches: {', '.join(stopping[:5])}.")
    return passed()


def _name(arn: str) -> str:
    return arn.split("/")[-2] if arn.count("/") > 1 else arn
