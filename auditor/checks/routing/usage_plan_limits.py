"""usage-plan-limits: every plan with keys has a throttle and a quota, and spans data of one class.

Claim: rate, burst and quota are set, and the back ends of the APIs in a plan hold data of one class. Population: every usage
plan. Deviation: a missing limit; APIs whose declared back ends hold data of several classes. Cannot see: whether limits
fit what clients need. AWS enforces them by best effort, so they support no claim on access or confidentiality.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
)
from auditor.dataflow.routing import backend
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, Unread, need
from auditor.model.gateway import DeployedRoute, Stage
from auditor.model.keys_and_plans import UsagePlan, UsagePlanStage
from auditor.model.snapshot import Gap

_NO_DATA = frozenset({"MOCK", "NONE"})
"""Kinds of back ends that hold none."""


def _test(item: ResourceItem[UsagePlan], estate: Estate, _params: Params) -> Outcome:
    plan = item.of
    if not need(plan.key_ids):
        return not_applicable("no key is in the plan", keys=0)
    limits: dict[str, Any] = {
        "throttle rate": need(plan.throttle_rate),
        "throttle burst": need(plan.throttle_burst),
        "quota": need(plan.quota_limit),
    }
    missing = [name for name, value in limits.items() if value is None]
    if missing:
        return failed(f"the plan has no {_listed(missing)}", **_seen(limits))
    return _one_class(plan, estate, limits)


def _listed(names: list[str]) -> str:
    return " and no ".join(names)


def _seen(limits: dict[str, Any]) -> dict[str, Any]:
    return {name.replace(" ", "_"): value for name, value in limits.items()}


def _one_class(plan: UsagePlan, estate: Estate, limits: dict[str, Any]) -> Outcome:
    """Judge what the plan spans, as far as the register of back ends tells."""
    covered = need(plan.api_stages) or ()
    apis = sorted({each.api_id for each in covered})
    also = tuple(each.arn for each in _stages(plan, covered, estate))
    if len(apis) <= 1:
        return passed("throttle and quota are set, and the plan covers one API at the most", also, **_seen(limits))
    found = {api: _behind([each for each in covered if each.api_id == api], plan, estate) for api in apis}
    # An API behind which nothing holds data is of no class, and differs from none.
    told = {api: each.classes for api, each in found.items() if each.classes and not each.undeclared and not each.gap}
    seen: dict[str, Any] = {**_seen(limits), "classes": {api: sorted(told[api]) for api in sorted(told)}}
    if len(set(told.values())) > 1:
        differing = ", ".join(sorted({each for classes in told.values() for each in classes}))
        return failed(f"one plan spans APIs whose data is not of one class: {differing}", also, **seen)
    gap = next((each.gap for each in found.values() if each.gap is not None), None)
    if gap is not None:
        raise NotReadError(gap)
    undeclared = sorted({each for behind in found.values() for each in behind.undeclared})
    if undeclared:
        reason = (
            f"throttle and quota are set; whether the {len(apis)} APIs of the plan hold data of one class is not declared; "
            f"to declare: {{target: {undeclared[0]}, owner: …, internal: …, data_class: …}}"
        )
        return needs_attestation(reason, also, **seen)
    several = len(next(iter(told.values()), ())) > 1
    what = "data of the same classes" if several else "data of one class"
    return passed(f"throttle and quota are set, and the APIs of the plan hold {what}", also, **seen)


@dataclass(frozen=True)
class _Behind:
    """What is behind one API of a plan."""

    classes: frozenset[str]
    undeclared: frozenset[str]
    """Targets without a declared class."""
    gap: Gap | None
    """Why a target may be missing."""


def _behind(covered: list[UsagePlanStage], plan: UsagePlan, estate: Estate) -> _Behind:
    stages = {each.arn for each in _stages(plan, tuple(covered), estate)}
    gap = _hidden(plan, stages, estate)
    targets: set[str] = set()
    for route in estate.of(DeployedRoute):
        if route.stage_arn not in stages or route.account != plan.account:
            continue
        if isinstance(route.integration, Unread):
            gap = gap or route.integration.gap
            continue
        found = backend(route.integration)
        targets |= set() if found.kind in _NO_DATA else {found.target or route.arn}
    classes = {each: _class_of(each, estate) for each in sorted(targets)}
    return _Behind(
        classes=frozenset(each for each in classes.values() if each is not None),
        undeclared=frozenset(target for target, each in classes.items() if each is None),
        gap=gap,
    )


def _hidden(plan: UsagePlan, stages: set[str], estate: Estate) -> Gap | None:
    """Return why routes of the plan's stages may be missing."""
    try:
        if not stages:
            estate.whole(Stage, plan.account, plan.region)
        for each in sorted(stages):
            estate.whole(DeployedRoute, plan.account, plan.region, each)
    except NotReadError as not_read:
        return not_read.gap
    return None


def _stages(plan: UsagePlan, covered: tuple[UsagePlanStage, ...], estate: Estate) -> Iterator[Stage]:
    wanted = {(each.api_id, each.stage) for each in covered}
    for each in estate.of(Stage):
        here = (each.account, each.region) == (plan.account, plan.region)
        if here and (each.api_arn.rpartition("/")[2], each.stage) in wanted:
            yield each


def _class_of(target: str | None, estate: Estate) -> str | None:
    """Return the declared class of a target: the longest entry that it is, or begins with at a boundary."""
    entries = [each for each in estate.registers.backends or () if target and _is_below(target, each.target)]
    best = max(entries, key=lambda each: len(each.target), default=None)
    return best.data_class if best else None


def _is_below(target: str, declared: str) -> bool:
    if target == declared or (declared.endswith("/") and target.startswith(declared)):
        return True
    # `…:function:f` declares its versions and aliases; `https://a.example` declares its paths, not `https://a.example.org`.
    return target.startswith(declared) and target[len(declared)] in ":/?"


CHECK = Check(
    name="usage-plan-limits",
    reads=("UsagePlan",),
    params=Params,
    population=lambda estate: items(estate.of(UsagePlan)),
    test=_test,
    registers=("backends",),
)
