"""P14 BYPASS_ENTRY: one door asks for more than another that leads to the same route.

What a domain name asks for (a client certificate, its policy, a newer TLS, a CDN with a WAF in front) protects nothing where the
default endpoint, or another domain name, leads to the same stage without it. That a client certificate is asked for on a custom
domain alone stands in the developer guide ("rest-api-mutual-tls"); nothing here was tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.interface import Neighbours, Rule
from auditor.dataflow.propagation.judging import clean, fit, idle, puzzled, unseen
from auditor.model.control import Basis, Severity
from auditor.model.fact import Fact, Present, Unread
from auditor.model.flow import Door
from auditor.model.gateway import DomainName
from auditor.model.ruling import Ruling
from auditor.model.snapshot import Gap
from auditor.model.status import Status

_P14 = "P14"
_OWN = "execute-api"
_NO_DOMAIN = idle(_P14, "no custom domain leads here: there is one door")
_ALIKE = clean(_P14, "no door asks for less than another")
_ONE = clean(_P14, "the custom domain is the only door")
_UNTOLD = puzzled(_P14, "whether the default endpoint is shut in what is deployed is not told")
_OLD_TLS = "TLS_1_0"
_TLS_POLICIES = frozenset({_OLD_TLS, "TLS_1_2"})
_ENHANCED = "SecurityPolicy_"
"""How the names of the enhanced policies begin, which all ask for TLS 1.2 at least."""
_CERTIFICATE = "a client certificate"
_POLICY = "a policy"
_CDN = "a CDN with a WAF"
_TLS = "TLS 1.2"
_SEVERITY = {_TLS: Severity.MEDIUM}
_VERB = {_CERTIFICATE: "asks for", _POLICY: "has", _CDN: "stands behind", _TLS: "asks for"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A door with what it asks for; `None`: not known."""

    name: str
    asks: dict[str, bool | None]
    gaps: tuple[Gap, ...] = ()
    arn: str = ""


def judge(passage: Passage, among: Neighbours) -> Ruling:
    """Return whether a door of a route asks for less than another."""
    entries = tuple(_entries(passage, among))
    domains = [each for each in entries if each.arn]
    if not domains:
        return _NO_DOMAIN if passage.doors_complete else _unsure(passage, among)
    found = next(_second_doors(domains, entries), None)
    if found is not None:
        return _found(passage, *found)
    return _settled(passage, among, entries)


def _settled(passage: Passage, among: Neighbours, entries: tuple[_Entry, ...]) -> Ruling:
    """Return what is left where no known door asks for less than another."""
    maybe = next(_maybe_doors(entries), None)
    if maybe is not None and maybe[0].gaps + maybe[1].gaps:
        return unseen(_P14, (maybe[0].gaps + maybe[1].gaps)[0])
    if maybe is not None:
        return _found(passage, *maybe, is_certain=False)
    if not passage.doors_complete:
        return _unsure(passage, among)
    return _ALIKE if len(entries) > 1 else _ONE


def _unsure(passage: Passage, among: Neighbours) -> Ruling:
    gap = among.entrances.hidden(passage.route)
    if gap is None and passage.api is not None and isinstance(passage.api.disable_execute_api_endpoint, Unread):
        gap = passage.api.disable_execute_api_endpoint.gap
    return _UNTOLD if gap is None else unseen(_P14, gap)


def _entries(passage: Passage, among: Neighbours) -> Iterator[_Entry]:
    """Yield the doors, each host once."""
    seen: set[str] = set()
    for door in passage.doors:
        host = door.url.split("/", 3)[2]
        if host not in seen:
            seen.add(host)
            yield _entry(door, host, passage, among)


def _entry(door: Door, host: str, passage: Passage, among: Neighbours) -> _Entry:
    domain = None if door.kind == _OWN else among.entrances.domain(passage.route, host)
    if domain is None:
        return _Entry("the default endpoint", {_CERTIFICATE: False, _POLICY: False, _CDN: False})
    policy, gaps = _has_policy(domain)
    asks = {
        _CERTIFICATE: door.mutual_tls,
        _POLICY: policy,
        _CDN: among.entrances.behind_cdn.get(domain.domain.lower()),
        _TLS: _is_newer(domain.security_policy),
    }
    read = (domain.mutual_tls_truststore, domain.security_policy)
    unread = [each.gap for each in read if isinstance(each, Unread)]
    return _Entry(host, asks, (*unread, *gaps), domain.arn)


def _has_policy(domain: DomainName) -> tuple[bool | None, tuple[Gap, ...]]:
    """Return whether a domain name has a policy of its own, as private ones alone can."""
    if isinstance(domain.endpoint_types, Present) and "PRIVATE" not in domain.endpoint_types.value:
        return False, ()
    if isinstance(domain.policy, Unread):
        return None, (domain.policy.gap,)
    return isinstance(domain.policy, Present), ()


def _is_newer(policy: Fact[str]) -> bool | None:
    """Return whether a domain asks for TLS 1.2 at least; None where that is not told, or by a policy of tomorrow."""
    if not isinstance(policy, Present) or not (policy.value in _TLS_POLICIES or policy.value.startswith(_ENHANCED)):
        return None
    return policy.value != _OLD_TLS


def _second_doors(domains: list[_Entry], entries: tuple[_Entry, ...]) -> Iterator[tuple[_Entry, _Entry, str]]:
    """Yield (the stricter, the other, what only the stricter asks for)."""
    for strict in domains:
        for what, asked in strict.asks.items():
            if asked is True:
                yield from ((strict, each, what) for each in entries if each.asks.get(what) is False)


def _maybe_doors(entries: tuple[_Entry, ...]) -> Iterator[tuple[_Entry, _Entry, str]]:
    """Yield the same where one of both is not known."""
    for strict in entries:
        for what, asked in strict.asks.items():
            if asked is not False:
                yield from (
                    (strict, each, what)
                    for each in entries
                    if each is not strict and what in each.asks and _may_differ(asked, each.asks[what], what)
                )


def _may_differ(asked: bool | None, other: bool | None, what: str) -> bool:  # noqa: FBT001 - three-valued
    """Return whether it would be a second door if what is not known were so. Nobody need declare a CDN that nobody has."""
    if None not in {asked, other}:
        return False
    return asked is True or (other is False and what != _CDN)


def _found(passage: Passage, strict: _Entry, other: _Entry, what: str, *, is_certain: bool = True) -> Ruling:
    told = f"{strict.name} {_VERB[what]} {what}, {other.name} does not"
    asked = f"whether {other.name} {_VERB[what]} {what} is not known"
    because = f"there is a second door: {told}" if is_certain else f"possible second door: {asked}"
    return Ruling(
        _P14,
        Status.FAIL if is_certain else Status.NEEDS_ATTESTATION,
        fit(because),
        severity=_SEVERITY.get(what, Severity.HIGH),
        basis=Basis.DOCUMENTED,
        chain=(
            f"step 2 domain {strict.name}: {what}",
            f"step 1 entry {other.name}",
            f"back end {passage.backend.label}",
        ),
        also=tuple(each.arn for each in (strict, other) if each.arn),
    )


RULE = Rule(id=_P14, name="BYPASS_ENTRY", title="There is a second door", judge=judge)
