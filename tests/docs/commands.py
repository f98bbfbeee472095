"""docs/cli.md: the help of every command, as `--help` prints it."""

from collections.abc import Iterator

import typer

from auditor.cli.main import app

_WIDTH = 100
_HEAD = """\
# The command line

<!-- Generated from --help: python -m tests.docs. Do not edit. -->

Options stand after the command. Data goes to stdout, words for people to stderr; `NO_COLOR` is honoured. Exit codes and
what to do about them: [troubleshooting](troubleshooting.md). `auditor --install-completion` completes commands, options,
snapshot ids and control ids in bash, zsh, fish and PowerShell.
"""


def pages() -> Iterator[tuple[str, str]]:
    """Yield the path and the text of the page."""
    command = typer.main.get_command(app)
    sections = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in helps(command, "auditor")]
    yield "docs/cli.md", "\n".join([_HEAD, *sections])


def helps(command: object, name: str, parent: object = None) -> Iterator[tuple[str, str]]:
    """Yield each command's full name and its help, itself first."""
    context = command.make_context(  # type: ignore[attr-defined]  # click's command, under typer's own name
        name, [], parent=parent, resilient_parsing=True, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    with context:
        yield context.command_path, context.get_help()
        for each, inner in getattr(command, "commands", {}).items():
            yield from helps(inner, each, context)
