"""Lambda authorizers as configured and as deployed, each with the roles by which the gateway calls them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from auditor.checks.iam.integration_needs import Need, invocation
from auditor.checks.interface import Item
from auditor.dataflow.functions import function_arn
from auditor.dataflow.variables import Variables, resolved_text, variables_of
from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present, Unread
from auditor.model.gateway import Authorizer, DeployedRoute, Stage
from auditor.model.route_parts import AuthorizerDefinition
from auditor.model.snapshot import Gap

_OTHERS = frozenset({"JWT", "COGNITO_USER_POOLS"})
_CANARY = "#canary/"
_Place = tuple[str, str, str]


@dataclass(frozen=True)
class Asked:
    """A role by which a function is called to authorize."""

    role: str
    """ARN; a stage variable whose value is not known stands in it as written."""
    need: Need


@dataclass(frozen=True)
class AuthorizerItem(Item):
    """One authorizer; or a place where one may hide."""

    definition: Fact[AuthorizerDefinition] | None
    """As configured; None where only deployed routes still have it."""
    asked: tuple[Asked, ...]
    """As deployed, and as configured where that differs."""
    hidden: Gap | None
    """What hides a deployed one of the same API."""
    shared: Mapping[str, tuple[Need, ...]]
    """What every authorizer asks of a role, by its ARN."""
    elsewhere: Gap | None = None
    """What hides a deployed one of any API, which may ask the same role."""


@dataclass
class _Deployed:
    """What routes of one API say of their authorizers."""

    by_name: dict[str, list[tuple[DeployedRoute, AuthorizerDefinition]]]
    gap: Gap | None = None


def authorizers(estate: Estate) -> Iterator[AuthorizerItem]:
    """Yield each authorizer that calls a function, or may, and a place for each API where one may hide."""
    found = tuple(_found(estate))
    shared: dict[str, tuple[Need, ...]] = {}
    for item in found:
        for one in item.asked:
            shared[one.role] = (*shared.get(one.role, ()), one.need)
    gap = next((each.hidden for each in found if each.hidden is not None), None)
    yield from (replace(each, shared=shared, elsewhere=gap) for each in found)


def _found(estate: Estate) -> Iterator[AuthorizerItem]:
    deployed = _deployed(estate)
    for each in estate.of(Authorizer):
        of_api = deployed[each.account, each.region, each.api_arn]
        name = each.definition.value.name if isinstance(each.definition, Present) else each.name
        uses = of_api.by_name.pop(name, [])
        if _calls(each.definition) or any(_calls(Present(value=one)) for _, one in uses):
            asked = tuple(_asked(each.definition, uses, estate))
            place = (each.arn, each.resource_type, each.account, each.region)
            yield AuthorizerItem(*place, each.definition, asked, of_api.gap, {})
    for (account, region, api), of_api in sorted(deployed.items()):
        yield from _only_deployed(of_api, (account, region, api), estate)


def _only_deployed(of_api: _Deployed, where: _Place, estate: Estate) -> Iterator[AuthorizerItem]:
    """Yield those that only deployed routes of an API still have, and what hides others."""
    account, region, api = where
    kind = Authorizer.cloudformation
    for name, uses in sorted(of_api.by_name.items()):
        if any(_calls(Present(value=one)) for _, one in uses):
            asked = tuple(_asked(None, uses, estate))
            yield AuthorizerItem(f"{api}#authorizers/{name}", kind, account, region, None, asked, of_api.gap, {})
    if of_api.gap is not None:
        yield AuthorizerItem(f"{api}#authorizers", kind, account, region, None, (), of_api.gap, {})


def _calls(definition: Fact[AuthorizerDefinition]) -> bool:
    """Return whether an authorizer calls a function, or may."""
    if not isinstance(definition, Present):
        return isinstance(definition, Unread)
    return definition.value.function_uri is not None or definition.value.type not in _OTHERS


def _deployed(estate: Estate) -> dict[_Place, _Deployed]:
    found: dict[_Place, _Deployed] = defaultdict(lambda: _Deployed({}))
    for route in estate.of(DeployedRoute):
        of_api = found[route.account, route.region, route.api_arn]
        match route.authorizer:
            case Present(value=definition):
                of_api.by_name.setdefault(definition.name, []).append((route, definition))
            case Unread(gap=gap):
                kind = route.authorization_type
                if isinstance(kind, Unread) or kind == Present[str](value="CUSTOM"):
                    of_api.gap = of_api.gap or gap
            case _:
                continue
    return found


def _asked(
    configured: Fact[AuthorizerDefinition] | None,
    uses: list[tuple[DeployedRoute, AuthorizerDefinition]],
    estate: Estate,
) -> Iterator[Asked]:
    seen: set[Asked] = set()
    for route, definition in uses:
        stage = estate.one(Stage, route.account, route.stage_arn)
        seen.update(_of(definition, variables_of(stage, canary=_CANARY in route.arn)))
    if isinstance(configured, Present) and all(configured.value != definition for _, definition in uses):
        seen.update(_of(configured.value, {}))
    return iter(sorted(seen, key=lambda each: (each.role, each.need.resources)))


def _of(definition: AuthorizerDefinition, variables: Variables) -> Iterator[Asked]:
    if definition.credentials:
        function = function_arn(resolved_text(definition.function_uri or "", variables))
        need = Need("lambda", "lambda:invokefunction") if function is None else invocation(function)
        yield Asked(resolved_text(definition.credentials, variables), need)
