"""console-access: nobody signs in to the console with a password of IAM, but registered break-glass users with MFA.

Claim: no console password, or a registered break-glass user with an MFA device. Population: every IAM user. Deviation: a
password without MFA, whoever it is; a password outside the register. The password is the credential report's word, which may be
four hours old; the devices are asked for at the moment of collection. Cannot see: how people who come by federation signed in
there, and whether a device is in the right hands.
"""

from pydantic import JsonValue

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    needs_attestation,
    passed,
    undecided,
)
from auditor.checks.principals import break_glass, to_declare
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.iam import User


def _test(item: ResourceItem[User], estate: Estate, _params: Params) -> Outcome:
    user = item.of
    password = need(user.password_enabled)
    seen: dict[str, JsonValue] = {"password_enabled": password, "report_generated": _generated(user, estate)}
    if password is None:
        return undecided("the credential report does not say whether the user has a console password", (), **seen)
    if not password:
        return passed("has no console password", (), **seen)
    devices = need(user.mfa_devices)
    if devices is None:
        return undecided("has a console password, and its MFA devices were not asked for", (), **seen)
    seen["mfa_devices"] = [*devices]
    if not devices:
        return failed("has a console password and no MFA device", (), **seen)
    return _with_mfa(user, estate, seen)


def _with_mfa(user: User, estate: Estate, seen: dict[str, JsonValue]) -> Outcome:
    entry = break_glass(user.arn, estate)
    if entry is not None:
        return passed(f"break-glass of {entry.owner}, with MFA, last tested on {entry.last_tested}", (), **seen)
    if estate.registers.break_glass is None:
        return needs_attestation(
            f"has a console password, with MFA; if it is break-glass, to declare: {to_declare(user.arn)}", (), **seen
        )
    return failed("has a console password and is no registered break-glass user", (), **seen)


def _generated(user: User, estate: Estate) -> JsonValue:
    beside = estate.observations.get((user.account, user.region, user.arn))
    return beside.facts.get("report_generated") if beside else None


CHECK = Check(
    name="console-access",
    reads=("User",),
    params=Params,
    population=lambda estate: items(estate.of(User)),
    test=_test,
    registers=("break_glass",),
)
