"""Parameter mappings of HTTP APIs: `append:header.x`, `overwrite:path`, `remove:querystring.q`."""

import re
from functools import lru_cache

from auditor.dataflow.transformation.mapped import Entry, append, made, put, remove, renamed, target
from auditor.dataflow.transformation.references import sources
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.uri import rewritten_path
from auditor.dataflow.transformation.wording import cut
from auditor.model.route_parts import Integration
from auditor.model.transform import Transform, TransformKind

_TARGET = re.compile(r"(?P<verb>append|overwrite|remove):(?P<part>header|querystring)\.(?P<name>.+)", re.DOTALL)
_PATH = "overwrite:path"


def mapped(integration: Integration, under: Under) -> list[Transform]:
    """Return one transform an entry, by target and verb; the documentation tells no order."""
    found = [_entry(name, value, under) for name, value in sorted(integration.request_parameters.items(), key=_order)]
    return renamed(found)


def _order(item: tuple[str, str]) -> tuple[str, str]:
    verb, _, rest = item[0].partition(":")
    return rest.lower(), verb


@lru_cache(maxsize=16384)
def _entry(name: str, value: str, under: Under) -> Transform:
    if name == _PATH:
        return rewritten_path(sources(value, under.protocol), under, value)
    given = _TARGET.fullmatch(name)
    if given is None:
        entry = Entry(target("parameter", name), sources(value, under.protocol), replaces=False)
        return made(TransformKind.NOT_UNDERSTOOD, entry, under, f"Mapping '{cut(name)}' is not understood.")
    where = target(given["part"], given["name"])
    match given["verb"]:
        case "append":
            return append(Entry(where, sources(value, under.protocol), replaces=False), under)
        case "remove":
            return remove(Entry(where, (), replaces=False), under)
        case _:
            return put(Entry(where, sources(value, under.protocol), replaces=True), under)
