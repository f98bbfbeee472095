"""Certificates of AWS Certificate Manager: every one of them, and what each is used by and when it lapses."""

from functools import partial

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

CERTIFICATES = Operation(
    "acm",
    "ListCertificates",
    "acm:ListCertificates",
    "*",
    required=("CertificateSummaryList",),
    records=(("CertificateSummaryList", "CertificateArn"),),
    page=Paging(items="CertificateSummaryList", token_out="NextToken", token_in="NextToken"),  # noqa: S106 - names of page tokens
    limit="acm:ListCertificates",
)
CERTIFICATE = Operation(
    "acm",
    "DescribeCertificate",
    "acm:DescribeCertificate",
    "arn:{partition}:acm:{region}:{account}:certificate/*",
    required=("Certificate",),
    per=("Certificate",),
)

KEY_TYPES = ("EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096")
"""Every key algorithm (botocore 1.44.5). Without them the list holds RSA of 1024 and 2048 bits alone."""
KEY_PAIR_ORIGINS = ("ACME", "AWS_MANAGED", "CUSTOMER_PROVIDED")
"""Without them certificates that came by ACME are left out."""


def _collect(call: Caller) -> None:
    # No filter by status: every status, also one that is newer than this program.
    listed = call(
        CERTIFICATES,
        Includes={"keyTypes": list(KEY_TYPES)},
        CertificateKeyPairOrigins=list(KEY_PAIR_ORIGINS),
        MaxItems=1000,
    )
    arns = sorted({str(each["CertificateArn"]) for each in listed.items("CertificateSummaryList")})
    call.gather([partial(call, CERTIFICATE, each, CertificateArn=each) for each in arns])


COLLECTOR = Collector(service="acm", reach=Reach.REGIONAL, operations=(CERTIFICATES, CERTIFICATE), collect=_collect)
