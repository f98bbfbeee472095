"""acm:ListCertificates and DescribeCertificate to Certificate."""

from typing import Any

from auditor.model.certificates import Certificate
from auditor.model.fact import NotApplicable
from auditor.normalize.facts import Members
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_LIST = "acm:ListCertificates"
_CALL = "acm:DescribeCertificate"
_NO_TAGS = NotApplicable(why="tags of certificates are not read")


def normalize(read: Reading) -> None:
    """Add every certificate that the list names, also where nothing more of it could be read."""
    for found in read.records(_LIST, "CertificateSummaryList"):
        _certificate(read, found)


def _certificate(read: Reading, found: Found) -> None:
    arn = str(found.record.get("CertificateArn", ""))
    answers = read.reads(_CALL, CertificateArn=arn)
    detail: Any = answers[0].body.get("Certificate") if answers else None
    about = Members(read, _CALL, arn, detail, read.gap(_CALL, arn))
    renewal, options = about.inner("RenewalSummary"), about.inner("Options")
    certificate = Certificate(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=str(found.record.get("DomainName") or arn.rpartition("/")[2]),
        tags=_NO_TAGS,
        domain=about.text("DomainName"),
        alternative_names=about.texts("SubjectAlternativeNames"),
        type=about.text("Type"),
        status=about.text("Status"),
        key_algorithm=about.text("KeyAlgorithm"),
        in_use_by=about.texts("InUseBy"),
        not_before=about.moment("NotBefore"),
        not_after=about.moment("NotAfter"),
        created=about.moment("CreatedAt"),
        issued=about.moment("IssuedAt"),
        imported=about.moment("ImportedAt"),
        renewal_eligibility=about.text("RenewalEligibility"),
        renewal_status=renewal.text("RenewalStatus"),
        validation_method=options.text("ValidationMethod"),
        transparency_logging=options.text("CertificateTransparencyLoggingPreference"),
        exportable=options.text("Export"),
    )
    read.add(certificate, [*found.pages, *read.pages_of(_CALL, CertificateArn=arn)])


NORMALIZER = Normalizer("acm", normalize, lists=(ListCall(_LIST, "Certificate", "CertificateSummaryList"),))
