"""Whatever text AWS answers, or somebody wrote into a configuration: flows are made of it, and no sentence is too long."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from auditor.dataflow.build import flows
from auditor.model.estate import Estate
from tests.dataflow.rich import AUTHORIZERS, LOG, full
from tests.estates import ACCOUNT, REGION, estate

LONGEST = 160
TEXTS = (
    "",
    " ",
    "$",
    "${",
    "//",
    "https://[::1",
    "https://[x]/a",
    "http://a]b/",
    "</svg><script>",
    "{{ name }}",
    "a\0b",
    "\u202eevil",
    "\ud800x",
    "y" * 10_000,
)
API = f"arn:aws:apigateway:{REGION}::/restapis/r1"
USUAL = {"http_method": "POST", "connection_type": None, "connection_id": None, "credentials": None}


def _route(protocol: str, kind: str, integration: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "kind": "DeployedRoute",
        "arn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:r1/live/POST/orders",
        "api_arn": API,
        "stage_arn": f"{API}/stages/live",
        "stage": "live",
        "protocol": protocol,
        "view": "DEPLOYED",
        "route_key": "$connect" if protocol == "WEBSOCKET" else "POST /orders",
        "method": "POST",
        "path": "/orders",
        "authorization_type": kind,
        "authorizer": AUTHORIZERS.get(kind, "absent"),
        "integration": {**USUAL, **integration},
        **other,
    }


def _routes(text: str) -> Iterator[dict[str, Any]]:
    server, pool = {"type": "HTTP_PROXY", "uri": "https://orders.example.com"}, "COGNITO_USER_POOLS"
    for kind in ("HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK", text):
        yield _route("REST", pool, {"type": kind, "uri": text})
        yield _route("REST", pool, {"type": kind, "uri": text, "connection_type": "VPC_LINK", "connection_id": text})
    yield _route("REST", text, server, route_key=f"GET /{text}", path=f"/{text}", method=text)
    mapped = {
        text: text,
        f"integration.request.header.{text}": text,
        "integration.request.header.X": f"method.request.header.{text}",
    }
    yield _route("REST", pool, {**server, "request_parameters": mapped})
    template = {
        "type": "HTTP",
        "uri": "https://a",
        "request_templates": {text: text},
        "passthrough": text,
        "content_handling": text,
    }
    yield _route("REST", pool, template)
    answer = {
        "status": text,
        "selection_pattern": text,
        "content_handling": text,
        "parameters": {text: text},
        "templates": {text: text},
    }
    yield _route("REST", pool, template, integration_responses=[answer])
    mapped = {
        f"overwrite:header.{text}": text,
        f"{text}:{text}": text,
        "overwrite:path": text,
        "append:header.a": f"${{{text}}}",
    }
    yield _route("HTTP", "JWT", {**server, "request_parameters": mapped})
    yield _route("HTTP", "JWT", {"type": "AWS_PROXY", "uri": None, "subtype": text, "request_parameters": {text: text}})
    issuers = [{"issuer": text, "audiences": [text]}, {"issuer": "https://id.example.com", "audiences": []}]
    yield _route("HTTP", "JWT", server, authorizer={**AUTHORIZERS["JWT"], "issuers": issuers})
    yield _route("REST", pool, server, authorizer={**AUTHORIZERS[pool], "provider_arns": [text]})
    own = {**AUTHORIZERS["CUSTOM"], "function_uri": text, "name": text, "identity_source": [text]}
    yield _route("WEBSOCKET", "CUSTOM", {**template, "template_selection": text}, authorizer=own)


def _around(text: str) -> list[dict[str, Any]]:
    stage = {"kind": "Stage", "arn": f"{API}/stages/live", "api_arn": API, "stage": "live", "protocol": "REST"}
    log = {"access_log_destination": f"arn:aws:logs:{text}", "access_log_format": text or LOG}
    return [
        {"kind": "RestApi", "arn": API, "api_id": "r1", "name": text, "endpoint_types": [text]},
        {**stage, **log, "web_acl_arn": text, "variable_names": [text], "variable_values": {text: text}},
    ]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:12]))
def test_no_text_breaks_a_flow(text: str) -> None:
    for given in _routes(text):
        for around in ([], _around(text)):
            _whole(estate([full(each) for each in (given, *around)]))


def _whole(given: Estate) -> None:
    (found,) = flows(given)
    said = [each.sentence for each in found.steps] + [each.because for each in found.rulings]
    said += [each.sentence for each in found.transforms or ()]
    assert max(len(each) for each in said) <= LONGEST
