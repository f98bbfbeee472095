"""Deployed against configured: where the working copy has moved on from what a stage serves."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from auditor.dataflow.gateway_answers import answers_differ
from auditor.dataflow.policies import policies_differ
from auditor.dataflow.surroundings import Place, Surroundings, Working, place, working_copy, working_key
from auditor.model.estate import Estate
from auditor.model.fact import Absent, Fact, NotApplicable, NotReadError, Present, Unread
from auditor.model.flow import Drift, DriftField
from auditor.model.gateway import Authorizer, DeployedRoute, Method, Protocol, RestApi, Route, Stage, View
from auditor.model.route_parts import AuthorizerDefinition, Integration, IntegrationResponse, RequestValidation

COMPARED = (
    "authorization_type",
    "api_key_required",
    "authorization_scopes",
    "integration",
    "request_validation",
    "request_parameters",
    "integration_responses",
)
"""Members that a route has on both sides, and that drift looks at."""
Compared = tuple[str, str | None, str | None]
"""Field, configured, deployed; None where one of them was not read."""

_NOTHING = "not set"
_DEFAULT_TTL = {Protocol.REST: 300, Protocol.HTTP: 0, Protocol.WEBSOCKET: 0}
"""Seconds for which an authorizer's answer is kept where no time is set (API references of both versions)."""
_WHEN_NO_MATCH = "WHEN_NO_MATCH"
"""What passes where nothing is set."""


def drift(route: DeployedRoute, around: Surroundings) -> tuple[Drift, tuple[DriftField, ...]]:
    """Return whether the working copy differs from the deployed route, and in what; UNKNOWN is never NONE."""
    if route.view is View.CONFIGURED:
        return Drift.UNKNOWN, ()
    working = around.working.get(place(route, route.api_arn), {}).get(route.route_key)
    if working is None:
        return _removed(route, around)
    if _is_plainly_equal(working, route, around):
        return Drift.NONE, ()
    compared = [each for each in _compared(working, route, around) if each[1] is None or each[1] != each[2]]
    fields = tuple(
        DriftField(field=field, configured=configured, deployed=deployed)
        for field, configured, deployed in compared
        if configured is not None and deployed is not None
    )
    if fields:
        return Drift.UNDEPLOYED_CHANGE, fields
    return (Drift.UNKNOWN if compared else Drift.NONE), ()


def _is_plainly_equal(working: Working, route: DeployedRoute, around: Surroundings) -> bool:
    """Return whether both sides were read and say the same word for word, as nearly all do: then no word needs to be made."""
    for member in COMPARED:
        deployed = getattr(route, member)
        if isinstance(deployed, Unread) or getattr(working, member) != deployed:
            return False
    if not isinstance(route.authorizer, NotApplicable | Absent):
        configured = _configured_authorizer(working, around)
        if isinstance(configured, Unread) or configured != route.authorizer:
            return False
    return not any(differs is None or differs != same for _, differs, same in _of_the_api(route, around))


def undeployed(estate: Estate) -> tuple[Working, ...]:
    """Return what stands in working copies and on no stage, in order; of APIs whose stages were read to the end."""
    around = Surroundings(estate)
    served: dict[Place, set[str]] = {}
    for route in estate.of(DeployedRoute):
        served.setdefault(place(route, route.api_arn), set()).add(route.route_key)
    found = [
        each
        for each in working_copy(estate)
        if working_key(each) not in served.get(place(each, each.api_arn), set()) and _stages_are_read(each, around)
    ]
    return tuple(sorted(found, key=lambda each: (each.account, each.region, each.arn)))


def _stages_are_read(working: Working, around: Surroundings) -> bool:
    stages = [each.arn for each in around.stages.values() if each.api_arn == working.api_arn]
    lists = [around.was_listed(DeployedRoute, working, parent) for parent in (working.api_arn, *stages)]
    return around.was_listed(Stage, working, working.api_arn) is True and False not in lists


def _removed(route: DeployedRoute, around: Surroundings) -> tuple[Drift, tuple[DriftField, ...]]:
    """Return the drift of a route that the working copy does not have: gone, if that was read to its end."""
    kind = Method if route.protocol is Protocol.REST else Route
    if around.was_listed(kind, route, route.api_arn) is not True:
        return Drift.UNKNOWN, ()
    gone = DriftField(field="route", configured="removed, not deployed", deployed="served")
    return Drift.UNDEPLOYED_CHANGE, (gone,)


