"""Which customised answers of the gateway's own are in effect on a stage: those that were edited and not deployed are not."""

from auditor.model.contract import GatewayResponse
from auditor.model.doors import StageExport
from auditor.model.fact import Absent, Fact, Present, Unread
from auditor.model.route_parts import GatewayAnswer

Answers = tuple[GatewayResponse, ...]
_BODY_OF_AWS = ("application/json", '{"message":$context.error.messageString}')
"""Of an answer to which nobody gave a body (developer guide, "Gateway responses")."""


def deployed_answers(export: StageExport) -> Fact[Answers]:
    """Return what an export says, each as the resource that it would be in the working copy; Absent says nothing."""
    told = export.gateway_responses
    if isinstance(told, Present):
        return Present(value=tuple(_resource(each, export) for each in told.value))
    return told


def answers_differ(configured: Answers | None, told: Fact[Answers]) -> bool | None:
    """Return whether the working copy's answers are others than those that the export tells; None where nobody can tell.

    `configured`: None where they were not read. An export that carries none says nothing, for this was never tried on a live
    account.
    """
    if isinstance(told, Unread) or configured is None:
        return None
    if not isinstance(told, Present):
        return None if configured else False
    deployed = {each.response_type: each for each in told.value}
    if deployed.keys() != {each.response_type for each in configured}:
        return True
    found = [_differs(each, deployed[each.response_type]) for each in configured]
    return True if True in found else None if None in found else False


def _differs(one: GatewayResponse, other: GatewayResponse) -> bool | None:
    """Compare two answers of a type. A status or body that one side leaves to AWS is no difference."""
    if any(isinstance(each, Unread) for each in (one.status, one.parameters, one.templates)):
        return None
    if isinstance(one.status, Present) and isinstance(other.status, Present) and one.status != other.status:
        return True
    return _pairs(one.parameters) != _pairs(other.parameters) or _pairs(one.templates) != _pairs(other.templates)


def _pairs(told: Fact[dict[str, str]]) -> dict[str, str]:
    found = told.value if isinstance(told, Present) else {}
    return {name: text for name, text in found.items() if (name, text) != _BODY_OF_AWS}


def _resource(answer: GatewayAnswer, export: StageExport) -> GatewayResponse:
    return GatewayResponse(
        account=export.account,
        region=export.region,
        arn=f"{export.api_arn}/gatewayresponses/{answer.response_type}",
        name=answer.response_type,
        tags=Absent(),
        api_arn=export.api_arn,
        response_type=answer.response_type,
        status=Absent() if answer.status is None else Present(value=answer.status),
        parameters=Present(value=answer.parameters),
        templates=Present(value=answer.templates),
        is_default=Present(value=False),
    )


def unread_answer(export: StageExport, hidden: Unread) -> GatewayResponse:
    """Return what stands for the answers of an export that was not read: it carries the export's ARN."""
    nothing = GatewayAnswer(response_type="any", status=None, parameters={}, templates={})
    facts = {"arn": export.arn, "status": hidden, "parameters": hidden, "templates": hidden, "is_default": hidden}
    return _resource(nothing, export).model_copy(update=facts)
