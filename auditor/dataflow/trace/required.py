"""What an entry must hold so that it can be joined to the rest of a trace."""

from collections.abc import Iterable

from auditor.dataflow.context.existence import Use
from auditor.dataflow.context.variables import documented
from auditor.dataflow.trace.log_format import LogFormat
from auditor.model.gateway import Protocol


def missing(log: LogFormat, fields: Iterable[str], protocol: Protocol) -> tuple[str, ...]:
    """Return the fields that a format lacks, in order.

    `fields`: names, or alternatives as in `routeKey|resourcePath`. What AWS does not offer on this kind of API is not asked for.
    """
    has = {each.name for each in log.variables}
    offered = documented(protocol, Use.LOG)
    return tuple(each for each in fields if _is_asked(each, offered) and not has & set(each.split("|")))


def _is_asked(field: str, offered: Iterable[str]) -> bool:
    return bool(set(field.split("|")) & set(offered))
