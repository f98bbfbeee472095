"""secretsmanager:ListSecrets, ListSecretVersionIds and GetResourcePolicy to Secret."""

import re
from datetime import datetime
from typing import Any

from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.keys import Secret
from auditor.normalize.facts import Members, moment, number, text
from auditor.normalize.interface import ListCall, Normalizer
from auditor.normalize.reading import Found, Reading

_LIST = "secretsmanager:ListSecrets"
_VERSIONS = "secretsmanager:ListSecretVersionIds"
_POLICY = "secretsmanager:GetResourcePolicy"
_ROTATES = NotApplicable(why="rotation is on")
_MARKED = NotApplicable(why="the secret is marked for deletion")
_RATE = re.compile(r"rate\((\d+) (hours?|days?)\)")
_HOURS_A_DAY = 24


def normalize(read: Reading) -> None:
    """Add every secret that secretsmanager:ListSecrets names."""
    for found in read.records(_LIST, "SecretList"):
        _secret(read, found)


def _secret(read: Reading, found: Found) -> None:
    record = found.record
    arn = str(record.get("ARN", ""))
    about = Members(read, _LIST, arn, record)
    rotation = about.flag("RotationEnabled")
    rotates = isinstance(rotation, Present) and rotation.value
    is_marked = record.get("DeletedDate") is not None
    secret = Secret(
        arn=arn,
        account=read.key.account,
        region=read.key.region,
        name=str(record.get("Name", arn)),
        tags=about.tags("Tags"),
        created=about.moment("CreatedDate"),
        # ListSecrets leaves the member out where rotation was never configured (API reference, SecretListEntry).
        rotation_enabled=Present(value=False) if isinstance(rotation, Absent) else rotation,
        rotation_days=_flat(about.take("RotationRules", _days)),
        rotation_schedule=_flat(about.take("RotationRules", _schedule)),
        last_rotated=about.moment("LastRotatedDate"),
        current_version_created=_MARKED if is_marked else _ROTATES if rotates else _current(read, arn),
        owning_service=about.text("OwningService"),
        kms_key=about.text("KmsKeyId"),
        policy=_MARKED if is_marked else _policy(read, arn),
        deleted=about.moment("DeletedDate"),
        primary_region=about.text("PrimaryRegion"),
        rotation_function=about.text("RotationLambdaARN"),
    )
    dates = {name: record.get(name) for name in ("LastAccessedDate", "LastChangedDate", "NextRotationDate")}
    volatile = {name: int(date) if isinstance(date, float) else date for name, date in dates.items()}
    below = [*read.pages_of(_VERSIONS, SecretId=arn), *read.pages_of(_POLICY, SecretId=arn)]
    read.add(secret, [*found.pages, *below], volatile)


def _policy(read: Reading, arn: str) -> Fact[str]:
    answers = read.reads(_POLICY, SecretId=arn)
    return Members(read, _POLICY, arn, answers[0].body if answers else None, read.gap(_POLICY, arn)).policy(
        "ResourcePolicy"
    )


def _flat(fact: "Fact[Any]") -> "Fact[Any]":
    return Absent() if isinstance(fact, Present) and fact.value is None else fact


def _days(rules: Any) -> int | None:
    """Return the rotation period in days; None for a cron schedule, whose period is not one number."""
    if rules.get("AutomaticallyAfterDays") is not None:
        return number(rules["AutomaticallyAfterDays"])
    rate = _RATE.fullmatch(text(rules.get("ScheduleExpression", "")).strip())
    if rate is None:
        return None
    amount = int(rate.group(1))
    return amount if rate.group(2).startswith("day") else -(-amount // _HOURS_A_DAY)


def _schedule(rules: Any) -> str | None:
    expression = rules.get("ScheduleExpression")
    return None if expression is None else text(expression)


def _current(read: Reading, arn: str) -> Fact[datetime]:
    gap = read.gap(_VERSIONS, arn)
    if gap is not None:
        return Unread(gap=gap)
    for each in read.records(_VERSIONS, "Versions", SecretId=arn):
        stages = each.record.get("VersionStages")
        if isinstance(stages, list) and "AWSCURRENT" in stages:
            try:
                return Present(value=moment(each.record.get("CreatedDate")))
            except (ValueError, TypeError):
                return Unread(gap=read.broken(_VERSIONS, arn, "CreatedDate is not understood"))
    return Absent()


NORMALIZER = Normalizer(
    "secretsmanager",
    normalize,
    lists=(
        ListCall(_LIST, "Secret", "SecretList"),
        ListCall(_VERSIONS, "SecretVersion", "Versions", "{SecretId}"),
    ),
)
