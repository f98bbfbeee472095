"""expected-domain-mappings: a production domain leads where management says it leads, and to production alone.

Claim: every mapping and routing rule that counts is in the register of domains, every registered one counts, and each leads to a
production stage. Population: every custom domain name. Deviation: an unexpected way, a missing one, one that an earlier rule takes
all calls of, one to a stage that is not production. Cannot see: what DNS and a CDN do in front of the domain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

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
from auditor.checks.listed import holds
from auditor.checks.stage_questions import environment
from auditor.dataflow.shadows import Step, steps
from auditor.dataflow.ways import ANY_STAGE, Way, is_known, needed_ways
from auditor.model.environment import PRODUCTION
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import Api, DomainName, RestApi, Stage
from auditor.model.register import Domain, DomainMapping

_UNDECLARED = "undeclared"


@dataclass(frozen=True)
class _Led:
    """A domain name, what it asks in order, and the stages that it leads to."""

    domain: DomainName
    steps: tuple[Step, ...]
    stages: tuple[Stage, ...]
    also: tuple[str, ...]


def _test(item: ResourceItem[DomainName], estate: Estate, _params: Params) -> Outcome:
    domain = item.of
    needed_ways(domain)
    if not is_known(domain.routing_mode):
        return undecided("the routing mode of the domain is not known to this version", mode=need(domain.routing_mode))
    found = steps(domain)
    stages = _stages(domain, found, estate)
    led = _Led(domain, found, stages, tuple(each.arn for each in stages))
    where = _environment(led, estate)
    if where != PRODUCTION:
        return not_applicable(f"a domain of the environment {where}", led.also)
    stray = next((each for each in stages if environment(each, estate) is not None), None)
    if stray is not None:
        return failed(
            f"the domain is production, and leads to stage {stray.stage}, which is not", led.also, stage=stray.stage
        )
    return _registered(led, estate)


def _registered(led: _Led, estate: Estate) -> Outcome:
    entries = estate.registers.domains
    if entries is None:
        return needs_attestation(
            f"no register of domains is configured; if this is where it is meant to lead, add it: {_line(led)}",
            led.also,
        )
    entry = next((each for each in entries if each.domain.lower() == led.domain.domain.lower()), None)
    if entry is None:
        return failed("the register of domains does not name this domain", led.also)
    if not entry.mappings and led.steps:
        return needs_attestation(
            f"the register does not say where the domain is meant to lead; add it: {_line(led)}", led.also
        )
    return _as_expected(led, entry)


def _as_expected(led: _Led, entry: Domain) -> Outcome:
    ways = [(step, way) for step in led.steps for way in step.ways]
    extra = next(((step, way) for step, way in ways if not any(_is(way, each) for each in entry.mappings)), None)
    if extra is not None:
        return failed(f"{extra[0].label} is not expected: it leads to {_to(extra[1])}", led.also, way=_to(extra[1]))
    missing = next((each for each in entry.mappings if not any(_names(way, each) for _, way in ways)), None)
    if missing is not None:
        where = _place(missing.api, missing.stage)
        return failed(f"expected, and not there: path /{missing.path.strip('/')} to {where}", led.also, expected=where)
    shadowed = next((each for each in led.steps if each.shadow is not None and not _is_same(each, each.shadow)), None)
    if shadowed is not None and shadowed.shadow is not None:
        return failed(f"{shadowed.label} never gets a call: {shadowed.shadow.label} takes them all", led.also)
    if not led.steps:
        return passed("the domain leads nowhere, as the register says")
    return passed(f"the domain leads where the register says, in {len(ways)} ways", led.also)


def _stages(domain: DomainName, found: tuple[Step, ...], estate: Estate) -> tuple[Stage, ...]:
    """Return the stages that a domain leads to; raises NotReadError where one may be unseen."""
    ways = {(way.api_id, way.stage) for step in found for way in step.ways}
    wanted = {api for api, _ in ways}
    both: Iterator[RestApi | Api] = chain(estate.of(RestApi), estate.of(Api))
    apis = [
        each
        for each in both
        if (each.account, each.region) == (domain.account, domain.region) and each.api_id in wanted
    ]
    stages: list[Stage] = []
    for api in apis:
        estate.whole(Stage, api.account, api.region, api.arn)
        stages += (
            each for each in estate.below(Stage, api) if {(api.api_id, each.stage), (api.api_id, ANY_STAGE)} & ways
        )
    if len(apis) < len(wanted):
        estate.whole(RestApi, domain.account, domain.region)
        estate.whole(Api, domain.account, domain.region)
    return tuple(sorted(stages, key=lambda each: each.arn))


def _environment(led: _Led, estate: Estate) -> str:
    """Return a domain's environment: its own, else that of the most important stage that it leads to."""
    tags = need(led.domain.tags)
    own = estate.environments.of(led.domain.account, None, tags or {})
    if own != _UNDECLARED:
        return own
    return PRODUCTION if any(environment(each, estate) is None for each in led.stages) else _UNDECLARED


def _is(way: Way, expected: DomainMapping) -> bool:
    """Return whether a way is one of those that are expected. A rule that asks more, and leads to the same, is."""
    return _names(way, expected) or (
        not expected.headers and _names(Way(way.api_id, way.stage, way.base), expected) and way.is_stripped
    )


def _names(way: Way, expected: DomainMapping) -> bool:
    return (
        way.base == expected.path.strip("/")
        and way.api_id == expected.api
        and expected.stage in {None, way.stage}
        and sorted(way.headers) == sorted(expected.headers)
    )


def _is_same(step: Step, other: Step) -> bool:
    """Return whether two steps lead to the same stage, so that it does not matter which of them is asked."""
    return {(way.api_id, way.stage) for way in step.ways} == {(way.api_id, way.stage) for way in other.ways}


def _to(way: Way) -> str:
    asked = f" for calls with {' and '.join(way.headers)}" if way.headers else ""
    return _place(way.api_id, way.stage or None) + asked


def _place(api: str, stage: str | None) -> str:
    return f"API {api}, {f'stage {stage}' if stage else 'any stage'}"


def _line(led: _Led) -> str:
    ways = [way for step in led.steps for way in step.ways]
    written = ", ".join(_mapping(way) for way in ways[:2]) + (", …" if len(ways) > 2 else "")  # noqa: PLR2004 - a line
    return f"{{domain: {led.domain.domain}, mappings: [{written}]}}"


def _mapping(way: Way) -> str:
    stage = f", stage: {way.stage}" if way.stage else ""
    headers = f", headers: [{', '.join(repr(each) for each in way.headers)}]" if way.headers else ""
    path = way.base or "''"
    return f"{{path: {path}, api: {way.api_id}{stage}{headers}}}"


CHECK = Check(
    name="expected-domain-mappings",
    reads=("DomainName", "Stage"),
    params=Params,
    population=lambda estate: items(estate.of(DomainName)),
    test=_test,
    concerns=holds(DomainName),
    registers=("domains",),
)
