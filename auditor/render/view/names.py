"""Names of resources that a person can read, beside the ARN that identifies them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.model.flow import Flow
from auditor.render.view.text import shortened

_ARN_PARTS = 6
_ROUTE_PARTS = 4
_LONGEST = 120
"""Characters of a label; the ARN beside it is whole."""


@dataclass(frozen=True)
class Name:
    """What a resource is called, where it belongs, and its ARN."""

    label: str
    context: str
    arn: str


@dataclass(frozen=True)
class Names:
    """Every name that a pack can give, by ARN."""

    routes: Mapping[str, Name]

    def of(self, arn: str) -> Name:
        """Return the name of a resource; deployed routes carry the name of their API."""
        found = self.routes.get(arn) or _from_arn(arn)
        return replace(found, label=shortened(found.label, _LONGEST)) if len(found.label) > _LONGEST else found


def names(flows: Iterable[Flow]) -> Names:
    """Return the names that flows give to their routes."""
    return Names({each.route: Name(each.route_key, f"{each.api_name} · {each.stage}", each.route) for each in flows})


def _from_arn(arn: str) -> Name:
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or parts[0] != "arn":
        return Name(arn, "", arn)
    service, tail = parts[2], parts[5]
    if service == "execute-api":
        return _route(arn, tail)
    return Name(tail.lstrip("/") or arn, service, arn)


def _route(arn: str, tail: str) -> Name:
    parts = tail.split("/", _ROUTE_PARTS - 1)
    api, stage = [*parts, "", ""][:2]
    method, path = [*parts[2:], "", ""][:2]
    # `$default` and the keys of WebSocket routes are no method with a path.
    label = f"{method} /{path}".strip() if path or method.isupper() else method
    return Name(label, f"API {api} · {stage}", arn)
