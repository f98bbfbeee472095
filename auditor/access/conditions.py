"""Conditions that limit nobody: whoever likes can meet them. Recognised forms only."""

import re

from auditor.access.policy import Condition, Statement
from auditor.access.sources import Width, width

SPOOFABLE = ("aws:referer", "aws:useragent")
"""Headers: whoever calls writes them as he likes."""
_TEXT_OPERATOR = re.compile(r"string(not)?(equals|equalsignorecase|like)")


def are_met_at_will(statement: Statement) -> bool:
    """Return whether whoever likes can meet all conditions of an Allow; one in a form that is not recognised counts as a limit."""
    return all(_is_met_at_will(each) for each in statement.conditions)


def _is_met_at_will(condition: Condition) -> bool:
    if any("${" in value for value in condition.values):
        return False
    if condition.operator == "ipaddress" and condition.key == "aws:sourceip":
        return width(condition.values) is Width.WIDE
    return _is_spoofable(condition) or _is_encrypted(condition)


def _is_spoofable(condition: Condition) -> bool:
    """Return whether the caller chooses what the condition looks at: headers are no identity."""
    return condition.key in SPOOFABLE and _TEXT_OPERATOR.fullmatch(condition.operator) is not None


def _is_encrypted(condition: Condition) -> bool:
    """Return whether the condition only asks for TLS, which every call to API Gateway uses."""
    return (condition.operator, condition.key, condition.values) == ("bool", "aws:securetransport", ("true",))
