"""P16 NO_ACTOR: where nobody in person is asked, or one role stands for every caller, the access log must say who called.

A route that management declared public is meant for anyone. What a name in the log is worth is `trace_of`'s to say.
"""

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import (
    ACCESS_LOG,
    NOBODY_ASKED,
    Found,
    clean,
    idle,
    possible,
    puzzled,
    unclear_caller,
    unseen,
    wrong,
)
from auditor.model.control import Basis, Severity
from auditor.model.fact import Present, Unread
from auditor.model.flow import Trace
from auditor.model.identity import AuthenticatedBy
from auditor.model.ruling import Ruling

_ID = "P16"
_CLEAN = clean(_ID, "the access log names who called")
_IDLE = idle(_ID, "who calls is asked, and no role stands for every caller")
_PREFLIGHT = idle(_ID, "a preflight carries no identity")
_PUBLIC = idle(_ID, "declared public: anyone may call without a name")
_PUZZLED = puzzled(_ID, "whether the access log names who called cannot be told")
_CALLERS_OWN = ":iam::*:user/*"
_LOG = {
    Trace.NONE: "there is no access log",
    Trace.BROKEN: "the access log cannot be read",
    Trace.ANONYMOUS: "the access log names nobody",
    Trace.PARTIAL: "the access log names some callers alone",
}


def _judge(passage: Passage, among: Neighbours) -> Ruling:
    if passage.route.method == "OPTIONS" and passage.authenticated_by is AuthenticatedBy.NONE:
        return _PREFLIGHT
    unclear = unclear_caller(_ID, passage)
    if unclear is not None:
        return unclear
    if isinstance(passage.integration, Unread) and passage.authenticated_by not in NOBODY_ASKED:
        return unseen(_ID, passage.integration.gap)
    why = _why(passage, among)
    if why is None:
        return _IDLE
    return _by_trace(passage, among, why)


def _why(passage: Passage, among: Neighbours) -> str | None:
    """Return why the log alone can say who called; None where something else does."""
    if passage.authenticated_by is AuthenticatedBy.API_KEY_ONLY:
        return "an API key names a plan, nobody in person"
    if passage.authenticated_by is AuthenticatedBy.NONE:
        return "nobody but the certificate says who calls" if passage.mutual_tls else "nobody is asked who calls"
    is_service = among.sent(passage).kind in {IntegrationClass.AWS_SERVICE, IntegrationClass.AWS_SUBTYPE}
    return "one role calls the service for every caller" if is_service and not _own_credentials(passage) else None


def _own_credentials(passage: Passage) -> bool:
    return isinstance(passage.integration, Present) and (passage.integration.value.credentials or "").endswith(
        _CALLERS_OWN
    )


def _by_trace(passage: Passage, among: Neighbours, why: str) -> Ruling:
    if passage.trace is Trace.IDENTIFIED:
        return _CLEAN
    if passage.authenticated_by is AuthenticatedBy.NONE and _is_public(passage, among):
        return _PUBLIC
    if passage.trace is None:
        return unseen(_ID, passage.log.gap) if isinstance(passage.log, Unread) else _PUZZLED
    found = Found(f"nobody can say who called: {why}, and {_LOG[passage.trace]}", Severity.HIGH, layer=ACCESS_LOG)
    if passage.trace is Trace.PARTIAL:
        return possible(_ID, passage, found)
    if passage.authenticated_by is AuthenticatedBy.NONE and among.estate.registers.public_routes is None:
        entry = f"if it is meant to be public, register {{route: {passage.route.arn.partition('#')[0]}}}"
        return possible(
            _ID,
            passage,
            Found(f"nobody can say who called; {entry}", Severity.HIGH, layer=ACCESS_LOG),
            Basis.DOCUMENTED,
        )
    return wrong(_ID, passage, found)


def _is_public(passage: Passage, among: Neighbours) -> bool:
    return passage.route.arn.partition("#")[0] in among.public


RULE = Rule(id=_ID, name="NO_ACTOR", title="Nobody can say who called", judge=_judge)
