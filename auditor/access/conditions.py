"""What a statement's conditions do to an anonymous call: recognised forms only, the rest is unknown.

Conditions are joined by AND: one that narrows an Allow is enough, while a Deny is only as good as its weakest one.
"""

import re
from enum import StrEnum

from auditor.access.policy import Condition, Statement
from auditor.access.sources import Width, width
from auditor.model.words import several

_SOURCE_IP = "aws:sourceip"
_SPELLED = {_SOURCE_IP: "aws:SourceIp", "aws:sourcevpce": "aws:SourceVpce", "aws:sourcevpc": "aws:SourceVpc"}
_MOST_SHOWN = 3
_NETWORK_IDS = {"aws:sourcevpce": re.compile(r"vpce-[0-9A-Za-z]+"), "aws:sourcevpc": re.compile(r"vpc-[0-9A-Za-z]+")}
_SPOOFABLE = frozenset({"aws:referer", "aws:useragent"})
_TEXT_OPERATOR = re.compile(r"string(not)?(equals|equalsignorecase|like)")


class Hold(StrEnum):
    """How a statement's conditions limit it, from an anonymous caller's side."""

    ALWAYS = "always"
    """Whoever likes can meet them."""
    LIMITED = "limited"
    """An Allow: only from named networks. A Deny: it leaves only named networks."""
    NEVER_LIMITS = "never limits"
    """A Deny that a caller evades, or that stops only some callers."""
    UNKNOWN = "unknown"


def allow_hold(statement: Statement) -> Hold:
    """Return how far the conditions narrow an Allow: ALWAYS, LIMITED or UNKNOWN."""
    found = {_allow(each) for each in statement.conditions}
    if Hold.LIMITED in found:
        return Hold.LIMITED
    return Hold.UNKNOWN if Hold.UNKNOWN in found else Hold.ALWAYS


def deny_hold(statement: Statement) -> Hold:
    """Return what a Deny leaves: ALWAYS where it stops every call, else LIMITED, NEVER_LIMITS or UNKNOWN."""
    found = {_deny(each) for each in statement.conditions}
    for weakest in (Hold.NEVER_LIMITS, Hold.UNKNOWN, Hold.LIMITED):
        if weakest in found:
            return weakest
    return Hold.ALWAYS


def allows_by_endpoint(statement: Statement) -> bool:
    """Return whether an Allow is narrowed to VPC endpoints or VPCs by their ids."""
    return any(each.key in _NETWORK_IDS and _allow(each) is Hold.LIMITED for each in statement.conditions)


def denies_by_endpoint(statement: Statement) -> bool:
    """Return whether a Deny leaves nobody but VPC endpoints or VPCs that it names."""
    return deny_hold(statement) is Hold.LIMITED and all(each.key in _NETWORK_IDS for each in statement.conditions)


def networks(statement: Statement) -> str:
    """Return the networks that the conditions name, for a sentence: `aws:SourceIp 203.0.113.0/24`."""
    return " or ".join(
        f"{_SPELLED[each.key]} {several(each.values, _MOST_SHOWN)}"
        for each in statement.conditions
        if each.key in _SPELLED
    )


def _allow(condition: Condition) -> Hold:
    if _is_dynamic(condition):
        return Hold.UNKNOWN
    if condition.operator == "ipaddress" and condition.key == _SOURCE_IP:
        return _by_width(condition, wide=Hold.ALWAYS)
    if condition.operator in {"stringequals", "stringlike"} and condition.key in _NETWORK_IDS:
        return Hold.LIMITED if _are_ids(condition) else Hold.UNKNOWN
    if _is_spoofable(condition) or _is_encrypted(condition, "true"):
        return Hold.ALWAYS
    return Hold.UNKNOWN


def _deny(condition: Condition) -> Hold:
    if _is_dynamic(condition):
        return Hold.UNKNOWN
    if condition.operator == "notipaddress" and condition.key == _SOURCE_IP:
        return _by_width(condition, wide=Hold.NEVER_LIMITS)
    if condition.operator == "ipaddress" and condition.key == _SOURCE_IP:
        narrow = width(condition.values) is Width.NARROW
        return Hold.NEVER_LIMITS if narrow else Hold.UNKNOWN
    if condition.key in _NETWORK_IDS and _are_ids(condition):
        return _deny_network(condition)
    if _is_spoofable(condition) or _is_encrypted(condition, "false"):
        return Hold.NEVER_LIMITS
    return Hold.UNKNOWN


def _deny_network(condition: Condition) -> Hold:
    if condition.operator in {"stringnotequals", "stringnotlike"}:
        return Hold.LIMITED
    return Hold.NEVER_LIMITS if condition.operator in {"stringequals", "stringlike"} else Hold.UNKNOWN


def _by_width(condition: Condition, wide: Hold) -> Hold:
    return {Width.NARROW: Hold.LIMITED, Width.WIDE: wide, Width.UNKNOWN: Hold.UNKNOWN}[width(condition.values)]


def _are_ids(condition: Condition) -> bool:
    """Return whether the values are plain ids: a pattern may match the networks of strangers."""
    form = _NETWORK_IDS[condition.key]
    return bool(condition.values) and all(form.fullmatch(value) for value in condition.values)


def _is_spoofable(condition: Condition) -> bool:
    """Return whether the caller chooses what the condition looks at: headers are no identity."""
    return condition.key in _SPOOFABLE and _TEXT_OPERATOR.fullmatch(condition.operator) is not None


def _is_encrypted(condition: Condition, value: str) -> bool:
    """Return whether the condition only speaks of TLS, which every call to API Gateway uses."""
    return condition.operator == "bool" and condition.key == "aws:securetransport" and condition.values == (value,)


def _is_dynamic(condition: Condition) -> bool:
    return any("${" in value for value in condition.values)
