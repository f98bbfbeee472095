"""A rich estate in few words: each kind of API with its doors, stages, plans, answers, exports and working copies, all of it read."""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.model.estate import Estate
from auditor.model.kinds import KINDS
from auditor.model.resource import Listing, Resource
from tests.estates import ACCOUNT, REGION, estate, listing, resource

POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_a"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
INVOKE = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}:NAME/invocations"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/queue"
CLOSED = '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}],"Version":"2012-10-17"}'
LOG = (
    '{"requestId":"$context.requestId","sub":"$context.authorizer.claims.sub","who":"$context.authorizer.principalId"}'
)
TELL = '{"sub": "$context.authorizer.claims.sub"}'
USUAL: Mapping[str, Any] = {"http_method": "POST", "connection_type": None, "connection_id": None, "credentials": None}
SERVER = {**USUAL, "type": "HTTP_PROXY", "uri": "https://${stageVariables.host}/v1"}
MAPPED = {"integration.request.header.X-User-Id": "context.authorizer.claims.sub"}
AUTHORIZERS: Mapping[str, Any] = {
    "COGNITO_USER_POOLS": {
        "name": "customers",
        "type": "COGNITO_USER_POOLS",
        "provider_arns": [POOL],
        "identity_source": ["method.request.header.Authorization"],
    },
    "JWT": {
        "name": "tokens",
        "type": "JWT",
        "issuers": [{"issuer": "https://id.example.com", "audiences": ["orders"]}],
        "identity_source": ["$request.header.Authorization"],
    },
    "CUSTOM": {
        "name": "own",
        "type": "REQUEST",
        "function_uri": INVOKE.replace("NAME", "authorizer"),
        "identity_source": ["route.request.header.Authorization"],
        "ttl_seconds": 300,
    },
}
_IDS = {"COGNITO_USER_POOLS": "c1", "JWT": "j1", "CUSTOM": "l1"}
_BELOW = {"RestApi": ("Stage", "Method", "Authorizer", "GatewayResponse"), "Api": ("Stage", "Route", "Authorizer")}


def rich() -> Estate:
    """Return the estate, each list read to its end."""
    resources = [full(each) for each in (*_rest(), *_http(), *_websocket(), *_around())]
    return estate(resources, listings=_lists(resources))


def full(given: Mapping[str, Any]) -> Resource:
    """Return a resource whose facts that are not said are not there."""
    fields = KINDS[given["kind"]].model_fields
    absent = {name: "absent" for name, field in fields.items() if "Fact" in str(field.annotation)}
    return resource({**absent, **given})


def _lists(resources: Sequence[Resource]) -> list[Listing]:
    whole = [listing(name) for name, kind in KINDS.items() if kind.whole_list and not kind.is_global]
    below = [listing(name, each.arn) for each in resources for name in _BELOW.get(type(each).__name__, ())]
    stages = [listing("DeployedRoute", each.arn) for each in resources if type(each).__name__ == "Stage"]
    return [*whole, *below, *stages]


def _route(
    room: str, api: str, key: str, kind: str, integration: Mapping[str, Any], **other: Any
) -> list[dict[str, Any]]:
    """Return a route as deployed, and its working copy."""
    method, _, path = key.rpartition(" ")
    api_arn = f"arn:aws:apigateway:{REGION}::/{room}/{api}"
    alike = {
        "api_arn": api_arn,
        "authorization_type": kind,
        "authorization_scopes": [],
        "api_key_required": False,
        "integration": integration,
        "integration_responses": [],
        **other,
    }
    deployed = {
        "kind": "DeployedRoute",
        "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/live/{method or key}{path if method else ''}",
        "stage_arn": f"{api_arn}/stages/live",
        "stage": "live",
        "protocol": {"r1": "REST", "h1": "HTTP"}.get(api, "WEBSOCKET"),
        "view": "DEPLOYED",
        "route_key": key,
        "method": method or key,
        "path": path if method else key,
        "authorizer": AUTHORIZERS.get(kind, "absent"),
    }
    place = {"path": path, "http_method": method, "kind": "Method"} if room == "restapis" else {"kind": "Route"}
    working = {"arn": f"{api_arn}/routes/{key}", "route_key": key, "authorizer_id": _IDS.get(kind, "absent"), **place}
    return [{**alike, **deployed}, {**alike, **working}]


def _stage(room: str, api: str, protocol: str, **other: Any) -> dict[str, Any]:
    api_arn = f"arn:aws:apigateway:{REGION}::/{room}/{api}"
    setting = {
        "throttle_rate": "10",
        "throttle_burst": 5,
        "logging_level": "ERROR",
        "data_trace": False,
        "caching": True,
    }
    return {
        "kind": "Stage",
        "arn": f"{api_arn}/stages/live",
        "api_arn": api_arn,
        "stage": "live",
        "protocol": protocol,
        "auto_deploy": protocol != "REST",
        "settings": [{"path": "*", "method": "*", **setting}],
        "access_log_destination": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:calls",
        "access_log_format": LOG,
        "variable_names": ["host"],
        "variable_values": {"host": "orders.example.com"},
        **other,
    }


