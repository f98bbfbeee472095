"""HTTP and WebSocket APIs: Api, Route, Authorizer, Stage, Deployment, and their deployed routes."""

from collections.abc import Mapping
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import (
    Api,
    Authorizer,
    AuthorizerDefinition,
    Deployment,
    Integration,
    Protocol,
    Route,
    Stage,
)
from auditor.model.resource import Listing
from auditor.model.snapshot import Gap
from auditor.normalize.facts import Members, number, text, texts
from auditor.normalize.gateway.http_deployed import deployed_routes
from auditor.normalize.gateway.openapi import issuers, sources
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_APIS = "apigatewayv2:GetApis"
_ROUTES = "apigatewayv2:GetRoutes"
_INTEGRATIONS = "apigatewayv2:GetIntegrations"
_AUTHORIZERS = "apigatewayv2:GetAuthorizers"
_STAGES = "apigatewayv2:GetStages"
_DEPLOYMENTS = "apigatewayv2:GetDeployments"
_NO_TAGS = NotApplicable(why="carries no tags of its own")
_NOT_HERE = NotApplicable(why="HTTP and WebSocket APIs have none")


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
        integrations = _integrations(read, arn, api_id)
        routes = [_route(read, each, arn, integrations) for each in read.records(_ROUTES, "items", ApiId=api_id)]
        authorizers = [_authorizer(read, each, arn) for each in read.records(_AUTHORIZERS, "items", ApiId=api_id)]
        for each in read.records(_DEPLOYMENTS, "items", ApiId=api_id):
            _deployment(read, each, arn)
        for each in read.records(_STAGES, "items", ApiId=api_id):
            deployed_routes(read, api, _stage(read, each, api), (routes, authorizers))


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


def _place(read: Reading) -> dict[str, str]:
    return {"account": read.key.account, "region": read.key.region}


def _api(read: Reading, found: Found, arn: str, protocol: Protocol) -> Api:
    about = Members(read, _APIS, arn, found.record)
    api_id = str(found.record["apiId"])
    api = Api(
        **_place(read),
        arn=arn,
        name=str(found.record.get("name", api_id)),
        tags=about.tags(),
        api_id=api_id,
        protocol=protocol,
        created=about.moment("createdDate"),
        disable_execute_api_endpoint=about.flag("disableExecuteApiEndpoint"),
        api_key_selection_expression=about.text("apiKeySelectionExpression"),
        route_selection_expression=about.text("routeSelectionExpression"),
        ip_address_type=about.text("ipAddressType"),
    )
    read.add(api, found.pages, {"warnings": found.record.get("warnings")})
    return api


def _integrations(read: Reading, api_arn: str, api_id: str) -> Mapping[str, Fact[Integration]] | Unread:
    gap = read.gap(_INTEGRATIONS, api_arn)
    if gap is not None:
        return Unread(gap=gap)
    return {
        str(each.record.get("integrationId")): Members(read, _INTEGRATIONS, api_arn, {"it": each.record}).take(
            "it", _integration
        )
        for each in read.records(_INTEGRATIONS, "items", ApiId=api_id)
    }


def _integration(record: Any) -> Integration:
    return Integration(
        type=text(record.get("integrationType", "")).upper(),
        uri=record.get("integrationUri"),
        http_method=record.get("integrationMethod"),
        connection_type=record.get("connectionType"),
        connection_id=record.get("connectionId"),
        credentials=record.get("credentialsArn"),
        subtype=record.get("integrationSubtype"),
    )


def _route(read: Reading, found: Found, api_arn: str, integrations: Mapping[str, Fact[Integration]] | Unread) -> Route:
    record = found.record
    arn = f"{api_arn}/routes/{record.get('routeId')}"
    about = Members(read, _ROUTES, arn, record)
    route = Route(
        **_place(read),
        arn=arn,
        name=str(record.get("routeKey", "")),
        tags=_NO_TAGS,
        api_arn=api_arn,
        route_key=str(record.get("routeKey", "")),
        authorization_type=about.text("authorizationType"),
        authorizer_id=about.text("authorizerId"),
        authorization_scopes=about.texts("authorizationScopes"),
        api_key_required=about.flag("apiKeyRequired"),
        integration=_target(record.get("target"), integrations),
    )
    read.add(route, [*found.pages, *read.pages_of(_INTEGRATIONS, ApiId=api_arn.rpartition("/")[2])])
    return route


