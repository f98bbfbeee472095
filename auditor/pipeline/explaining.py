"""`auditor explain`: from a stored snapshot and what a person says of a call to the answer; offline."""

from dataclasses import dataclass
from pathlib import Path

from auditor.config import Config
from auditor.dataflow.explain import claims
from auditor.dataflow.explain.call import Options, parse
from auditor.dataflow.explain.explain import explain
from auditor.errors import UsageError
from auditor.model.explanation import Explanation
from auditor.pipeline.judging import load_bare_estate, load_catalog, open_store, resolve

_LARGEST = 1_000_000
"""Bytes of a file of claims: no token is near as long."""


@dataclass(frozen=True)
class Asked:
    """A call as the command line says it."""

    method: str
    url: str
    principal: str | None = None
    token: Path | None = None
    source: str | None = None
    api_key_id: str | None = None
    content_type: str | None = None


def explain_call(config: Config, snapshot: str, asked: Asked) -> Explanation:
    """Return what becomes of a call; raise UsageError where it cannot be one, before the store is opened."""
    found = None if asked.token is None else _claims(asked.token)
    said = Options(asked.principal, found, asked.source, asked.api_key_id, asked.content_type)
    call = parse(asked.method, asked.url, said)
    store = open_store(config)
    return explain(call, load_bare_estate(store, resolve(store, snapshot), load_catalog(config)))


def _claims(path: Path) -> claims.Claims:
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path.name} is too large to be claims", "Give the JSON object of one token's claims.")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is no text", "Give the JSON object of one token's claims.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "Name a file with --token.") from error
    return claims.read(text, path.name)