def _authorizer(room: str, api: str, kind: str) -> dict[str, Any]:
    api_arn = f"arn:aws:apigateway:{REGION}::/{room}/{api}"
    made = {"kind": "Authorizer", "arn": f"{api_arn}/authorizers/{_IDS[kind]}", "api_arn": api_arn}
    return {**made, "authorizer_id": _IDS[kind], "definition": AUTHORIZERS[kind]}


def _rest() -> list[dict[str, Any]]:
    api = f"arn:aws:apigateway:{REGION}::/restapis/r1"
    queue = {
        **USUAL,
        "type": "AWS",
        "uri": f"arn:aws:apigateway:{REGION}:sqs:path/{ACCOUNT}/orders",
        "credentials": ROLE,
    }
    custom = {**USUAL, "type": "AWS", "uri": INVOKE.replace("NAME", "orders"), "passthrough": "NEVER"}
    check = {"request_validation": {"validator": "all", "body": True, "parameters": True}}
    pool = "COGNITO_USER_POOLS"
    return [
        {
            "kind": "RestApi",
            "arn": api,
            "api_id": "r1",
            "name": "orders",
            "endpoint_types": ["REGIONAL"],
            "policy": CLOSED,
        },
        _stage(
            "restapis",
            "r1",
            "REST",
            cache_cluster_enabled=True,
            web_acl_arn=f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/edge/1",
        ),
        {
            "kind": "StageExport",
            "arn": f"{api}/stages/live/exports/oas30",
            "api_arn": api,
            "stage_arn": f"{api}/stages/live",
            "policy": CLOSED,
        },
        _authorizer("restapis", "r1", pool),
        {
            "kind": "GatewayResponse",
            "arn": f"{api}/gatewayresponses/DEFAULT_4XX",
            "api_arn": api,
            "response_type": "DEFAULT_4XX",
            "status": "403",
            "is_default": False,
        },
        *_route("restapis", "r1", "GET /orders", pool, {**SERVER, "request_parameters": MAPPED}, **check),
        *_route("restapis", "r1", "POST /orders", pool, SERVER),
        *_route("restapis", "r1", "PUT /orders", pool, {**custom, "request_templates": {"application/json": TELL}}),
        *_route(
            "restapis",
            "r1",
            "PUT /queue",
            "AWS_IAM",
            {**queue, "request_templates": {"application/json": "Action=SendMessage"}},
        ),
        *_route("restapis", "r1", "GET /open", "NONE", {**USUAL, "type": "MOCK", "uri": None}),
        *_route("restapis", "r1", "GET /key", "NONE", {**SERVER, "cache_key_parameters": []}, api_key_required=True),
    ]


def _http() -> list[dict[str, Any]]:
    api = f"arn:aws:apigateway:{REGION}::/apis/h1"
    proxy = {**USUAL, "type": "AWS_PROXY", "uri": INVOKE.replace("NAME", "orders"), "payload_format_version": "2.0"}
    mapped = {"overwrite:header.x-user-id": "$context.authorizer.claims.sub"}
    return [
        {
            "kind": "Api",
            "arn": api,
            "api_id": "h1",
            "name": "shop",
            "protocol": "HTTP",
            "disable_execute_api_endpoint": True,
        },
        _stage("apis", "h1", "HTTP"),
        _authorizer("apis", "h1", "JWT"),
        *_route("apis", "h1", "GET /orders", "JWT", proxy),
        *_route("apis", "h1", "POST /orders", "JWT", {**SERVER, "request_parameters": mapped}),
        *_route("apis", "h1", "GET /open", "NONE", SERVER),
    ]


def _websocket() -> list[dict[str, Any]]:
    api = f"arn:aws:apigateway:{REGION}::/apis/w1"
    proxy = {**USUAL, "type": "AWS_PROXY", "uri": INVOKE.replace("NAME", "chat")}
    return [
        {"kind": "Api", "arn": api, "api_id": "w1", "name": "chat", "protocol": "WEBSOCKET"},
        _stage("apis", "w1", "WEBSOCKET"),
        _authorizer("apis", "w1", "CUSTOM"),
        *_route("apis", "w1", "$connect", "CUSTOM", proxy),
        *_route("apis", "w1", "$default", "NONE", proxy),
    ]


def _around() -> list[dict[str, Any]]:
    domain = {
        "kind": "DomainName",
        "endpoint_types": ["REGIONAL"],
        "routing_mode": "BASE_PATH_MAPPING_ONLY",
        "routing_rules": [],
    }
    place = f"arn:aws:apigateway:{REGION}::/domainnames"
    return [
        {
            **domain,
            "arn": f"{place}/api.example.com",
            "domain": "api.example.com",
            "security_policy": "TLS_1_2",
            "mutual_tls_truststore": "s3://trust/store.pem",
            "mappings": [
                {"path": "shop", "api_id": "h1", "stage": "live"},
                {"path": "orders", "api_id": "r1", "stage": "live"},
            ],
        },
        {
            "kind": "UsagePlan",
            "arn": f"arn:aws:apigateway:{REGION}::/usageplans/p1",
            "name": "gold",
            "api_stages": [{"api_id": "r1", "stage": "live"}],
            "key_ids": ["k1"],
            "throttle_rate": "3",
            "quota_limit": 1000,
            "quota_period": "DAY",
            "method_throttles": [],
        },
        {
            "kind": "WebAcl",
            "arn": f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/edge/1",
            "name": "edge",
            "default_action": "ALLOW",
        },
    ]
