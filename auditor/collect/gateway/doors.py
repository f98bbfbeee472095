"""What stands before the APIs: domain names with their mappings, API keys without values, usage plans, account settings."""

from functools import partial

from auditor.collect.gateway.wire import v1_get, v1_list, v2_list
from auditor.collect.interface import Caller

DOMAINS = v1_list("GetDomainNames", "/domainnames", "domainName")
BASE_PATHS = v1_list("GetBasePathMappings", "/domainnames/{domainName}/basepathmappings", "restApiId")
DOMAINS_V2 = v2_list("GetDomainNames", "/domainnames", "domainName")
MAPPINGS = v2_list("GetApiMappings", "/domainnames/{DomainName}/apimappings", "apiId")
KEYS = v1_list("GetApiKeys", "/apikeys")
PLANS = v1_list("GetUsagePlans", "/usageplans")
PLAN_KEYS = v1_list("GetUsagePlanKeys", "/usageplans/{usagePlanId}/keys")
ACCOUNT = v1_get("GetAccount", "/account", ("throttleSettings",))

OPERATIONS = (DOMAINS, BASE_PATHS, DOMAINS_V2, MAPPINGS, KEYS, PLANS, PLAN_KEYS, ACCOUNT)

_LIMIT = 500


def collect(call: Caller) -> None:
    """Read every door of the region."""
    base = f"arn:{call.partition}:apigateway:{call.region}::"
    domains = {str(each["domainName"]) for each in call(DOMAINS, limit=_LIMIT).items("item") if "domainName" in each}
    newer = {
        str(each["domainName"]) for each in call(DOMAINS_V2, MaxResults="500").items("items") if "domainName" in each
    }
    call(KEYS, limit=_LIMIT, includeValues=False)
    call(ACCOUNT)
    plans = [str(each["id"]) for each in call(PLANS, limit=_LIMIT).items("item") if "id" in each]
    call.gather(
        [
            *(
                partial(call, BASE_PATHS, f"{base}/domainnames/{each}", domainName=each, limit=_LIMIT)
                for each in sorted(domains)
            ),
            # Mappings with several path levels, and those of HTTP and WebSocket APIs, show only here.
            *(
                partial(call, MAPPINGS, f"{base}/domainnames/{each}", DomainName=each, MaxResults="500")
                for each in sorted(newer)
            ),
            *(partial(call, PLAN_KEYS, f"{base}/usageplans/{each}", usagePlanId=each, limit=_LIMIT) for each in plans),
        ]
    )
