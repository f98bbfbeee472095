"""API Gateway as configured, and as deployed: REST, HTTP and WebSocket APIs, and their doors.

Member names follow botocore 1.44.5 (`apigateway`, `apigatewayv2`), in snake case. ARNs are those of `product.md` section 7.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.doors import RoutingRule
from auditor.model.fact import Fact
from auditor.model.resource import Resource
from auditor.model.route_parts import (
    AuthorizerDefinition,
    Cors,
    Integration,
    IntegrationResponse,
    MethodResponse,
    RequestValidation,
    RouteSetting,
)


class Protocol(StrEnum):
    """What kind of API a route belongs to."""

    REST = "REST"
    HTTP = "HTTP"
    WEBSOCKET = "WEBSOCKET"


class View(StrEnum):
    """Which side of an API a record describes."""

    DEPLOYED = "DEPLOYED"
    CONFIGURED = "CONFIGURED"
    """The deployed side cannot be read by nature (WebSocket without auto-deploy); the working copy stands in, and says so."""


class RestApi(Resource):
    """apigateway:GetRestApis item."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::RestApi"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/restapis"
    kind: Literal["RestApi"] = "RestApi"
    api_id: str
    created: Fact[datetime]
    endpoint_types: Fact[tuple[str, ...]]
    """EDGE, REGIONAL, PRIVATE."""
    vpc_endpoint_ids: Fact[tuple[str, ...]]
    policy: Fact[str]
    """The resource policy as canonical JSON text (un-escaped); needs a deployment to take effect."""
    api_key_source: Fact[str]
    """HEADER or AUTHORIZER."""
    disable_execute_api_endpoint: Fact[bool]
    """The working copy's flag: it takes effect when a stage is deployed to or updated."""
    security_policy: Fact[str]
    """TLS_1_0, TLS_1_2, or an enhanced one that begins with `SecurityPolicy_`."""
    endpoint_access_mode: Fact[str]
    """BASIC or STRICT; told with enhanced security policies alone."""
    ip_address_type: Fact[str]
    """ipv4 or dualstack."""
    api_status: Fact[str]
    """AVAILABLE, UPDATING, PENDING, FAILED."""
    minimum_compression_size: Fact[int]
    """Bytes; Absent: nothing is compressed."""
    binary_media_types: Fact[tuple[str, ...]]


class Api(Resource):
    """apigatewayv2:GetApis item: an HTTP or WebSocket API."""

    cloudformation: ClassVar[str] = "AWS::ApiGatewayV2::Api"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/apis"
    kind: Literal["Api"] = "Api"
    api_id: str
    protocol: Protocol
    created: Fact[datetime]
    disable_execute_api_endpoint: Fact[bool]
    """The working copy's flag: it takes effect with AutoDeploy, else when it is deployed."""
    api_key_selection_expression: Fact[str]
    disable_schema_validation: Fact[bool]
    """WebSocket only."""
    cors: Fact[Cors]
    """HTTP only."""
    route_selection_expression: Fact[str]
    ip_address_type: Fact[str]
    """ipv4 or dualstack."""


