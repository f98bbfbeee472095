"""CPU of `auditor --help` against the interpreter alone and against the command-line library alone."""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 9


def cpu(*arguments: str) -> float:
    """Return the least CPU seconds, user and system, of several runs."""
    spent = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def main() -> None:
    bare, library, ours = cpu("-c", "pass"), cpu("-c", "import typer"), cpu("-m", "auditor", "--help")
    print(f"interpreter {bare * 1000:.0f} ms, typer {library * 1000:.0f} ms, auditor --help {ours * 1000:.0f} ms CPU")
    print(f"ratio to typer alone: {ours / library:.2f}")


if __name__ == "__main__":
    main()
