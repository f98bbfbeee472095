"""What stands before the APIs besides domain names, keys and plans: rules, associations, links, endpoints, portals.

Member names follow botocore 1.44.5. What came after 2024 (routing rules, associations, portals) was never tried on a live account.
"""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.base import Frozen
from auditor.model.fact import Fact
from auditor.model.resource import Resource
from auditor.model.route_parts import Cors, GatewayAnswer


class RoutingHeader(Frozen):
    """A header that a routing rule asks for."""

    header: str
    value_glob: str


class RoutingCondition(Frozen):
    """One condition of a routing rule; one of its members is enough. A rule's conditions must all hold."""

    base_paths: tuple[str, ...]
    headers: tuple[RoutingHeader, ...]


class RoutingRule(Frozen):
    """apigatewayv2:ListRoutingRules item of a domain name. A rule without conditions takes every call."""

    rule_id: str
    priority: int
    """The lowest is asked first."""
    conditions: tuple[RoutingCondition, ...]
    api_id: str
    stage: str
    strip_base_path: bool
    """Off where AWS does not say (API reference)."""


class DomainNameAccessAssociation(Resource):
    """apigateway:GetDomainNameAccessAssociations item: a VPC endpoint that may use a private domain name."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::DomainNameAccessAssociation"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}:{account}:/domainnameaccessassociations"
    kind: Literal["DomainNameAccessAssociation"] = "DomainNameAccessAssociation"
    domain_arn: Fact[str]
    source_type: Fact[str]
    """VPCE."""
    source: Fact[str]
    """Id of the VPC endpoint."""
    of_another_account: bool
    """Whether another account made it, for a domain name of this one."""


class StageExport(Resource):
    """apigateway:GetExport and apigatewayv2:ExportApi of a stage: what it says of the whole API, beside the routes.

    ARN `…/stages/NAME/exports/oas30`. WebSocket APIs have no export.
    """

    cloudformation: ClassVar[str] = "AWS::ApiGateway::Stage"
    rests_on: ClassVar[tuple[str, ...]] = ("RestApi", "Api", "Stage")
    is_by_reference: ClassVar[bool] = True
    kind: Literal["StageExport"] = "StageExport"
    api_arn: str
    stage_arn: str
    disable_execute_api_endpoint: Fact[bool]
    """Whether the default endpoint is off on what is deployed; Absent where the export says nothing of it."""
    policy: Fact[str]
    """The resource policy that is deployed, as canonical JSON text; Absent where the export carries none, which says nothing."""
    gateway_responses: Fact[tuple[GatewayAnswer, ...]]
    """The customised answers that are deployed; Absent as above; NotApplicable on HTTP APIs."""
    cors: Fact[Cors]
    """The CORS configuration that is deployed; Absent as above; NotApplicable on REST APIs."""

    @property
    def parents(self) -> tuple[str, ...]:
        """What it stands below."""
        return (self.stage_arn, self.api_arn)


class VpcLink(Resource):
    """apigateway:GetVpcLinks and apigatewayv2:GetVpcLinks item. ARN `…/vpclinks/ID`."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::VpcLink"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/vpclinks"
    kind: Literal["VpcLink"] = "VpcLink"
    link_id: str
    version: str
    """V1 (to a network load balancer) or V2 (into subnets)."""
    status: Fact[str]
    """AVAILABLE, PENDING, DELETING, FAILED, INACTIVE."""
    target_arns: Fact[tuple[str, ...]]
    """Network load balancers; NotApplicable on V2."""
    security_groups: Fact[tuple[str, ...]]
    """NotApplicable on V1."""
    subnets: Fact[tuple[str, ...]]
    """NotApplicable on V1."""

    @property
    def resource_type(self) -> str:
        """CloudFormation's type name: it differs by API version."""
        return "AWS::ApiGatewayV2::VpcLink" if self.version == "V2" else self.cloudformation


class ClientCertificate(Resource):
    """apigateway:GetClientCertificates item: what a stage shows to its back ends. The gateway never renews it by itself."""

    cloudformation: ClassVar[str] = "AWS::ApiGateway::ClientCertificate"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}::/clientcertificates"
    kind: Literal["ClientCertificate"] = "ClientCertificate"
    certificate_id: str
    created: Fact[datetime]
    expiration: Fact[datetime]


class VpcEndpoint(Resource):
    """ec2:DescribeVpcEndpoints item of the service execute-api."""

    cloudformation: ClassVar[str] = "AWS::EC2::VPCEndpoint"
    whole_list: ClassVar[str] = "arn:{partition}:ec2:{region}:{account}:vpc-endpoint"
    kind: Literal["VpcEndpoint"] = "VpcEndpoint"
    endpoint_id: str
    service: Fact[str]
    endpoint_type: Fact[str]
    vpc: Fact[str]
    state: Fact[str]
    policy: Fact[str]
    """Canonical JSON text."""
    private_dns_enabled: Fact[bool]
    security_groups: Fact[tuple[str, ...]]
    subnets: Fact[tuple[str, ...]]
    ip_address_type: Fact[str]
    owner_account: Fact[str]


class Portal(Resource):
    """apigatewayv2:ListPortals item: a website on which REST APIs are published."""

    cloudformation: ClassVar[str] = "AWS::ApiGatewayV2::Portal"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}:{account}:/portals"
    kind: Literal["Portal"] = "Portal"
    authorization: Fact[str]
    """COGNITO, or NONE: open to anyone."""
    user_pool: Fact[str]
    publish_status: Fact[str]
    """PUBLISHED, DISABLED, …; Absent: never published."""
    domain: Fact[str]
    certificate: Fact[str]
    product_arns: Fact[tuple[str, ...]]


class PortalPage(Frozen):
    """A page that publishes one route."""

    api_id: str
    stage: str
    method: str
    path: str
    try_it: bool
    """Whether readers of the page may call the route from it."""


class PortalProduct(Resource):
    """apigatewayv2:ListPortalProducts item with its pages by ListProductRestEndpointPages."""

    cloudformation: ClassVar[str] = "AWS::ApiGatewayV2::PortalProduct"
    whole_list: ClassVar[str] = "arn:{partition}:apigateway:{region}:{account}:/portalproducts"
    kind: Literal["PortalProduct"] = "PortalProduct"
    product_id: str
    pages: Fact[tuple[PortalPage, ...]]
