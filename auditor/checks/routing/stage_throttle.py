"""stage-throttle: every production stage limits rate and burst below what the account may use altogether.

Claim: the stage's rate is within the share of the account's, its burst below the account's, and no method lifts either.
Population: every stage. Deviation: no limit, one that is turned off (-1) or repeats the account's, or one above the share.
Cannot see: whether sign-in and costly routes need limits of their own; no register names them.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    ResourceItem,
    failed,
    items,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.stage_questions import default_of, environment, named, own_settings
from auditor.model.estate import Estate
from auditor.model.fact import need
from auditor.model.gateway import GatewayAccount, Stage
from auditor.model.route_parts import RouteSetting


class _Params(Params):
    max_share_of_account_rate: float


@dataclass(frozen=True)
class _Account:
    """What all APIs of an account and region may use together."""

    arn: str
    rate: Decimal
    burst: int
    highest: Decimal


def _test(item: ResourceItem[Stage], estate: Estate, params: _Params) -> Outcome:
    stage = item.of
    other = environment(stage, estate)
    if other is not None:
        return not_applicable(f"the stage is not production: {other}", environment=other)
    default = default_of(stage)
    seen: dict[str, Any] = {
        "rate": default.throttle_rate if default else None,
        "burst": default.throttle_burst if default else None,
    }
    if default is None or _is_open(default):
        return failed("no limit of its own: one caller may use all that the account has", **seen)
    account = _account(stage, estate, params)
    if account is None:
        return undecided("the account's own limits are not known", **seen)
    return _held_against(
        stage, default, account, {**seen, "account_rate": str(account.rate), "account_burst": account.burst}
    )


def _held_against(stage: Stage, default: RouteSetting, account: _Account, seen: dict[str, Any]) -> Outcome:
    also = (account.arn,)
    why = _too_much(default, account)
    if why is not None:
        return failed(why, also, **seen)
    for each in own_settings(stage):
        lifted = _lifts(each, account)
        if lifted is not None:
            return failed(f"{named([each])}: {lifted}", also, **seen)
    untold = [each for each in own_settings(stage) if each.throttle_rate is None or each.throttle_burst is None]
    if untold:
        return undecided(f"{named(untold)}: settings of its own that tell no limit", also, **seen)
    return passed(f"{default.throttle_rate} requests a second, bursts of {default.throttle_burst}", also, **seen)


def _account(stage: Stage, estate: Estate, params: _Params) -> _Account | None:
    here = (stage.account, stage.region)
    settings = next((each for each in estate.of(GatewayAccount) if (each.account, each.region) == here), None)
    rate, burst = (need(settings.throttle_rate), need(settings.throttle_burst)) if settings else (None, None)
    if settings is None or rate is None or burst is None:
        return None
    share = Decimal(str(params.max_share_of_account_rate))
    return _Account(settings.arn, Decimal(rate), burst, Decimal(rate) * share)


def _is_open(setting: RouteSetting) -> bool:
    """Return whether rate or burst has no limit. Nought is one: it lets no call through."""
    rate, burst = setting.throttle_rate, setting.throttle_burst
    return rate is None or burst is None or Decimal(rate) < 0 or burst < 0


def _too_much(setting: RouteSetting, account: _Account) -> str | None:
    rate, burst = Decimal(setting.throttle_rate or 0), setting.throttle_burst or 0
    if rate >= account.rate or burst >= account.burst:
        return f"{rate} requests a second and bursts of {burst} are what the account has anyway: no limit"
    if rate > account.highest:
        return f"{rate} requests a second are more than {account.highest}, the share of the account's {account.rate}"
    return None


def _lifts(setting: RouteSetting, account: _Account) -> str | None:
    """Return how a setting of one method undoes the stage's limit; what it does not tell undoes nothing."""
    rate, burst = setting.throttle_rate, setting.throttle_burst
    if (rate is not None and Decimal(rate) < 0) or (burst is not None and burst < 0):
        return "no limit, whatever the stage says"
    return _too_much(setting, account)


CHECK = Check(
    name="stage-throttle",
    reads=("Stage",),
    params=_Params,
    population=lambda estate: items(estate.of(Stage)),
    test=_test,
)
