"""Certificates that AWS keeps for an account: those of AWS Certificate Manager."""

from datetime import datetime
from typing import ClassVar, Literal

from auditor.model.fact import Fact
from auditor.model.resource import Resource


class Certificate(Resource):
    """acm:ListCertificates item with acm:DescribeCertificate. The list is read for every key algorithm and status."""

    cloudformation: ClassVar[str] = "AWS::CertificateManager::Certificate"
    whole_list: ClassVar[str] = "arn:{partition}:acm:{region}:{account}:certificate"
    kind: Literal["Certificate"] = "Certificate"
    domain: Fact[str]
    alternative_names: Fact[tuple[str, ...]]
    type: Fact[str]
    """AMAZON_ISSUED, IMPORTED, PRIVATE."""
    status: Fact[str]
    """ISSUED, EXPIRED, REVOKED, PENDING_VALIDATION, VALIDATION_TIMED_OUT, FAILED, INACTIVE."""
    key_algorithm: Fact[str]
    in_use_by: Fact[tuple[str, ...]]
    """ARNs of what uses it, as ACM knows."""
    not_before: Fact[datetime]
    not_after: Fact[datetime]
    created: Fact[datetime]
    issued: Fact[datetime]
    imported: Fact[datetime]
    renewal_eligibility: Fact[str]
    """ELIGIBLE or INELIGIBLE for renewal by ACM itself."""
    renewal_status: Fact[str]
    """PENDING_AUTO_RENEWAL, PENDING_VALIDATION, SUCCESS, FAILED; Absent: no renewal was begun."""
    validation_method: Fact[str]
    """EMAIL, DNS, HTTP."""
    transparency_logging: Fact[str]
    exportable: Fact[str]
    """ENABLED: the private key may leave ACM."""
