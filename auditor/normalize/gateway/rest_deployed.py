"""The deployed side of a REST stage: what its deployment froze, from the API summary and the export together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.gateway import DeployedRoute, Protocol, Stage, View
from auditor.model.resource import Listing
from auditor.model.route_parts import AuthorizerDefinition, Integration, RequestValidation
from auditor.model.snapshot import Gap, GapReason
from auditor.normalize.facts import Members
from auditor.normalize.gateway.openapi import ExportedOperation, operations
from auditor.normalize.reading import Reading

_T = TypeVar("_T")
_SUMMARY = "apigateway:GetDeployment"
_EXPORT = "apigateway:GetExport"
_NO_TAGS = NotApplicable(why="routes carry no tags")
_WEBSOCKET_ONLY = NotApplicable(why="REST APIs choose models by content type")
_CONTRACT = (
    "request_parameters",
    "request_models",
    "request_validation",
    "responses",
    "operation_name",
    "integration_responses",
)
_NEEDS_AUTHORIZER = frozenset({"CUSTOM", "COGNITO_USER_POOLS", "JWT"})


@dataclass(frozen=True)
class _Side:
    """One source of a deployment's routes: by (path, method), or the gap in its place."""

    routes: Mapping[tuple[str, str], Any]
    gap: Gap | None
    pages: tuple[str, ...]


def deployed_routes(read: Reading, api_id: str, api_arn: str, stage: Stage) -> None:
    """Add the routes of a stage, and of its canary where it has one; a listing for each deployment."""
    export = _export(read, api_id, stage)
    if isinstance(stage.deployment_id, Present):
        _deployment(read, (api_id, api_arn), stage, stage.deployment_id.value, export)
    else:
        if not isinstance(stage.deployment_id, Unread):
            read.broken("apigateway:GetStages", stage.arn, "the stage names no deployment")
        _listing(read, stage, 0, (), complete=False)
    if isinstance(stage.canary_deployment_id, Present):
        hidden = _Side({}, _canary_gap(read, stage), ())
        _deployment(read, (api_id, api_arn), stage, stage.canary_deployment_id.value, hidden)


def _canary_gap(read: Reading, stage: Stage) -> Gap:
    """Return why a canary's details are unknown. AWS has no call for it, so it is no gap of this collection."""
    return Gap(
        operation=_EXPORT,
        account=read.key.account,
        region=read.key.region,
        resource=f"{stage.arn}#canary",
        reason=GapReason.UNSUPPORTED,
        action="apigateway:GET",
        detail="an export shows the stage's main deployment, never its canary",
    )


def _export(read: Reading, api_id: str, stage: Stage) -> _Side:
    gap = read.gap(_EXPORT, stage.arn)
    found = read.reads(_EXPORT, restApiId=api_id, stageName=stage.stage)
    if gap is not None or not found:
        return _Side({}, gap or read.broken(_EXPORT, stage.arn, "the answer is not there"), ())
    try:
        routes = {(each.path, each.method): each for each in operations(found[0].body, Protocol.REST)}
    except (ValueError, TypeError, KeyError, AttributeError):
        return _Side({}, read.broken(_EXPORT, stage.arn, "the export is not understood"), ())
    return _Side(routes, None, (found[0].page.sha256,))


def _summary(read: Reading, api_id: str, api_arn: str, deployment_id: str) -> _Side:
    arn = f"{api_arn}/deployments/{deployment_id}"
    gap = read.gap(_SUMMARY, arn)
    found = read.reads(_SUMMARY, restApiId=api_id, deploymentId=deployment_id)
    if gap is not None or not found:
        return _Side({}, gap or read.broken(_SUMMARY, arn, "the answer is not there"), ())
    summary = found[0].body.get("apiSummary")
    if not isinstance(summary, Mapping) or not all(isinstance(methods, Mapping) for methods in summary.values()):
        return _Side({}, read.broken(_SUMMARY, arn, "apiSummary is not understood"), ())
    routes = {(path, verb): record for path, methods in summary.items() for verb, record in methods.items()}
    return _Side(routes, None, (found[0].page.sha256,))


def _deployment(read: Reading, api: tuple[str, str], stage: Stage, deployment_id: str, export: _Side) -> None:
    summary = _summary(read, *api, deployment_id)
    keys = sorted({*summary.routes, *export.routes})
    for path, method in keys:
        route = _Route(read, stage, deployment_id, (path, method), summary, export)
        read.add(route.build(api[0]), [*summary.pages, *export.pages])
    is_complete = summary.gap is None or export.gap is None
    _listing(read, stage, len(keys), (*summary.pages, *export.pages), complete=is_complete)


def _listing(read: Reading, stage: Stage, count: int, pages: tuple[str, ...], *, complete: bool) -> None:
    read.listings.append(
        Listing(
            kind="DeployedRoute",
            account=read.key.account,
            region=read.key.region,
            parent=stage.arn,
            operation=_SUMMARY,
            count=count,
            complete=complete,
            pages=pages,
        )
    )


