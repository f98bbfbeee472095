"""Whether an access log says who called: of one route, and of a stage."""

from collections.abc import Iterable
from functools import lru_cache

from auditor.dataflow.context.existence import Existence, Use, existence
from auditor.dataflow.trace.actors import CERTIFICATE, candidates
from auditor.dataflow.trace.log_format import LogFormat
from auditor.dataflow.trace.read import read
from auditor.model.fact import Fact, Present, Unread
from auditor.model.flow import Trace
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy


def trace_of(
    log: Fact[LogFormat],
    protocol: Protocol,
    authenticated_by: AuthenticatedBy,
    mutual_tls: bool | None,  # noqa: FBT001 - three-valued, no switch
) -> Trace | None:
    """Return whether the log says who called a route; None where it is unread, or who establishes the caller is unknown."""
    if isinstance(log, Unread):
        return None
    if not isinstance(log, Present):
        return Trace.NONE
    return _of_format(log.value.text, protocol, authenticated_by, mutual_tls=mutual_tls)


@lru_cache(maxsize=16384)
def _of_format(
    text: str, protocol: Protocol, authenticated_by: AuthenticatedBy, *, mutual_tls: bool | None
) -> Trace | None:
    log = read(text, protocol)
    if log.troubles:
        return Trace.BROKEN
    if authenticated_by is AuthenticatedBy.UNKNOWN:
        return None
    holds = {existence(each, protocol, authenticated_by, Use.LOG) for each in candidates(log, authenticated_by)}
    if holds & {Existence.VERIFIED, Existence.GATEWAY}:
        return Trace.IDENTIFIED
    if any(each.name in CERTIFICATE for each in log.variables) and protocol is not Protocol.WEBSOCKET:
        return _by_certificate(authenticated_by, mutual_tls=mutual_tls, has_other=Existence.MAY_BE_EMPTY in holds)
    if Existence.MAY_BE_EMPTY in holds:
        return Trace.PARTIAL
    return None if Existence.UNKNOWN in holds else Trace.ANONYMOUS


def _by_certificate(authenticated_by: AuthenticatedBy, *, mutual_tls: bool | None, has_other: bool) -> Trace | None:
    """Return what a certificate's name in the log is worth: all, where nobody else asks and every door wants one."""
    if has_other:
        return Trace.PARTIAL
    if mutual_tls is None:
        return None
    if not mutual_tls:
        return Trace.ANONYMOUS
    is_all = authenticated_by in {AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY}
    return Trace.IDENTIFIED if is_all else Trace.PARTIAL


def stage_trace(traces: Iterable[Trace | None]) -> Trace | None:
    """Return what holds for a stage: what holds for every route, else PARTIAL; None without routes, or where one is unknown."""
    found = set(traces)
    if not found or None in found:
        return None
    return found.pop() if len(found) == 1 else Trace.PARTIAL
