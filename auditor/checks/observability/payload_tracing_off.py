"""payload-tracing-off: no production stage writes whole requests and answers into its execution log.

Claim: data tracing is off for the stage and for every method of its own settings. Population: every stage. Deviation: on
anywhere; one method left on after debugging is the usual finding. Cannot see: what was logged before, and for how long a
waiver is needed.
"""

from auditor.checks.interface import Check, Outcome, Params, ResourceItem, failed, items, not_applicable, passed
from auditor.checks.stage_questions import default_of, environment, named, own_settings
from auditor.model.estate import Estate
from auditor.model.gateway import Protocol, Stage


def _test(item: ResourceItem[Stage], estate: Estate, _params: Params) -> Outcome:
    stage = item.of
    if stage.protocol is Protocol.HTTP:
        return not_applicable("HTTP APIs trace no payloads")
    other = environment(stage, estate)
    if other is not None:
        return not_applicable(f"the stage is not production: {other}", environment=other)
    default = default_of(stage)
    traced = [each for each in own_settings(stage) if each.data_trace is True]
    level = default.logging_level if default else None
    if default is not None and default.data_trace is True:
        return failed("whole requests and answers are logged for every method", data_trace=True, level=level)
    if traced:
        return failed(
            f"whole requests and answers are logged for {named(traced)}",
            data_trace=[named([each]) for each in traced],
            level=level,
        )
    return passed("no method logs whole requests or answers", data_trace=False, level=level)


CHECK = Check(
    name="payload-tracing-off",
    reads=("Stage",),
    params=Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
