"""Step 8: whether a limit lets no call through at all. What load does to the others, a snapshot cannot tell."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.steps.api_key import plans_of_key
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.model.explanation import Decision
from auditor.model.fact import Fact, Present, Unread
from auditor.model.gateway import GatewayAccount
from auditor.model.keys_and_plans import UsagePlan

_NO_CALL = 0


def judge(meeting: Meeting) -> Verdict:
    """Return what becomes of the call: plan, then stage, then account (dataflow.md section 4.2)."""
    return next((each for each in _asked(meeting) if each.decision is not Decision.ALLOWED), passed())


def _asked(meeting: Meeting) -> Iterator[Verdict]:
    for plan in plans_of_key(meeting):
        yield _by_plan(plan, meeting)
    yield _by_stage(meeting)
    yield _by_account(meeting)


def _by_plan(plan: UsagePlan, meeting: Meeting) -> Verdict:
    for fact in (plan.method_throttles, plan.throttle_rate, plan.throttle_burst):
        if isinstance(fact, Unread):
            return unread(f"How many calls usage plan {plan.name} lets through", fact.gap)
    which = _closed_by_plan(plan, meeting)
    if which is None:
        return passed()
    because = f"Usage plan {plan.name} lets no call through: {which} is 0."
    return refused("THROTTLED", because, f"apigateway:GetUsagePlans {plan.arn}")


def _by_stage(meeting: Meeting) -> Verdict:
    setting = meeting.passage.setting
    if isinstance(setting, Unread):
        return unread("How many calls the stage lets through", setting.gap)
    if not isinstance(setting, Present):
        return passed()
    found = setting.value
    if not _is_none(found.throttle_rate) and found.throttle_burst != _NO_CALL:
        return passed()
    where = "the stage" if found.path == "*" else "this route"
    which = "rate" if _is_none(found.throttle_rate) else "burst"
    because = f"No call gets through: the {which} set on {where} is 0."
    return refused("THROTTLED", because, f"settings of {meeting.stage}")


def _by_account(meeting: Meeting) -> Verdict:
    route = meeting.passage.route
    accounts = meeting.around.estate.of(GatewayAccount)
    here = (each for each in accounts if (each.account, each.region) == (route.account, route.region))
    account = next(here, None)
    if account is None:
        return unknown("How many calls the account lets through was not read.", "apigateway:GetAccount")
    if isinstance(account.throttle_rate, Unread):
        return unread("How many calls the account lets through", account.throttle_rate.gap)
    if not _is_none(_known(account.throttle_rate)):
        return passed()
    because = "No call gets through: the account's rate is 0."
    return refused("THROTTLED", because, f"apigateway:GetAccount {account.arn}")


def _closed_by_plan(plan: UsagePlan, meeting: Meeting) -> str | None:
    route = meeting.passage.route
    api_id, method = route.api_arn.rpartition("/")[2], f"{route.path}/{route.method}"
    own = plan.method_throttles.value if isinstance(plan.method_throttles, Present) else ()
    for each in own:
        if (each.api_id, each.stage, each.method) == (api_id, route.stage, method):
            # A limit of the method's own stands before the plan's.
            closed = _is_none(each.rate) or each.burst == _NO_CALL
            return f"its limit for {each.method}" if closed else None
    if _is_none(_known(plan.throttle_rate)):
        return "its rate"
    return "its burst" if plan.throttle_burst == Present[int](value=_NO_CALL) else None


def _known(fact: Fact[str]) -> str | None:
    return fact.value if isinstance(fact, Present) else None


def _is_none(rate: str | None) -> bool:
    if rate is None:
        return False
    try:
        return Decimal(rate) == _NO_CALL
    except InvalidOperation:
        return False
