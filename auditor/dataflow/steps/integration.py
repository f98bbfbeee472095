"""Step 12, integration: where the call goes, with whose credentials, and over which connection."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Present, Unread
from auditor.model.gateway import Protocol
from auditor.model.route_parts import Integration
from auditor.model.step import Domain, Effect, StepFact, StepState

_SOURCE = {
    Protocol.REST: "apigateway:GetExport x-amazon-apigateway-integration",
    Protocol.HTTP: "apigatewayv2:ExportApi x-amazon-apigateway-integration",
    Protocol.WEBSOCKET: "apigatewayv2:GetIntegrations Items[]",
}
_SENTENCES = {
    "LAMBDA": "Sends the call to Lambda function {}",
    "HTTP": "Sends the call to {}",
    "PRIVATE": "Sends the call through a VPC link to {}",
    "AWS_SERVICE": "Sends the call to the AWS service action {}",
    "MOCK": "Answers by itself; no back end is called",
    "NONE": "No integration is set; the call ends here",
}
_CALLER = "arn:aws:iam::*:user/*"
_REST_REFUSALS = ("API_CONFIGURATION_ERROR", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT")
_HTTP_REFUSALS = ("500 Internal Server Error", "503 Service Unavailable", "504 Gateway Timeout")


def _say(passage: Passage, _around: Surroundings) -> Said:
    backend, protocol = passage.backend, passage.route.protocol
    facts = _facts(passage)
    template = _SENTENCES.get(backend.kind)
    if template is None:
        state = StepState.NOT_READ if isinstance(passage.integration, Unread) else StepState.SET
        return Said(state, f"Where the call goes is not known: {backend.label}.", Effect.UNKNOWN, facts)
    label = backend.label.removeprefix("λ ").removeprefix("private ")
    if backend.kind in {"MOCK", "NONE"}:
        state = StepState.SET if backend.kind == "MOCK" else StepState.ABSENT
        return Said(state, f"{template}.", Effect.STOP, facts)
    refusals = _HTTP_REFUSALS if protocol is Protocol.HTTP else _REST_REFUSALS
    return Said(StepState.SET, f"{template.format(label)}{_with(passage)}.", Effect.PASS, facts, refusals)


def _with(passage: Passage) -> str:
    if not isinstance(passage.integration, Present):
        return ""
    found = passage.integration.value
    words = ""
    if found.credentials == _CALLER:
        words = " with the caller's own IAM identity"
    elif found.credentials:
        words = f" as role {found.credentials.rpartition('/')[2]}"
    if found.insecure_skip_verification:
        words += ", taking any certificate"
    return words


def _facts(passage: Passage) -> tuple[StepFact, ...]:
    source = _SOURCE[passage.route.protocol]
    if not isinstance(passage.integration, Present):
        return (told("integration", passage.integration, source),)
    found = passage.integration.value
    return tuple(StepFact(name, value, StepState.SET, source) for name, value in _values(found).items() if value)


def _values(found: Integration) -> dict[str, str]:
    return {
        "integration type": found.type,
        "target": found.target or found.uri or "",
        "method": found.http_method or "",
        "action": found.subtype or "",
        "credentials": found.credentials or "",
        "connection": " ".join(each for each in (found.connection_type, found.connection_id) if each),
        "server name to verify": found.server_name_to_verify or "",
        "certificate check": "off" if found.insecure_skip_verification else "",
        "timeout in ms": "" if found.timeout_ms is None else str(found.timeout_ms),
        "response transfer": found.response_transfer_mode or "",
        "payload format": found.payload_format_version or "",
    }


STEP = StepModule(12, Domain.ROUTING, "integration", _say, lambda _passage: None)
