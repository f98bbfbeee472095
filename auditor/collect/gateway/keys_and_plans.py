"""What callers are told apart and limited by: API keys without values, usage plans, client certificates, account settings."""

from functools import partial

from auditor.collect.gateway.wire import v1_get, v1_list
from auditor.collect.interface import Caller

KEYS = v1_list("GetApiKeys", "/apikeys")
PLANS = v1_list("GetUsagePlans", "/usageplans")
PLAN_KEYS = v1_list("GetUsagePlanKeys", "/usageplans/{usagePlanId}/keys", per=("UsagePlan",))
CERTIFICATES = v1_list("GetClientCertificates", "/clientcertificates", "clientCertificateId")
ACCOUNT = v1_get("GetAccount", "/account", ("throttleSettings",))

OPERATIONS = (KEYS, PLANS, PLAN_KEYS, CERTIFICATES, ACCOUNT)

_LIMIT = 500


def collect(call: Caller) -> None:
    """Read keys, plans with their keys, client certificates and the account's settings."""
    call(KEYS, limit=_LIMIT, includeValues=False)
    call(CERTIFICATES, limit=_LIMIT)
    call(ACCOUNT)
    plans = [str(each["id"]) for each in call(PLANS, limit=_LIMIT).items("item")]
    base = f"arn:{call.partition}:apigateway:{call.region}::/usageplans"
    call.gather([partial(call, PLAN_KEYS, f"{base}/{each}", usagePlanId=each, limit=_LIMIT) for each in plans])
