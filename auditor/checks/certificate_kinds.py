"""The kinds of certificates that are judged by when they lapse, and how each is. A further kind is one more of KINDS."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auditor.checks.interface import Outcome, failed, not_applicable, undecided
from auditor.model.certificates import Certificate
from auditor.model.credentials import ServerCertificate
from auditor.model.doors import ClientCertificate
from auditor.model.estate import Estate
from auditor.model.fact import Fact, Present, need
from auditor.model.gateway import Api, DomainName, RestApi, Stage
from auditor.model.resource import Resource


@dataclass(frozen=True)
class Kind:
    """How one kind of certificate is judged."""

    of: type[Resource]
    end: Callable[[Any], Fact[Any]]
    """When it lapses."""
    apart: Callable[[Any, Estate], Outcome | None]
    """Why it is not judged by its date, or that nobody can tell; None where it is."""
    by_hand: Callable[[Any], str | None]
    """Why it does not renew itself; None where it does."""


_NEVER_ISSUED = frozenset({"FAILED", "PENDING_VALIDATION", "VALIDATION_TIMED_OUT"})
_JUDGED = frozenset({"EXPIRED", "ISSUED"})
_TYPES = frozenset({"AMAZON_ISSUED", "IMPORTED", "PRIVATE"})
_BY_ACM = frozenset({"ELIGIBLE", "INELIGIBLE"})


def _acm_apart(certificate: Certificate, estate: Estate) -> Outcome | None:
    status = need(certificate.status)
    if status in _NEVER_ISSUED:
        return not_applicable(f"it was never issued ({status})", certificate_status=status)
    if not need(certificate.in_use_by) and not named_by(certificate.arn, estate):
        if need(certificate.in_use_by) is None:
            return undecided("what uses it is not told")
        _no_domain_hides(certificate, estate)
        return not_applicable("nothing uses it", ("list:DomainName",))
    if status == "REVOKED":
        return failed("it is in use, and was revoked", certificate_status=status)
    kind, eligibility = need(certificate.type), need(certificate.renewal_eligibility)
    if status not in _JUDGED or kind not in _TYPES or (kind != "IMPORTED" and eligibility not in _BY_ACM):
        return undecided(f"what becomes of it is not understood: {status}, {kind}, {eligibility}")
    return None


def _no_domain_hides(certificate: Certificate, estate: Estate) -> None:
    """Raise NotReadError where a domain name may hide that names it; edge-optimised ones stand in other regions."""
    regions = {certificate.region, *(each for each in estate.snapshot.scope.regions if _is_home_of_edge(certificate))}
    for region in sorted(regions):
        estate.whole(DomainName, certificate.account, region)
    for domain in estate.of(DomainName):
        if (domain.account, domain.region) in {(certificate.account, each) for each in regions}:
            for fact in certificates(domain):
                need(fact)


def _is_home_of_edge(certificate: Certificate) -> bool:
    return certificate.region == "us-east-1"


def _acm_by_hand(certificate: Certificate) -> str | None:
    if need(certificate.type) == "IMPORTED":
        return "it was imported, and ACM renews nothing that it did not issue"
    return "ACM does not renew it (INELIGIBLE)" if need(certificate.renewal_eligibility) == "INELIGIBLE" else None


def _client_apart(certificate: ClientCertificate, estate: Estate) -> Outcome | None:
    here = (certificate.account, certificate.region)
    stages = [each for each in estate.of(Stage) if (each.account, each.region) == here]
    if any(each.client_certificate_id == Present[str](value=certificate.certificate_id) for each in stages):
        return None
    for kind in (RestApi, Api, Stage):
        estate.whole(kind, *here)
    for each in stages:
        need(each.client_certificate_id)
    return not_applicable("no stage shows it to its back ends", ("list:Stage",))


KINDS: tuple[Kind, ...] = (
    Kind(Certificate, lambda each: each.not_after, _acm_apart, _acm_by_hand),
    Kind(
        ClientCertificate,
        lambda each: each.expiration,
        _client_apart,
        lambda _each: "API Gateway makes client certificates, and renews none",
    ),
    Kind(
        ServerCertificate,
        lambda each: each.expiration,
        lambda _each, _estate: None,
        lambda _each: "it was uploaded to IAM, which renews nothing",
    ),
)


def named_by(arn: str, estate: Estate) -> tuple[DomainName, ...]:
    """Return the domain names that name a certificate."""
    return tuple(each for each in estate.of(DomainName) if arn in names(each))


def names(domain: DomainName) -> set[str]:
    """Return the ARNs of the certificates that a domain name of this account names."""
    return {each.value for each in certificates(domain) if isinstance(each, Present)}


def certificates(domain: DomainName) -> tuple[Fact[str], ...]:
    """Return what a domain name of this account names as its certificates, read or not."""
    if isinstance(domain.owner_account, Present):
        return ()
    return (domain.edge_certificate, domain.regional_certificate, domain.ownership_certificate)
