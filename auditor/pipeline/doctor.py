"""`auditor doctor`: everything that a run needs, looked at before it."""

from collections.abc import Callable, Iterable, Iterator

from auditor.config import Config
from auditor.errors import AuditorError
from auditor.model.checkup import Checkup, Health
from auditor.pipeline.collecting import Progress
from auditor.pipeline.doctor_aws import aws
from auditor.pipeline.doctor_machine import files, machine


def examine(configure: Callable[[], Config], tell: Progress) -> Iterator[Checkup]:
    """Yield one line for each thing that a run needs; a configuration that cannot be read is one of them."""
    tell("looking at this machine")
    yield from machine()
    try:
        config = configure()
    except AuditorError as error:
        yield Checkup(
            area="files",
            check="configuration",
            state=Health.PROBLEM,
            detail=str(error),
            remedy=error.next_step,
            ends_with=error.exit_code,
        )
        why = "the configuration comes first"
        yield Checkup(area="aws", check="access", state=Health.NOT_CHECKED, detail=why)
        return
    yield from files(config)
    yield from aws(config, tell)


def exit_code(checkups: Iterable[Checkup]) -> int:
    """Return the exit code that a run would end with early: of the first problem; 0 where a run is possible."""
    return next((each.ends_with or 2 for each in checkups if each.state is Health.PROBLEM), 0)