def _compared(working: Working, route: DeployedRoute, around: Surroundings) -> Iterator[Compared]:
    yield _pair("authorization type", working.authorization_type, route.authorization_type)
    yield _pair("API key required", working.api_key_required, route.api_key_required)
    yield _pair("scopes", working.authorization_scopes, route.authorization_scopes)
    if working.authorization_type == route.authorization_type and not isinstance(route.authorizer, NotApplicable):
        yield from _authorizers(working, route, around)
    yield from _integrations(working.integration, route.integration)
    yield _validation(working.request_validation, route.request_validation)
    yield _pair("required parameters", _required(working), _required(route))
    yield _answers(working.integration_responses, route.integration_responses)
    yield from _of_the_api(route, around)


def _pair(field: str, configured: Fact[str] | Fact[bool] | Fact[tuple[str, ...]], deployed: object) -> Compared:
    return field, _text(configured), _text(deployed)


def _text(fact: object) -> str | None:
    """Return a fact as words; None where it was not read. Not set, false and empty are one and the same to AWS."""
    if isinstance(fact, Unread):
        return None
    value = fact.value if isinstance(fact, Present) else None
    if isinstance(value, tuple):
        value = ", ".join(sorted(value))
    if value is True:
        return "yes"
    return str(value) if value else _NOTHING


def _authorizers(working: Working, route: DeployedRoute, around: Surroundings) -> Iterator[Compared]:
    configured = _configured_authorizer(working, around)
    if isinstance(configured, Unread) or isinstance(route.authorizer, Unread):
        yield "authorizer", None, None
    elif isinstance(configured, Present) and isinstance(route.authorizer, Present):
        yield from _definitions(configured.value, route.authorizer.value, route.protocol)
    else:
        yield "authorizer", _authorizer_name(configured), _authorizer_name(route.authorizer)


def _configured_authorizer(working: Working, around: Surroundings) -> Fact[AuthorizerDefinition]:
    match working.authorizer_id:
        case Present(value=found):
            known = around.authorizers.get((place(working, working.api_arn), found))
            return _missing(working, around) if known is None else known
        case Unread(gap=gap):
            return Unread(gap=gap)
        case Absent() | NotApplicable():
            return Absent()


def _missing(working: Working, around: Surroundings) -> Fact[AuthorizerDefinition]:
    """Return that an authorizer is not there, or that nobody saw whether it is."""
    try:
        around.estate.whole(Authorizer, working.account, working.region, working.api_arn)
    except NotReadError as hidden:
        return Unread(gap=hidden.gap)
    return Absent()


def _authorizer_name(fact: Fact[AuthorizerDefinition]) -> str:
    return fact.value.name if isinstance(fact, Present) else _NOTHING


def _definitions(
    configured: AuthorizerDefinition, deployed: AuthorizerDefinition, protocol: Protocol
) -> Iterator[Compared]:
    """Compare what decides. What an export leaves to defaults (identity source, time to live) is no difference."""
    yield "authorizer", configured.name, deployed.name
    yield "authorizer type", configured.type, deployed.type
    yield "user pools", _joined(configured.provider_arns), _joined(deployed.provider_arns)
    yield "issuers", _issuers(configured), _issuers(deployed)
    yield "authorizer function", configured.function_uri or _NOTHING, deployed.function_uri or _NOTHING
    if configured.identity_source and deployed.identity_source:
        yield "identity source", ", ".join(configured.identity_source), ", ".join(deployed.identity_source)
    if configured.type != "JWT":
        default = _DEFAULT_TTL[protocol]
        yield "authorizer cache seconds", _seconds(configured, default), _seconds(deployed, default)
    if configured.algorithms is not None and deployed.algorithms is not None:
        yield "algorithms", _joined(configured.algorithms), _joined(deployed.algorithms)


def _joined(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)) or _NOTHING


def _issuers(definition: AuthorizerDefinition) -> str:
    return _joined(f"{each.issuer} for {_joined(each.audiences)}" for each in definition.issuers)


def _seconds(definition: AuthorizerDefinition, default: int) -> str:
    return str(default if definition.ttl_seconds is None else definition.ttl_seconds)


