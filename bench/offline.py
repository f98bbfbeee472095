"""Evaluate and render the demo's last snapshot: CPU against the floor of reading it, and peak memory."""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from auditor.config import Flags, load  # noqa: E402 - the checkout is put on the path first
from auditor.diff.review.sheet import access_sheet  # noqa: E402
from auditor.diff.side import Side  # noqa: E402
from auditor.model.pack import PackContents  # noqa: E402
from auditor.pipeline.judging import judge, load_catalog, open_store, resolve  # noqa: E402
from auditor.render.files import render  # noqa: E402
from auditor.store.shards import read_pages, read_resources  # noqa: E402

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def main(demo: Path) -> None:
    config = load(Flags(config=demo / "company" / "auditor.toml", store=str((demo / "store").absolute())))
    store, catalog = open_store(config), load_catalog(config)
    snapshot = resolve(store, "latest")
    floor, resources = timed(lambda: list(read_resources(store, snapshot)))
    spent, judged = timed(lambda: judge(store, snapshot, catalog))
    print(
        f"{len(resources)} resources: read {floor:.3f} s, judge {spent:.3f} s CPU, {spent / floor:.1f} times the floor"
    )
    contents = PackContents(
        name="bench",
        period=None,
        organisation="bench",
        reviewer=None,
        time_zone="UTC",
        evaluation=judged.evaluation,
        diff=None,
        access=access_sheet(Side(judged.estate, judged.evaluation, catalog), None),
        prior_pack=None,
        pages=read_pages(store, snapshot),
    )
    drawn, files = timed(lambda: render(contents))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"render {drawn:.1f} s CPU, PDF of {len(files['report.pdf']) // 1024} kB, peak {peak:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "auditor-demo")
