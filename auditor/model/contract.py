"""What an API promises its callers: validators, models, and the answers that the gateway gives by itself."""

from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.gateway import Protocol
from auditor.model.resource import Resource


class RequestValidator(Resource):
    """apigateway:GetRequestValidators item. ARN `…/restapis/ID/requestvalidators/VID`."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::RequestValidator"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "RequestValidator")
    kind: Literal["RequestValidator"] = "RequestValidator"
    api_arn: str
    validator_id: str
    body: Fact[bool]
    parameters: Fact[bool]

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class RequestModel(Resource):
    """A gateway model: apigateway:GetModels and apigatewayv2:GetModels item. ARN `…/models/NAME`, `…/models/ID` on v2."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Model"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Api", "RequestModel")
    kind: Literal["RequestModel"] = "RequestModel"
    api_arn: str
    protocol: Protocol
    content_type: Fact[str]
    model_schema: Fact[str]
    """The schema as text, as written: JSON schema, and on REST APIs often with comments of their own kind."""

    @property
    def resource_type(self) -> str:
        """CloudFormation's type name: it differs by API version."""
        return "AWS::ApiGateway::Model" if self.protocol is Protocol.REST else "AWS::ApiGatewayV2::Model"

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class GatewayResponse(Resource):
    """An answer that the gateway gives by itself: apigateway:GetGatewayResponses item, customised or not.

    ARN `…/restapis/ID/gatewayresponses/TYPE`.
    """

    cloudformation: ClassVar[str] = "AWS::ApiGateway::GatewayResponse"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "GatewayResponse")
    kind: Literal["GatewayResponse"] = "GatewayResponse"
    api_arn: str
    response_type: str
    """ACCESS_DENIED, DEFAULT_4XX, … as AWS lists them."""
    status: Fact[str]
    """Absent: the type's own status."""
    parameters: Fact[dict[str, str]]
    """`gatewayresponse.header.X` to its source."""
    templates: Fact[dict[str, str]]
    """Body template by content type."""
    is_default: Fact[bool]
    """Whether AWS made it, and nobody customised it."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)
