"""`auditor run` and `auditor pack`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli import options
from auditor.cli.flags import configured
from auditor.cli.output import note

if TYPE_CHECKING:
    from auditor.pipeline.packing import Packed

_OUT = Path("packs")


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
    """Collect, evaluate, compare with the pack before, and write the evidence pack. The quarterly command."""
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
    report(packed)
    sys.exit(exit_code(packed.contents.evaluation, exit_zero=exit_zero))


def pack(
    snapshot: options.SnapshotName,
    out: options.Out = _OUT,
    baseline: options.Baseline = None,
    period: options.PeriodName = None,
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    quiet: options.Quiet = False,
) -> None:
    """Build the pack of a stored snapshot, as a folder and a zip; never calls AWS."""
    from auditor.cli.progress import progress
    from auditor.pipeline.judging import load_catalog, open_store, resolve
    from auditor.pipeline.packing import Order, make_pack

    settings = configured(config, store)
    catalog = load_catalog(settings)
    place = open_store(settings)
    with progress(quiet=quiet) as tell:
        packed = make_pack(settings, resolve(place, snapshot), catalog, Order(out, period, baseline), tell)
    report(packed)


def report(packed: "Packed") -> None:
    """Say where the pack is and what it holds: paths on stdout, the sentence on stderr."""
    note(packed.headline)
    sys.stdout.write(f"{packed.bag.folder}\n{packed.bag.archive}\n")
