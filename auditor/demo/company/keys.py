"""Identities, access keys, KMS keys and secrets of Halvorsen Parcels, made on the days that their ages need."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine

from auditor.demo.company import AMERICA, EUROPE, MANAGEMENT, PARTNERS, PRODUCTION
from auditor.demo.company.clients import Account
from auditor.demo.company.estate import Estate
from auditor.demo.company.secrets import CONSOLE_PASSWORD, POLICY_TOKEN, SECRET_VALUES
from auditor.demo.supplements import Supplements

_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def _trust(principal: dict[str, str]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }


@contextmanager
def days_before(moment: datetime, days: int) -> Iterator[datetime]:
    """Live on an earlier day."""
    then = moment - timedelta(days=days)
    with time_machine.travel(then, tick=False):
        yield then


class Keys:
    """What is meant to be renewed, in both accounts."""

    def __init__(self, estate: Estate, supplements: Supplements) -> None:
        """Take the accounts; nothing is made."""
        self._estate = estate
        self._beside = supplements
        self._old_keys: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        """The newest access key of each user."""

    def build(self, quarter_end: datetime) -> None:
        """Make what stands at the end of the second quarter."""
        self._identities(quarter_end)
        self._carrier_keys(quarter_end)
        self._kms(quarter_end)
        self._secrets(quarter_end)

    def third_quarter(self, quarter_end: datetime) -> None:
        """Do what the third quarter brought: one key rotated, one rotation turned on, one secret renewed."""
        iam = self._estate.production.client("iam", EUROPE)
        with days_before(quarter_end, 41):
            self._keys["ci-deploy"] = str(iam.create_access_key(UserName="ci-deploy")["AccessKey"]["AccessKeyId"])
            iam.delete_access_key(UserName="ci-deploy", AccessKeyId=self._old_keys["ci-deploy"])
            self._estate.carriers.key("carrier-south", 3, enabled=True)
        self._uses(quarter_end)
        # Somebody restored a payment method with the partner account's root user, and nobody wrote it down.
        self._beside.last_uses[f"arn:aws:iam::{PARTNERS}:root"] = quarter_end - timedelta(days=38)
        # The migration role of two years ago is gone.
        full = f"arn:aws:iam::{PRODUCTION}:policy/full-access"
        iam.detach_role_policy(RoleName="ledger-migration", PolicyArn=full)
        iam.delete_role(RoleName="ledger-migration")
        with days_before(quarter_end, 60):
            self._estate.production.client("kms", EUROPE).enable_key_rotation(
                KeyId=self.key_ids["legacy"], RotationPeriodInDays=365
            )
        # Rotated on schedule since: the healthy secret again, the one of the carriers still not.
        self._rotated("orders/database", quarter_end - timedelta(days=12))
        self._beside.secret_versions[self._estate.names["secret-mail/smtp"]] = (
            quarter_end - timedelta(days=18)
        ).timestamp()
        self._beside.rotations[self.key_ids["partner-data"]].append((quarter_end - timedelta(days=12)).timestamp())

    def _identities(self, end: datetime) -> None:
        iam = self._estate.production.client("iam", EUROPE)
        with days_before(end, 400):
            for user in ("ci-deploy", "reporting", "backup-agent", "release-bot"):
                iam.create_user(UserName=user)
            iam.create_group(GroupName="automation")
            for user in ("ci-deploy", "reporting"):
                iam.add_user_to_group(GroupName="automation", UserName=user)
            self._roles(iam, PRODUCTION)
        self._old_keys["ci-deploy"] = self._access_key(iam, "ci-deploy", end, 212)
        # 90 days on the last day of the second quarter exactly: the boundary passes.
        self._access_key(iam, "reporting", end, 90)
        old = self._access_key(iam, "backup-agent", end, 700)
        iam.update_access_key(UserName="backup-agent", AccessKeyId=old, Status="Inactive")
        self._access_key(iam, "release-bot", end, 5)
        self._people(iam, end)
        self._full_access(iam)
        partners = self._estate.partners.client("iam", EUROPE)
        with days_before(end, 300):
            partners.create_user(UserName="partner-sync")
            self._roles(partners, PARTNERS)
        self._access_key(partners, "partner-sync", end, 131)
        self._organization_role(partners)
        self._uses(end)

    def _access_key(self, iam: Any, user: str, end: datetime, days: int) -> str:
        with days_before(end, days):
            made = str(iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"])
        self._keys[user] = made
        return made

    def _people(self, iam: Any, end: datetime) -> None:
        """Make a person who never moved to the identity provider, and the identity for emergencies."""
        with days_before(end, 380):
            for user in ("jonas.berg", "emergency"):
                iam.create_user(UserName=user)
                iam.create_login_profile(UserName=user, Password=CONSOLE_PASSWORD)
            serial = iam.create_virtual_mfa_device(VirtualMFADeviceName="emergency")["VirtualMFADevice"]["SerialNumber"]
            iam.enable_mfa_device(
                UserName="emergency", SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
            )
        self._estate.names["emergency"] = f"arn:aws:iam::{PRODUCTION}:user/emergency"

    def _full_access(self, iam: Any) -> None:
        """Give everything to the identity for emergencies, as it should be, and to a migration that ended long ago."""
        made = iam.create_policy(PolicyName="full-access", PolicyDocument=json.dumps(_EVERYTHING))["Policy"]["Arn"]
        iam.attach_user_policy(UserName="emergency", PolicyArn=made)
        trust = _trust({"Service": "ec2.amazonaws.com"})
        iam.create_role(RoleName="ledger-migration", AssumeRolePolicyDocument=json.dumps(trust))
        iam.attach_role_policy(RoleName="ledger-migration", PolicyArn=made)

    def _organization_role(self, iam: Any) -> None:
        name = "OrganizationAccountAccessRole"
        iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps(_trust({"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}))
        )
        iam.put_role_policy(RoleName=name, PolicyName="administrator", PolicyDocument=json.dumps(_EVERYTHING))

    def _uses(self, end: datetime) -> None:
        """Note the last uses: the partners' synchronisation stopped long ago, and its key stayed."""
        used = {"ci-deploy": 1, "reporting": 2, "backup-agent": 600, "release-bot": 1, "partner-sync": 70}
        for user, days in used.items():
            self._beside.last_uses[self._keys[user]] = end - timedelta(days=days)
        person = f"arn:aws:iam::{PRODUCTION}:user/jonas.berg"
        self._beside.last_uses[person] = end - timedelta(days=6)
        self._beside.last_uses.setdefault(f"arn:aws:iam::{PRODUCTION}:root", end - timedelta(days=160))

    def _roles(self, iam: Any, account: str) -> None:
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
        reader = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PRODUCTION}:root"}, "Action": "sts:AssumeRole"}
            ],
        }
        for name, document in (("apigateway-logs", trust), ("auditor-read", reader), ("orders-service", trust)):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
        invoke = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "CallOrders",
                    "Effect": "Allow",
                    "Action": "execute-api:Invoke",
                    "Resource": f"arn:aws:execute-api:*:{account}:*/prod/*",
                    "Condition": {"StringEquals": {"aws:RequestTag/token": f"token={POLICY_TOKEN}"}},
                }
            ],
        }
        iam.put_role_policy(RoleName="orders-service", PolicyName="invoke", PolicyDocument=json.dumps(invoke))
        logs = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
        }
        made = iam.create_policy(PolicyName="write-logs", PolicyDocument=json.dumps(logs))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="apigateway-logs", PolicyArn=made)

    def _carrier_keys(self, end: datetime) -> None:
        for name, index, days, enabled in (
            ("carrier-north", 0, 410, True),
            ("carrier-east", 1, 30, True),
            ("carrier-west", 2, 800, False),
        ):
            with days_before(end, days):
                key = self._estate.carriers.key(name, index, enabled=enabled)
            if name == "carrier-north":
                self._beside.key_uses[key] = (end.date(), 1_840)

    def _kms(self, end: datetime) -> None:
        self.key_ids: dict[str, str] = {}
        production, partners = self._estate.production, self._estate.partners
        self._key(production, EUROPE, "payments", end, 500, period=365, rotated=135)
        self._key(production, EUROPE, "archive", end, 900, period=2560)
        self._key(production, EUROPE, "legacy", end, 1200)
        self._key(production, EUROPE, "signing", end, 200, spec="RSA_2048", usage="SIGN_VERIFY")
        # Made by hand, and forgotten since: KMS does not rotate it.
        self._key(production, EUROPE, "webhook-hmac", end, 430, spec="HMAC_256", usage="GENERATE_VERIFY_MAC")
        self._key(production, EUROPE, "retired", end, 1500)
        production.client("kms", EUROPE).schedule_key_deletion(KeyId=self.key_ids["retired"], PendingWindowInDays=30)
        self._key(production, AMERICA, "orders-us", end, 420)
        self._key(partners, EUROPE, "partner-data", end, 300, period=180, rotated=100)

    def _key(  # noqa: PLR0913 - one argument a trait of a key
        self,
        account: Account,
        region: str,
        alias: str,
        end: datetime,
        days: int,
        *,
        period: int | None = None,
        rotated: int | None = None,
        spec: str = "SYMMETRIC_DEFAULT",
        usage: str = "ENCRYPT_DECRYPT",
    ) -> None:
        kms = account.client("kms", region)
        with days_before(end, days):
            key = str(kms.create_key(KeySpec=spec, KeyUsage=usage, Description=alias)["KeyMetadata"]["KeyId"])
            kms.create_alias(AliasName=f"alias/{alias}", TargetKeyId=key)
            if period is not None:
                kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=period)
        if rotated is not None:
            self._beside.rotations[key] = [(end - timedelta(days=rotated)).timestamp()]
        self.key_ids[alias] = key
        self._estate.names[f"kms-{alias}"] = f"arn:aws:kms:{region}:{account.number}:key/{key}"

    def _secrets(self, end: datetime) -> None:
        production, partners = self._estate.production, self._estate.partners
        self._secret(production, "orders/database", 0, end, 600)
        self._rotated("orders/database", end - timedelta(days=20))
        self._secret(production, "carriers/token", 1, end, 500)
        # Rotation is on, and its function has failed since January.
        self._rotated("carriers/token", end - timedelta(days=170))
        self._secret(production, "mail/smtp", 2, end, 25)
        self._secret(production, "legacy/ftp", 3, end, 800)
        self._secret(partners, "portal/session", 4, end, 40)

    def _secret(self, account: Account, name: str, index: int, end: datetime, days: int) -> None:
        with days_before(end, days):
            made = account.client("secretsmanager", EUROPE).create_secret(Name=name, SecretString=SECRET_VALUES[index])
        self._estate.names[f"secret-{name}"] = made["ARN"]
        self._beside.secret_versions[made["ARN"]] = (end - timedelta(days=days)).timestamp()

    def _rotated(self, name: str, when: datetime) -> None:
        rotation: dict[str, Any] = {
            "RotationEnabled": True,
            "RotationLambdaARN": f"arn:aws:lambda:{EUROPE}:{PRODUCTION}:function:rotate",
            "RotationRules": {"AutomaticallyAfterDays": 30},
            "LastRotatedDate": int(when.timestamp()),
        }
        self._beside.secret_dates[name] = rotation
