"""Small worlds for tables of calls: resources by name, which a case changes, leaves out or adds to.

A table is `world:` (resources by name) and `cases:`, each with `call:` (`GET https://…`, and what else is said of it), `change:`
(members of resources, by their names), `without:` (names), `more:` (further resources), `lists:`, and `expect:`.
"""

import json
from collections.abc import Mapping
from typing import Any

from auditor.dataflow.explain.call import Call, Options, parse
from auditor.dataflow.explain.claims import read
from auditor.model.estate import Estate
from tests.dataflow.propagation.test_rules import estate_of

USUAL: Mapping[str, Mapping[str, Any]] = {
    "RestApi": {
        "endpoint_types": ["REGIONAL"],
        "policy": "absent",
        "disable_execute_api_endpoint": False,
        "api_key_source": "HEADER",
    },
    "Api": {"disable_execute_api_endpoint": False, "cors": "absent"},
    "Stage": {
        "settings": "absent",
        "web_acl_arn": "absent",
        "canary_deployment_id": "absent",
        "variable_names": "absent",
        "variable_values": "absent",
        "access_log_destination": "absent",
    },
    "DeployedRoute": {
        "view": "DEPLOYED",
        "authorization_type": "NONE",
        "authorizer": "absent",
        "authorization_scopes": "absent",
        "api_key_required": False,
        "request_validation": "absent",
        "request_parameters": "absent",
        "request_models": "absent",
        "integration_responses": "absent",
    },
    "DomainName": {
        "endpoint_types": ["REGIONAL"],
        "mutual_tls_truststore": "absent",
        "routing_mode": "BASE_PATH_MAPPING_ONLY",
        "routing_rules": "not applicable",
    },
    "UsagePlan": {
        "throttle_rate": "absent",
        "throttle_burst": "absent",
        "quota_limit": "absent",
        "method_throttles": "absent",
    },
    "ApiKey": {"enabled": True, "stage_keys": "absent"},
    "Function": {"exists": True},
    "GatewayResponse": {"is_default": False, "parameters": "absent", "templates": "absent"},
}
"""What each kind says unless a table does."""


ACCOUNT = {"kind": "GatewayAccount", "arn": "arn:aws:apigateway:eu-west-1::/account", "throttle_rate": "10000"}


def world_of(table: Mapping[str, Any], case: Mapping[str, Any]) -> Estate:
    """Return the estate of a case."""
    change, without = case.get("change", {}), case.get("without", [])
    named = [{**each, **change.get(name, {})} for name, each in table["world"].items() if name not in without]
    given = [ACCOUNT, *named, *case.get("more", [])]
    assert set(change) | set(without) <= set(table["world"]), case["case"]
    return estate_of({"given": USUAL}, {**case, "given": given})


def call_of(case: Mapping[str, Any]) -> Call:
    """Return the call of a case."""
    said = case["call"]
    text = said if isinstance(said, str) else said["is"]
    rest = {} if isinstance(said, str) else said
    method, _, url = text.partition(" ")
    claims = rest.get("claims")
    found = None if claims is None else read(json.dumps(claims), "claims.json")
    return parse(method, url, Options(rest.get("as"), found, rest.get("from"), rest.get("key"), rest.get("type")))
