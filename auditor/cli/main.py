"""`auditor`: the commands, and how errors become exit codes."""

import os
import sys
from typing import Annotated

import typer

from auditor import __version__
from auditor.cli import catalog, collecting, demo, doctor, explain, init, judging, packing, who_can
from auditor.errors import AuditorError

app = typer.Typer(
    name="auditor",
    help="Evidence packs for SOC 2 from what API Gateway, IAM and key rotation really are, route by route.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer hands the flag over
    if asked:
        sys.stdout.write(f"auditor {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(init.init)
app.command()(packing.run)
app.command()(collecting.collect)
app.add_typer(collecting.snapshots, name="snapshots")
app.command()(judging.evaluate)
app.command()(judging.diff)
app.command()(judging.flows)
app.command()(explain.explain)
app.command()(who_can.who_can)
app.command()(packing.pack)
app.add_typer(catalog.controls, name="controls")
app.command()(catalog.permissions)


def main() -> None:
    """Run the command line; every failure ends with its documented exit code and a next step."""
    try:
        try:
            app(prog_name="auditor")
        finally:
            sys.stdout.flush()
    except AuditorError as error:
        # What is quoted comes from files, flags and AWS: none of it may steer the terminal.
        from auditor.render.view.text import visible

        sys.stderr.write(visible(f"auditor: {error}\n"))
        if error.next_step:
            sys.stderr.write(visible(f"  next: {error.next_step}\n"))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Nobody reads on (`| head`): what is still to be flushed goes nowhere, quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
