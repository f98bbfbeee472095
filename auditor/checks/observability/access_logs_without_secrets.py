"""access-logs-without-secrets: no format of an access log writes a key, a token or a header that holds one.

Claim: no variable of the format is a secret. Population: every stage that writes an access log. Deviation: the value of the
API key, or a key of the authorizer's context that is named as a token or secret; a reference to a header. Personal data needs
a person. Cannot see: what a Lambda authorizer puts under a harmless name.
"""

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    not_applicable,
    passed,
)
from auditor.checks.log_questions import log_of
from auditor.dataflow.trace.log_format import LogFormat
from auditor.dataflow.trace.read import foreign
from auditor.dataflow.trace.sensitive import Sensitivity, sensitive
from auditor.model.estate import Estate
from auditor.model.gateway import Stage

_KEY = "identity.apiKey"


def _test(item: ResourceItem[Stage], _estate: Estate, _params: Params) -> Outcome:
    log = log_of(item.of)
    if log is None:
        return not_applicable("writes no access log")
    secret = _first(log, Sensitivity.SECRET)
    if secret is not None:
        instead = "; log $context.identity.apiKeyId, which is its id" if secret == _KEY else ""
        return failed(f"writes a secret: $context.{secret}{instead}", format=log.text)
    header = next((each for each in foreign(log) if "header" in each.lower()), None)
    if header is not None:
        return failed(f"refers to a header of the call: {header}", format=log.text)
    personal = _first(log, Sensitivity.PERSONAL)
    if personal is not None:
        why = f"writes personal data: $context.{personal}; attest that it is needed, or log $context.authorizer.claims.sub"
        return needs_attestation(why, format=log.text)
    return passed("writes neither keys nor tokens", format=log.text)


def _first(log: LogFormat, kind: Sensitivity) -> str | None:
    return next((each.name for each in log.variables if sensitive(each.name) is kind), None)


CHECK = Check(
    name="access-logs-without-secrets",
    reads=("Stage",),
    params=Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
