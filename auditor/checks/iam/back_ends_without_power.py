"""back-ends-without-power: no function behind a route runs under a role that is, or can make itself, administrator.

Claim: the role of each function that a deployed route leads to holds no administrative rights, and no path leads it to them.
Population: functions behind deployed routes, as routes name them: each version and alias runs under a role of its own. Deviation: a
role that may give every role any policy (everything, iam:*, or in other words), within its boundary and the organization's
policies, or a path by assuming or passing roles or by edits (see IAM-16). No register excuses it: a handler is no administrator.
Cannot see: functions of other accounts and regions. Documented, never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.power.direct import Power
from auditor.access.power.graph import Paths, paths_of
from auditor.access.power.steps import Path
from auditor.access.principals import Known
from auditor.checks.functions_behind import BehindItem, behind, unjudged
from auditor.checks.iam.declared_power import need_policies, policies_of
from auditor.checks.interface import (
    Check,
    Item,
    Outcome,
    Params,
    failed,
    needs_attestation,
    passed,
    undecided,
)
from auditor.dataflow.functions import function_name
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError, need
from auditor.model.iam import Role
from auditor.model.platform import Function

_CERTAIN, _UNKNOWN = 0, 2


@dataclass(frozen=True)
class _Item(Item):
    behind: BehindItem
    paths: Paths


@dataclass(frozen=True)
class _Held:
    """The role of a function, and the best path of it to administrative rights."""

    function: Function
    role: str
    known: Known | None
    """None: the role is not among those that IAM told."""
    paths: tuple[Path, ...]

    @property
    def text(self) -> str:
        """Return who does what, in words."""
        return f"role {self.role.rpartition('/')[2]} of {function_name(self.function.arn)}: {self.paths[0].text}"

    @property
    def rank(self) -> int:
        """Return how certain the best path is."""
        return self.paths[0].rank


def _population(estate: Estate) -> Iterator[_Item]:
    paths = estate.once(paths_of)
    for each in behind(estate, with_authorizers=False):
        yield _Item(each.resource, each.resource_type, each.account, each.region, each, paths)


def _test(item: _Item, estate: Estate, _params: Params) -> Outcome:
    why = unjudged(item.behind)
    if why is not None:
        return why
    called = [each for each in item.behind.known if each.arn in item.behind.named and need(each.exists) is not False]
    missing = sorted({*item.behind.named} - {each.arn for each in item.behind.known})
    held = [_held(each, item.paths, estate) for each in called]
    powerful = sorted((each for each in held if each.paths), key=lambda each: each.rank)
    roles = tuple(dict.fromkeys(each.role for each in held))
    also = (
        *(each.arn for each in called),
        *roles,
        *(arn for each in held if each.known for arn in policies_of(each.known)),
    )
    seen: dict[str, JsonValue] = {
        "roles": [*roles],
        "paths": [path.json for each in powerful for path in each.paths],
    }
    if powerful and powerful[0].rank == _CERTAIN:
        return failed(powerful[0].text, also, **seen)
    if missing:
        return undecided(f"nothing was read of {function_name(missing[0])}, as which it is called", also, **seen)
    strange = next((each for each in held if each.known is None), None)
    if strange is not None:
        return undecided(f"{strange.role} is not among the roles that IAM told", also, **seen)
    return _uncertain(powerful, estate, (also, seen))


def _held(function: Function, paths: Paths, estate: Estate) -> _Held:
    """Return the role of a function with its paths; raise NotReadError where that was not read."""
    arn = need(function.role) or "no role at all"
    if estate.one(Role, function.account, arn) is None:
        estate.whole(Role, function.account, function.region)
        return _Held(function, arn, None, ())
    return _Held(function, arn, paths.principals.of(arn), paths.of(arn, Power.ADMINISTRATOR))


def _uncertain(
    powerful: list[_Held], estate: Estate, evidence: tuple[tuple[str, ...], dict[str, JsonValue]]
) -> Outcome:
    also, seen = evidence
    unknown = next((each for each in powerful if any(path.rank == _UNKNOWN for path in each.paths)), None)
    if unknown is not None and unknown.known is not None:
        need_policies(unknown.known, estate)
        gap = next((path.gap for path in unknown.paths if path.gap is not None), None)
        if gap is not None:
            raise NotReadError(gap)
        return undecided(f"not known: {unknown.text}", also, **seen)
    if powerful:
        best = powerful[0]
        return needs_attestation(f"possible: {best.text} ({'; '.join(best.paths[0].conditions)})", also, **seen)
    return passed("its role has no administrative rights, and no path leads to them", also, **seen)


CHECK = Check(
    name="back-ends-without-power",
    reads=("DeployedRoute",),
    params=Params,
    population=_population,
    test=_test,
)
