"""Step 7: whether a usage plan's key is needed, and whether the one that is named opens this stage."""

from auditor.dataflow.explain.meeting import Meeting
from auditor.dataflow.explain.verdict import Verdict, passed, refused, unknown, unread
from auditor.model.fact import Absent, NotApplicable, NotReadError, Present, Unread
from auditor.model.gateway import RestApi
from auditor.model.keys_and_plans import ApiKey, UsagePlan

_PLANS = "apigateway:GetUsagePlans"
_RESPONSE = "INVALID_API_KEY"


def judge(meeting: Meeting) -> Verdict:
    """Return what becomes of the call."""
    match meeting.passage.route.api_key_required:
        case Present(value=True):
            return _needed(meeting)
        case Unread(gap=gap):
            return unread("Whether an API key is needed", gap)
        case Present() | Absent() | NotApplicable():
            return passed()


def _needed(meeting: Meeting) -> Verdict:
    api = meeting.passage.api
    if isinstance(api, RestApi):
        if isinstance(api.api_key_source, Unread):
            return unread("Where the API key is taken from", api.api_key_source.gap)
        if api.api_key_source == Present[str](value="AUTHORIZER"):
            return unknown("The authorizer's answer must name the API key, which no snapshot shows.", api.arn)
    plans, whole = meeting.around.plans(meeting.passage.route)
    if not plans and whole and not _old_keys(meeting):
        return refused(
            _RESPONSE,
            "The route needs an API key, and no usage plan covers this stage.",
            f"{_PLANS}: none of {meeting.stage}",
        )
    if meeting.call.api_key_id is None:
        return unknown("The route needs an API key, and none is named (--api-key-id).", *_named(plans))
    return _with_key(meeting, plans, whole=whole)


def _with_key(meeting: Meeting, plans: tuple[UsagePlan, ...], *, whole: bool) -> Verdict:
    wanted, route = meeting.call.api_key_id, meeting.passage.route
    keys = meeting.around.estate.of(ApiKey)
    here = (each for each in keys if (each.account, each.region) == (route.account, route.region))
    key = next((each for each in here if each.key_id == wanted), None)
    if key is None:
        return _not_there(meeting)
    if isinstance(key.enabled, Unread):
        return unread(f"Whether API key {key.name} is enabled", key.enabled.gap)
    if key.enabled != Present[bool](value=True):
        return refused(_RESPONSE, f"API key {key.name} is disabled.", f"apigateway:GetApiKeys {key.arn}")
    having = [each for each in plans if isinstance(each.key_ids, Present) and key.key_id in each.key_ids.value]
    if having or _place(meeting) in _stages(key):
        return _quota(having)
    return _without_plan(key, plans, whole=whole)


def _not_there(meeting: Meeting) -> Verdict:
    wanted, route = meeting.call.api_key_id, meeting.passage.route
    try:
        meeting.around.estate.whole(ApiKey, route.account, route.region)
    except NotReadError as error:
        return unread(f"API key {wanted}", error.gap)
    return refused(
        _RESPONSE, f"There is no API key {wanted} in {route.account} {route.region}.", "apigateway:GetApiKeys"
    )


def _without_plan(key: ApiKey, plans: tuple[UsagePlan, ...], *, whole: bool) -> Verdict:
    """Return the refusal of a key that no plan of the stage has, where all plans and their keys were read."""
    if not whole or isinstance(key.stage_keys, Unread) or any(isinstance(each.key_ids, Unread) for each in plans):
        return unknown(f"Whether a usage plan of this stage has API key {key.name} was not read.", _PLANS)
    return refused(_RESPONSE, f"API key {key.name} is in no usage plan that covers this stage.", *_named(plans))


def _quota(plans: list[UsagePlan]) -> Verdict:
    notes = []
    for each in plans:
        if isinstance(each.quota_limit, Unread):
            return unread(f"The quota of usage plan {each.name}", each.quota_limit.gap)
        if isinstance(each.quota_limit, Present) and each.quota_limit.value <= 0:
            return refused("QUOTA_EXCEEDED", f"Usage plan {each.name} has a quota of no calls.", f"{_PLANS} {each.arn}")
        if isinstance(each.quota_limit, Present):
            period = each.quota_period.value.lower() if isinstance(each.quota_period, Present) else "period"
            notes.append(f"QUOTA_EXCEEDED at step 7, once the key made {each.quota_limit.value} calls of a {period}.")
    return passed(*notes)


def plans_of_key(meeting: Meeting) -> tuple[UsagePlan, ...]:
    """Return the usage plans of this stage that certainly have the key of the call; none where the route asks for no key."""
    if meeting.passage.route.api_key_required != Present[bool](value=True):
        return ()
    plans, _ = meeting.around.plans(meeting.passage.route)
    wanted = meeting.call.api_key_id
    return tuple(each for each in plans if isinstance(each.key_ids, Present) and wanted in each.key_ids.value)


def _old_keys(meeting: Meeting) -> bool:
    """Return whether keys that are older than usage plans open the stage, or may do."""
    keys = meeting.around.estate.of(ApiKey)
    return any(_place(meeting) in _stages(each) or isinstance(each.stage_keys, Unread) for each in keys)


def _stages(key: ApiKey) -> tuple[str, ...]:
    return key.stage_keys.value if isinstance(key.stage_keys, Present) else ()


def _place(meeting: Meeting) -> str:
    route = meeting.passage.route
    return f"{route.api_arn.rpartition('/')[2]}/{route.stage}"


def _named(plans: tuple[UsagePlan, ...]) -> tuple[str, ...]:
    return tuple(f"{_PLANS} {each.arn}" for each in plans)