def _target(target: Any, integrations: Mapping[str, Fact[Integration]] | Unread) -> Fact[Integration]:
    if not isinstance(target, str) or not target:
        return Absent()
    if isinstance(integrations, Unread):
        return integrations
    return integrations.get(target.removeprefix("integrations/"), Absent())


def _authorizer(read: Reading, found: Found, api_arn: str) -> Authorizer:
    authorizer_id = str(found.record.get("authorizerId", ""))
    arn = f"{api_arn}/authorizers/{authorizer_id}"
    authorizer = Authorizer(
        **_place(read),
        arn=arn,
        name=str(found.record.get("name", authorizer_id)),
        tags=_NO_TAGS,
        api_arn=api_arn,
        authorizer_id=authorizer_id,
        definition=Members(read, _AUTHORIZERS, arn, {"it": found.record}).take("it", _definition),
    )
    read.add(authorizer, found.pages)
    return authorizer


def _definition(record: Any) -> AuthorizerDefinition:
    ttl = record.get("authorizerResultTtlInSeconds")
    return AuthorizerDefinition(
        name=text(record.get("name")),
        type=text(record.get("authorizerType")).upper(),
        issuers=issuers(record.get("jwtConfiguration")),
        function_uri=record.get("authorizerUri"),
        identity_source=sources(record.get("identitySource")),
        ttl_seconds=None if ttl is None else number(ttl),
    )


def _deployment(read: Reading, found: Found, api_arn: str) -> None:
    deployment_id = str(found.record.get("deploymentId", ""))
    arn = f"{api_arn}/deployments/{deployment_id}"
    about = Members(read, _DEPLOYMENTS, arn, found.record)
    deployment = Deployment(
        **_place(read),
        arn=arn,
        name=deployment_id,
        tags=_NO_TAGS,
        api_arn=api_arn,
        deployment_id=deployment_id,
        created=about.moment("createdDate"),
        auto_deployed=about.flag("autoDeployed"),
    )
    read.add(deployment, found.pages, {"deploymentStatus": found.record.get("deploymentStatus")})


def _stage(read: Reading, found: Found, api: Api) -> Stage:
    record = found.record
    name = str(record.get("stageName", ""))
    arn = f"{api.arn}/stages/{name}"
    about = Members(read, _STAGES, arn, record)
    logs = about.inner("accessLogSettings")
    stage = Stage(
        **_place(read),
        arn=arn,
        name=name,
        tags=about.tags(),
        api_arn=api.arn,
        stage=name,
        protocol=api.protocol,
        deployment_id=about.text("deploymentId"),
        canary_deployment_id=_NOT_HERE,
        canary_percent=_NOT_HERE,
        # AWS leaves autoDeploy out where it is off (API reference, Stage).
        auto_deploy=_off_where_absent(about.flag("autoDeploy")),
        deploy_error=_error(about),
        access_log_destination=logs.text("destinationArn"),
        access_log_format=logs.text("format"),
        variable_names=about.take("stageVariables", lambda value: texts(list(value))),
        web_acl_arn=_NOT_HERE,
        client_certificate_id=about.text("clientCertificateId"),
        tracing_enabled=_NOT_HERE,
    )
    volatile = {each: record.get(each) for each in ("createdDate", "lastUpdatedDate", "lastDeploymentStatusMessage")}
    read.add(stage, found.pages, volatile)
    return stage


def _off_where_absent(fact: Fact[bool]) -> Fact[bool]:
    return Present(value=False) if isinstance(fact, Absent) else fact


def _error(about: Members) -> Fact[str]:
    """Return the message of a failed automatic deployment; AWS also writes a message when one succeeded."""
    message = about.text("lastDeploymentStatusMessage")
    if isinstance(message, Present) and "success" in message.value.lower():
        return Absent()
    return message


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
    ),
)
