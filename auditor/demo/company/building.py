"""How the company's engineers build APIs: REST, HTTP and WebSocket, through boto3."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from auditor.demo.company.clients import Account
from auditor.demo.company.log_formats import SHORT
from auditor.demo.company.sending import Reply, Sends, mock, proxy

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
    sends: Sends | None = None
    """An integration of its own; None: what `to` says."""
    asks: tuple[str, ...] = ()
    """Required parameters: `method.request.querystring.since`."""
    model: str = ""
    """Of JSON bodies."""
    validator: str = ""
    replies: tuple[Reply, ...] = ()


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
        self._validators: dict[str, str] = {}
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

    def jwt(self, name: str, issuers: Mapping[str, str]) -> None:
        """Add a JWT authorizer that takes tokens of several issuers, each for an audience."""
        configuration = {
            "issuers": [{"issuer": issuer, "audiences": [audience]} for issuer, audience in issuers.items()],
            "defaultAlgorithms": ["RS256"],
        }
        made = self.client.create_authorizer(
            restApiId=self.id,
            name=name,
            type="JWT",
            identitySource="method.request.header.Authorization",
            jwtConfiguration=configuration,
        )
        self._authorizers[name] = (made["id"], "JWT")

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

    def validator(self, name: str, *, body: bool, parameters: bool) -> None:
        """Add a request validator."""
        made = self.client.create_request_validator(
            restApiId=self.id, name=name, validateRequestBody=body, validateRequestParameters=parameters
        )
        self._validators[name] = made["id"]

    def model(self, name: str, schema: dict[str, Any]) -> None:
        """Add a model of JSON bodies."""
        written = json.dumps({"$schema": "http://json-schema.org/draft-04/schema#", "title": name, **schema})
        self.client.create_model(restApiId=self.id, name=name, contentType="application/json", schema=written)

    def answer(self, kind: str, status: str | None = None, template: str = "", **headers: str) -> None:
        """Set what the gateway itself answers; `_` of a header's name stands for `-`."""
        named = {f"gatewayresponse.header.{name.replace('_', '-')}": value for name, value in headers.items()}
        given: dict[str, Any] = {"statusCode": status} if status else {}
        if template:
            given["responseTemplates"] = {"application/json": template}
        self.client.put_gateway_response(restApiId=self.id, responseType=kind, responseParameters=named, **given)

    def _route(self, route: Rest) -> None:
        self._built[(route.method, route.path)] = route
        if route.to and not route.to.startswith("http"):
            self.functions.add(route.to)
        place = {"restApiId": self.id, "resourceId": self._resource(route.path), "httpMethod": route.method}
        sends = self._sends(route)
        self.client.put_method(**place, **self._method(route, sends))
        self.client.put_integration(**place, **sends)
        for reply in route.replies:
            self._reply(place, reply)

    def _method(self, route: Rest, sends: Sends) -> dict[str, Any]:
        authorizer, kind = self._authorizers.get(route.auth, (None, route.auth))
        given = {
            "authorizerId": authorizer,
            "authorizationScopes": list(route.scopes),
            "requestValidatorId": self._validators.get(route.validator),
            "requestModels": {"application/json": route.model} if route.model else None,
            "requestParameters": _parameters(route, sends),
        }
        told = {name: value for name, value in given.items() if value}
        return {"authorizationType": kind, "apiKeyRequired": route.key, **told}

    def _sends(self, route: Rest) -> Sends:
        if route.sends is not None:
            return route.sends
        if not route.to:
            return mock()
        if route.to.startswith("http"):
            return proxy(route.to)
        uri = LAMBDA.format(region=self.region, account=self.account.number, name=route.to)
        return {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}

    def _reply(self, place: dict[str, str], reply: Reply) -> None:
        headers = {f"method.response.header.{name}": source for name, source in reply.headers.items()}
        declared = {"responseModels": {"application/json": reply.model}} if reply.model else {}
        self.client.put_method_response(
            **place, statusCode=reply.status, responseParameters=dict.fromkeys(headers, False), **declared
        )
        given: dict[str, Any] = {"selectionPattern": reply.pattern} if reply.pattern else {}
        if reply.template:
            given["responseTemplates"] = {"application/json": reply.template}
        self.client.put_integration_response(**place, statusCode=reply.status, responseParameters=headers, **given)

    def change(self, method: str, path: str, **traits: Any) -> None:
        """Give a route of the working copy other traits."""
        self.client.delete_method(restApiId=self.id, resourceId=self._resource(path), httpMethod=method)
        self._route(replace(self._built[(method, path)], **traits))

    def secure(self, method: str, path: str, authorizer: str) -> None:
        """Give a route of the working copy another authorization; `NONE` takes it off."""
        self.change(method, path, auth=authorizer)

    def canary(self, stage: str, percent: int, **variables: str) -> None:
        """Make a deployment that a share of a stage's calls meets, with stage variables of its own."""
        made = self.client.create_deployment(restApiId=self.id)["id"]
        told = {"deploymentId": made, "percentTraffic": str(percent)}
        told |= {f"stageVariableOverrides/{name}": value for name, value in variables.items()}
        patches = [{"op": "replace", "path": f"/canarySettings/{name}", "value": value} for name, value in told.items()]
        self.client.update_stage(restApiId=self.id, stageName=stage, patchOperations=patches)

    def deploy(self, stage: str, log: str | None = None, log_format: str = SHORT, **settings: Any) -> None:
        """Make a deployment and let the stage serve it."""
        made = self.client.create_deployment(restApiId=self.id)["id"]
        known = {each["stageName"] for each in self.client.get_stages(restApiId=self.id)["item"]}
        if stage in known:
            patches = [{"op": "replace", "path": "/deploymentId", "value": made}]
        else:
            given = {"tracingEnabled": True, **settings}
            self.client.create_stage(restApiId=self.id, stageName=stage, deploymentId=made, **given)
            self.treat(stage, logging_loglevel="ERROR", throttling_rateLimit=200, throttling_burstLimit=400)
            patches = []
        if log is not None:
            patches.append({"op": "replace", "path": "/accessLogSettings/destinationArn", "value": log})
            patches.append({"op": "replace", "path": "/accessLogSettings/format", "value": log_format})
        if patches:
            self.client.update_stage(restApiId=self.id, stageName=stage, patchOperations=patches)

    def log(self, stage: str, log_format: str) -> None:
        """Let a stage write its access log in another format."""
        patch = {"op": "replace", "path": "/accessLogSettings/format", "value": log_format}
        self.client.update_stage(restApiId=self.id, stageName=stage, patchOperations=[patch])

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


