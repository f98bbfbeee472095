"""What an API promises its callers: RequestValidator, RequestModel, GatewayResponse."""

from auditor.model.contract import GatewayResponse, RequestModel, RequestValidator
from auditor.model.fact import NotApplicable
from auditor.model.gateway import Protocol
from auditor.normalize.facts import Members, text_map
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_VALIDATORS = "apigateway:GetRequestValidators"
_MODELS = "apigateway:GetModels"
_MODELS_V2 = "apigatewayv2:GetModels"
_RESPONSES = "apigateway:GetGatewayResponses"
_NO_TAGS = NotApplicable(why="carries no tags of its own")


def normalize(read: Reading) -> None:
    """Add the validators, models and gateway responses of every API of the shard."""
    for found in read.records("apigateway:GetRestApis", "item"):
        api_id = str(found.record.get("id", ""))
        arn = read.arn(f"/restapis/{api_id}")
        for each in read.records(_VALIDATORS, "item", restApiId=api_id):
            _validator(read, each, arn)
        for each in read.records(_MODELS, "item", restApiId=api_id):
            _model(read, each, arn, Protocol.REST)
        for each in read.records(_RESPONSES, "item", restApiId=api_id):
            _response(read, each, arn)
    for found in read.records("apigatewayv2:GetApis", "items"):
        api_id, protocol = str(found.record.get("apiId", "")), str(found.record.get("protocolType"))
        for each in read.records(_MODELS_V2, "items", ApiId=api_id):
            if protocol in set(Protocol):
                _model(read, each, read.arn(f"/apis/{api_id}"), Protocol(protocol))


def _validator(read: Reading, found: Found, api_arn: str) -> None:
    validator_id = str(found.record.get("id", ""))
    arn = f"{api_arn}/requestvalidators/{validator_id}"
    about = Members(read, _VALIDATORS, arn, found.record)
    validator = RequestValidator(
        **read.place,
        arn=arn,
        name=str(found.record.get("name") or validator_id),
        tags=_NO_TAGS,
        api_arn=api_arn,
        validator_id=validator_id,
        body=about.flag("validateRequestBody"),
        parameters=about.flag("validateRequestParameters"),
    )
    read.add(validator, found.pages)


def _model(read: Reading, found: Found, api_arn: str, protocol: Protocol) -> None:
    name = str(found.record.get("name", ""))
    arn = f"{api_arn}/models/{name if protocol is Protocol.REST else found.record.get('modelId')}"
    about = Members(read, found.operation, arn, found.record)
    model = RequestModel(
        **read.place,
        arn=arn,
        name=name,
        tags=_NO_TAGS,
        api_arn=api_arn,
        protocol=protocol,
        content_type=about.text("contentType"),
        model_schema=about.text("schema"),
    )
    read.add(model, found.pages)


def _response(read: Reading, found: Found, api_arn: str) -> None:
    kind = str(found.record.get("responseType", ""))
    arn = f"{api_arn}/gatewayresponses/{kind}"
    about = Members(read, _RESPONSES, arn, found.record)
    response = GatewayResponse(
        **read.place,
        arn=arn,
        name=kind,
        tags=_NO_TAGS,
        api_arn=api_arn,
        response_type=kind,
        status=about.text("statusCode"),
        parameters=about.take("responseParameters", text_map),
        templates=about.take("responseTemplates", text_map),
        is_default=about.flag("defaultResponse"),
    )
    read.add(response, found.pages)


_REST = "arn:{partition}:apigateway:{region}::/restapis/{restApiId}"

NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_VALIDATORS, "RequestValidator", "item", _REST),
        ListCall(_MODELS, "RequestModel", "item", _REST),
        ListCall(_RESPONSES, "GatewayResponse", "item", _REST),
        ListCall(_MODELS_V2, "RequestModel", "items", "arn:{partition}:apigateway:{region}::/apis/{ApiId}"),
    ),
)
