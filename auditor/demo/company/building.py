"""How the company's engineers build APIs: REST, HTTP and WebSocket, through boto3."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from auditor.demo.company.clients import Account

LAMBDA = "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/arn:aws:lambda:{region}:{account}:function:{name}/invocations"


@dataclass(frozen=True)
class Rest:
    """A route of a REST API."""

    method: str
    path: str
    auth: str = "NONE"
    """NONE, AWS_IAM, or the name of an authorizer of the API."""
    to: str = ""
    """Function name, or a URL; empty: a MOCK."""
    key: bool = False
    scopes: tuple[str, ...] = ()


class RestBuilder:
    """One REST API under construction."""

    def __init__(self, account: Account, region: str, name: str, **settings: Any) -> None:
        """Create the API."""
        self.account, self.region = account, region
        self.client = account.client("apigateway", region)
        given = {"endpointConfiguration": {"types": ["REGIONAL"]}, "securityPolicy": "TLS_1_2", **settings}
        self.id: str = self.client.create_rest_api(name=name, **given)["id"]
        root = self.client.get_resources(restApiId=self.id)["items"][0]["id"]
        self._resources: dict[str, str] = {"/": root}
        self._authorizers: dict[str, tuple[str, str]] = {}
        self._built: dict[tuple[str, str], Rest] = {}
        self.functions: set[str] = set()
        """Names of the functions that its routes and authorizers call."""

    @property
    def arn(self) -> str:
        """The API's ARN."""
        return f"arn:aws:apigateway:{self.region}::/restapis/{self.id}"

    def route_arn(self, stage: str, method: str, path: str) -> str:
        """Return the execute-api ARN of a route."""
        return f"arn:aws:execute-api:{self.region}:{self.account.number}:{self.id}/{stage}/{method}{path}"

    def cognito(self, name: str, pool: str) -> None:
        """Add a Cognito authorizer."""
        arn = f"arn:aws:cognito-idp:{self.region}:{self.account.number}:userpool/{pool}"
        made = self.client.create_authorizer(
            restApiId=self.id,
            name=name,
            type="COGNITO_USER_POOLS",
            providerARNs=[arn],
            identitySource="method.request.header.Authorization",
        )
        self._authorizers[name] = (made["id"], "COGNITO_USER_POOLS")

    def function_authorizer(self, name: str, function: str, seconds: int = 300) -> None:
        """Add a Lambda TOKEN authorizer whose decisions are kept for some seconds."""
        made = self.client.create_authorizer(
            restApiId=self.id,
            name=name,
            type="TOKEN",
            authorizerUri=LAMBDA.format(region=self.region, account=self.account.number, name=function),
            identitySource="method.request.header.Authorization",
            authorizerResultTtlInSeconds=seconds,
        )
        self._authorizers[name] = (made["id"], "CUSTOM")
        self.functions.add(function)

    def routes(self, routes: Iterable[Rest]) -> None:
        """Add routes to the working copy."""
        for route in routes:
            self._route(route)

    def _route(self, route: Rest) -> None:
        authorizer, kind = self._authorizers.get(route.auth, (None, route.auth))
        extra: dict[str, Any] = {"authorizerId": authorizer} if authorizer else {}
        if route.scopes:
            extra["authorizationScopes"] = list(route.scopes)
        self._built[(route.method, route.path)] = route
        if route.to and not route.to.startswith("http"):
            self.functions.add(route.to)
        resource = self._resource(route.path)
        place = {"restApiId": self.id, "resourceId": resource, "httpMethod": route.method}
        self.client.put_method(**place, authorizationType=kind, apiKeyRequired=route.key, **extra)
        self.client.put_integration(**place, **self._integration(route))

    def _integration(self, route: Rest) -> dict[str, Any]:
        if not route.to:
            return {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
        if route.to.startswith("http"):
            return {"type": "HTTP_PROXY", "integrationHttpMethod": "ANY", "uri": route.to}
        uri = LAMBDA.format(region=self.region, account=self.account.number, name=route.to)
        return {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}

    def http(self, method: str, path: str, **integration: Any) -> None:
        """Give a route an integration with its own settings."""
        resource = self._resource(path)
        self.client.put_integration(
            restApiId=self.id, resourceId=resource, httpMethod=method, integrationHttpMethod=method, **integration
        )

    def secure(self, method: str, path: str, authorizer: str) -> None:
        """Give a route of the working copy another authorization; `NONE` takes it off."""
        self.client.delete_method(restApiId=self.id, resourceId=self._resource(path), httpMethod=method)
        self._route(replace(self._built[(method, path)], auth=authorizer))

    def deploy(self, stage: str, log: str | None = None, **settings: Any) -> None:
        """Make a deployment and let the stage serve it."""
        made = self.client.create_deployment(restApiId=self.id)["id"]
        known = {each["stageName"] for each in self.client.get_stages(restApiId=self.id)["item"]}
        if stage in known:
            patches = [{"op": "replace", "path": "/deploymentId", "value": made}]
        else:
            self.client.create_stage(restApiId=self.id, stageName=stage, deploymentId=made, **settings)
            self.treat(stage, logging_loglevel="ERROR", throttling_rateLimit=200, throttling_burstLimit=400)
            patches = []
        if log is not None:
            patches.append({"op": "replace", "path": "/accessLogSettings/destinationArn", "value": log})
            patches.append(
                {"op": "replace", "path": "/accessLogSettings/format", "value": "$context.requestId $context.status"}
            )
        if patches:
            self.client.update_stage(restApiId=self.id, stageName=stage, patchOperations=patches)

    def treat(self, stage: str, method: str = "*/*", **settings: Any) -> None:
        """Set how a stage treats a method: its key as AWS writes it, settings by their patch paths with `_` for `/`."""
        patches = [
            {"op": "replace", "path": f"/{method}/{name.replace('_', '/')}", "value": str(value)}
            for name, value in settings.items()
        ]
        self.client.update_stage(restApiId=self.id, stageName=stage, patchOperations=patches)

    def policy(self, document: dict[str, Any]) -> None:
        """Set the resource policy of the working copy."""
        patch = {"op": "replace", "path": "/policy", "value": json.dumps(document)}
        self.client.update_rest_api(restApiId=self.id, patchOperations=[patch])

    def _resource(self, path: str) -> str:
        if path not in self._resources:
            parent, _, part = path.rpartition("/")
            made = self.client.create_resource(restApiId=self.id, parentId=self._resource(parent or "/"), pathPart=part)
            self._resources[path] = str(made["id"])
        return self._resources[path]


class HttpBuilder:
    """One HTTP or WebSocket API under construction."""

    def __init__(self, account: Account, region: str, name: str, protocol: str = "HTTP") -> None:
        """Create the API."""
        self.account, self.region, self._protocol = account, region, protocol
        self.client = account.client("apigatewayv2", region)
        given = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}
        self.id: str = self.client.create_api(Name=name, ProtocolType=protocol, **given)["ApiId"]
        self._authorizers: dict[str, tuple[str, str]] = {}
        self._integrations: dict[str, str] = {}
        self._routes: dict[str, str] = {}
        self.functions: set[str] = set()
        """Names of the functions that its routes and authorizers call."""

    @property
    def arn(self) -> str:
        """The API's ARN."""
        return f"arn:aws:apigateway:{self.region}::/apis/{self.id}"

    def route_arn(self, stage: str, key: str) -> str:
        """Return the execute-api ARN of a route."""
        tail = key.replace(" ", "", 1)
        return f"arn:aws:execute-api:{self.region}:{self.account.number}:{self.id}/{stage}/{tail}"

    def jwt(self, name: str, issuer: str, audience: str) -> None:
        """Add a JWT authorizer."""
        made = self.client.create_authorizer(
            ApiId=self.id,
            Name=name,
            AuthorizerType="JWT",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": issuer, "Audience": [audience]},
        )
        self._authorizers[name] = (made["AuthorizerId"], "JWT")

    def function_authorizer(self, name: str, function: str) -> None:
        """Add a Lambda REQUEST authorizer."""
        made = self.client.create_authorizer(
            ApiId=self.id,
            Name=name,
            AuthorizerType="REQUEST",
            IdentitySource=["route.request.querystring.token"],
            AuthorizerUri=LAMBDA.format(region=self.region, account=self.account.number, name=function),
        )
        self._authorizers[name] = (made["AuthorizerId"], "CUSTOM")
        self.functions.add(function)

    def route(self, key: str, auth: str, to: str, scopes: tuple[str, ...] = ()) -> None:
        """Add a route to the working copy, or give one another authorization."""
        authorizer, kind = self._authorizers.get(auth, (None, auth))
        extra: dict[str, Any] = {"AuthorizerId": authorizer} if authorizer else {}
        if scopes:
            extra["AuthorizationScopes"] = list(scopes)
        made = self.client.create_route(
            ApiId=self.id, RouteKey=key, AuthorizationType=kind, Target=f"integrations/{self._integration(to)}", **extra
        )
        self._routes[key] = made["RouteId"]

    def remove(self, key: str) -> None:
        """Take a route out of the working copy."""
        self.client.delete_route(ApiId=self.id, RouteId=self._routes.pop(key))

    def stage(self, name: str, log: str | None, *, auto: bool, **settings: Any) -> None:
        """Create a stage, and deploy to it where it does not deploy by itself."""
        logs = (
            {"AccessLogSettings": {"DestinationArn": log, "Format": "$context.requestId $context.status"}}
            if log
            else {}
        )
        limits = {"ThrottlingRateLimit": 200.0, "ThrottlingBurstLimit": 400}
        level = {"LoggingLevel": "ERROR"} if self._protocol == "WEBSOCKET" else {}
        given = {"DefaultRouteSettings": {**limits, **level}, **logs, **settings}
        self.client.create_stage(ApiId=self.id, StageName=name, AutoDeploy=auto, **given)
        if not auto:
            self.client.create_deployment(ApiId=self.id, StageName=name)

    def _integration(self, to: str) -> str:
        if to not in self._integrations:
            if to.startswith("http"):
                given = {"IntegrationType": "HTTP_PROXY", "IntegrationUri": to, "IntegrationMethod": "ANY"}
            else:
                self.functions.add(to)
                uri = f"arn:aws:lambda:{self.region}:{self.account.number}:function:{to}"
                given = {"IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "PayloadFormatVersion": "2.0"}
            self._integrations[to] = self.client.create_integration(ApiId=self.id, **given)["IntegrationId"]
        return self._integrations[to]
