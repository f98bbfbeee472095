"""HTTP and WebSocket APIs: Api, Route, Authorizer, Stage, Deployment, and their deployed routes."""

from auditor.model.fact import NotApplicable
from auditor.model.gateway import Api, Deployment, Protocol
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap
from auditor.normalize.facts import Members
from auditor.normalize.gateway.authorizers import authorizer
from auditor.normalize.gateway.cors import cors
from auditor.normalize.gateway.http_deployed import deployed_routes
from auditor.normalize.gateway.http_routes import configured_routes
from auditor.normalize.gateway.http_stages import stage
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_APIS = "apigatewayv2:GetApis"
_ROUTES = "apigatewayv2:GetRoutes"
_INTEGRATIONS = "apigatewayv2:GetIntegrations"
_AUTHORIZERS = "apigatewayv2:GetAuthorizers"
_STAGES = "apigatewayv2:GetStages"
_DEPLOYMENTS = "apigatewayv2:GetDeployments"
_NO_TAGS = NotApplicable(why="carries no tags of its own")
_NO_SCHEMA = NotApplicable(why="HTTP APIs validate no request")
_NO_CORS = NotApplicable(why="browsers do not ask before they open a WebSocket")


def normalize(read: Reading) -> None:
    """Add every HTTP and WebSocket API of the shard with all below it."""
    for found in read.records(_APIS, "items"):
        api_id = found.record.get("apiId")
        protocol = found.record.get("protocolType")
        if not isinstance(api_id, str):
            continue
        arn = read.arn(f"/apis/{api_id}")
        if not isinstance(protocol, str) or protocol not in set(Protocol):
            _hide(read, arn, read.broken(_APIS, arn, "protocolType is not understood"))
            continue
        api = _api(read, found, arn, Protocol(protocol))
        routes = configured_routes(read, api)
        authorizers = [authorizer(read, each, arn) for each in read.records(_AUTHORIZERS, "items", ApiId=api_id)]
        for each in read.records(_DEPLOYMENTS, "items", ApiId=api_id):
            _deployment(read, each, arn)
        for each in read.records(_STAGES, "items", ApiId=api_id):
            deployed_routes(read, api, stage(read, each, api), (routes, authorizers))


def _hide(read: Reading, api_arn: str, gap: Gap) -> None:
    """Leave the stages of an API as a list that was not read: nobody knows what kind of API it is."""
    read.listings.append(
        Listing(
            kind="Stage",
            account=read.key.account,
            region=read.key.region,
            parent=api_arn,
            operation=gap.operation,
            count=0,
            complete=False,
            pages=(),
        )
    )


def _api(read: Reading, found: Found, arn: str, protocol: Protocol) -> Api:
    about = Members(read, _APIS, arn, found.record)
    api_id = str(found.record["apiId"])
    api = Api(
        **read.place,
        arn=arn,
        name=str(found.record.get("name", api_id)),
        tags=about.tags(),
        api_id=api_id,
        protocol=protocol,
        created=about.moment("createdDate"),
        disable_execute_api_endpoint=about.flag("disableExecuteApiEndpoint"),
        api_key_selection_expression=about.text("apiKeySelectionExpression"),
        disable_schema_validation=_NO_SCHEMA if protocol is Protocol.HTTP else about.flag("disableSchemaValidation"),
        cors=about.take("corsConfiguration", cors) if protocol is Protocol.HTTP else _NO_CORS,
        route_selection_expression=about.text("routeSelectionExpression"),
        ip_address_type=about.text("ipAddressType"),
    )
    read.add(api, found.pages, {"warnings": found.record.get("warnings")})
    return api


def _deployment(read: Reading, found: Found, api_arn: str) -> None:
    deployment_id = str(found.record.get("deploymentId", ""))
    arn = f"{api_arn}/deployments/{deployment_id}"
    about = Members(read, _DEPLOYMENTS, arn, found.record)
    deployment = Deployment(
        **read.place,
        arn=arn,
        name=deployment_id,
        tags=_NO_TAGS,
        api_arn=api_arn,
        deployment_id=deployment_id,
        created=about.moment("createdDate"),
        auto_deployed=about.flag("autoDeployed"),
    )
    read.add(deployment, found.pages, {"deploymentStatus": found.record.get("deploymentStatus")})


_V2 = "arn:{partition}:apigateway:{region}::/apis/{ApiId}"

NORMALIZER = Normalizer(
    "apigateway",
    normalize,
    lists=(
        ListCall(_APIS, "Api", "items"),
        ListCall(_ROUTES, "Route", "items", _V2),
        ListCall(_INTEGRATIONS, "Integration", "items", _V2),
        ListCall(_AUTHORIZERS, "Authorizer", "items", _V2),
        ListCall(_STAGES, "Stage", "items", _V2),
        ListCall(_DEPLOYMENTS, "Deployment", "items", _V2),
        ListCall(
            "apigatewayv2:GetIntegrationResponses",
            "IntegrationResponse",
            "items",
            _V2 + "/integrations/{IntegrationId}",
        ),
        ListCall("apigatewayv2:GetRouteResponses", "RouteResponse", "items", _V2 + "/routes/{RouteId}"),
    ),
)
