"""Reads a format of an access log: its variables, where each stands, and what will make its entries unreadable.

A variable that holds nothing is written as `-`, so that one which stands unquoted in JSON breaks the entry. A format
may have 3 KB (the guide's quotas for REST, HTTP and WebSocket APIs); how long an entry becomes is not known from it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import ParseError

import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from auditor.dataflow.trace.log_format import LogFormat, LogVariable
from auditor.model.gateway import Protocol

_VARIABLE = re.compile(r"\$context\.((?:authorizer|requestOverride)\.[\w.:/-]*\w|\w+(?:\.\w+)*)", re.ASCII)
"""Keys of an authorizer's context and names of claims may hold more than letters: `custom:tenant`."""
_FOREIGN = re.compile(r"\$(?!context\.)\{?[A-Za-z_]\w*(?:\.[\w.]+)?", re.ASCII)
_JSON = re.compile(r'\s*\{(?:\s*".*|.*\}\s*)', re.DOTALL)
"""What is meant to be JSON, whether it is or not."""
_XML = re.compile(r"\s*<[A-Za-z?].*>\s*", re.DOTALL)
_MOST_BYTES = 3 * 1024
_ALWAYS_A_NUMBER = frozenset({"connectedAt", "requestTimeEpoch", "responseLatency", "responseLength", "status"})
_READY_MADE = frozenset({"error.messageString"})
"""Comes with its own quotes."""
_MARK = "\x7fvariable-{}\x7f"
_MARKED = re.compile(r"\x7fvariable-(\d+)\x7f")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)', re.DOTALL)


@lru_cache(maxsize=4096)
def read(text: str, protocol: Protocol) -> LogFormat:
    """Return what a format says. Of REST, HTTP and WebSocket APIs alike today; `protocol` is part of the question."""
    del protocol
    found = list(_VARIABLE.finditer(text))
    quotes = [each.span() for each in _QUOTED.finditer(text)]
    inside = [any(start < each.start() < end for start, end in quotes) for each in found]
    names = [each[1] for each in found]
    is_json = _JSON.fullmatch(text) is not None
    keys, troubles = _of_json(text, names, inside) if is_json else ({}, _of_xml(text))
    variables = tuple(LogVariable(name, keys.get(n), inside[n]) for n, name in enumerate(names))
    return LogFormat(text, is_json, variables, (*troubles, *_too_long(text)))


def foreign(log: LogFormat) -> tuple[str, ...]:
    """Return what looks like a reference and is none to `$context`, as written: `$request.header.authorization`."""
    return tuple(dict.fromkeys(each[0] for each in _FOREIGN.finditer(log.text)))


def _of_json(text: str, names: list[str], inside: list[bool]) -> tuple[dict[int, str], tuple[str, ...]]:
    """Return the member that holds each variable, by its place in the text, and what is wrong."""
    numbers = iter(range(len(names)))

    def marked(_: re.Match[str]) -> str:
        number = next(numbers)
        mark = _MARK.format(number).replace("\x7f", "\\u007f")
        return mark if inside[number] else f'"{mark}"'

    try:
        members = orjson.loads(_VARIABLE.sub(marked, text))
    except orjson.JSONDecodeError:
        return {}, ("it is no JSON, whatever the variables hold",)
    return dict(_held(members, None)), tuple(_broken_by_values(names, inside))


def _held(value: object, key: str | None) -> Iterator[tuple[int, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _held(inner, name)
        case list():
            for inner in value:
                yield from _held(inner, key)
        case str() if key is not None:
            yield from ((int(each[1]), key) for each in _MARKED.finditer(value))
        case _:
            return


def _broken_by_values(names: list[str], inside: list[bool]) -> Iterator[str]:
    """Yield what makes an entry no JSON, although the format is: each once, in the order of the text."""
    for name, is_quoted in dict.fromkeys(zip(names, inside, strict=True)):
        if name in _READY_MADE:
            if is_quoted:
                yield f"$context.{name} comes with quotes of its own, and stands in quotes"
        elif not is_quoted and name not in _ALWAYS_A_NUMBER:
            yield f"$context.{name} stands without quotes: an entry where it is empty, or is text, is no JSON"


def _of_xml(text: str) -> tuple[str, ...]:
    """Return what is wrong with a format in XML; of CLF and CSV nothing is."""
    if not _XML.fullmatch(text):
        return ()
    try:
        fromstring(_VARIABLE.sub("x", text))
    except (ParseError, DefusedXmlException, ValueError):
        return ("it is no XML, whatever the variables hold",)
    return ()


def _too_long(text: str) -> tuple[str, ...]:
    size = len(text.encode("utf-8", "surrogatepass"))
    return (f"it has {size} bytes, and API Gateway takes {_MOST_BYTES}",) if size > _MOST_BYTES else ()
