"""Whether a role may do only what is needed of it: each grant against the needs, and what stays for a person."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.access.patterns import STAR, Relation, glob, relation
from auditor.checks.iam.grants import Grant
from auditor.checks.iam.integration_needs import Need
from auditor.model.fact import NotReadError
from auditor.model.snapshot import Gap

_WILD = frozenset("*?")
_ARN_PARTS = 6
_KINDS = frozenset(
    {
        "alias",
        "application",
        "deliverystream",
        "domain",
        "endpoint",
        "event-bus",
        "express",
        "foundation-model",
        "function",
        "identity",
        "index",
        "key",
        "log-group",
        "parameter",
        "role",
        "secret",
        "stateMachine",
        "stream",
        "table",
        "thing",
    }
)
"""Words that stand before a resource's name in its ARN."""
_SEPARATOR = re.compile(r"[:/]")


@dataclass(frozen=True)
class Excess:
    """What a grant allows beyond the needs."""

    why: str
    is_certain: bool
    """Whether it is so whatever the circumstances; else a person must say."""
    by_uses: bool = False
    """Whether a use that was not read could need it."""


def is_open(resource: str) -> bool:
    """Return whether a resource pattern names nothing: the name itself, or the account, is a wildcard."""
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return bool(_WILD & set(resource))
    return not set(name_in(resource)) - _WILD or parts[4] == "*"


def name_in(resource: str) -> str:
    """Return the name of the resource in an ARN: `orders` of `…:table/orders/index/*`."""
    parts = _SEPARATOR.split(resource.split(":", _ARN_PARTS - 1)[-1])
    while len(parts) > 1 and (parts[0] in _KINDS or not parts[0]):
        parts = parts[1:]
    return parts[0]


def excesses(grants: Sequence[Grant], needs: Sequence[Need], also_allowed: Sequence[str]) -> Iterator[Excess]:
    """Yield what grants allow beyond the needs; `also_allowed`: actions that go along, on resources that are named."""
    for each in grants:
        found = _action(each, needs, also_allowed) or _resource(each, needs)
        if found is not None and each.limit:
            yield replace(found, why=f"{found.why}, {each.limit}", is_certain=False)
        elif found is not None:
            yield found


def first_certain(found: Sequence[Excess], hidden: Gap | None) -> Excess | None:
    """Return the first that is certain; raise NotReadError where only a use that was not read could need it."""
    certain = [each for each in found if each.is_certain]
    if hidden is None or not certain:
        return next(iter(certain), None)
    whatever = next((each for each in certain if not each.by_uses), None)
    if whatever is None:
        raise NotReadError(hidden)
    return whatever


def _action(grant: Grant, needs: Sequence[Need], also_allowed: Sequence[str]) -> Excess | None:
    action = grant.action.lower()
    if grant.statement.not_actions or _WILD & set(action):
        return Excess(f"{grant.where} allows {grant.action}, more than is needed", is_certain=True)
    if action in {each.action for each in needs} | {each.lower() for each in also_allowed}:
        return None
    why = f"{grant.where} allows {grant.action}"
    if any(not each.action and each.service in {"", action.partition(":")[0]} for each in needs):
        return Excess(f"{why}, and whether that is needed is not told", is_certain=False, by_uses=True)
    return Excess(f"{why}, which is not needed", is_certain=True, by_uses=True)


def _resource(grant: Grant, needs: Sequence[Need]) -> Excess | None:
    on = f"{grant.where} allows {grant.action} on {grant.resource}"
    if grant.statement.not_resources or is_open(grant.resource):
        return Excess(f"{on}, which names no resource", is_certain=True)
    known = [each for each in needs if each.action == grant.action.lower()]
    if known and all(each.resources for each in known):
        within = any(_is_within(grant.resource, each) for need in known for each in need.resources)
        return None if within else Excess(f"{on}, more than is called", is_certain=True, by_uses=True)
    if not known or any(each.mentions(name_in(grant.resource)) for each in known):
        return None
    if any(_is_within(grant.resource, each) for need in known for each in need.resources):
        return None
    return Excess(f"{on}, and whether that is what is called is not told", is_certain=False, by_uses=True)


def _is_within(resource: str, language: str) -> bool:
    """Return whether all that a pattern matches is within a language."""
    return relation(language, STAR if resource == "*" else glob(resource)) is Relation.COVERS
