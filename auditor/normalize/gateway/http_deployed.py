"""The deployed side of an HTTP or WebSocket stage: its export, or the working copy where that is what is deployed."""

from collections.abc import Iterator, Sequence

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import Api, Authorizer, DeployedRoute, Protocol, Route, Stage, View
from auditor.model.resource import Listing
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.snapshot import Gap
from auditor.normalize.gateway.openapi import ExportedOperation, operations
from auditor.normalize.reading import Reading

_ROUTES = "apigatewayv2:GetRoutes"
_AUTHORIZERS = "apigatewayv2:GetAuthorizers"
_EXPORT = "apigatewayv2:ExportApi"
_NO_TAGS = NotApplicable(why="routes carry no tags")
_NEEDS_AUTHORIZER = frozenset({"CUSTOM", "JWT"})
_NO_CONTRACT = NotApplicable(why="HTTP APIs validate no request")
_ALIKE = (
    "authorization_scopes",
    "api_key_required",
    "request_parameters",
    "request_models",
    "request_validation",
    "responses",
    "operation_name",
    "model_selection_expression",
    "integration",
    "integration_responses",
)
"""Members that a route has under the same name in the working copy and as deployed."""
Configured = tuple[Sequence[Route], Sequence[Authorizer]]


def deployed_routes(read: Reading, api: Api, stage: Stage, configured: Configured) -> None:
    """Add the routes of a stage as callers meet them, and the listing that says whether they are all."""
    exported = None if api.protocol is Protocol.WEBSOCKET else _exported(read, api, stage)
    routes_gap = read.gap(_ROUTES, api.arn)
    if isinstance(exported, list):
        routes = list(_from_export(read, stage, exported, configured))
        pages, complete, operation = read.pages_of(_EXPORT, ApiId=api.api_id, StageName=stage.stage), True, _EXPORT
    elif api.protocol is Protocol.WEBSOCKET or _follows(stage):
        routes = [_from_configured(read, stage, each, configured[1]) for each in configured[0]]
        pages, complete, operation = read.pages_of(_ROUTES, ApiId=api.api_id), routes_gap is None, _ROUTES
    else:
        routes, pages, complete, operation = [], (), False, _EXPORT
        if read.gap(_EXPORT, stage.arn) is None:
            read.broken(_EXPORT, stage.arn, "the export is not there, or not understood")
    for route in routes:
        read.add(route, [*pages, *read.pages_of(_AUTHORIZERS, ApiId=api.api_id)])
    read.listings.append(
        Listing(
            kind="DeployedRoute",
            account=read.key.account,
            region=read.key.region,
            parent=stage.arn,
            operation=operation,
            count=len(routes),
            complete=complete,
            pages=pages,
        )
    )


def _follows(stage: Stage) -> bool:
    """Return whether the working copy is what is deployed, by construction: AutoDeploy on, and no failed deployment."""
    return (
        isinstance(stage.auto_deploy, Present)
        and stage.auto_deploy.value
        and not isinstance(stage.deploy_error, Present | Unread)
    )


def _exported(read: Reading, api: Api, stage: Stage) -> list[ExportedOperation] | None:
    found = read.reads(_EXPORT, ApiId=api.api_id, StageName=stage.stage)
    if not found:
        return None
    try:
        return list(operations(found[0].body, Protocol.HTTP))
    except (ValueError, TypeError, KeyError, AttributeError):
        read.broken(_EXPORT, stage.arn, "the export is not understood")
        return None


def _arn(read: Reading, stage: Stage, key: str) -> str:
    method, _, path = key.partition(" ")
    api_id = stage.api_arn.rpartition("/")[2]
    tail = f"{method}{path}" if path else key
    return f"arn:{read.partition}:execute-api:{read.key.region}:{read.key.account}:{api_id}/{stage.stage}/{tail}"


