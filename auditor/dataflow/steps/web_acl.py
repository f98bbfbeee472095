"""Step 3, web ACL: what looks at a call before anything else of the API does."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, by_stage, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.platform import WebAcl
from auditor.model.step import Domain, Effect, StepState

_SOURCE = "apigateway:GetStages item[].webAclArn"
_NOT_HERE = "API Gateway attaches no web ACL to this kind of API; only a CDN in front could filter."


def _say(passage: Passage, around: Surroundings) -> Said:
    if passage.route.protocol is not Protocol.REST:
        return Said(StepState.NOT_APPLICABLE, _NOT_HERE, Effect.PASS)
    if passage.stage is None:
        return Said(StepState.NOT_READ, "Whether a web ACL is attached was not read.", Effect.UNKNOWN)
    arn = passage.stage.web_acl_arn
    facts = (told("web ACL", arn, _SOURCE),)
    match arn:
        case Present(value=found):
            return _attached(passage, around, found)
        case Unread():
            return Said(StepState.NOT_READ, "Whether a web ACL is attached was not read.", Effect.UNKNOWN, facts)
        case Absent() | NotApplicable():
            return Said(StepState.ABSENT, "No web ACL looks at calls of this stage.", Effect.PASS, facts)


def _attached(passage: Passage, around: Surroundings, arn: str) -> Said:
    facts = (told("web ACL", Present[str](value=arn), _SOURCE),)
    acl = around.estate.one(WebAcl, passage.route.account, arn)
    name = arn.split("/")[-2] if arn.count("/") > 1 else arn.rpartition("/")[2]
    if acl is None:
        return Said(StepState.SET, f"Web ACL {name} looks at each call first.", Effect.CHECK, facts, ("WAF_FILTERED",))
    detail = (
        *facts,
        told("default action", acl.default_action, "wafv2:GetWebACL WebACL.DefaultAction"),
        told("rules", acl.rules, "wafv2:GetWebACL WebACL.Rules", lambda rules: ", ".join(each.name for each in rules)),
    )
    default = acl.default_action.value.lower() if isinstance(acl.default_action, Present) else None
    rest = f"; what no rule matches, it {default}s" if default in {"allow", "block"} else ""
    return Said(
        StepState.SET, f"Web ACL {name} looks at each call first{rest}.", Effect.CHECK, detail, ("WAF_FILTERED",)
    )


STEP = StepModule(3, Domain.ROUTING, "web ACL", _say, by_stage)
