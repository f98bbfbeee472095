"""What stands before the APIs: domain names with their mappings, API keys without values, usage plans, account settings."""

from functools import partial

from auditor.collect.gateway.wire import v1_get, v1_list, v2_list
from auditor.collect.interface import Caller

DOMAINS = v1_list("GetDomainNames", "/domainnames", "domainName")
BASE_PATHS = v1_list(
    "GetBasePathMappings", "/domainnames/{domainName}/basepathmappings", "restApiId", per=("DomainName",)
)
DOMAINS_V2 = v2_list("GetDomainNames", "/domainnames", "domainName")
MAPPINGS = v2_list("GetApiMappings", "/domainnames/{DomainName}/apimappings", "apiId", per=("DomainName",))
KEYS = v1_list("GetApiKeys", "/apikeys")
PLANS = v1_list("GetUsagePlans", "/usageplans")
PLAN_KEYS = v1_list("GetUsagePlanKeys", "/usageplans/{usagePlanId}/keys", per=("UsagePlan",))
ACCOUNT = v1_get("GetAccount", "/account", ("throttleSettings",))

OPERATIONS = (DOMAINS, BASE_PATHS, DOMAINS_V2, MAPPINGS, KEYS, PLANS, PLAN_KEYS, ACCOUNT)

_LIMIT = 500


def collect(call: Caller) -> None:
    """Read every door of the region."""
    base = f"arn:{call.partition}:apigateway:{call.region}::"
    listed = call(DOMAINS, limit=_LIMIT).items("item")
    domains = {(str(each["domainName"]), str(each.get("domainNameId") or "")) for each in listed}
    newer = {str(each["domainName"]) for each in call(DOMAINS_V2, MaxResults="500").items("items")}
    call(KEYS, limit=_LIMIT, includeValues=False)
    call(ACCOUNT)
    plans = [str(each["id"]) for each in call(PLANS, limit=_LIMIT).items("item") if "id" in each]
    call.gather(
        [
            *(partial(_base_paths, call, name, private_id) for name, private_id in sorted(domains)),
            # Mappings with several path levels, and those of HTTP and WebSocket APIs, show only here.
            *(
                partial(call, MAPPINGS, f"{base}/domainnames/{each}", DomainName=each, MaxResults="500")
                for each in sorted(newer)
            ),
            *(partial(call, PLAN_KEYS, f"{base}/usageplans/{each}", usagePlanId=each, limit=_LIMIT) for each in plans),
        ]
    )


def _base_paths(call: Caller, name: str, private_id: str) -> None:
    """Read one domain's mappings; a private domain name is told apart by its id."""
    own = {"domainNameId": private_id} if private_id else {}
    tail = f"+{private_id}" if private_id else ""
    arn = f"arn:{call.partition}:apigateway:{call.region}::/domainnames/{name}{tail}"
    call(BASE_PATHS, arn, domainName=name, limit=_LIMIT, **own)
