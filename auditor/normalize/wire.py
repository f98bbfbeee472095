"""The wire formats of AWS's answers, as plain values: JSON, and the XML of IAM, STS, SNS, EC2 and load balancing."""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

PAGE_TOKENS = frozenset({"position", "NextToken", "nextToken", "Marker", "NextMarker", "PaginationToken"})
"""boto3's parameters that ask for a further page: pages that differ in nothing else are of one list."""
_XML_SERVICES = frozenset({"iam", "sts", "ec2", "elbv2", "sns"})
_LIST_MEMBERS = frozenset({"member", "item", "entry"})


def parse_body(operation_id: str, content: bytes) -> Mapping[str, Any]:
    """Return an answer's members by wire name; raise ValueError for blank, cut, HTML or any other unexpected body.

    XML: namespaces and the `XResponse`/`XResult` wrappers are gone, `member` and `item` children are lists, an empty
    element is an empty text.
    """
    service, _, name = operation_id.partition(":")
    return _xml(name, content) if service in _XML_SERVICES else _json(content)


def error_code(content: bytes) -> str:
    """Return the code of an error body, JSON or XML; empty where it names none (REST services say it in a header)."""
    try:
        if content.lstrip()[:1] == b"<":
            found = next((each.text for each in fromstring(content).iter() if _tag(each) == "Code"), None)
        else:
            found = _json(content).get("__type")
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return ""
    return str(found or "").rpartition("#")[2].strip()


def _json(content: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no JSON document") from error
    if not isinstance(parsed, dict):
        raise ValueError("JSON, but no object")  # noqa: TRY004 - callers handle one kind of broken body
    return parsed


def _xml(name: str, content: bytes) -> Mapping[str, Any]:
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ValueError("no XML document") from error
    if _tag(root) != f"{name}Response":
        raise ValueError("XML, but of another answer")
    result = next((child for child in root if _tag(child) == f"{name}Result"), root)
    try:
        value = _value(result)
    except RecursionError as error:
        raise ValueError("XML that nests without end") from error
    return value if isinstance(value, dict) else {}


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(element: Element) -> Any:
    children = list(element)
    if not children:
        return (element.text or "").strip()
    names = {_tag(child) for child in children}
    if len(names) == 1 and names <= _LIST_MEMBERS:
        return [_value(child) for child in children]
    return {_tag(child): _value(child) for child in children}
