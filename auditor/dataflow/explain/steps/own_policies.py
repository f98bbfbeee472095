"""Step 5 of AWS_IAM: what the signer's own policies say, with its boundary and the organization's, beside the resource policy.

What the resource policy alone decides is left to the step that names it.
"""

from auditor.access.family import INVOKE
from auditor.access.iam.caller import context_of
from auditor.access.iam.decide import Decision as Decided
from auditor.access.iam.decide import Object, decide
from auditor.access.iam.decide import Verdict as Says
from auditor.access.iam.policies import Layer, of_fact
from auditor.access.iam.request import Arn, Request
from auditor.access.principals import Principals, context_at
from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown

_ELSEWHERE = frozenset({Layer.RESOURCE, Layer.ENDPOINT})
_SOURCE = "iam:GetAccountAuthorizationDetails, policies of"


def judge(signer: str, meeting: Meeting) -> Verdict:
    """Return whether the signer's side lets the call through; a caller that no policy can name is unknown."""
    try:
        known = meeting.around.estate.once(Principals).of(signer)
    except ValueError as error:
        return unknown(f"{error}.", f"{_SOURCE} {signer}")
    told = context_at(meeting.around.estate).with_told(known.keys.told, known.keys.missing)
    given = meeting.circumstances
    told = told.with_told({key: (value,) for key, value in given.values.items()}, given.missing)
    account = meeting.passage.route.account
    request = Request(
        caller=known.who,
        action=INVOKE,
        target=Arn(meeting.request_arn),
        resource_account=account,
        api=meeting.request_arn.partition("/")[0],
        context=context_of(known.who, told.with_told({"aws:resourceaccount": (account,)})),
    )
    thing = Object(own=of_fact(meeting.passage.policy_text, Layer.RESOURCE, "of the API"))
    return _said(decide(known.subject, thing, request), request, signer)


def _said(found: Decided, request: Request, signer: str) -> Verdict:
    if found.verdict is Says.ALLOWED or found.layer in _ELSEWHERE:
        return passed()
    name, source = signer.rpartition(":")[2], f"{_SOURCE} {signer}"
    spoken = "; ".join(sorted({each.why for each in found.speakers}))
    match found.verdict:
        case Says.DENIED:
            return _refused(found, request, (signer, spoken))
        case Says.CONDITIONAL:
            conditions = sorted({text for each in found.open for text in each.conditions(request)})
            by = ", ".join(sorted({each.label for each in found.open if each.statement is not None}))
            depends = "; ".join(conditions) + (f" ({by})" if by else "")
            return unknown(f"Whether {name} may call this depends: {depends}.", source)
        case _:
            return unknown(f"Whether {name} may call this is not known: {spoken}.", source)


def _refused(found: Decided, request: Request, who: tuple[str, str]) -> Verdict:
    signer, spoken = who
    how = " with an explicit deny" if found.speakers else ""
    arn = request.target.text if isinstance(request.target, Arn) else ""
    message = f"User: {signer} is not authorized to perform: execute-api:Invoke on resource: {arn}{how}"
    reason = f"{spoken} denies it" if spoken else f"no {found.layer.value} allows execute-api:Invoke here"
    because = f"{signer.rpartition(':')[2]} may not call this: {reason}."
    return refused("ACCESS_DENIED", because, f"{_SOURCE} {signer}", message=message)
