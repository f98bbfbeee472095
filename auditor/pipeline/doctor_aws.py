"""What a run needs of AWS: credentials, accounts, the clock, regions, and the right to each operation."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from auditor.collect.interface import Collector, Operation
from auditor.collect.probe import Entered, Probed, enter_all
from auditor.collect.session import Setup, home_regions, setup
from auditor.collect.settings import CollectSettings
from auditor.config import Config
from auditor.errors import AuditorError
from auditor.evaluate.bind import Bound, bind
from auditor.model.checkup import Checkup, Health
from auditor.model.kinds import KINDS
from auditor.model.snapshot import Gap, GapReason
from auditor.model.words import counted
from auditor.normalize.registry import normalizers
from auditor.pipeline.collecting import Progress, targets
from auditor.pipeline.judging import load_catalog

_USAGE, _INCOMPLETE, _NOTHING_READ = 2, 3, 4
_CLOCK_WARNS, _CLOCK_FAILS = 60, 300
"""Seconds. A signature is good for five minutes (AWS Signature Version 4)."""
_NO_CREDENTIALS = "Set AWS_PROFILE or AWS_* variables, or aws sso login; --profile names another profile."
_GRANT = "auditor permissions prints the least rights; --format cloudformation or terraform makes the whole role."


def aws(config: Config, tell: Progress) -> Iterator[Checkup]:
    """Yield what can be told of AWS, as far as it lets anyone in; nothing that is asked is kept."""
    try:
        settings = CollectSettings(
            redaction_key=b"nothing is kept", accounts=targets(config), regions=config.regions, profile=config.profile
        )
        found = setup(settings)
    except AuditorError as error:
        yield _line("credentials", Health.PROBLEM, str(error), remedy=error.next_step, ends_with=error.exit_code)
        yield from _not_checked()
        return
    yield from _setup(found, config)
    if found.credentials is None or (found.region is None and not settings.regions):
        yield from _not_checked()
        return
    try:
        entered = list(enter_all(settings, home_regions(settings), tell))
    except AuditorError as error:
        yield _line("region", Health.PROBLEM, str(error), remedy=error.next_step, ends_with=error.exit_code)
        yield from _not_checked()
        return
    yield from _accounts(entered)
    yield _clock(entered)
    yield from _regions(entered, config)
    yield from _rights(entered, config)


def _line(check: str, state: Health, detail: str, area: str = "aws", **more: object) -> Checkup:
    return Checkup.model_validate({"area": area, "check": check, "state": state, "detail": detail, **more})


def _not_checked() -> Iterator[Checkup]:
    why = "nobody can be asked before credentials and a region are there"
    for area, check in (("aws", "account"), ("aws", "clock"), ("aws", "regions"), ("rights", "rights")):
        yield _line(check, Health.NOT_CHECKED, why, area)


def _setup(found: Setup, config: Config) -> Iterator[Checkup]:
    region = config.regions[0] if config.regions else found.region
    endpoint = config.environment.get("AWS_ENDPOINT_URL")
    said = f"profile {found.profile or 'default'}" + (f", AWS_ENDPOINT_URL {endpoint}" if endpoint else "")
    if region is None:
        remedy = "Give one with --region, [scope] regions or AWS_REGION."
        yield _line("region", Health.PROBLEM, f"{said}, no region", remedy=remedy, ends_with=_USAGE)
    else:
        yield _line("region", Health.OK, f"{said}, region {region}")
    if found.credentials is None:
        yield _line(
            "credentials",
            Health.PROBLEM,
            "there are no AWS credentials",
            remedy=_NO_CREDENTIALS,
            ends_with=_NOTHING_READ,
        )
    else:
        yield _line("credentials", Health.OK, f"found by {found.credentials}")


def _accounts(entered: list[Entered]) -> Iterator[Checkup]:
    nobody = all(each.identity is None for each in entered)
    for each in entered:
        account = each.target.account
        if each.identity is not None:
            said = f"asks as {each.identity.arn}"
            yield _line(f"account {each.identity.account}", Health.OK, said, account=each.identity.account)
            continue
        error = each.error
        wrong = isinstance(error, AuditorError) and error.exit_code == _USAGE
        yield _line(
            f"account {account}" if account else "account",
            Health.PROBLEM if nobody or wrong else Health.WARNING,
            str(error),
            remedy=error.next_step if error else None,
            ends_with=error.exit_code if error and (nobody or wrong) else _INCOMPLETE,
            account=account,
        )


def _clock(entered: list[Entered]) -> Checkup:
    offset = next((each.clock_offset_seconds for each in entered if each.clock_offset_seconds is not None), None)
    if offset is None:
        return _line("clock", Health.NOT_CHECKED, "no answer told the time")
    said = f"{counted(abs(offset), 'second')} {'ahead of' if offset > 0 else 'behind'} AWS"
    if abs(offset) < _CLOCK_WARNS:
        # Dates have whole seconds, and an answer takes its time.
        return _line("clock", Health.OK, said if abs(offset) > 1 else "agrees with AWS")
    nobody = all(each.identity is None for each in entered)
    state = Health.PROBLEM if nobody and abs(offset) >= _CLOCK_FAILS else Health.WARNING
    remedy = "Set this machine's clock by NTP: AWS refuses signatures that are five minutes off."
    return _line("clock", state, said, remedy=remedy, ends_with=_NOTHING_READ if state is Health.PROBLEM else None)


def _regions(entered: list[Entered], config: Config) -> Iterator[Checkup]:
    for each in entered:
        if each.identity is None or each.regions is None:
            continue
        if each.regions_gap is not None:
            yield _refused("regions", each.regions_gap, (), "aws")
            continue
        yield _enabled(each, config)


def _enabled(entered: Entered, config: Config) -> Checkup:
    account = entered.identity.account if entered.identity else None
    enabled = entered.regions.enabled if entered.regions else ()
    missing = sorted(set(config.regions) - set(enabled))
    if missing:
        remedy = "Correct [scope] regions or --region, or enable the region in the account."
        said = f"not enabled in this account: {', '.join(missing)}"
        return _line("regions", Health.WARNING, said, remedy=remedy, ends_with=_INCOMPLETE, account=account)
    if config.regions:
        return _line("regions", Health.OK, f"{len(config.regions)} in scope, all enabled", account=account)
    said = f"{len(enabled)} enabled; a run reads all of them"
    return _line("regions", Health.OK, said, remedy="[scope] regions names fewer.", account=account)


def _rights(entered: list[Entered], config: Config) -> Iterator[Checkup]:
    tried = next((each for each in entered if each.probed), None)
    if tried is None or tried.identity is None:
        yield _line("rights", Health.NOT_CHECKED, "no account lets anyone in", "rights")
        return
    stakes = _Stakes.of(config)
    of: dict[tuple[str, str], list[Probed]] = {}
    for each in tried.probed:
        of.setdefault((each.collector.service, each.region), []).append(each)
    for (service, region), probed in of.items():
        yield from _service(service, probed, stakes, {"account": tried.identity.account, "region": region})


def _service(service: str, probed: list[Probed], stakes: "_Stakes", place: Mapping[str, str]) -> Iterator[Checkup]:
    refused = [(each, each.gap) for each in probed if each.gap is not None and _is_refusal(each.gap)]
    answered = sum(each.asked for each in probed) - len(refused)
    silent = sum(not each.asked for each in probed)
    said = f"{answered} of {counted(len(probed), 'operation')} answered in {place['region']}"
    if silent:
        said += f", {silent} not tried: nothing to ask about was found"
    yield _line(service, Health.OK if answered else Health.NOT_CHECKED, said, "rights", **place)
    for each, gap in refused:
        yield _refused(service, gap, stakes.of_operation(each.collector, each.operation), "rights")


def _is_refusal(gap: Gap) -> bool:
    """Return whether a probe's gap would be one of a collection too: other errors say that the right is there."""
    return gap.reason is not GapReason.UNSUPPORTED


