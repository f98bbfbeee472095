"""How rules say what they found: the words of each status, the chain to the back end, and what every rule asks first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass
from auditor.dataflow.propagation.sending import Sending
from auditor.model.control import Basis, Severity
from auditor.model.fact import Unread
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy
from auditor.model.ruling import Ruling
from auditor.model.snapshot import Gap
from auditor.model.status import Status

LONGEST = 160
"""Characters of a reason."""
ACCESS_LOG = "access log"
"""The layer of what a rule found in the format of the access log."""
_LABEL = 48
_SHOWN = 3
"""Other routes that a ruling names."""
_CACHE = 10
_CACHE_TOLD = "apigateway:GetStages"
_TOLD = {
    Protocol.REST: "apigateway:GetExport",
    Protocol.HTTP: "apigatewayv2:ExportApi",
    Protocol.WEBSOCKET: "apigatewayv2:GetIntegrations",
}
"""The operation that tells what a route's integration does."""
NOBODY_ASKED = frozenset({AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY})


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found on a route."""

    because: str
    severity: Severity
    place: str = ""
    """Where on the way: `header x-user-id`."""
    layer: str = "request transformation"
    """`parameter mapping`, `body template application/json`."""
    also: tuple[str, ...] = ()
    step: int = 11


def clean(rule: str, because: str) -> Ruling:
    """Return that all is well."""
    return Ruling(rule, Status.PASS, because)


def idle(rule: str, because: str) -> Ruling:
    """Return that a rule does not apply."""
    return Ruling(rule, Status.NOT_APPLICABLE, because)


def puzzled(rule: str, because: str) -> Ruling:
    """Return that all was read, and still nobody can tell."""
    return Ruling(rule, Status.NOT_EVALUATED, because)


def unseen(rule: str, gap: Gap) -> Ruling:
    """Return that a gap hid the answer."""
    return Ruling(rule, Status.NOT_EVALUATED, fit(f"not read: {gap.operation}"), gap=gap)


def wrong(rule: str, passage: Passage, found: Found) -> Ruling:
    """Return a deviation that the configuration shows."""
    return _ruling(rule, Status.FAIL, Basis.DOCUMENTED, found, chain(passage, found))


def possible(rule: str, passage: Passage, found: Found, basis: Basis = Basis.INFERRED) -> Ruling:
    """Return what may be a deviation: a person must say."""
    return _ruling(rule, Status.NEEDS_ATTESTATION, basis, found, chain(passage, found))


@lru_cache(maxsize=8192)
def _ruling(rule: str, status: Status, basis: Basis, found: Found, way: tuple[str, ...]) -> Ruling:
    """Return the one ruling for all routes of which the same is said: a large estate has many."""
    return Ruling(rule, status, fit(found.because), found.severity, basis, chain=way, also=found.also)


def chain(passage: Passage, found: Found) -> tuple[str, ...]:
    """Return the way from who is asked to the back end, or to the access log."""
    asked = "no authorizer" if passage.authenticated_by in NOBODY_ASKED else f"authorizer {passage.who.label}"
    if found.layer == ACCESS_LOG:
        return (asked, f"step 14 {ACCESS_LOG}", *((found.place,) if found.place else ()))
    told_by = _CACHE_TOLD if found.step == _CACHE else _TOLD[passage.route.protocol]
    middle = (f"step {found.step} {found.layer} ({told_by})", *((found.place,) if found.place else ()))
    return (asked, *middle, f"back end {passage.backend.label}")


def fit(text: str) -> str:
    """Return a sentence that is not too long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def named(label: str) -> str:
    """Return a label that leaves the sentence around it room."""
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def others(passages: tuple[Passage, ...], but: Passage) -> tuple[str, ...]:
    """Return the ARNs of other routes, the first few."""
    found = dict.fromkeys(each.route.arn for each in passages if each is not but)
    return tuple(sorted(found)[:_SHOWN])


def unclear_caller(rule: str, passage: Passage) -> Ruling | None:
    """Return why nobody knows who is asked; None where it is known."""
    if passage.authenticated_by is not AuthenticatedBy.UNKNOWN:
        return None
    asked = passage.asked or passage.route
    for fact in (asked.authorization_type, passage.authorizer, asked.api_key_required):
        if isinstance(fact, Unread):
            return unseen(rule, fact.gap)
    return puzzled(rule, "who is asked is not known to this version")


def unclear_sending(rule: str, passage: Passage, sent: Sending) -> Ruling | None:
    """Return why nobody knows what is sent, or that there is no back end; None where it is known."""
    if isinstance(passage.integration, Unread):
        return unseen(rule, passage.integration.gap)
    match sent.kind:
        case IntegrationClass.NONE:
            return idle(rule, "the route has no integration")
        case IntegrationClass.MOCK:
            return idle(rule, "the gateway answers by itself: there is no back end")
        case IntegrationClass.UNKNOWN:
            return puzzled(rule, "what kind of integration this is, is not known to this version")
        case _ if isinstance(passage.transforms, Unread):
            return unseen(rule, passage.transforms.gap)
        case _:
            return None


def unclear_header(rule: str, doubtful: Mapping[str, tuple[Passage, ...]]) -> Ruling:
    """Return why nobody knows whether another route fills a header from its authorizer."""
    first = next(iter(doubtful[min(doubtful)]))
    return unclear_caller(rule, first) or puzzled(rule, "whether another route fills a header of this one is not known")
