"""AgentCore gateways: a second way into APIs, for agents."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class AgentGateway(Resource):
    """bedrock-agentcore-control:GetGateway."""

    cloudformation: ClassVar[str] = "AWS::BedrockAgentCore::Gateway"
    whole_list: ClassVar[str] = "arn:{partition}:bedrock-agentcore:{region}:{account}:gateway"
    kind: Literal["AgentGateway"] = "AgentGateway"
    gateway_id: str
    status: Fact[str]
    url: Fact[str]
    protocol: Fact[str]
    authorizer_type: Fact[str]
    """CUSTOM_JWT, AWS_IAM, AUTHENTICATE_ONLY or NONE."""
    discovery_url: Fact[str]
    """Of the issuer whose tokens are taken; this and the next four are Absent without customJWTAuthorizer."""
    allowed_audiences: Fact[tuple[str, ...]]
    allowed_clients: Fact[tuple[str, ...]]
    allowed_scopes: Fact[tuple[str, ...]]
    required_claims: Fact[tuple[str, ...]]
    """Names of the claims that customClaims demand."""
    role: Fact[str]
    policy_engine: Fact[str]
    policy_engine_mode: Fact[str]
    """LOG_ONLY, which refuses nothing, or ENFORCE."""
    interceptors: Fact[tuple[str, ...]]
    """Functions that see requests or responses."""
    kms_key: Fact[str]
    web_acl: Fact[str]
    created: Fact[datetime]


class AgentGatewayTarget(Resource):
    """bedrock-agentcore-control:GetGatewayTarget. ARN `GATEWAY-ARN#target/ID`."""

    cloudformation: ClassVar[str] = "AWS::BedrockAgentCore::GatewayTarget"
    rests_on: ClassVar[tuple[str, ...]] = ("AgentGateway", "AgentGatewayTarget")
    kind: Literal["AgentGatewayTarget"] = "AgentGatewayTarget"
    gateway_arn: str
    status: Fact[str]
    target_type: Fact[str]
    """The member of the configuration that is set: apiGateway, lambda, openApiSchema, mcpServer, …"""
    rest_api: Fact[str]
    """Id of the REST API that it calls; Absent for other types."""
    stage: Fact[str]
    endpoint: Fact[str]
    """URL or function ARN, where the configuration names one."""
    credentials: Fact[tuple[str, ...]]
    """How it calls: GATEWAY_IAM_ROLE, OAUTH, API_KEY, CALLER_IAM_CREDENTIALS, JWT_PASSTHROUGH."""
    configuration: Fact[str]
    """targetConfiguration as canonical JSON text."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.gateway_arn,)
