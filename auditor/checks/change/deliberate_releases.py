"""deliberate-releases: no canary is left on, and in production nothing goes live by itself.

Claim: a canary ends within the limit, and a production stage of an HTTP or WebSocket API serves what somebody released. Population:
every stage. Deviation: a canary whose deployment is older than the limit. A production stage that deploys each edit by itself needs a
person: whether a pipeline is the only one that can edit its API, the identities' policies would have to tell. Cannot see: since when
a canary takes calls, as AWS tells the day of its deployment alone; who may write. What a canary serves, all other controls test.
"""

from collections.abc import Iterable

from pydantic import JsonValue

from auditor.checks.age import days_since
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
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Deployment, Protocol, Stage
from auditor.model.words import counted


class CanaryAge(Params):
    """How long a canary may last."""

    max_canary_age_days: int


def _test(item: ResourceItem[Stage], estate: Estate, params: CanaryAge) -> Outcome:
    stage = item.of
    if stage.protocol is Protocol.REST:
        return _canary(stage, estate, params)
    return _automatic(stage, estate)


def _canary(stage: Stage, estate: Estate, params: CanaryAge) -> Outcome:
    canary = need(stage.canary_deployment_id)
    if canary is None:
        return passed("no canary takes calls beside what it serves")
    arn = f"{stage.api_arn}/deployments/{canary}"
    deployment = estate.one(Deployment, stage.account, arn)
    if deployment is None:
        estate.whole(Deployment, stage.account, stage.region, stage.api_arn)
        return undecided("the deployment of its canary is not among the API's deployments", canary=canary)
    created = need(deployment.created)
    if created is None:
        return undecided("when the deployment of its canary was made is not told", (arn,), canary=canary)
    age = days_since(created, estate)
    observed: dict[str, JsonValue] = {"canary": canary, "age_days": age, "percent": need(stage.canary_percent)}
    if age > params.max_canary_age_days:
        reason = (
            f"its canary has been there for {counted(age, 'day')}, beyond {counted(params.max_canary_age_days, 'day')}"
        )
        return failed(f"{reason}: promote it or remove it", (arn,), **observed)
    return passed(f"its canary is {counted(age, 'day')} old, within {params.max_canary_age_days}", (arn,), **observed)


def _automatic(stage: Stage, estate: Estate) -> Outcome:
    automatic = need(stage.auto_deploy)
    if automatic is False:
        return passed("what is edited goes live when somebody deploys it", auto_deploy=False)
    where = environment(stage, estate)
    if where is not None:
        return not_applicable(f"belongs to environment {where}, and cannot have a canary")
    if automatic is None:
        return undecided("whether it deploys by itself is not told")
    return _writers(estate)


def _writers(estate: Estate) -> Outcome:
    """Ask a person who may edit: each edit is a release."""
    reason = "each edit of its API goes live by itself: turn AutoDeploy off"
    writers = estate.registers.allowed_writers
    if writers is None:
        asked = "or show that a pipeline alone may edit it; to register: {principal: …, reason: …} in allowed_writers"
        return needs_attestation(f"{reason}, {asked}", auto_deploy=True, allowed_writers="undeclared")
    named: list[JsonValue] = [*sorted({each.principal for each in writers})]
    asked = f"or show that of the {counted(len(named), 'allowed writer')} the pipeline alone edits it"
    return needs_attestation(f"{reason}, {asked}", auto_deploy=True, allowed_writers=named)


def _population(estate: Estate) -> Iterable[ResourceItem[Stage]]:
    return items(estate.of(Stage))


CHECK = Check(
    name="deliberate-releases",
    reads=("RestApi", "Api", "Stage"),
    params=CanaryAge,
    population=_population,
    test=_test,
    registers=("allowed_writers",),
)
