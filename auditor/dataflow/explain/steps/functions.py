"""Whether a Lambda function that a route or its authorizer names can be called at all."""

from collections.abc import Mapping

from auditor.access.one_call import Truth
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.dataflow.functions import function_name
from auditor.dataflow.permission import may_invoke
from auditor.dataflow.variables import used
from auditor.model.fact import Present, Unread
from auditor.model.platform import Function


def unset(meeting: Meeting, text: str, response: str) -> Verdict:
    """Return what stage variables that stand in a text come to: one that is not set refuses, one that was not kept hides."""
    variables, names = meeting.passage.variables, used(text)
    missing = [each for each in names if each not in variables]
    if missing and _variables_are_read(meeting):
        return refused(
            response, f"Stage variable {missing[0]} is not set, so the call leads nowhere.", f"stage {meeting.stage}"
        )
    hidden = missing or [each for each in names if variables[each] is None]
    if hidden:
        return unknown(
            f"The value of stage variable {hidden[0]} was not kept, so where it leads is not known.", meeting.stage
        )
    return passed()


def _variables_are_read(meeting: Meeting) -> bool:
    stage = meeting.passage.stage
    if stage is None or isinstance(stage.variable_names, Unread):
        return False
    return not (meeting.passage.is_canary and isinstance(stage.canary_variable_names, Unread))


def callable_by(meeting: Meeting, arn: str, source: str, response: str, *, by_role: bool) -> Verdict:
    """Return whether the function can be called. `source`: a language of `access.patterns`; `by_role`: no permission is needed."""
    found = meeting.around.estate.one(Function, meeting.passage.route.account, arn)
    name = function_name(arn)
    if found is None:
        return unknown(f"Lambda function {name} was not read, nor who may invoke it.", f"lambda:GetPolicy {arn}")
    if found.exists == Present[bool](value=False):
        return refused(response, f"There is no Lambda function {name}.", f"lambda:GetFunctionConfiguration {arn}")
    if isinstance(found.exists, Unread):
        return unread(f"Whether Lambda function {name} exists", found.exists.gap)
    if by_role:
        return passed()
    return _permitted(found, name, source, response)


def _permitted(found: Function, name: str, source: str, response: str) -> Verdict:
    evidence = f"lambda:GetPolicy {found.arn}"
    if isinstance(found.policy, Unread):
        return unread(f"Who may invoke Lambda function {name}", found.policy.gap)
    answers: Mapping[Truth, Verdict] = {
        Truth.YES: passed(),
        Truth.NO: refused(
            response, f"Lambda function {name} lets API Gateway invoke it for no call of this route.", evidence
        ),
        Truth.UNKNOWN: unknown(f"Whether Lambda function {name} lets API Gateway invoke it is not known.", evidence),
    }
    return answers[may_invoke(found, source)]
