"""Secrets: their rotation, who may read them, and the dates of their versions where they do not rotate. Never a value."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from auditor.collect.interface import Caller, Collector, Operation, Paging, Reach

SECRETS = Operation(
    service="secretsmanager",
    name="ListSecrets",
    action="secretsmanager:ListSecrets",
    resource="*",
    required=("SecretList",),
    records=(("SecretList", "ARN"),),
    page=Paging(items="SecretList", token_out="NextToken", token_in="NextToken"),  # noqa: S106 - names of page tokens
)
VERSIONS = Operation(
    service="secretsmanager",
    name="ListSecretVersionIds",
    action="secretsmanager:ListSecretVersionIds",
    resource="{SecretId}",
    required=("Versions",),
    per=("Secret",),
    records=(("Versions", "VersionId"),),
    page=Paging(items="Versions", token_out="NextToken", token_in="NextToken"),  # noqa: S106 - names of page tokens
)

POLICY = Operation(
    service="secretsmanager",
    name="GetResourcePolicy",
    action="secretsmanager:GetResourcePolicy",
    resource="{SecretId}",
    # A secret without a policy answers with its name alone.
    required=("ARN",),
    per=("Secret",),
)


def _collect(call: Caller) -> None:
    # With those marked for deletion: they can be brought back, and a list without them would call them gone.
    secrets = call(SECRETS, MaxResults=100, IncludePlannedDeletion=True)
    call.gather([partial(_secret, call, each) for each in secrets.items("SecretList")])


def _secret(call: Caller, secret: Mapping[str, Any]) -> None:
    """Ask for a secret's policy and versions; one marked for deletion answers neither (API reference)."""
    if secret.get("DeletedDate") is not None:
        return
    arn = str(secret["ARN"])
    call(POLICY, arn, SecretId=arn)
    if secret.get("RotationEnabled") is not True:
        call(VERSIONS, arn, SecretId=arn, MaxResults=100)


COLLECTOR = Collector(
    service="secretsmanager", reach=Reach.REGIONAL, operations=(SECRETS, VERSIONS, POLICY), collect=_collect
)
