"""A policy document as frozen statements: what the JSON says, and nothing that it does not say."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pydantic import JsonValue

_MEMBERS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_MEMBERS = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_VERSIONS = ("2008-10-17", "2012-10-17")
"""The first holds where none is written, and knows no policy variables (IAM user guide, "Version")."""
_OPERATOR = re.compile(r"(?:(?P<set>foranyvalue|forallvalues):)?(?P<base>[a-z]+?)(?P<if>ifexists)?")
_PRINCIPAL_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


class Effect(StrEnum):
    """What a statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, order=True)
class Principal:
    """One principal as written."""

    kind: str
    """AWS, Service, Federated, CanonicalUser; `*` for the bare string."""
    value: str

    @property
    def is_everyone(self) -> bool:
        """Return whether it means everyone: `*` and `{"AWS": "*"}` do (IAM user guide, "Principal")."""
        return self.value == "*" and self.kind in {"*", "AWS"}


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator, taken apart."""

    quantifier: str
    """`foranyvalue`, `forallvalues`, or nothing."""
    base: str
    """`stringlike`; nothing where the operator has another form."""
    if_exists: bool


@lru_cache(maxsize=1024)
def _taken_apart(operator: str) -> Operator:
    found = _OPERATOR.fullmatch(operator)
    return (
        Operator(found["set"] or "", found["base"], bool(found["if"])) if found else Operator("", "", if_exists=False)
    )


@dataclass(frozen=True, order=True)
class Condition:
    """One condition key under one operator. Conditions of a statement are joined by AND, values by OR."""

    operator: str
    """Lower case, prefix and suffix kept: `forallvalues:stringlikeifexists`."""
    key: str
    """Lower case."""
    values: tuple[str, ...]
    """Sorted, distinct, case kept; booleans and numbers as JSON writes them."""

    @property
    def parts(self) -> Operator:
        """Return the operator, taken apart."""
        return _taken_apart(self.operator)


@dataclass(frozen=True)
class Statement:
    """One statement. A member that is not written is an empty tuple."""

    number: int
    """From 1, in the order of the document."""
    sid: str
    effect: Effect
    principals: tuple[Principal, ...]
    not_principals: tuple[Principal, ...]
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    """Sorted."""
    dynamic: bool = False
    """Whether `${…}` is a policy variable: the document is of Version 2012-10-17."""

    @property
    def label(self) -> str:
        """Return how a sentence names this statement: `statement 2 (AllowOffice)`."""
        return f"statement {self.number} ({self.sid})" if self.sid else f"statement {self.number}"


def parse(text: str) -> tuple[Statement, ...]:
    """Return the statements of a policy document in order; raise ValueError where it is no well-formed policy."""
    try:
        document = json.loads(text, object_pairs_hook=_distinct)
    except RecursionError as error:
        raise ValueError("the policy is nested too deeply") from error
    if "\\ud" in text.lower() and not _is_text(document):
        raise ValueError("the policy holds half a character")
    if not isinstance(document, dict):
        raise ValueError("a policy is a JSON object")  # noqa: TRY004 - malformed input is a ValueError here
    _known(document, _MEMBERS, "policy")
    written = document.get("Statement")
    statements = written if isinstance(written, list) else [written]
    if not statements:
        raise ValueError("a policy has at least one statement")
    version = document.get("Version", _VERSIONS[0])
    if version not in _VERSIONS:
        raise ValueError(f"{version!r} is no version of the policy language")
    dynamic = version == _VERSIONS[1]
    return tuple(_statement(number, each, dynamic=dynamic) for number, each in enumerate(statements, start=1))


def _is_text(document: JsonValue) -> bool:
    """Return whether all of a document can be written down: JSON can name halves of characters."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _distinct(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice in one object")
    return found


def _known(found: dict[str, JsonValue], members: frozenset[str], where: str) -> None:
    unknown = sorted(set(found) - members)
    if unknown:
        raise ValueError(f"{where} has unknown member {unknown[0]!r}")


def _statement(number: int, written: JsonValue, *, dynamic: bool) -> Statement:
    where = f"statement {number}"
    if not isinstance(written, dict):
        raise ValueError(f"{where} is no JSON object")  # noqa: TRY004 - as above
    _known(written, _STATEMENT_MEMBERS, where)
    for member in ("Principal", "Action", "Resource"):
        if member in written and f"Not{member}" in written:
            raise ValueError(f"{where} has both {member} and Not{member}")
    if "Action" not in written and "NotAction" not in written:
        raise ValueError(f"{where} has neither Action nor NotAction")
    sid = written.get("Sid", "")
    if not isinstance(sid, str):
        raise ValueError(f"{where} has a Sid that is no text")  # noqa: TRY004 - as above
    return Statement(
        number=number,
        sid=sid,
        effect=_effect(written.get("Effect"), where),
        principals=_principals(written, "Principal", where),
        not_principals=_principals(written, "NotPrincipal", where),
        actions=_texts(written, "Action", where),
        not_actions=_texts(written, "NotAction", where),
        resources=_texts(written, "Resource", where),
        not_resources=_texts(written, "NotResource", where),
        conditions=_conditions(written.get("Condition", {}), where),
        dynamic=dynamic,
    )


def _effect(written: JsonValue, where: str) -> Effect:
    for effect in Effect:
        if written == effect.value:
            return effect
    raise ValueError(f"{where}: Effect is neither Allow nor Deny")


def _texts(written: dict[str, JsonValue], member: str, where: str) -> tuple[str, ...]:
    """Return a string-or-list member, sorted and distinct; empty where it is not written."""
    if member not in written:
        return ()
    value = written[member]
    found = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]
    if not found or (isinstance(value, list) and len(found) != len(value)):
        raise ValueError(f"{where}: {member} is no text or list of texts")
    return tuple(sorted(set(found)))


def _principals(written: dict[str, JsonValue], member: str, where: str) -> tuple[Principal, ...]:
    if member not in written:
        return ()
    value = written[member]
    if value == "*":
        return (Principal("*", "*"),)
    if not isinstance(value, dict) or not value:
        raise ValueError(f"{where}: {member} is neither * nor an object")
    _known(value, _PRINCIPAL_KINDS, f"{where}: {member}")
    return tuple(sorted(Principal(kind, each) for kind in value for each in _texts(value, kind, where)))


def _conditions(written: JsonValue, where: str) -> tuple[Condition, ...]:
    if not isinstance(written, dict):
        raise ValueError(f"{where}: Condition is no object")  # noqa: TRY004 - as above
    found: list[Condition] = []
    for operator, keys in written.items():
        if not isinstance(keys, dict):
            raise ValueError(f"{where}: condition {operator} is no object")  # noqa: TRY004 - as above
        found.extend(Condition(_lower(operator), _lower(key), _values(keys[key], where)) for key in keys)
    if len({(each.operator, each.key) for each in found}) != len(found):
        raise ValueError(f"{where}: a condition key stands twice under one operator")
    return tuple(sorted(found))


def _lower(name: str) -> str:
    """Return a name without case; one that is not ASCII is none that IAM knows, and stays as it is."""
    return name.lower() if name.isascii() else name


def _values(written: JsonValue, where: str) -> tuple[str, ...]:
    values = written if isinstance(written, list) else [written]
    if any(value is None or isinstance(value, dict | list) for value in values):
        raise ValueError(f"{where}: a condition value is no text, number or boolean")
    return tuple(sorted({value if isinstance(value, str) else json.dumps(value) for value in values}))
