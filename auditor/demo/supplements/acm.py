"""Certificates: moto makes keys at random, and two demos must be alike."""

from auditor.demo.supplements.state import Answer, Handlers, Passed, State
from auditor.demo.wire import Request
from auditor.demo.writing import answer

_SUMMARY = (
    "CertificateArn",
    "DomainName",
    "KeyAlgorithm",
    "NotAfter",
    "NotBefore",
    "RenewalEligibility",
    "Status",
    "Type",
)


def _list(state: State, request: Request, _passed: Passed) -> Answer:
    found = state.certificates.get((request.account, request.region), [])
    summaries = [{name: each[name] for name in _SUMMARY if name in each} for each in found]
    return 200, answer(request, {"CertificateSummaryList": summaries})


def _describe(state: State, request: Request, _passed: Passed) -> Answer:
    found = state.certificates.get((request.account, request.region), [])
    asked = request.members["CertificateArn"]
    return 200, answer(request, {"Certificate": next(each for each in found if each["CertificateArn"] == asked)})


HANDLERS: Handlers = {
    "acm:DescribeCertificate": _describe,
    "acm:ListCertificates": _list,
}
