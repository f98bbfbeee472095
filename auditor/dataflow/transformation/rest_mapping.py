"""Parameter mappings of REST and WebSocket APIs: `integration.request.header.X` from `method.request.…`."""

import re
from functools import lru_cache

from auditor.dataflow.transformation.mapped import Entry, made, put, remove, renamed, target
from auditor.dataflow.transformation.references import sources
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut
from auditor.model.route_parts import Integration
from auditor.model.transform import Transform, TransformKind

_TARGET = re.compile(r"integration\.request\.(?:multivalue)?(?P<part>header|querystring|path)\.(?P<name>.+)", re.DOTALL)
_BLANK = "''"
_PROXIES = frozenset({"AWS_PROXY", "HTTP_PROXY"})


def mapped(integration: Integration, under: Under) -> list[Transform]:
    """Return one transform an entry, by target. Header names that differ by case are two entries for one target."""
    is_proxy = integration.type in _PROXIES
    found = [_entry(name, value, under, is_proxy) for name, value in sorted(integration.request_parameters.items())]
    return renamed(found)


@lru_cache(maxsize=16384)
def _entry(name: str, value: str, under: Under, is_proxy: bool) -> Transform:  # noqa: FBT001 - a key of the cache
    given = _TARGET.fullmatch(name)
    if given is None:
        entry = Entry(target("parameter", name), sources(value, under.protocol), replaces=False)
        return made(TransformKind.NOT_UNDERSTOOD, entry, under, f"Mapping '{cut(name)}' is not understood.")
    # Only a proxy sends what the client gave beside what is mapped; elsewhere there is nothing to replace.
    replaces = is_proxy and given["part"] != "path"
    entry = Entry(target(given["part"], given["name"]), sources(value, under.protocol), replaces)
    return remove(entry, under, is_blanked=True) if value == _BLANK else put(entry, under)
