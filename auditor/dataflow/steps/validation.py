"""Step 9, validation: what the gateway looks at in a request before it goes on."""

from auditor.dataflow.passage import Passage
from auditor.dataflow.steps.interface import Said, StepModule, listed, told
from auditor.dataflow.surroundings import Surroundings
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.gateway import Api, Protocol
from auditor.model.route_parts import RequestValidation
from auditor.model.step import Domain, Effect, StepFact, StepState

_EXPORT = "apigateway:GetExport paths[path][method].x-amazon-apigateway-request-validator"
_EMPTY = "Empty"
"""The built-in model that every API is made with: it lets any body through."""


def _say(passage: Passage, _around: Surroundings) -> Said:
    match passage.route.protocol:
        case Protocol.HTTP:
            return Said(StepState.NOT_APPLICABLE, "HTTP APIs validate no request.", Effect.PASS)
        case Protocol.WEBSOCKET:
            return _messages(passage)
        case Protocol.REST:
            return _rest(passage)


def _rest(passage: Passage) -> Said:
    route = passage.route
    facts = (
        told("validator", route.request_validation, _EXPORT, lambda found: found.validator),
        told("parameters", route.request_parameters, "apigateway:GetExport paths[path][method].parameters", _required),
        told("models", route.request_models, "apigateway:GetExport paths[path][method].requestBody", _models),
    )
    match route.request_validation:
        case Present(value=found):
            return _validated(passage, found, facts)
        case Unread():
            return Said(StepState.NOT_READ, "Whether requests are validated was not read.", Effect.UNKNOWN, facts)
        case Absent() | NotApplicable():
            return Said(StepState.ABSENT, "Requests are not validated.", Effect.PASS, facts)


def _validated(passage: Passage, found: RequestValidation, facts: tuple[StepFact, ...]) -> Said:
    models = passage.route.request_models.value if isinstance(passage.route.request_models, Present) else {}
    real = sorted({name for name in models.values() if name != _EMPTY})
    looked = []
    if found.body:
        looked.append(
            f"the body against model {listed(real)}" if real else "no body, for no model says what it must hold"
        )
    if found.parameters:
        looked.append("that required parameters are there")
    if not looked:
        return Said(StepState.SET, f"Validator {found.validator} looks at nothing.", Effect.PASS, facts)
    refusals = [("BAD_REQUEST_BODY", found.body and bool(real)), ("BAD_REQUEST_PARAMETERS", found.parameters)]
    sentence = f"Validator {found.validator} checks {' and '.join(looked)}."
    return Said(StepState.SET, sentence, Effect.CHECK, facts, tuple(name for name, is_on in refusals if is_on))


def _messages(passage: Passage) -> Said:
    off = passage.api.disable_schema_validation if isinstance(passage.api, Api) else None
    facts = (told("models", passage.route.request_models, "apigatewayv2:GetRoutes Items[].RequestModels", _models),)
    match passage.route.request_models:
        case Present(value=models) if models and off != Present[bool](value=True):
            sentence = f"Messages are held against model {listed(sorted(set(models.values())))}."
            return Said(StepState.SET, sentence, Effect.CHECK, facts, ("BAD_REQUEST_BODY",))
        case Unread():
            return Said(StepState.NOT_READ, "Whether messages are validated was not read.", Effect.UNKNOWN, facts)
        case _:
            return Said(StepState.ABSENT, "Messages are not validated.", Effect.PASS, facts)


def _required(parameters: dict[str, bool]) -> str:
    return ", ".join(name for name, needed in sorted(parameters.items()) if needed) or "none is required"


def _models(models: dict[str, str]) -> str:
    return ", ".join(f"{content}: {name}" for content, name in sorted(models.items())) or "none"


STEP = StepModule(9, Domain.TRANSFORMATION, "validation", _say, lambda _passage: None)
