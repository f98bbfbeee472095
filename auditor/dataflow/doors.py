"""The addresses under which a route answers: the gateway's own endpoint, and custom domains that lead to its stage."""

from collections.abc import Iterator

from auditor.dataflow.surroundings import Surroundings, place
from auditor.dataflow.ways import Way, are_read, leads_to, ways
from auditor.model.fact import Absent, NotApplicable, Present, Unread
from auditor.model.flow import Door
from auditor.model.gateway import Api, DeployedRoute, DomainName, Protocol, RestApi

_CHINA = "aws-cn"
_DEFAULT_STAGE = "$default"


def doors(route: DeployedRoute, around: Surroundings) -> tuple[Door, ...]:
    """Return every known door, the gateway's own first, then domains by name and base path."""
    domains = around.domains.get((route.account, route.region), ())
    named = [door for domain in domains for door in _of_domain(domain, route)]
    return (*_own(route, around), *sorted(named, key=lambda door: door.url))


def are_complete(route: DeployedRoute, around: Surroundings) -> bool:
    """Return whether nothing hides further doors: the API, the domain names, their mappings and rules were all read."""
    api = around.apis.get(place(route, route.api_arn))
    domains = around.domains.get((route.account, route.region), ())
    return (
        api is not None
        and _is_off(route, api, around) is not None
        and around.was_listed(DomainName, route) is True
        and all(are_read(domain) for domain in domains)
    )


def is_private(route: DeployedRoute, around: Surroundings) -> bool | None:
    """Return whether the API answers inside VPCs only, as no HTTP or WebSocket API does; None where not read."""
    api = around.apis.get(place(route, route.api_arn))
    if isinstance(api, Api):
        return False
    if isinstance(api, RestApi) and isinstance(api.endpoint_types, Present):
        return "PRIVATE" in api.endpoint_types.value
    return None


def is_shut(route: DeployedRoute, around: Surroundings) -> bool | None:
    """Return whether the gateway's own door to a route is shut; None where not read, or not known to be in effect."""
    api = around.apis.get(place(route, route.api_arn))
    return None if api is None else _is_off(route, api, around)


def _own(route: DeployedRoute, around: Surroundings) -> Iterator[Door]:
    api = around.apis.get(place(route, route.api_arn))
    if api is None or _is_off(route, api, around) is not False:
        return
    partition = route.arn.split(":")[1]
    suffix = "amazonaws.com.cn" if partition == _CHINA else "amazonaws.com"
    stage = "" if route.stage == _DEFAULT_STAGE else f"/{route.stage}"
    host = f"{api.api_id}.execute-api.{route.region}.{suffix}"
    yield Door(url=_url(route, host, stage), kind="execute-api", mutual_tls=False)


def _is_off(route: DeployedRoute, api: RestApi | Api, around: Surroundings) -> bool | None:
    """Return whether the gateway's own door is shut; None where not read, or where nothing tells that the flag is in effect."""
    match api.disable_execute_api_endpoint:
        case Unread():
            return None
        case Present(value=True):
            return _in_effect(route, around)
        case _:
            return False


def _in_effect(route: DeployedRoute, around: Surroundings) -> bool | None:
    """Return whether what is deployed has the door shut: by its export, or by automatic deployments that succeeded."""
    export = around.exports.get(place(route, route.stage_arn))
    if export is not None and isinstance(export.disable_execute_api_endpoint, Present):
        return export.disable_execute_api_endpoint.value
    stage = around.stages.get(place(route, route.stage_arn))
    follows = stage is not None and stage.auto_deploy == Present[bool](value=True)
    return True if follows and stage is not None and isinstance(stage.deploy_error, Absent) else None


def _of_domain(domain: DomainName, route: DeployedRoute) -> Iterator[Door]:
    for way in ways(domain):
        if leads_to(way, route):
            url = _url(route, domain.domain, _base(way, route))
            yield Door(url=url, kind="domain", mutual_tls=_tls(domain), when=" and ".join(way.headers) or None)


def _base(way: Way, route: DeployedRoute) -> str:
    """Return the path in front of the route's own. A mapping without a stage takes the stage from the path."""
    base = f"/{way.base}" if way.base and way.is_stripped else ""
    return base + ("" if way.stage else f"/{route.stage}")


def _tls(domain: DomainName) -> bool | None:
    match domain.mutual_tls_truststore:
        case Present():
            return True
        case Unread():
            return None
        case Absent() | NotApplicable():
            return False


def _url(route: DeployedRoute, host: str, base: str) -> str:
    if route.protocol is Protocol.WEBSOCKET:
        return f"wss://{host}{base}"
    return f"https://{host}{base}{route.path if route.path.startswith('/') else '/'}"
