"""From a URL to a stage of an API: the gateway's own host, or a custom domain with its rules and mappings.

An unknown stage, and a domain that leads nowhere: developer guide, "Gateway response types"; never tried on a live account.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from auditor.dataflow.explain.call import Call, shown
from auditor.dataflow.explain.verdict import Verdict, refused, unknown, unread
from auditor.dataflow.shadows import Step, steps
from auditor.dataflow.surroundings import Surroundings
from auditor.dataflow.ways import Way, is_known, needed_ways
from auditor.errors import UsageError
from auditor.model.fact import NotReadError
from auditor.model.gateway import Api, DomainName, Protocol, RestApi, Stage
from auditor.model.resource import Resource

_OWN = re.compile(
    r"(?P<id>[a-z0-9]+)(-(?P<endpoint>vpce-[0-9a-z]+))?\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?"
)
_DEFAULT = "$default"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: a stage, and the path that its API sees."""

    api: RestApi | Api
    stage: Stage
    path: str
    domain: DomainName | None = None
    """None: the gateway's own host."""
    when: str | None = None
    """The routing rule whose headers the call must carry to come here; None: it comes here by host and path."""


Found = Target | Verdict


def locate(call: Call, around: Surroundings) -> tuple[Found, ...]:
    """Return where a call leads; several where the headers of a call decide, the last where no rule takes it.

    Raise UsageError where no API of a snapshot that was read to its end answers at the host.
    """
    own = _OWN.fullmatch(call.host)
    if own is not None:
        return (_own(call, own, around),)
    domains = [
        each for several in around.domains.values() for each in several if _is_host(each.domain.lower(), call.host)
    ]
    exact = [each for each in domains if each.domain.lower() == call.host] or domains
    if not exact:
        return (_nowhere(call, (DomainName,), around),)
    if len(exact) > 1:
        places = ", ".join(f"{each.account} {each.region}" for each in exact)
        return (unknown(f"{call.host} stands in several places: {places}."),)
    return tuple(_by_domain(call, exact[0], around))


def endpoint_of(host: str) -> str | None:
    """Return the VPC endpoint that stands in a host name of the gateway's own."""
    own = _OWN.fullmatch(host)
    return own["endpoint"] if own else None


def _is_host(domain: str, host: str) -> bool:
    return domain == host or (domain.startswith("*.") and host.partition(".")[2] == domain.removeprefix("*."))


def _own(call: Call, own: re.Match[str], around: Surroundings) -> Found:
    found = [each for each in around.apis.values() if each.api_id == own["id"] and each.region == own["region"]]
    if not found:
        return _nowhere(call, (RestApi, Api), around)
    _same_scheme(call, found[0])
    return _staged(found[0], call.path, around)


def _nowhere(call: Call, kinds: tuple[type[Resource], ...], around: Surroundings) -> Verdict:
    """Return that it cannot be known what answers at a host; raise UsageError where certainly nothing of the snapshot does."""
    scope = around.estate.snapshot.scope
    for account in scope.accounts:
        for region in scope.regions:
            for each in kinds:
                try:
                    around.estate.whole(each, account, region)
                except NotReadError as error:
                    return unread(f"What answers at {call.host}", error.gap)
    near = get_close_matches(call.host, _hosts(around), 1)
    to_do = f"Did you mean {near[0]}?" if near else "Is its account and region in the snapshot? See: auditor flows"
    raise UsageError(f"no API of this snapshot answers at {shown(call.host)}", to_do)


def _hosts(around: Surroundings) -> list[str]:
    own = {f"{each.api_id}.execute-api.{each.region}.amazonaws.com" for each in around.apis.values()}
    return sorted(own | {each.domain for several in around.domains.values() for each in several})


def _same_scheme(call: Call, api: RestApi | Api) -> None:
    is_websocket = isinstance(api, Api) and api.protocol is Protocol.WEBSOCKET
    if is_websocket is not call.is_websocket:
        scheme = "wss" if is_websocket else "https"
        raise UsageError(f"the API {api.name} at {shown(call.host)} is called with {scheme}://", "Correct the URL.")