class Authorizer(Resource):
    """An authorizer as configured, of either API version; attached or not."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Authorizer"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Api", "Authorizer")
    kind: Literal["Authorizer"] = "Authorizer"
    api_arn: str
    authorizer_id: str
    definition: Fact[AuthorizerDefinition]

    @property
    def resource_type(self) -> str:
        """CloudFormation's type name: it differs by API version."""
        return "AWS::ApiGateway::Authorizer" if "/restapis/" in self.api_arn else "AWS::ApiGatewayV2::Authorizer"

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class Method(Resource):
    """A method of a REST API's working copy: apigateway:GetResources(embed=methods).

    ARN `…/restapis/ID/resources/RID/methods/VERB`. Judged only where it differs from what is deployed.
    """

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Method"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Method")
    kind: Literal["Method"] = "Method"
    api_arn: str
    path: str
    http_method: str
    authorization_type: Fact[str]
    """NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT."""
    authorizer_id: Fact[str]
    authorization_scopes: Fact[tuple[str, ...]]
    api_key_required: Fact[bool]
    request_parameters: Fact[dict[str, bool]]
    """Declared parameter to whether it is required. NotApplicable on HTTP APIs."""
    request_models: Fact[dict[str, str]]
    """Model by content type, on WebSocket APIs by model key. NotApplicable on HTTP APIs."""
    request_validation: Fact[RequestValidation]
    """What is validated before the back end is called; Absent: nothing. REST only."""
    responses: Fact[tuple[MethodResponse, ...]]
    """Method responses, or route responses of a WebSocket API. NotApplicable on HTTP APIs."""
    operation_name: Fact[str]
    model_selection_expression: Fact[str]
    """What a WebSocket API looks at to choose the model."""
    integration: Fact[Integration]
    integration_responses: Fact[tuple[IntegrationResponse, ...]]
    """What becomes of the back end's answers, by status and pattern."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class Route(Resource):
    """A route of an HTTP or WebSocket API's working copy: apigatewayv2:GetRoutes. ARN `…/apis/ID/routes/RID`."""

    cloudformation: ClassVar[str] = "AWS::ApiGatewayV2::Route"
    rests_on: ClassVar[tuple[str, ...]] = ("Api", "Route")
    kind: Literal["Route"] = "Route"
    api_arn: str
    route_key: str
    """`GET /orders/{id}`, `$default`, `$connect`."""
    authorization_type: Fact[str]
    """NONE, AWS_IAM, CUSTOM, JWT."""
    authorizer_id: Fact[str]
    authorization_scopes: Fact[tuple[str, ...]]
    api_key_required: Fact[bool]
    request_parameters: Fact[dict[str, bool]]
    """Declared parameter to whether it is required. NotApplicable on HTTP APIs."""
    request_models: Fact[dict[str, str]]
    """Model by content type, on WebSocket APIs by model key. NotApplicable on HTTP APIs."""
    request_validation: Fact[RequestValidation]
    """What is validated before the back end is called; Absent: nothing. REST only."""
    responses: Fact[tuple[MethodResponse, ...]]
    """Method responses, or route responses of a WebSocket API. NotApplicable on HTTP APIs."""
    operation_name: Fact[str]
    model_selection_expression: Fact[str]
    """What a WebSocket API looks at to choose the model."""
    integration: Fact[Integration]
    """Joined through Route.Target `integrations/ID` and apigatewayv2:GetIntegrations."""
    integration_responses: Fact[tuple[IntegrationResponse, ...]]
    """What becomes of the back end's answers, by status and pattern."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class Stage(Resource):
    """A stage of either API version: apigateway:GetStages, apigatewayv2:GetStages."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Stage"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Api", "Stage")
    kind: Literal["Stage"] = "Stage"
    api_arn: str
    stage: str
    protocol: Protocol
    deployment_id: Fact[str]
    canary_deployment_id: Fact[str]
    canary_percent: Fact[str]
    """Share of the traffic as decimal text, so that canonical bytes hold no floats."""
    auto_deploy: Fact[bool]
    """NotApplicable on REST."""
    deploy_error: Fact[str]
    """apigatewayv2 LastDeploymentStatusMessage where the last automatic deployment failed."""
    access_log_destination: Fact[str]
    """ARN of a log group or Firehose stream."""
    access_log_format: Fact[str]
    canary_variable_names: Fact[tuple[str, ...]]
    """Stage variables that the canary sees with another value."""
    canary_variable_values: Fact[dict[str, str]]
    """Of those, the values that say where calls go and are no secret; the others are not kept."""
    variable_names: Fact[tuple[str, ...]]
    variable_values: Fact[dict[str, str]]
    """Values that say where calls go and are no secret, by name; the others are not kept (docs/reads.md)."""
    variable_digests: Fact[dict[str, str]]
    """Keyed digest of each other value, by name: a change shows, the value does not."""
    settings: Fact[tuple[RouteSetting, ...]]
    """One a method or route that has its own, and one with path and method `*` for all the others; by path and method."""
    cache_cluster_enabled: Fact[bool]
    """NotApplicable on HTTP and WebSocket APIs."""
    cache_cluster_size: Fact[str]
    web_acl_arn: Fact[str]
    """NotApplicable on HTTP and WebSocket APIs."""
    client_certificate_id: Fact[str]
    tracing_enabled: Fact[bool]
    """NotApplicable on HTTP and WebSocket APIs."""

    @property
    def resource_type(self) -> str:
        """CloudFormation's type name: it differs by API version."""
        return "AWS::ApiGateway::Stage" if self.protocol is Protocol.REST else "AWS::ApiGatewayV2::Stage"

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class DeployedRoute(Resource):
    """One route of one stage, as callers meet it. The population of every control about routes.

    REST: apigateway:GetDeployment(embed=apisummary) and apigateway:GetExport(oas30, integrations and authorizers).
    HTTP: apigatewayv2:ExportApi(StageName), or the working copy where AutoDeploy holds. WebSocket: the working copy;
    with AutoDeploy it is the deployed one by construction (inferred), else `view` is CONFIGURED.
    ARN: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`, HTTP and WebSocket `API/STAGE/$default`;
    a canary's routes carry `#canary/DEPLOYMENT` behind it.
    """

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Method"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Api", "Stage", "DeployedRoute")
    kind: Literal["DeployedRoute"] = "DeployedRoute"
    api_arn: str
    stage_arn: str
    stage: str
    protocol: Protocol
    view: View
    deployment_id: Fact[str]
    route_key: str
    """`GET /orders/{id}`, `ANY /{proxy+}`, `$default`, `$connect`."""
    method: str
    """HTTP verb, `ANY`, or the route key where there is no verb."""
    path: str
    """`/orders/{id}`; the route key where there is no path."""
    authorization_type: Fact[str]
    """NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT."""
    authorizer: Fact[AuthorizerDefinition]
    """The one the deployment froze; Absent where the type needs none."""
    authorization_scopes: Fact[tuple[str, ...]]
    api_key_required: Fact[bool]
    request_parameters: Fact[dict[str, bool]]
    """Declared parameter to whether it is required. NotApplicable on HTTP APIs."""
    request_models: Fact[dict[str, str]]
    """Model by content type, on WebSocket APIs by model key. NotApplicable on HTTP APIs."""
    request_validation: Fact[RequestValidation]
    """What is validated before the back end is called; Absent: nothing. REST only."""
    responses: Fact[tuple[MethodResponse, ...]]
    """Method responses, or route responses of a WebSocket API. NotApplicable on HTTP APIs."""
    operation_name: Fact[str]
    model_selection_expression: Fact[str]
    """What a WebSocket API looks at to choose the model."""
    integration: Fact[Integration]
    integration_responses: Fact[tuple[IntegrationResponse, ...]]
    """What becomes of the back end's answers, by status and pattern."""

    @property
    def resource_type(self) -> str:
        """CloudFormation's type name: it differs by API version."""
        return "AWS::ApiGateway::Method" if self.protocol is Protocol.REST else "AWS::ApiGatewayV2::Route"

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.stage_arn, self.api_arn)