@dataclass(frozen=True)
class _Route:
    """One deployed route, from two sources of which either may be a gap."""

    read: Reading
    stage: Stage
    deployment_id: str
    key: tuple[str, str]
    summary: _Side
    export: _Side

    def build(self, api_id: str) -> DeployedRoute:
        read, stage, (path, method) = self.read, self.stage, self.key
        is_canary = (
            isinstance(stage.canary_deployment_id, Present) and stage.canary_deployment_id.value == self.deployment_id
        )
        arn = f"arn:{read.partition}:execute-api:{read.key.region}:{read.key.account}:{api_id}/{stage.stage}/{method}{path}"
        authorization = self._authorization(arn)
        exported: ExportedOperation | None = self.export.routes.get(self.key)
        return DeployedRoute(
            arn=f"{arn}#canary/{self.deployment_id}" if is_canary else arn,
            account=read.key.account,
            region=read.key.region,
            name=f"{method} {path}",
            tags=_NO_TAGS,
            api_arn=stage.api_arn,
            stage_arn=stage.arn,
            stage=stage.stage,
            protocol=Protocol.REST,
            view=View.DEPLOYED,
            deployment_id=Present(value=self.deployment_id),
            route_key=f"{method} {path}",
            method=method,
            path=path,
            authorization_type=authorization,
            authorizer=self._authorizer(authorization, exported),
            authorization_scopes=self._scopes(exported),
            api_key_required=self._key(arn),
            integration=self._integration(exported),
            **self._contract(exported),
        )

    def _told(self, arn: str) -> Members | None:
        record = self.summary.routes.get(self.key)
        return (
            None
            if record is None
            else Members(self.read, _SUMMARY, arn, record if isinstance(record, Mapping) else None)
        )

    def _authorization(self, arn: str) -> Fact[str]:
        told = self._told(arn)
        if told is not None:
            return self._held(told.text("authorizationType"), arn, "authorizationType")
        exported: ExportedOperation | None = self.export.routes.get(self.key)
        return Present(value=exported.authorization_type) if exported else Unread(gap=self._no_gap_but_nothing())

    def _key(self, arn: str) -> Fact[bool]:
        told = self._told(arn)
        if told is not None:
            return self._held(told.flag("apiKeyRequired"), arn, "apiKeyRequired")
        exported: ExportedOperation | None = self.export.routes.get(self.key)
        return Present(value=exported.api_key_required) if exported else Unread(gap=self._no_gap_but_nothing())

    def _held(self, fact: Fact[_T], arn: str, name: str) -> Fact[_T]:
        """Return a fact of the summary that every method of it has: left out, it was not read."""
        return Unread(gap=self.read.broken(_SUMMARY, arn, f"{name} is missing")) if isinstance(fact, Absent) else fact

    def _authorizer(self, authorization: Fact[str], exported: ExportedOperation | None) -> Fact[AuthorizerDefinition]:
        if not isinstance(authorization, Present) or authorization.value not in _NEEDS_AUTHORIZER:
            return Absent() if isinstance(authorization, Present) else Unread(gap=self._no_gap_but_nothing())
        if exported is None or exported.authorizer is None:
            return Unread(gap=self._no_gap_but_nothing())
        return Present(value=exported.authorizer)

    def _scopes(self, exported: ExportedOperation | None) -> Fact[tuple[str, ...]]:
        return Present(value=exported.scopes) if exported else Unread(gap=self._no_gap_but_nothing())

    def _integration(self, exported: ExportedOperation | None) -> Fact[Integration]:
        if exported is None:
            return Unread(gap=self._no_gap_but_nothing())
        return Present(value=exported.integration) if exported.integration else Absent()

    def _contract(self, exported: ExportedOperation | None) -> dict[str, Any]:
        """Return what the method promises, from the export alone; a canary's stands in none."""
        if exported is None:
            unread = Unread(gap=self._no_gap_but_nothing())
            return dict.fromkeys(_CONTRACT, unread) | {"model_selection_expression": _WEBSOCKET_ONLY}
        told = exported.contract
        return {
            "request_parameters": Present(value=told.request_parameters),
            "request_models": Present(value=told.request_models),
            "request_validation": self._validation(told.validation),
            "responses": Present(value=told.responses),
            "operation_name": Present(value=told.operation_name) if told.operation_name else Absent(),
            "model_selection_expression": _WEBSOCKET_ONLY,
            "integration_responses": Present(value=exported.integration_responses),
        }

    def _validation(self, told: RequestValidation | str | None) -> Fact[RequestValidation]:
        if isinstance(told, RequestValidation):
            return Present(value=told)
        return Absent() if told is None else Unread(gap=self._no_gap_but_nothing())

    def _no_gap_but_nothing(self) -> Gap:
        """Return the gap that hides a detail: the call's own, or that the export does not know the route."""
        if self.export.gap is not None:
            return self.export.gap
        return self.read.broken(
            _EXPORT, self.stage.arn, f"the export does not tell of {self.key[1]} {self.key[0]} what it should"
        )