def _refused(check: str, gap: Gap, controls: tuple[str, ...], area: str) -> Checkup:
    place, _, code = gap.detail.partition("; ")
    denied = gap.reason is GapReason.DENIED
    return _line(
        check,
        Health.WARNING,
        f"{gap.operation} {gap.reason.value} ({code}); needs {gap.action} on {place}",
        area,
        remedy=_GRANT if denied else "Try again; if it stays, see docs/troubleshooting.md.",
        ends_with=_INCOMPLETE,
        account=gap.account,
        region=gap.region,
        operation=gap.operation,
        action=gap.action,
        controls=controls,
    )


@dataclass(frozen=True)
class _Stakes:
    """Which controls rest on which lists."""

    bound: tuple[Bound, ...]

    @classmethod
    def of(cls, config: Config) -> "_Stakes":
        """Take the catalog in force; where it is wrong, which is told elsewhere, nothing can be named."""
        try:
            return cls(bind(load_catalog(config)))
        except AuditorError:
            return cls(())

    def of_operation(self, collector: Collector, operation: Operation) -> tuple[str, ...]:
        """Return the controls whose population rests on what an operation lists, or on facts of what it is asked about."""
        lists = [each for normalizer in normalizers(collector.service) for each in normalizer.lists]
        kinds = {each.kind for each in lists if each.operation == operation.id} or set(operation.per)
        # One answer about a whole account belongs to everything that its service lists.
        kinds = kinds or {each.kind for each in lists}
        return tuple(each.control.id for each in self.bound if _rests_on(each, kinds))


def _rests_on(bound: Bound, kinds: Iterable[str]) -> bool:
    read = {name for each in bound.check.reads for name in (each, *KINDS[each].lists())}
    return bound.control.subject == "estate" and not read.isdisjoint(kinds)