class Deployment(Resource):
    """apigateway:GetDeployments and apigatewayv2:GetDeployments item. ARN `…/deployments/ID` below the API."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Deployment"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Api", "Deployment")
    kind: Literal["Deployment"] = "Deployment"
    api_arn: str
    deployment_id: str
    created: Fact[datetime]
    auto_deployed: Fact[bool]
    """NotApplicable on REST."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.api_arn,)


class ApiMapping(Frozen):
    """Where a domain's path leads."""

    path: str
    """Empty for the root."""
    api_id: str
    stage: str


class DomainName(Resource):
    """apigateway:GetDomainNames item, its mutual TLS, all mappings of both API versions, and its routing rules.

    What only the older API version tells (access mode, policies) is unread where that list was not read.
    """

    cloudformation: ClassVar[str] = "AWS::ApiGateway::DomainName"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/domainnames"
    kind: Literal["DomainName"] = "DomainName"
    domain: str
    endpoint_types: Fact[tuple[str, ...]]
    security_policy: Fact[str]
    mutual_tls_truststore: Fact[str]
    """S3 URI of the trust store; Absent where mutual TLS is off."""
    mutual_tls_truststore_version: Fact[str]
    mappings: Fact[tuple[ApiMapping, ...]]
    routing_mode: Fact[str]
    """BASE_PATH_MAPPING_ONLY (v2: API_MAPPING_ONLY), ROUTING_RULE_ONLY, ROUTING_RULE_THEN_BASE_PATH_MAPPING (…_API_MAPPING)."""
    routing_rules: Fact[tuple[RoutingRule, ...]]
    """By priority; NotApplicable where the mode lets mappings count alone."""
    endpoint_access_mode: Fact[str]
    """BASIC or STRICT; told with enhanced security policies alone."""
    ip_address_type: Fact[str]
    status: Fact[str]
    """AVAILABLE, UPDATING, PENDING, PENDING_CERTIFICATE_REIMPORT, PENDING_OWNERSHIP_VERIFICATION, FAILED."""
    policy: Fact[str]
    """Who may call through a private domain name: canonical JSON text."""
    management_policy: Fact[str]
    """Who may let VPC endpoints use a private domain name: canonical JSON text."""
    edge_certificate: Fact[str]
    """ARN of the certificate of an edge-optimised or private domain name; an edge one's stands in us-east-1."""
    regional_certificate: Fact[str]
    ownership_certificate: Fact[str]
    owner_account: Fact[str]
    """The account that shares it with this one; Absent where it is this account's own."""


class GatewayAccount(Resource):
    """apigateway:GetAccount: settings of the account in one region."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Account"
    kind: Literal["GatewayAccount"] = "GatewayAccount"
    cloudwatch_role_arn: Fact[str]
    throttle_rate: Fact[str]
    """Requests a second of all APIs of the account and region together, as decimal text."""
    throttle_burst: Fact[int]
    api_key_version: Fact[str]
    features: Fact[tuple[str, ...]]