def _integrations(configured: Fact[Integration], deployed: Fact[Integration]) -> Iterator[Compared]:
    if isinstance(configured, Unread) or isinstance(deployed, Unread):
        yield "integration", None, None
        return
    one = configured.value if isinstance(configured, Present) else None
    other = deployed.value if isinstance(deployed, Present) else None
    if one is None or other is None:
        yield "integration", one.type if one else _NOTHING, other.type if other else _NOTHING
        return
    yield "integration type", one.type, other.type
    yield "integration target", one.uri or _NOTHING, other.uri or _NOTHING
    yield "connection", _connection(one), _connection(other)
    yield "integration credentials", one.credentials or _NOTHING, other.credentials or _NOTHING
    yield "integration action", one.subtype or _NOTHING, other.subtype or _NOTHING
    yield from _treatment(one, other)


def _connection(integration: Integration) -> str:
    kind = integration.connection_type or "INTERNET"
    return f"{kind} {integration.connection_id}" if integration.connection_id else kind


def _treatment(one: Integration, other: Integration) -> Iterator[Compared]:
    """Compare what is done to a call on its way. What AWS fills in by itself (timeout, cache namespace) is no difference."""
    yield "certificate check", _checked(one), _checked(other)
    yield "server name to verify", one.server_name_to_verify or _NOTHING, other.server_name_to_verify or _NOTHING
    yield "request mapping", _pairs(one.request_parameters), _pairs(other.request_parameters)
    yield "body templates", _templates(one), _templates(other)
    yield "body passthrough", one.passthrough or _WHEN_NO_MATCH, other.passthrough or _WHEN_NO_MATCH
    yield "content handling", one.content_handling or _NOTHING, other.content_handling or _NOTHING


def _validation(configured: Fact[RequestValidation], deployed: Fact[RequestValidation]) -> Compared:
    return "validation", _validated(configured), _validated(deployed)


def _validated(fact: Fact[RequestValidation]) -> str | None:
    """Return what is looked at: that a validator has another name changes nothing."""
    if isinstance(fact, Unread):
        return None
    found = fact.value if isinstance(fact, Present) else None
    parts = [
        name for name, is_on in (("body", found and found.body), ("parameters", found and found.parameters)) if is_on
    ]
    return " and ".join(parts) or _NOTHING


def _required(of: Working | DeployedRoute) -> Fact[tuple[str, ...]]:
    fact = of.request_parameters
    if isinstance(fact, Present):
        return Present(value=tuple(sorted(name for name, needed in fact.value.items() if needed)))
    return fact


def _answers(
    configured: Fact[tuple[IntegrationResponse, ...]], deployed: Fact[tuple[IntegrationResponse, ...]]
) -> Compared:
    return "response mapping", _answered(configured), _answered(deployed)


def _answered(fact: Fact[tuple[IntegrationResponse, ...]]) -> str | None:
    if isinstance(fact, Unread):
        return None
    found = fact.value if isinstance(fact, Present) else ()
    return "; ".join(sorted(_answer(each) for each in found)) or _NOTHING


def _answer(found: IntegrationResponse) -> str:
    parts = [
        found.selection_pattern or "default",
        found.status or "",
        _pairs(found.parameters),
        _digests(found.templates),
    ]
    return " ".join(each for each in parts if each and each != _NOTHING)


def _of_the_api(route: DeployedRoute, around: Surroundings) -> Iterator[Compared]:
    """Compare what takes effect with a deployment and is the API's (developer guide, "Updating a REST API")."""
    api = around.apis.get(place(route, route.api_arn))
    if not isinstance(api, RestApi):
        if route.protocol is Protocol.REST:
            yield "API", None, None
        return
    export = around.exports.get(place(route, route.stage_arn))
    yield from _whether("resource policy", "another one", policies_differ(route, api, export))
    answers = answers_differ(around.configured_gateway_responses(route), around.deployed_gateway_responses(route))
    # A canary has no export, and may serve others than its stage.
    yield from _whether("gateway responses", "others", None if "#canary/" in route.arn else answers)


def _whether(field: str, other: str, differ: bool | None) -> Iterator[Compared]:  # noqa: FBT001 - an answer, no switch
    if differ is None:
        yield field, None, None
    elif differ:
        yield field, f"{other}, not deployed", "as the export tells"


def _checked(integration: Integration) -> str:
    return "off" if integration.insecure_skip_verification else "on"


def _pairs(given: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in sorted(given.items())) or _NOTHING


def _templates(integration: Integration) -> str:
    return _digests(integration.request_templates) or _NOTHING


def _digests(templates: Mapping[str, str]) -> str:
    """Return which templates there are, each by a digest: they are too long to stand in a table."""
    found = sorted(templates.items())
    return "; ".join(f"{name} {sha256(text.encode()).hexdigest()[:8]}" for name, text in found)
