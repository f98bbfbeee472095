"""`auditor explain`: why a call is refused or let through, offline, from the store."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli import options
from auditor.cli.completion import methods
from auditor.cli.flags import configured
from auditor.cli.output import Output, emit, emit_json, say

_EXITS = {"allowed": 0, "refused": 1, "unknown": 3}


def explain(
    method: Annotated[
        str,
        typer.Argument(metavar="METHOD", help="HTTP method; of WebSocket APIs a route key.", autocompletion=methods),
    ],
    url: Annotated[str, typer.Argument(metavar="URL", help="As the client calls it, without a query.")],
    principal: Annotated[
        str | None,
        typer.Option("--as", metavar="PRINCIPAL", help="ARN of who signs it, or: anonymous.", show_default=False),
    ] = None,
    token: Annotated[
        Path | None,
        typer.Option(
            "--token", metavar="FILE", help="JSON file of a token's claims; never a token.", show_default=False
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="IP|VPCE", help="Where it comes from: an address or vpce-….", show_default=False
        ),
    ] = None,
    api_key_id: Annotated[
        str | None, typer.Option("--api-key-id", metavar="ID", help="Id of the API key it carries.", show_default=False)
    ] = None,
    content_type: Annotated[
        str | None, typer.Option("--content-type", metavar="TYPE", help="Type of its body.", show_default=False)
    ] = None,
    snapshot: options.OfSnapshot = "latest",
    config: options.ConfigFile = None,
    store: options.StorePlace = None,
    output: options.OutputFormat = Output.TABLE,
) -> None:
    """Say at which step and why a call is refused or let through. Ends with 0 allowed, 1 refused, 3 not known."""
    from auditor.pipeline.explaining import Asked, explain_call
    from auditor.render.records import explanation_record
    from auditor.render.view.explanation import sentences

    settings = configured(config, store)
    found = explain_call(settings, snapshot, Asked(method, url, principal, token, source, api_key_id, content_type))
    if output is Output.JSON:
        emit_json(explanation_record(found))
    elif output is Output.TABLE:
        say(sentences(found))
    else:
        emit([explanation_record(found)], (), output)
    sys.exit(_EXITS[found.decision.value])
