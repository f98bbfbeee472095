"""iam:GetAccountSummary, GetAccountPasswordPolicy, ListOrganizationsFeatures to the root user and the account's settings."""

from collections.abc import Mapping
from typing import Any

from auditor.model.account import AccountSettings, PasswordPolicy, RootUser
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.resource import Listing
from auditor.normalize.facts import Members, flag, number, texts
from auditor.normalize.interface import Normalizer
from auditor.normalize.reading import Reading
from auditor.normalize.services.credential_report import are_dates, credential_report, row_of

_SUMMARY = "iam:GetAccountSummary"
_PASSWORDS = "iam:GetAccountPasswordPolicy"
_FEATURES = "iam:ListOrganizationsFeatures"
_NO_TAGS = NotApplicable(why="carries no tags")
_NOT_HERE = NotApplicable(why="told only to the organization's management account or its delegated administrator")
_LAST_USES = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")


def normalize(read: Reading) -> None:
    """Add the root user and the account's settings."""
    _root(read)
    _settings(read)


def summary(read: Reading) -> Mapping[str, str]:
    """Return the account summary's numbers by name; empty where there are none."""
    answers = read.reads(_SUMMARY)
    entries = answers[0].body.get("SummaryMap") if answers else None
    if not isinstance(entries, list):
        return {}
    return {str(each.get("key")): str(each.get("value")) for each in entries if isinstance(each, Mapping)}


def _root(read: Reading) -> None:
    arn = f"arn:{read.partition}:iam::{read.key.account}:root"
    gap = read.gap(_SUMMARY, None)
    about = Members(read, _SUMMARY, arn, summary(read) or None, gap)
    report = credential_report(read)
    row = row_of(read, report, arn)
    root = RootUser(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name="root user",
        tags=_NO_TAGS,
        password_present=_as_flag(about.number("AccountPasswordPresent")),
        mfa_enabled=_as_flag(about.number("AccountMFAEnabled")),
        access_keys=about.number("AccountAccessKeysPresent"),
        signing_certificates=about.number("AccountSigningCertificatesPresent"),
        last_used_read=are_dates(row, *_LAST_USES),
    )
    told = row.record or {}
    volatile = {name: told.get(name) for name in _LAST_USES} | {"report_generated": report.generated}
    pages = read.pages_of(_SUMMARY)
    read.add(root, [*pages, *report.pages], volatile)
    read.listings.append(
        Listing(
            kind="RootUser",
            account=read.key.account,
            region=read.key.region,
            parent=None,
            operation=_SUMMARY,
            count=1,
            # There is one root user whatever was read: what is not known of it, its facts say.
            complete=True,
            pages=pages,
        )
    )


def _as_flag(fact: Fact[int]) -> Fact[bool]:
    return Present(value=fact.value > 0) if isinstance(fact, Present) else fact


def _settings(read: Reading) -> None:
    arn = f"arn:{read.partition}:iam::{read.key.account}:account"
    features = _features(read, arn)
    settings = AccountSettings(
        account=read.key.account,
        region=read.key.region,
        arn=arn,
        name=f"account {read.key.account}",
        tags=_NO_TAGS,
        password_policy=_password_policy(read, arn),
        organization_id=features.text("OrganizationId") if isinstance(features, Members) else features,
        root_features=_enabled(features) if isinstance(features, Members) else features,
    )
    refused = (page.sha256 for page in read.refusals if page.operation in {_PASSWORDS, _FEATURES})
    read.add(settings, [*read.pages_of(_PASSWORDS), *read.pages_of(_FEATURES), *refused])


def _password_policy(read: Reading, arn: str) -> Fact[PasswordPolicy]:
    gap = read.gap(_PASSWORDS, None)
    if gap is not None:
        return Unread(gap=gap)
    if read.refusal(_PASSWORDS):
        return Absent()
    answers = read.reads(_PASSWORDS)
    return Members(read, _PASSWORDS, arn, answers[0].body if answers else None).take("PasswordPolicy", _policy)


def _policy(value: Any) -> PasswordPolicy:
    return PasswordPolicy(
        minimum_length=number(value["MinimumPasswordLength"]),
        require_symbols=flag(value["RequireSymbols"]),
        require_numbers=flag(value["RequireNumbers"]),
        require_uppercase=flag(value["RequireUppercaseCharacters"]),
        require_lowercase=flag(value["RequireLowercaseCharacters"]),
        allow_users_to_change=flag(value["AllowUsersToChangePassword"]),
        expire=flag(value["ExpirePasswords"]),
        max_age_days=_if_told(value.get("MaxPasswordAge")),
        reuse_prevention=_if_told(value.get("PasswordReusePrevention")),
        hard_expiry=None if value.get("HardExpiry") is None else flag(value["HardExpiry"]),
    )


def _if_told(value: Any) -> int | None:
    return None if value is None else number(value)


def _features(read: Reading, arn: str) -> Members | NotApplicable | Absent:
    """Return the answer; NotApplicable where another account is answered, Absent where there can be no such feature."""
    code = read.refusal(_FEATURES)
    if code.startswith("AccountNotManagementOrDelegatedAdministrator"):
        return _NOT_HERE
    if code:
        return Absent()
    answers = read.reads(_FEATURES)
    return Members(read, _FEATURES, arn, answers[0].body if answers else None, read.gap(_FEATURES, None))


def _enabled(about: Members) -> Fact[tuple[str, ...]]:
    fact = about.take("EnabledFeatures", texts)
    return Absent() if isinstance(fact, Present) and not fact.value else fact


NORMALIZER = Normalizer("iam", normalize)
