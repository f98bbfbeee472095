"""known-back-ends: every route leads to a back end that management knows, with an owner, an environment and a class of data.

Claim: the target of each integration stands in the register of back ends, of the same environment as the stage; in production
nothing is mocked. Population: every deployed route. Deviation: a target that the register does not name, one of another
environment, no integration, a mock on a production route. Cannot see: who really runs what answers there.
"""

from auditor.checks.back_ends import AWS, HTTP, MOCK, declared, entry, hidden_variable, integration_of, targets_of
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.stage_questions import environment
from auditor.model.environment import PRODUCTION
from auditor.model.estate import Estate
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.register import Backend
from auditor.model.route_parts import Integration

_PREFLIGHT = "OPTIONS"
_CONNECTION = frozenset({"$connect", "$disconnect"})
"""Routes of WebSocket APIs that open and close a connection: they carry no business and may lead nowhere."""
_PRODUCTION_WORDS = frozenset({PRODUCTION, "prod", "prd", "live"})
_OTHER_WORDS = frozenset({"dev", "development", "int", "qa", "sandbox", "stage", "staging", "test", "uat"})
_UNDECLARED = "undeclared"


class _Params(Params):
    required_members: list[str]
    """Members that an entry of the register must have, beside its owner."""


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    route = item.of
    integration = integration_of(route, estate)
    if integration is None:
        if route.route_key in _CONNECTION:
            return not_applicable("opening and closing a connection needs no back end")
        return failed("the route leads nowhere: it has no integration")
    if integration.type == MOCK:
        return _mock(route, estate)
    if integration.type not in HTTP | AWS:
        return undecided("what kind of integration this is, is not known to this version", type=integration.type)
    hidden = hidden_variable(integration)
    if hidden is not None:
        return undecided(
            f"stage variable {hidden} chooses the back end, and its value was not kept", uri=integration.uri
        )
    return _registered(route, integration, estate, params)


def _mock(route: DeployedRoute, estate: Estate) -> Outcome:
    if route.method == _PREFLIGHT or route.route_key in _CONNECTION:
        return not_applicable("the gateway answers by itself, and no business route does it here", type=MOCK)
    stage = estate.one(Stage, route.account, route.stage_arn)
    if stage is None:
        return undecided("the stage of the route is not in the snapshot", type=MOCK)
    other = environment(stage, estate)
    if other is not None and other != _UNDECLARED:
        return not_applicable(f"a mock, in the environment {other}", (stage.arn,), type=MOCK)
    if other == _UNDECLARED:
        return needs_attestation(
            f"a mock, and auditor.toml does not say which environment stage {stage.stage} belongs to: add it to [environments]",
            (stage.arn,),
            type=MOCK,
        )
    return failed("a mock answers a production route: nothing stands behind it", (stage.arn,), type=MOCK)


def _registered(route: DeployedRoute, integration: Integration, estate: Estate, params: _Params) -> Outcome:
    entries = estate.registers.backends
    target = next(iter(targets_of(integration)), None)
    if target is None:
        return undecided("where the integration leads is not told", type=integration.type)
    if entries is None:
        return needs_attestation(
            f"no register of back ends is configured; if this one is known, add it: {entry(integration)}", target=target
        )
    found = declared(integration, entries)
    if found is None:
        return failed("the register of back ends does not name where the route leads", target=target)
    missing = [each for each in params.required_members if not getattr(found, each, None)]
    if missing:
        return needs_attestation(
            f"the register names {found.target} without {' and '.join(missing)}: add {', '.join(f'{each}: …' for each in missing)}",
            target=target,
            owner=found.owner,
        )
    return _same_environment(route, found, target, estate)


def _same_environment(route: DeployedRoute, found: Backend, target: str, estate: Estate) -> Outcome:
    reason = f"{found.target} is known, and {found.owner} answers for it"
    if found.environment is None:
        return passed(reason, target=target, owner=found.owner)
    stage = estate.one(Stage, route.account, route.stage_arn)
    if stage is None:
        estate.whole(Stage, route.account, route.region, route.api_arn)
        return undecided("the stage of the route is not in the snapshot", target=target)
    here, there = environment(stage, estate) or PRODUCTION, _word(found.environment)
    also = (stage.arn,)
    seen = {
        "target": target,
        "owner": found.owner,
        "stage_environment": here,
        "back_end_environment": found.environment,
    }
    if here == there:
        return passed(f"{reason}, in the environment {here}", also, **seen)
    if here == PRODUCTION and _is_another(there, estate):
        return failed(f"a production stage leads to a back end of the environment {found.environment}", also, **seen)
    return needs_attestation(
        f"stage {stage.stage} is of the environment {here}, its back end of {found.environment}: correct the register's "
        "environment, or [environments] in auditor.toml",
        also,
        **seen,
    )


def _word(environment_name: str) -> str:
    name = environment_name.lower()
    return PRODUCTION if name in _PRODUCTION_WORDS else name


def _is_another(name: str, estate: Estate) -> bool:
    """Return whether a word of the register is an environment beside production.

    Where auditor.toml does not say what production is, every stage counts as it, and nothing follows from that.
    """
    rules = {each.lower() for each in estate.environments.rules}
    return name in rules or (PRODUCTION in rules and name in _OTHER_WORDS)


CHECK = Check(
    name="known-back-ends",
    reads=("DeployedRoute",),
    params=_Params,
    population=lambda estate: items(estate.of(DeployedRoute)),
    test=_test,
    registers=("backends",),
)
