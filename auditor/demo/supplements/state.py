"""What stands beside moto's own state, and how a supplement is written."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from auditor.demo.deployments import Deployments, Key
from auditor.demo.wire import Request

Passed = Callable[[], tuple[int, bytes]]
"""Asks moto; returns status and body."""
Answer = tuple[int, bytes] | None


@dataclass
class State:
    """State beside moto's, by what it is about."""

    deployments: Deployments = field(default_factory=Deployments)
    mutual_tls: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    api_settings: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    """By account, region and API id."""
    canaries: dict[tuple[Key, str], dict[str, Any]] = field(default_factory=dict)
    """canarySettings of REST stages, by API and stage."""
    certificates: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """Details of certificates, boto3's members, by account and region."""
    vpc_endpoints: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """boto3's members, by account and region."""
    rotation_periods: dict[str, int] = field(default_factory=dict)
    rotation_since: dict[str, float] = field(default_factory=dict)
    rotations: dict[str, list[float]] = field(default_factory=dict)
    secret_dates: dict[str, dict[str, Any]] = field(default_factory=dict)
    secret_versions: dict[str, float] = field(default_factory=dict)
    """When the current version was made, by the secret's ARN."""
    identity_center: tuple[str, str] | None = None
    """Account and region of the one Identity Center."""
    disabled_users: set[str] = field(default_factory=set)
    """Ids of users of an identity store."""
    unconfirmed: set[str] = field(default_factory=set)
    """Endpoints whose owners have not confirmed their subscription yet."""
    last_uses: dict[str, datetime] = field(default_factory=dict)
    """When an access key (by its id) or a console password (by its user's ARN, the root user's too) was last used."""
    key_uses: dict[str, tuple[date, int]] = field(default_factory=dict)
    """The last day on which an API key was used, by its id, and how many calls a day came with it until then."""
    counter: int = 0

    def deployment_id(self) -> str:
        """Return a fresh id, the same in every run."""
        self.counter += 1
        return f"d{self.counter:05x}"


Handler = Callable[[State, Request, Passed], Answer]
Handlers = Mapping[str, Handler]
"""By `service:Operation`."""


def gateway_key(request: Request) -> Key:
    """Return the API that a call is about."""
    return (request.account, request.region, request.path.get("restapi_id") or request.path["apiId"])


def amended(passed: Passed, change: Callable[[dict[str, Any]], None]) -> Answer:
    """Return moto's answer with a change; its errors go out as they are."""
    status, body = passed()
    if status >= 300:  # noqa: PLR2004 - moto's error goes out as it is
        return status, body
    document = json.loads(body)
    change(document)
    return status, json.dumps(document).encode()