def _route_key(operation: ExportedOperation) -> str:
    """Return the route key of an exported operation; the catch-all is the path `/$default`."""
    return "$default" if operation.path.lstrip("/") == "$default" else f"{operation.method} {operation.path}"


def _from_export(
    read: Reading, stage: Stage, exported: Sequence[ExportedOperation], configured: Configured
) -> Iterator[DeployedRoute]:
    for operation in exported:
        key = _route_key(operation)
        working = next((each for each in configured[0] if each.route_key == key), None)
        kind = operation.authorization_type
        if kind == "NONE" and working is not None and _follows(stage) and _is_iam(working):
            # The documentation shows no form in which an HTTP API's export carries AWS_IAM; under AutoDeploy the
            # working copy is deployed, so it decides.
            kind = "AWS_IAM"
        yield _route(
            read,
            stage,
            key,
            view=View.DEPLOYED,
            authorization_type=Present(value=kind),
            authorizer=_authorizer_of(read, stage, kind, operation),
            authorization_scopes=Present(value=operation.scopes),
            api_key_required=Present(value=operation.api_key_required),
            integration=Present(value=operation.integration) if operation.integration else Absent(),
            integration_responses=Present(value=operation.integration_responses),
            **_contract(operation),
        )


def _contract(operation: ExportedOperation) -> dict[str, object]:
    """Return what the route promises: HTTP APIs validate nothing, so an export's parameters bind nobody."""
    named = operation.contract.operation_name
    members = ("request_parameters", "request_models", "request_validation", "responses", "model_selection_expression")
    return {
        **dict.fromkeys(members, _NO_CONTRACT),
        "operation_name": Present(value=named) if named else Absent(),
    }


def _is_iam(route: Route) -> bool:
    return isinstance(route.authorization_type, Present) and route.authorization_type.value == "AWS_IAM"


def _authorizer_of(read: Reading, stage: Stage, kind: str, operation: ExportedOperation) -> Fact[AuthorizerDefinition]:
    if kind not in _NEEDS_AUTHORIZER:
        return Absent()
    if operation.authorizer is None:
        return Unread(
            gap=read.broken(_EXPORT, stage.arn, f"the export does not tell the authorizer of {_route_key(operation)}")
        )
    return Present(value=operation.authorizer)


def _from_configured(read: Reading, stage: Stage, route: Route, authorizers: Sequence[Authorizer]) -> DeployedRoute:
    return _route(
        read,
        stage,
        route.route_key,
        view=View.DEPLOYED if _follows(stage) else View.CONFIGURED,
        authorization_type=route.authorization_type,
        authorizer=_attached(read, stage, route, authorizers),
        **{name: getattr(route, name) for name in _ALIKE},
    )


def _attached(
    read: Reading, stage: Stage, route: Route, authorizers: Sequence[Authorizer]
) -> Fact[AuthorizerDefinition]:
    kind = route.authorization_type
    if isinstance(kind, Unread):
        return Unread(gap=kind.gap)
    if not isinstance(kind, Present) or kind.value not in _NEEDS_AUTHORIZER:
        return Absent()
    gap: Gap | None = read.gap(_AUTHORIZERS, stage.api_arn)
    if gap is not None:
        return Unread(gap=gap)
    wanted = route.authorizer_id.value if isinstance(route.authorizer_id, Present) else None
    return next((each.definition for each in authorizers if each.authorizer_id == wanted), Absent())


def _route(read: Reading, stage: Stage, key: str, **facts: object) -> DeployedRoute:
    method, _, path = key.partition(" ")
    return DeployedRoute.model_validate(
        {
            "arn": _arn(read, stage, key),
            "account": read.key.account,
            "region": read.key.region,
            "name": key,
            "tags": _NO_TAGS,
            "api_arn": stage.api_arn,
            "stage_arn": stage.arn,
            "stage": stage.stage,
            "protocol": stage.protocol,
            "deployment_id": stage.deployment_id,
            "route_key": key,
            "method": method,
            "path": path or key,
            **facts,
        }
    )
