"""What callers are told apart and limited by: API keys without values, usage plans, client certificates, account settings."""

from datetime import date, timedelta
from functools import partial

from auditor.collect.clock import now
from auditor.collect.gateway.wire import V1_TOKENS, v1_get, v1_list
from auditor.collect.interface import Caller, Operation, Paging

KEYS = v1_list("GetApiKeys", "/apikeys")
PLANS = v1_list("GetUsagePlans", "/usageplans")
PLAN_KEYS = v1_list("GetUsagePlanKeys", "/usageplans/{usagePlanId}/keys", per=("UsagePlan",))
USAGE = Operation(
    service="apigateway",
    name="GetUsage",
    action="apigateway:GET",
    resource="arn:{partition}:apigateway:{region}::/usageplans/{usagePlanId}/usage",
    # `values` may be left out where there is nothing to tell; these three were in a live answer (docs/wire-facts.md).
    required=("endDate", "startDate", "usagePlanId"),
    maps=("values",),
    page=Paging(items="values", **V1_TOKENS),
    per=("UsagePlan",),
)
CERTIFICATES = v1_list("GetClientCertificates", "/clientcertificates", "clientCertificateId")
ACCOUNT = v1_get("GetAccount", "/account", ("throttleSettings",))

OPERATIONS = (KEYS, PLANS, PLAN_KEYS, USAGE, CERTIFICATES, ACCOUNT)

_LIMIT = 500
_LOOK_BACK = 90
"""Days of use that are asked for, today among them. AWS publishes no longest range; this is twice what KR-05 judges by."""


def collect(call: Caller) -> None:
    """Read keys, plans with their keys and their use, client certificates and the account's settings."""
    call(KEYS, limit=_LIMIT, includeValues=False)
    call(CERTIFICATES, limit=_LIMIT)
    call(ACCOUNT)
    plans = [str(each["id"]) for each in call(PLANS, limit=_LIMIT).items("item")]
    today = now().date()
    call.gather([partial(_plan, call, each, today) for each in plans])


def _plan(call: Caller, plan: str, today: date) -> None:
    """Read the keys of a plan and, where it has any, how much each was used a day."""
    arn = f"arn:{call.partition}:apigateway:{call.region}::/usageplans/{plan}"
    if not any(call(PLAN_KEYS, arn, usagePlanId=plan, limit=_LIMIT).items("item")):
        return
    first = today - timedelta(days=_LOOK_BACK - 1)
    call(USAGE, arn, usagePlanId=plan, startDate=first.isoformat(), endDate=today.isoformat(), limit=_LIMIT)
