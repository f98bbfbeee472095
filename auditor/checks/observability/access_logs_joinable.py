"""access-logs-joinable: entries of every stage's access log are JSON and hold what joins them to the rest of a call.

Claim: JSON whatever the variables hold, and every required field that this kind of API offers. Population: every stage.
Deviation: no log, no JSON, or a field that is missing. Cannot see: whether entries arrive, and what the back end logs.
"""

from auditor.checks.interface import Check, Outcome, Params, ResourceItem, failed, items, passed
from auditor.checks.log_questions import NO_LOG, log_of
from auditor.dataflow.trace.required import missing
from auditor.model.estate import Estate
from auditor.model.gateway import Stage


class _Params(Params):
    required_fields: list[str]
    """Names of variables; alternatives as in `routeKey|resourcePath`."""


def _test(item: ResourceItem[Stage], _estate: Estate, params: _Params) -> Outcome:
    log = log_of(item.of)
    if log is None:
        return failed(NO_LOG)
    if log.troubles:
        return failed(f"entries cannot be read: {log.troubles[0]}", format=log.text)
    if not log.is_json:
        return failed("entries are no JSON", format=log.text)
    lacking = missing(log, params.required_fields, item.of.protocol)
    if lacking:
        named = ", ".join(each.replace("|", " or ") for each in lacking)
        return failed(f"entries lack {named}", format=log.text, missing=[*lacking])
    return passed("entries are JSON, and hold every field that joins them to the rest of a call", format=log.text)


CHECK = Check(
    name="access-logs-joinable",
    reads=("Stage",),
    params=_Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
