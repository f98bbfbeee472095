"""Secrets: their rotation, and the dates of their versions where they do not rotate. Never a value."""

from functools import partial

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


def _collect(call: Caller) -> None:
    secrets = call(SECRETS, MaxResults=100)
    still = [
        str(each["ARN"])
        for each in secrets.items("SecretList")
        if "ARN" in each and each.get("RotationEnabled") is not True
    ]
    call.gather([partial(call, VERSIONS, arn, SecretId=arn, MaxResults=100) for arn in still])


COLLECTOR = Collector(service="secretsmanager", reach=Reach.REGIONAL, operations=(SECRETS, VERSIONS), collect=_collect)
