"""An AWS account to try the command line on: the sample company's first quarter on 127.0.0.1, until Ctrl-C.

    .venv/bin/python bench/emulated_account.py [--deny kms:ListKeys …]

Prints what to export; then use `auditor` in another terminal as on a real account.
"""

import argparse
import sys
import threading
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from auditor.demo.company import EUROPE, PRODUCTION  # noqa: E402 - the checkout is put on the path first
from auditor.demo.simulation import Simulation  # noqa: E402
from auditor.demo.story import QUARTERS, Story  # noqa: E402


def main(denied: list[str]) -> None:
    with Simulation() as simulation, closing(Story(simulation)) as story:
        story.play(QUARTERS[0])
        for operation in denied:
            simulation.deny(operation)
        print(f"export AWS_ENDPOINT_URL={simulation.endpoint} AWS_DEFAULT_REGION={EUROPE}")
        print("export AWS_ACCESS_KEY_ID=AKIATEST AWS_SECRET_ACCESS_KEY=test")
        print(f"# the company's role: --role-arn arn:aws:iam::{PRODUCTION}:role/auditor-read", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--deny", action="append", default=[], metavar="SERVICE:OPERATION")
    try:
        main(parser.parse_args().deny)
    except KeyboardInterrupt:
        sys.exit(0)
