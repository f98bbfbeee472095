"""Wildcards and policy variables, spelled out.

Wildcards: IAM user guide, resource element and condition operators (String and ARN operators).
Variables: IAM user guide, policy variables.
"""

import re
from collections.abc import Mapping

# A wildcard of the policy's author; a `*` that a variable brought in stays a plain star.
MANY, ONE = "\ue000", "\ue001"

VARIABLE = re.compile(r"\$\{([^}]*)\}")
LANGUAGE_WITH_VARIABLES = "2012-10-17"

Context = Mapping[str, str | list[str]]  # keys in lower case: key names mind no case


class UnresolvedError(Exception):
    """A policy variable whose key is not in the request and that has no default."""


def matches(pattern: str, text: str) -> bool:
    """Whether the text is what the pattern says: MANY stands for any characters or none, ONE for one."""
    return _matches(pattern, 0, text, 0)


def _matches(pattern: str, at: int, text: str, reached: int) -> bool:
    if at == len(pattern):
        return reached == len(text)
    if pattern[at] == MANY:
        return any(_matches(pattern, at + 1, text, rest) for rest in range(reached, len(text) + 1))
    if reached == len(text):
        return False
    if pattern[at] in (ONE, text[reached]):
        return _matches(pattern, at + 1, text, reached + 1)
    return False


def arn_matches(pattern: str, text: str) -> bool:
    """Each of the six parts on its own; what follows the fifth colon is one part, its colons included."""
    parts, texts = pattern.split(":", 5), text.split(":", 5)
    if len(parts) != 6 or len(texts) != 6:
        return False
    return all(matches(part, told) for part, told in zip(parts, texts, strict=True))


def with_wildcards(written: str) -> str:
    return written.replace("*", MANY).replace("?", ONE)


def filled(written: str, version: str | None, context: Context) -> str:
    """The text with its wildcards marked and its variables replaced; older language versions know no variables."""
    if version != LANGUAGE_WITH_VARIABLES:
        return with_wildcards(written)
    result, end = "", 0
    for found in VARIABLE.finditer(written):
        result += with_wildcards(written[end : found.start()]) + _value_of(found.group(1), context)
        end = found.end()
    return result + with_wildcards(written[end:])


def as_plain_text(marked: str) -> str:
    """For operators without wildcards: a star is a star."""
    return marked.replace(MANY, "*").replace(ONE, "?")


def _value_of(variable: str, context: Context) -> str:
    if variable in {"*", "?", "$"}:
        return variable
    key, _, default = variable.partition(",")
    value = context.get(key.strip().lower())
    if isinstance(value, str):
        return value
    if default:
        return default.strip().removeprefix("'").removesuffix("'")
    raise UnresolvedError(variable)
