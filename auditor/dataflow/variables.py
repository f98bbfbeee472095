"""Stage variables put in where a route's target, connection or role stands in them, as far as their values were kept."""

import re
from collections.abc import Mapping

from auditor.model.fact import Fact, Present
from auditor.model.gateway import Stage
from auditor.model.route_parts import Integration

Variables = Mapping[str, str | None]
"""Value by name; None where only a digest of it was kept."""

_REFERENCE = re.compile(r"\$\{stageVariables\.(?P<name>[A-Za-z0-9_]+)\}")
_MENTION = "${stageVariables."
_PLACES = ("uri", "connection_id", "credentials", "target", "server_name_to_verify")
"""Members of an integration in which API Gateway puts stage variables (developer guide, "Stage variables reference")."""


def variables_of(stage: Stage | None, *, canary: bool) -> Variables:
    """Return the stage variables that a route of a stage meets, by name; a canary's own stand before the stage's."""
    if stage is None:
        return {}
    found = _known(stage.variable_names, stage.variable_values)
    if canary:
        found |= _known(stage.canary_variable_names, stage.canary_variable_values)
    return found


def used(text: str) -> tuple[str, ...]:
    """Return the names of the stage variables that stand in a text, in order, each once."""
    if _MENTION not in text:
        return ()
    return tuple(dict.fromkeys(_REFERENCE.findall(text)))


def used_in(integration: Integration) -> tuple[tuple[str, str], ...]:
    """Return (member, variable) for each stage variable that decides where an integration leads or in whose name it calls."""
    return tuple(
        (place, name) for place in _PLACES if (text := getattr(integration, place)) is not None for name in used(text)
    )


def resolved_text(text: str, variables: Variables) -> str:
    """Return a text with the variables put in whose values are known; the others stay as written."""
    if _MENTION not in text:
        return text
    return _REFERENCE.sub(lambda found: _value(found, variables), text)


def resolved(integration: Integration, variables: Variables) -> Integration:
    """Return an integration with the variables put in whose values are known; the others stay as written."""
    changes = {
        name: resolved_text(text, variables)
        for name in _PLACES
        if (text := getattr(integration, name)) is not None and _MENTION in text
    }
    return integration.model_copy(update=changes) if changes else integration


def _value(found: re.Match[str], variables: Variables) -> str:
    value = variables.get(found["name"])
    return found[0] if value is None else value


def _known(names: Fact[tuple[str, ...]], values: Fact[dict[str, str]]) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(names.value if isinstance(names, Present) else ())
    return found | (values.value if isinstance(values, Present) else {})
