"""Custom domain names: where they lead by mappings and routing rules, and which VPC endpoints may use private ones."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from auditor.collect.gateway.wire import V2_PAGES, v1_list, v2_list
from auditor.collect.interface import Caller, Operation

_OWNERS = ("SELF", "OTHER_ACCOUNTS")
"""ResourceOwner (botocore 1.44.5): this account's own, and those of other accounts that are shared with it."""

DOMAINS = v1_list("GetDomainNames", "/domainnames", "domainName", times=len(_OWNERS))
BASE_PATHS = v1_list(
    "GetBasePathMappings", "/domainnames/{domainName}/basepathmappings", "restApiId", per=("DomainName",)
)
DOMAINS_V2 = v2_list("GetDomainNames", "/domainnames", "domainName")
MAPPINGS = v2_list("GetApiMappings", "/domainnames/{DomainName}/apimappings", "apiId", per=("DomainName",))
RULES = Operation(
    "apigatewayv2",
    "ListRoutingRules",
    "apigateway:ListRoutingRules",
    "arn:{partition}:apigateway:{region}:{account}:/domainnames/{DomainName}/routingrules/*",
    required=("routingRules",),
    records=(("routingRules", "routingRuleId"),),
    page=replace(V2_PAGES, items="routingRules"),
    per=("DomainName",),
)
ASSOCIATIONS = v1_list(
    "GetDomainNameAccessAssociations",
    "/domainnameaccessassociations",
    "domainNameAccessAssociationArn",
    times=len(_OWNERS),
)

OPERATIONS = (DOMAINS, BASE_PATHS, DOMAINS_V2, MAPPINGS, RULES, ASSOCIATIONS)

_LIMIT = 500
_RULES_LIMIT = 100
_MAPPING_ONLY = frozenset({"BASE_PATH_MAPPING_ONLY", "API_MAPPING_ONLY"})
"""Routing modes under which rules do not count, by the names of both API versions. Any other mode: the rules are read."""


def collect(call: Caller) -> None:
    """Read every domain name, where it leads, and who may use the private ones."""
    own = list(call(DOMAINS, limit=_LIMIT, resourceOwner=_OWNERS[0]).items("item"))
    # Shared by other accounts: where they lead is the owner's to read. That they are there is known to this account.
    call(DOMAINS, limit=_LIMIT, resourceOwner=_OWNERS[1])
    newer = list(call(DOMAINS_V2, MaxResults="500").items("items"))
    for owner in _OWNERS:
        call(ASSOCIATIONS, limit=_LIMIT, resourceOwner=owner)
    modes = {_key(each): each.get("routingMode") for each in (*newer, *own)}
    call.gather(
        [
            *(partial(_base_paths, call, *key) for key in sorted({_key(each) for each in own})),
            # Mappings with several path levels, and those of HTTP and WebSocket APIs, show only here.
            *(
                partial(call, MAPPINGS, _arn(call, name, ""), DomainName=name, MaxResults="500")
                for name in sorted({str(each["domainName"]) for each in newer})
            ),
            *(partial(_rules, call, *key) for key in sorted(modes) if modes[key] not in _MAPPING_ONLY),
        ]
    )


def _key(domain: Mapping[str, Any]) -> tuple[str, str]:
    """Return a domain name and its id: several private domains may share a name, and only they have an id."""
    return str(domain["domainName"]), str(domain.get("domainNameId") or "")


def _arn(call: Caller, name: str, private_id: str) -> str:
    tail = f"+{private_id}" if private_id else ""
    return f"arn:{call.partition}:apigateway:{call.region}::/domainnames/{name}{tail}"


def _base_paths(call: Caller, name: str, private_id: str) -> None:
    own = {"domainNameId": private_id} if private_id else {}
    call(BASE_PATHS, _arn(call, name, private_id), domainName=name, limit=_LIMIT, **own)


def _rules(call: Caller, name: str, private_id: str) -> None:
    own = {"DomainNameId": private_id} if private_id else {}
    call(RULES, _arn(call, name, private_id), DomainName=name, MaxResults=_RULES_LIMIT, **own)
