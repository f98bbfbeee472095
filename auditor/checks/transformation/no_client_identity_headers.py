"""no-client-identity-headers: a client cannot send the header by which the back end knows who calls.

Claim: where the client's headers go on by themselves, each header that the back end trusts is overwritten or removed on every
route (rules P3, P4 and P9, and the register of back ends). Population: every deployed route. Deviation: a trusted header that
passes, or is appended to. Cannot see: which headers a back end trusts; the register says it, else a person must.
"""

from auditor.checks.back_ends import declared
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.route_flows import HEADER, deployed_routes, header_writes, rulings
from auditor.checks.rulings import outcome_of, worst_of
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.flow import Flow
from auditor.model.gateway import DeployedRoute, Protocol
from auditor.model.identity import Origin
from auditor.model.register import Backend
from auditor.model.route_parts import Integration
from auditor.model.status import Status
from auditor.model.transform import Transform, TransformKind

_RULES = ("P3", "P4", "P9")
_CLEAN = frozenset({Status.PASS, Status.NOT_APPLICABLE})


class _Params(Params):
    trusted_headers: list[str]


def _test(item: ResourceItem[DeployedRoute], estate: Estate, params: _Params) -> Outcome:
    by_rule = rulings(item.of, _RULES, estate)
    found = worst_of(by_rule)
    integration = need(item.of.integration)
    told = _declared(integration, item.of, estate, params) if integration is not None else None
    if told is None and found.status in _CLEAN:
        return outcome_of(by_rule[0])
    if told is None or found.status is Status.FAIL:
        return outcome_of(found)
    # A rule that has nothing to say leaves the word to the register.
    if found.status in _CLEAN or told.status is Status.FAIL:
        return told
    order = list(Status)
    return told if order.index(told.status) < order.index(found.status) else outcome_of(found)


def _declared(integration: Integration, route: DeployedRoute, estate: Estate, params: _Params) -> Outcome | None:
    """Return what the register makes of a route; None where no header of the client goes on by itself."""
    if integration.type != "HTTP_PROXY" or route.protocol is Protocol.WEBSOCKET:
        return None
    flow = estate.flow_of(route)
    if flow.transforms is None:
        return None
    entries = estate.registers.backends
    if entries is not None and not any(each.trusted_headers for each in entries):
        return not_applicable("no back end declares a header that it trusts")
    entry = declared(integration, entries or ())
    return _by_entry(entry, flow) if entry is not None else _undeclared(flow, params)


def _by_entry(entry: Backend, flow: Flow) -> Outcome:
    if not entry.trusted_headers:
        return not_applicable("the back end declares no header that it trusts", declared=entry.target)
    left = _left(flow, entry.trusted_headers)
    if left is None:
        why = "every header that the back end trusts is overwritten or removed"
        return passed(why, declared=entry.target, headers=list(entry.trusted_headers))
    name, is_known = left
    if not is_known:
        return undecided(f"what becomes of header {name}, which the back end trusts, is not understood", header=name)
    return failed(f"a client can send header {name}, which the back end trusts", header=name, declared=entry.target)


def _undeclared(flow: Flow, params: _Params) -> Outcome:
    left = _left(flow, tuple(params.trusted_headers))
    if left is None:
        return passed(
            "every header that could say who calls is overwritten or removed", headers=[*params.trusted_headers]
        )
    why = (
        f"a client can send header {left[0]}; whether the back end trusts it is not declared; "
        f"to register: {{target: {flow.backend.target}, owner: …, internal: …, trusted_headers: […]}}"
    )
    return needs_attestation(why, header=left[0])


def _left(flow: Flow, names: tuple[str, ...]) -> tuple[str, bool] | None:
    """Return the first header that the client still decides, and whether that is known; None where there is none."""
    last: dict[str, Transform] = {each.target: each for each in header_writes(flow)}
    unknown = None
    for name in names:
        write = last.get(HEADER + name.lower())
        if write is None or write.kind is TransformKind.APPEND or write.origin in {Origin.CLIENT, Origin.MIXED}:
            return name, True
        if write.kind is TransformKind.NOT_UNDERSTOOD or write.origin is Origin.UNKNOWN:
            unknown = unknown or (name, False)
    return unknown


CHECK = Check(
    name="no-client-identity-headers",
    reads=("DeployedRoute",),
    params=_Params,
    population=deployed_routes,
    test=_test,
    registers=("backends",),
)
