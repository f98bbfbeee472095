"""`auditor run` and `auditor pack`."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import note, note_table
from auditor.model.words import counted

if TYPE_CHECKING:
    from auditor.model.snapshot import Scope
    from auditor.pipeline.packing import Packed
    from auditor.render.view.ending import Ending, Missing

_OUT = Path("packs")
_ELSEWHERE = "If there should be one: is this the account (--profile, --role-arn) and the region (--region)?"
_ENDS = {1: "at least one finding fails", 3: "a control lacks evidence that was not read", 4: "nothing could be read"}


def run(
    period: options.PeriodName = None,
    baseline: options.Baseline = None,
    out: options.Out = _OUT,
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    profile: options.Profile = None,
    region: options.Region = None,
    account: options.Account = None,
    role_name: options.RoleName = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    exit_zero: options.ExitZero = False,
    quiet: options.Quiet = False,
) -> None:
    """Collect, evaluate, compare, pack: the quarterly command. Compares with the pack before, where there is one."""
    from auditor.cli.progress import progress
    from auditor.evaluate.exit_code import exit_code
    from auditor.pipeline.packing import Order
    from auditor.pipeline.packing import run as run_all

    settings = configured(
        config,
        store,
        profile=profile,
        regions=region,
        accounts=account,
        role_name=role_name,
        role_arn=role_arn,
        external_id=external_id,
    )
    with progress(quiet=quiet) as tell:
        packed = run_all(settings, Order(out, period, baseline), tell)
    report(packed, quiet=quiet)
    code = exit_code(packed.contents.evaluation, exit_zero=exit_zero)
    if code and not quiet:
        note(f"Ends with {code}: {_ENDS[code]}.")
    sys.exit(code)


def pack(
    snapshot: options.SnapshotName,
    out: options.Out = _OUT,
    baseline: options.Baseline = None,
    period: options.PeriodName = None,
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    quiet: options.Quiet = False,
) -> None:
    """Build the pack of a stored snapshot; never calls AWS. It is written as a folder and a zip."""
    from auditor.cli.progress import progress
    from auditor.pipeline.judging import load_catalog, open_store, resolve
    from auditor.pipeline.packing import Order, make_pack

    settings = configured(config, store)
    catalog = load_catalog(settings)
    place = open_store(settings)
    with progress(quiet=quiet) as tell:
        packed = make_pack(settings, resolve(place, snapshot), catalog, Order(out, period, baseline), tell)
    report(packed, quiet=quiet)


def report(packed: "Packed", *, quiet: bool = False) -> None:
    """Say where the pack is on stdout, and on stderr what it holds, what was not read, and what to do next."""
    sys.stdout.write(f"{packed.bag.folder}\n{packed.bag.archive}\n")
    sys.stdout.flush()
    if quiet:
        return
    from auditor.render.view.ending import ending

    last = ending(packed.contents.evaluation)
    note()
    note(packed.headline)
    if not packed.contents.evaluation.flows:
        note(f"No deployed route was found in {place(packed.contents.evaluation.snapshot.scope)}. {_ELSEWHERE}")
    _tell_worst(last)
    tell_missing(last.missing)
    _tell_next(last, packed.bag.folder)


def place(scope: "Scope") -> str:
    """Return where a snapshot looked: `2 accounts, eu-west-1`."""
    regions = scope.regions
    where = regions[0] if len(regions) == 1 else counted(len(regions), "region")
    return f"{scope.accounts[0] if len(scope.accounts) == 1 else counted(len(scope.accounts), 'account')}, {where}"


def _tell_worst(last: "Ending") -> None:
    if not last.worst:
        return
    note("\nWorst first:\n")
    note_table([asdict(each) for each in last.worst], ("severity", "control", "fails", "words"))
    if last.more:
        note(f"and {counted(last.more, 'more control')} with failing findings")


def tell_missing(missing: Sequence["Missing"]) -> None:
    """Say what AWS did not answer, which right is missing, and which controls lack it."""
    if not missing:
        return
    note("\nNot read, so nothing is concluded from it:\n")
    rows = [
        {
            "needs": each.needs,
            "not_read": f"{each.operation} {each.why}: {each.where}",
            "not_evaluated": ", ".join(each.controls) or "no control",
        }
        for each in missing
    ]
    judged = any(each.controls for each in missing)
    note_table(rows, ("needs", "not_read", "not_evaluated") if judged else ("needs", "not_read"))
    if any(each.why == "denied" for each in missing):
        note("Grant what was denied: auditor permissions prints the least rights; auditor doctor tries them.")


def _tell_next(last: "Ending", folder: Path) -> None:
    note(f"\nOpen {folder / 'data' / 'report.html'}; auditor evaluate prints every finding.")
    if last.to_attest:
        note(
            f"{counted(last.to_attest, 'finding')} wait for a person's word: auditor init proposes the register entries."
        )
