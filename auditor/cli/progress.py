"""Progress on stderr: a live line at a terminal, plain lines otherwise."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.text import Text

INTERRUPTED = 130


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that tells the person what is going on."""
    try:
        with _telling(quiet=quiet) as tell:
            yield tell
    except KeyboardInterrupt:
        _plain_line("auditor: interrupted; what was collected is kept, the same command goes on from there")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _telling(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    if quiet:
        yield lambda _text: None
    elif sys.stderr.isatty():
        console = Console(stderr=True, highlight=False)
        with console.status("starting", spinner="dots") as status:
            yield lambda text: status.update(_plain(text))
    else:
        yield _plain_line


def _plain(text: str) -> "Text":
    """Return a text as it is: neither its control characters nor its brackets mean anything to the terminal."""
    from rich.text import Text

    from auditor.render.view.text import visible

    return Text(visible(text))


def _plain_line(text: str) -> None:
    from auditor.render.view.text import visible

    sys.stderr.write(visible(f"{text}\n"))
