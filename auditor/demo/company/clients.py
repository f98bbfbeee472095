"""Clients of one account of the sample company, through a role, as its engineers would have."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3
import botocore.session

from auditor.demo.company import PARTNERS, PRODUCTION


@dataclass
class Account:
    """One account of the company behind an endpoint."""

    number: str
    endpoint: str
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def _session(self) -> boto3.Session:
        home = self._boto("AKIAHALVORSENPARCELS", "unused", None)
        sts = home.client("sts", region_name="eu-west-1", endpoint_url=self.endpoint)
        role = f"arn:aws:iam::{self.number}:role/engineer"
        given = sts.assume_role(RoleArn=role, RoleSessionName="engineer")["Credentials"]
        sts.close()
        return self._boto(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def _boto(self, key: str, secret: str, token: str | None) -> boto3.Session:
        core = botocore.session.Session()
        core.set_config_variable("config_file", "/dev/null")
        core.set_config_variable("credentials_file", "/dev/null")
        return boto3.Session(key, secret, token, botocore_session=core)

    def client(self, service: str, region: str) -> Any:
        """Return a client, made once."""
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.client(service, region_name=region, endpoint_url=self.endpoint)
        return self._clients[key]

    def log_group(self, region: str, name: str) -> str:
        """Create a log group, and return its ARN."""
        self.client("logs", region).create_log_group(logGroupName=name)
        return f"arn:aws:logs:{region}:{self.number}:log-group:{name}"

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()


Names = dict[str, str]
"""What the company's parts are called in the registers: a name to an ARN, filled while it is built."""

FUNCTION = "function-"
"""Before a function's own name, in those names."""

Step = Callable[[], None]


class Company:
    """Both accounts, and the names that its parts go by."""

    def __init__(self, endpoint: str) -> None:
        """Connect; nothing is built."""
        self.production = Account(PRODUCTION, endpoint)
        self.partners = Account(PARTNERS, endpoint)
        self.names: Names = {}

    def close(self) -> None:
        """Close every connection."""
        self.production.close()
        self.partners.close()
