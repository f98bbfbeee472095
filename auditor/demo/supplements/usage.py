"""Usage plans: how much each key was used a day, which moto does not count."""

from datetime import date, timedelta
from typing import Any

from moto.apigateway.models import apigateway_backends

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request
from auditor.demo.writing import answer


def _usage(state: State, request: Request, _passed: Passed) -> Answer:
    asked = request.parameters
    plan = str(asked["usagePlanId"])
    backend: Any = apigateway_backends[request.account][request.region]
    first, last = (date.fromisoformat(asked[name]) for name in ("startDate", "endDate"))
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    quota = int((backend.get_usage_plan(plan).quota or {}).get("limit", 0))
    items = {each.id: _days(state, each.id, days, quota) for each in backend.get_usage_plan_keys(plan)}
    told = {"usagePlanId": plan, "startDate": asked["startDate"], "endDate": asked["endDate"], "items": items}
    return 200, answer(request, told)


def _days(state: State, key_id: str, days: list[date], quota: int) -> list[list[int]]:
    """Return calls and what is left of the quota, day by day; a key is used every day until its last."""
    last, calls = state.key_uses.get(key_id, (date.min, 0))
    used = [calls if day <= last else 0 for day in days]
    return [[each, max(0, quota - each)] for each in used]


HANDLERS: Handlers = {"apigateway:GetUsage": _usage}
