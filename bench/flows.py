"""Flows and all rules of a large estate: CPU on one core, memory, and whether twice the routes cost twice the time.

An estate of 200 APIs x 50 routes x 2 stages, made in memory: REST and HTTP APIs with authorizers, mappings, templates and logs
of several kinds. Each size runs in a process of its own, so that one does not warm the other.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from auditor.dataflow.build import flows  # noqa: E402 - the checkout is put on the path first
from auditor.model.estate import Estate  # noqa: E402
from auditor.model.fact import Absent, NotApplicable, Present  # noqa: E402
from auditor.model.gateway import Api, DeployedRoute, Method, Protocol, RestApi, Route, Stage, View  # noqa: E402
from auditor.model.resource import Listing, Resource  # noqa: E402
from auditor.model.route_parts import (  # noqa: E402
    AuthorizerDefinition,
    Integration,
    IntegrationResponse,
    JwtIssuer,
    RouteSetting,
)
from tests.estates import ACCOUNT, REGION, estate, not_set, whole_lists  # noqa: E402

COMMON: dict[str, Any] = {"account": ACCOUNT, "region": REGION, "tags": Absent()}
NONE = NotApplicable(why="it cannot exist here")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORMATS = (
    '{"requestId":"$context.requestId","sub":"$context.authorizer.claims.sub","status":"$context.status"}',
    '{"requestId":"$context.requestId","caller":"$context.identity.userArn","ip":"$context.identity.sourceIp"}',
    "$context.requestId $context.status",
)
TEMPLATE = """#set($root = $input.path('$'))
{"order": "$util.escapeJavaScript($root.order)", "who": "$context.authorizer.claims.sub", "n": NUMBER,
 "items": [#foreach($item in $root.items){"sku": "$item.sku"}#if($foreach.hasNext),#end#end]}"""


def _integration(api: int, index: int) -> Integration:
    usual: dict[str, Any] = {"http_method": "POST", "connection_type": None, "connection_id": None, "credentials": None}
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f{api}-{index % 7}"
    invoke = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    match index % 4:
        case 0:
            return Integration(type="AWS_PROXY", uri=invoke, **usual)
        case 1:
            mapped = {"integration.request.header.X-User-Id": "context.authorizer.claims.sub"} if index % 3 else {}
            return Integration(
                type="HTTP_PROXY", uri=f"https://b{api % 40}.example/v1/{index}", request_parameters=mapped, **usual
            )
        case 2:
            template = {"application/json": TEMPLATE.replace("NUMBER", str(index))}
            return Integration(type="AWS", uri=invoke, request_templates=template, passthrough="NEVER", **usual)
        case _:
            return Integration(type="HTTP", uri=f"https://b{api % 40}.example/v2", **usual)


def _newer(integration: Integration) -> Integration:
    if integration.type in {"AWS", "HTTP"}:
        return integration.model_copy(
            update={"type": "HTTP_PROXY", "uri": "https://n.example/x", "request_templates": {}}
        )
    mapped = {"overwrite:header.x-user-id": "$context.authorizer.claims.sub"} if integration.request_parameters else {}
    return integration.model_copy(update={"request_parameters": mapped})


def _api(number: int, routes: int) -> Iterator[Resource]:
    is_rest = number % 3 != 0
    arn = f"arn:aws:apigateway:{REGION}::/{'restapis' if is_rest else 'apis'}/a{number}"
    protocol = Protocol.REST if is_rest else Protocol.HTTP
    made: dict[str, Any] = {**COMMON, "arn": arn, "name": f"api {number}", "api_id": f"a{number}"}
    if is_rest:
        yield RestApi(**not_set(RestApi) | made | {"endpoint_types": Present(value=("REGIONAL",))})
    else:
        yield Api(**not_set(Api) | made | {"protocol": protocol})
    definition = AuthorizerDefinition(
        name="pool" if is_rest else "jwt",
        type="COGNITO_USER_POOLS" if is_rest else "JWT",
        provider_arns=(f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/p{number % 5}",) if is_rest else (),
        issuers=() if is_rest else (JwtIssuer(issuer=f"https://i{number % 5}.example", audiences=("a",)),),
    )
    for stage in ("prod", "test"):
        yield _stage(arn, stage, protocol, FORMATS[number % 3])
    for index in range(routes):
        yield from _route(number, index, arn, protocol, definition)


def _stage(arn: str, stage: str, protocol: Protocol, text: str) -> Stage:
    every = RouteSetting(
        path="*", method="*", throttle_rate="100", throttle_burst=50, logging_level="ERROR", data_trace=False
    )
    given = {
        **COMMON, "arn": f"{arn}/stages/{stage}", "name": stage, "api_arn": arn, "stage": stage, "protocol": protocol,
        "settings": Present(value=(every,)), "access_log_format": Present(value=text),
        "access_log_destination": Present(value=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/gw/{stage}"),
    }  # fmt: skip
    return Stage(**not_set(Stage) | given)


def _route(
    number: int, index: int, arn: str, protocol: Protocol, definition: AuthorizerDefinition
) -> Iterator[Resource]:
    method, path = METHODS[index % 5], f"/things/{index}/{{id}}"
    is_rest = protocol is Protocol.REST
    sends = _integration(number, index) if is_rest else _newer(_integration(number, index))
    kind = ("AWS_IAM", "NONE", definition.type, definition.type)[index % 4]
    answers = (
        IntegrationResponse(status="200", selection_pattern=None, parameters={}, templates={}, content_handling=None),
    )
    facts: dict[str, Any] = {
        "authorization_type": Present(value=kind),
        "authorization_scopes": Present(value=("read",) if kind == definition.type and index % 3 else ()),
        "api_key_required": Present(value=False),
        "integration": Present(value=sends),
        "integration_responses": Present(value=answers if is_rest else ()),
        "request_parameters": Present(value={}) if is_rest else NONE,
        "request_models": Present(value={}) if is_rest else NONE,
    }
    working = Method if is_rest else Route
    place: dict[str, Any] = {"path": path, "http_method": method} if is_rest else {"route_key": f"{method} {path}"}
    yield working(
        **not_set(working) | COMMON | facts | {"arn": f"{arn}/r/{index}", "name": path, "api_arn": arn, **place}
    )
    for stage in ("prod", "test"):
        given = {
            **COMMON, **facts, "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:a{number}/{stage}/{method}{path}",
            "name": path, "api_arn": arn, "stage_arn": f"{arn}/stages/{stage}", "stage": stage, "protocol": protocol,
            "view": View.DEPLOYED, "route_key": f"{method} {path}", "method": method, "path": path,
            "authorizer": Present(value=definition) if kind == definition.type else Absent(),
        }  # fmt: skip
        yield DeployedRoute(**not_set(DeployedRoute) | given)


def large(apis: int, routes: int) -> Estate:
    resources = [each for number in range(apis) for each in _api(number, routes)]
    lists: list[Listing] = whole_lists([])
    return estate(resources, listings=lists)


def measured(apis: int, routes: int) -> None:
    given = large(apis, routes)
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    before = time.process_time()
    found = flows(given)
    spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rulings = sum(len(each.rulings) for each in found)
    print(f"{len(found)} {rulings} {spent:.3f} {loaded:.0f} {peak:.0f}", flush=True)


def main() -> None:
    told = []
    for routes in (25, 50):
        done = subprocess.run(
            [sys.executable, __file__, "200", str(routes)], capture_output=True, text=True, check=True
        )
        count, rulings, spent, loaded, peak = done.stdout.split()
        told.append(float(spent))
        print(f"{count} flows, {rulings} rulings: {spent} s CPU; {loaded} MB with the estate alone, {peak} MB at most")
    print(f"twice the routes: {told[1] / told[0]:.2f} times the CPU")


if __name__ == "__main__":
    measured(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 1 else main()