def _parameters(route: Rest, sends: Sends) -> dict[str, bool]:
    """Return the parameters that a method must declare: those it asks for, and those that its integration reads."""
    read = [*sends.get("requestParameters", {}).values(), *sends.get("cacheKeyParameters", ())]
    named = {each: each.startswith("method.request.path.") for each in read if each.startswith("method.request.")}
    named.pop("method.request.body", None)
    return {**named, **dict.fromkeys(route.asks, True)}


class HttpBuilder:
    """One HTTP or WebSocket API under construction."""

    def __init__(self, account: Account, region: str, name: str, protocol: str = "HTTP", **settings: Any) -> None:
        """Create the API."""
        self.account, self.region, self._protocol = account, region, protocol
        self.client = account.client("apigatewayv2", region)
        given = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}
        self.id: str = self.client.create_api(Name=name, ProtocolType=protocol, **given, **settings)["ApiId"]
        self._authorizers: dict[str, tuple[str, str]] = {}
        self._integrations: dict[str, str] = {}
        self._routes: dict[str, str] = {}
        self._targets: dict[str, str | Sends] = {}
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

    def function_authorizer(self, name: str, function: str, *sources: str, **settings: Any) -> None:
        """Add a Lambda REQUEST authorizer that looks at identity sources."""
        made = self.client.create_authorizer(
            ApiId=self.id,
            Name=name,
            AuthorizerType="REQUEST",
            IdentitySource=list(sources),
            AuthorizerUri=LAMBDA.format(region=self.region, account=self.account.number, name=function),
            **settings,
        )
        self._authorizers[name] = (made["AuthorizerId"], "CUSTOM")
        self.functions.add(function)

    def route(self, key: str, auth: str, to: str | Sends, scopes: tuple[str, ...] = ()) -> None:
        """Add a route to the working copy; it leads to a function, a URL, or an integration of its own."""
        authorizer, kind = self._authorizers.get(auth, (None, auth))
        extra: dict[str, Any] = {"AuthorizerId": authorizer} if authorizer else {}
        if scopes:
            extra["AuthorizationScopes"] = list(scopes)
        made = self.client.create_route(
            ApiId=self.id, RouteKey=key, AuthorizationType=kind, Target=f"integrations/{self._integration(to)}", **extra
        )
        self._routes[key] = made["RouteId"]
        self._targets[key] = to

    def secure(self, key: str, authorizer: str) -> None:
        """Give a route of the working copy another authorization; `NONE` takes it off, and its scopes with it."""
        to = self._targets[key]
        self.remove(key)
        self.route(key, authorizer, to)

    def remove(self, key: str) -> None:
        """Take a route out of the working copy."""
        self.client.delete_route(ApiId=self.id, RouteId=self._routes.pop(key))

    def stage(self, name: str, log: str | None, log_format: str = SHORT, *, auto: bool, **settings: Any) -> None:
        """Create a stage, and deploy to it where it does not deploy by itself."""
        logs = {"AccessLogSettings": {"DestinationArn": log, "Format": log_format}} if log else {}
        limits = {"ThrottlingRateLimit": 200.0, "ThrottlingBurstLimit": 400}
        level = {"LoggingLevel": "ERROR"} if self._protocol == "WEBSOCKET" else {}
        given = {"DefaultRouteSettings": {**limits, **level}, **logs, **settings}
        self.client.create_stage(ApiId=self.id, StageName=name, AutoDeploy=auto, **given)
        if not auto:
            self.client.create_deployment(ApiId=self.id, StageName=name)

    def _integration(self, to: str | Sends) -> str:
        if not isinstance(to, str):
            return str(self.client.create_integration(ApiId=self.id, **to)["IntegrationId"])
        if to not in self._integrations:
            if to.startswith("http"):
                given = {"IntegrationType": "HTTP_PROXY", "IntegrationUri": to, "IntegrationMethod": "ANY"}
            else:
                self.functions.add(to)
                uri = f"arn:aws:lambda:{self.region}:{self.account.number}:function:{to}"
                given = {"IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "PayloadFormatVersion": "2.0"}
            self._integrations[to] = self.client.create_integration(ApiId=self.id, **given)["IntegrationId"]
        return self._integrations[to]
