"""Bodies that are spoiled on purpose, in JSON and in XML: cut, of another type, or pages of a list that goes wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

HTML = b"<!doctype html><html><body><h1>It works</h1></body></html>"
_LIST_MEMBERS = frozenset({"member", "item", "entry"})
_DEPTH = 400


@dataclass(frozen=True)
class PageNames:
    """How an operation's list goes on, by its names on the wire."""

    items: str
    token_out: str
    token_in: str
    """boto3's parameter."""
    more: str | None = None


def is_xml(body: bytes) -> bool:
    """Return whether a body is written in XML."""
    return body.lstrip()[:1] == b"<"


def wrong_root(body: bytes) -> bytes:
    """Return a well-formed document that is no answer of any operation."""
    return b"<WrongResponse/>" if is_xml(body) else b'["not", "an", "object"]'


def deep(body: bytes) -> bytes:
    """Return the answer with one more member that nests without reason."""
    if is_xml(body):
        return _before_end(body, b"<Deep>" * _DEPTH + b"</Deep>" * _DEPTH)
    return _before_end(body, b',"deep":' + b"[" * _DEPTH + b"]" * _DEPTH)


def lists_as_texts(body: bytes) -> bytes:
    """Return the answer with a text in the place of every list."""
    return _each_list(body, lambda _records: "none")


def records_as_texts(body: bytes) -> bytes:
    """Return the answer with a text in the place of every record of every list, and a record in that of every text."""
    return _each_list(body, lambda records: [_other(each) for each in records])


def _other(record: Any) -> Any:
    is_record = len(record) > 0 if isinstance(record, Element) else isinstance(record, dict)
    return "none" if is_record else {"none": "none"}


def with_member(body: bytes, name: str, value: Any) -> bytes:
    """Return the answer with another value of one of its members; a text becomes a record and the other way round in XML."""
    if not is_xml(body):
        return json.dumps({**json.loads(body), name: value}).encode()
    root = fromstring(body)
    for element in root.iter(name):
        children = list(element)
        for child in children:
            element.remove(child)
        element.text = None if children == [] else "none"
        if not children:
            SubElement(element, "Other").text = "none"
        break
    return bytes(tostring(root))


def page(body: bytes, names: PageNames, part: tuple[int, int], token: str | None) -> bytes:
    """Return part (number, of how many) of a list, naming the next page; a part past the end holds no record.

    Other lists beside it stand on the first page alone.
    """
    if is_xml(body):
        return _xml_page(body, names, part, token)
    document: dict[str, Any] = json.loads(body)
    for name, records in document.items():
        if isinstance(records, list):
            document[name] = _share(records, part if name == names.items else (part[0], 1))
        elif isinstance(records, dict) and name == names.items:
            document[name] = dict(_share(list(records.items()), part))
    document.pop(names.token_out, None)
    if token is not None:
        document[names.token_out] = token
    if names.more:
        document[names.more] = token is not None
    return json.dumps(document).encode()


def _share(records: list[Any], part: tuple[int, int]) -> list[Any]:
    number, parts = part
    size = -(-len(records) // parts)
    return records[number * size : (number + 1) * size]


def _xml_page(body: bytes, names: PageNames, part: tuple[int, int], token: str | None) -> bytes:
    root = fromstring(body)
    result = next((each for each in root if each.tag.endswith("Result")), root)
    for element in list(result):
        if element.tag in {names.token_out, names.more}:
            result.remove(element)
        elif element.tag == names.items or _is_list(element):
            kept = _share(list(element), part if element.tag == names.items else (part[0], 1))
            for child in [each for each in element if each not in kept]:
                element.remove(child)
    if token is not None:
        SubElement(result, names.token_out).text = token
    if names.more:
        SubElement(result, names.more).text = "true" if token is not None else "false"
    return bytes(tostring(root))


def _before_end(body: bytes, extra: bytes) -> bytes:
    text = body.rstrip()
    end = len(text) - 1
    if is_xml(body):
        result = text.rfind(b"Result>")
        end = text.rindex(b"</", 0, result) if result > 0 else text.rindex(b"</")
    return text[:end] + extra.removeprefix(b"," if text == b"{}" else b"") + text[end:]


def _each_list(body: bytes, change: Callable[[list[Any]], Any]) -> bytes:
    if not is_xml(body):
        return json.dumps(_changed(json.loads(body), change)).encode()
    root = fromstring(body)
    for element in [each for each in root.iter() if _is_list(each)]:
        told = change(list(element))
        name = element[0].tag
        for child in list(element):
            element.remove(child)
        if isinstance(told, str):
            element.text = told
        else:
            for each in told:
                child = SubElement(element, name)
                within = child if isinstance(each, str) else SubElement(child, "none")
                within.text = "none"
    return bytes(tostring(root))


def _is_list(element: Element) -> bool:
    return len(element) > 0 and {child.tag.rpartition("}")[2] for child in element} <= _LIST_MEMBERS


def _changed(value: Any, change: Callable[[list[Any]], Any]) -> Any:
    match value:
        case list():
            return change(value)
        case dict():
            return {name: _changed(inner, change) for name, inner in value.items()}
        case _:
            return value