def _staged(api: RestApi | Api, path: str, around: Surroundings, domain: DomainName | None = None) -> Found:
    """Return the stage that the path names with its first part; of an HTTP API else the one without a name."""
    first, _, rest = path.removeprefix("/").partition("/")
    stages = {each.stage: each for each in around.estate.below(Stage, api)}
    if first and first in stages and first != _DEFAULT:
        return Target(api, stages[first], f"/{rest}", domain)
    if _DEFAULT in stages and isinstance(api, Api):
        return Target(api, stages[_DEFAULT], path, domain)
    try:
        around.estate.whole(Stage, api.account, api.region, api.arn)
    except NotReadError as error:
        return unread(f"Which stages API {api.name} has", error.gap)
    named = f"has no stage {shown(first)}" if first else "is called without a stage"
    return refused(
        "MISSING_AUTHENTICATION_TOKEN", f"API {api.name} {named}.", f"list of stages of {api.arn}", message=""
    )


def _by_domain(call: Call, domain: DomainName, around: Surroundings) -> Iterator[Found]:
    try:
        needed_ways(domain)
    except NotReadError as error:
        yield unread(f"Where {domain.domain} leads", error.gap)
        return
    if not is_known(domain.routing_mode):
        yield unknown(f"The routing mode of {domain.domain} is not understood.")
        return
    parts = [each for each in call.path.split("/") if each]
    ordered = [each for each in steps(domain) if each.is_rule]
    mappings = [each for each in steps(domain) if not each.is_rule]
    ordered += sorted(mappings, key=lambda each: -len(_parts(each.ways[0].base)))
    for each in ordered:
        if (way := _taken(each, parts)) is None:
            continue
        when = each.label if each.is_rule and _needs_headers(each, parts) else None
        yield _along(call, domain, way, when, around)
        if when is None:
            return
    yield _leads_nowhere(call, domain, around)


def _leads_nowhere(call: Call, domain: DomainName, around: Surroundings) -> Verdict:
    """Return the refusal of a domain that has no way for a path; which answer callers get depends on the kind of API."""
    ids = {way.api_id for each in steps(domain) for way in each.ways}
    apis = [each for each in around.apis.values() if each.api_id in ids and each.account == domain.account]
    is_rest = bool(apis) and all(isinstance(each, RestApi) for each in apis)
    because = f"No mapping and no rule of {domain.domain} leads on from {shown(call.path)}."
    response = "MISSING_AUTHENTICATION_TOKEN" if is_rest else None
    return refused(response, because, f"mappings and rules of {domain.arn}", message="")


def _parts(base: str) -> list[str]:
    return [each for each in base.split("/") if each]


def _taken(step: Step, parts: list[str]) -> Way | None:
    """Return the way of a rule or a mapping that takes a path, be it under conditions on headers; the longest base first."""
    if step.is_rule and not all(_may_hold(each.base_paths, parts) or each.headers for each in step.conditions):
        return None
    fitting = [each for each in step.ways if _begins(parts, each.base)]
    return max(fitting, key=lambda each: len(_parts(each.base)), default=None) or _bare(step)


def _bare(step: Step) -> Way | None:
    """Return the way of a rule that headers alone may take."""
    return step.ways[0] if step.is_rule and any(each.headers for each in step.conditions) else None


def _may_hold(bases: tuple[str, ...], parts: list[str]) -> bool:
    return any(_begins(parts, each) for each in bases)


def _begins(parts: list[str], base: str) -> bool:
    wanted = _parts(base)
    return parts[: len(wanted)] == wanted


def _needs_headers(step: Step, parts: list[str]) -> bool:
    return any(each.headers and not _may_hold(each.base_paths, parts) for each in step.conditions)


def _along(call: Call, domain: DomainName, way: Way, when: str | None, around: Surroundings) -> Found:
    api = next(
        (
            each
            for each in around.apis.values()
            if each.api_id == way.api_id and (each.account, each.region) == (domain.account, domain.region)
        ),
        None,
    )
    if api is None:
        return unknown(f"{domain.domain} leads to API {way.api_id}, which is not in the snapshot.", domain.arn)
    _same_scheme(call, api)
    path = call.path
    if way.is_stripped and way.base:
        path = "/" + path.removeprefix("/").removeprefix(way.base).removeprefix("/")
    if not way.stage:
        found = _staged(api, path, around, domain)
        return found if isinstance(found, Verdict) else _with(found, when)
    stage = next((each for each in around.estate.below(Stage, api) if each.stage == way.stage), None)
    if stage is None:
        return unknown(
            f"{domain.domain} leads to stage {way.stage} of {api.name}, which is not in the snapshot.", domain.arn
        )
    return Target(api, stage, path, domain, when)


def _with(target: Target, when: str | None) -> Target:
    return Target(target.api, target.stage, target.path, target.domain, when)
