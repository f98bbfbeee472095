"""back-ends-know-the-gateway: back ends on the internet can tell the gateway's calls from anybody else's.

Claim: a stage that calls public HTTP back ends shows them a client certificate that has not expired, or credentials, or they are
declared to authorize each call by themselves. Population: every stage. Deviation: nothing of this. Cannot see: whether a back
end looks at what is shown to it, so the best that can be said needs a person. HTTP APIs can show nothing.
"""

from collections.abc import Iterator

from auditor.checks.back_ends import HTTP, INTERNET, declared, entry, host, integration_of
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    undecided,
)
from auditor.checks.listed import holds
from auditor.model.doors import ClientCertificate
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.gateway import DeployedRoute, Protocol, Stage
from auditor.model.route_parts import Integration
from auditor.model.snapshot import Gap


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    estate.whole(DeployedRoute, stage.account, stage.region, stage.arn)
    gaps: list[Gap] = []
    public = list(_public(stage, estate, gaps))
    shown = _certificate(stage, estate) if public else None
    if isinstance(shown, Outcome):
        return shown
    without = [(route, each) for route, each in public if not _is_covered(each, estate, certificate=shown)]
    if without:
        return _nothing(stage, without, estate)
    if gaps:
        raise NotReadError(gaps[0])
    if not public:
        return not_applicable("no route of the stage calls an HTTP back end over the internet")
    return _to_attest(public, shown)


def _public(stage: Stage, estate: Estate, gaps: list[Gap]) -> Iterator[tuple[DeployedRoute, Integration]]:
    """Yield the routes that call HTTP back ends over the internet; what was not read stands among the gaps."""
    for route in estate.below(DeployedRoute, stage):
        try:
            found = integration_of(route, estate)
        except NotReadError as not_read:
            gaps.append(not_read.gap)
            continue
        if found is not None and found.type in HTTP and found.connection_type in INTERNET:
            yield route, found


def _certificate(stage: Stage, estate: Estate) -> ClientCertificate | Outcome | None:
    """Return the client certificate that a stage shows; an Outcome where it shows one that is no good."""
    if stage.protocol is Protocol.HTTP:
        return None
    name = need(stage.client_certificate_id)
    if name is None:
        return None
    here = (stage.account, stage.region)
    found = next(
        (
            each
            for each in estate.of(ClientCertificate)
            if ((each.account, each.region), each.certificate_id) == (here, name)
        ),
        None,
    )
    if found is None:
        estate.whole(ClientCertificate, *here)
        return failed(f"the client certificate {name} that the stage names does not exist", ("list:ClientCertificate",))
    expiration = need(found.expiration)
    if expiration is None:
        return undecided("when the client certificate of the stage expires is not told", (found.arn,))
    if expiration <= estate.as_of:
        return failed(f"the client certificate of the stage expired on {expiration:%Y-%m-%d}", (found.arn,))
    return found


def _is_covered(integration: Integration, estate: Estate, certificate: ClientCertificate | None) -> bool:
    if integration.credentials is not None:
        return True
    if certificate is not None and not (integration.uri or "").lower().startswith("http://"):
        return True
    found = declared(integration, estate.registers.backends or ())
    return found is not None and found.authorizes is True


def _nothing(stage: Stage, without: list[tuple[DeployedRoute, Integration]], estate: Estate) -> Outcome:
    route, integration = without[0]
    where = host(integration.uri) or integration.uri or "the back end"
    also = tuple(each.arn for each, _ in without)
    names: list[str] = [each.route_key for each, _ in without]
    why = (
        "HTTP APIs can show a back end nothing"
        if stage.protocol is Protocol.HTTP
        else "the stage shows it no client certificate, the route no credentials"
    )
    if _is_undeclared(integration, estate):
        line = entry(integration).replace("internal: …", "internal: false, authorizes: true")
        return needs_attestation(
            f"{where} cannot tell the gateway from others: {why}; if it authorizes each call by itself, add {line}",
            also,
            routes=[*names],
        )
    return failed(
        f"{where} (route {route.route_key}) cannot tell the gateway from others: {why}", also, routes=[*names]
    )


def _is_undeclared(integration: Integration, estate: Estate) -> bool:
    """Return whether management has not said yet what the back end does by itself."""
    entries = estate.registers.backends
    if entries is None:
        return True
    found = declared(integration, entries)
    return found is not None and found.authorizes is None


def _to_attest(public: list[tuple[DeployedRoute, Integration]], shown: ClientCertificate | None) -> Outcome:
    hosts = sorted({host(each.uri) or "a back end" for _, each in public})
    named = hosts[0] + (f" and {len(hosts) - 1} more" if len(hosts) > 1 else "")
    also = (*((shown.arn,) if shown else ()), *(route.arn for route, _ in public))
    what = "the client certificate" if shown is not None else "who calls"
    return needs_attestation(
        f"somebody must attest that {named} checks {what}: it cannot be read here", also, hosts=[*hosts]
    )


CHECK = Check(
    name="back-ends-know-the-gateway",
    reads=("Stage", "DeployedRoute", "ClientCertificate"),
    params=Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
    concerns=holds(Stage),
    registers=("backends",),
)
