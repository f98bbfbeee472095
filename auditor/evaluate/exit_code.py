"""How a run ends (product.md section 3)."""

from auditor.evaluate.totals import is_for_a_gap
from auditor.model.finding import Evaluation
from auditor.model.status import Status

PASSED, FAILED, INCOMPLETE, NOTHING_READ = 0, 1, 3, 4


def exit_code(evaluation: Evaluation, *, exit_zero: bool = False) -> int:
    """Return 4 where nothing was read, 3 where a control lacked evidence, 1 where a finding fails, else 0.

    Controls on the collection itself count for neither 1 nor 3; `exit_zero` turns off 1 alone.
    """
    if evaluation.snapshot.shards and not any(shard.pages.count for shard in evaluation.snapshot.shards):
        return NOTHING_READ
    findings = [each for result in evaluation.results if result.control.subject == "estate" for each in result.findings]
    if any(is_for_a_gap(each) for each in findings):
        return INCOMPLETE
    if any(each.status is Status.FAIL for each in findings) and not exit_zero:
        return FAILED
    return PASSED
