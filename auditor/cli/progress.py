"""Progress on stderr: a live line at a terminal, plain lines otherwise."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that tells the person what is going on."""
    if quiet:
        yield lambda _text: None
    elif sys.stderr.isatty():
        console = Console(stderr=True, highlight=False)
        with console.status("starting", spinner="dots") as status:
            yield status.update
    else:
        yield _plain_line


def _plain_line(text: str) -> None:
    sys.stderr.write(f"{text}\n")
