"""paths-to-power-declared: whoever can become administrator, or writer of the gateway, by way of others is declared.

Claim: nobody comes to administrative rights, or to write rights on the gateway, by assuming or passing roles or by editing
policies, trust, functions or identity providers, unless a register declares them. Population: every user and role, as the start
of a path; and each role with power whose trust lets in outsiders. Deviation: a path all of whose steps are certain, from a
start that is not declared. Who writes to the gateway by its own policies is IAM-06's; what a role of a landing zone holds is
normal, and who can become it is judged where such a path starts; what Identity Center gives to people, a person confirms.
Cannot see: instances, containers and stacks that run already, functions that no route names, Denies that could be taken away,
and where a service is only used by another. Documented, never tried on a live account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from auditor.access.iam.decide import Verdict
from auditor.access.people import People
from auditor.access.power.direct import Power
from auditor.access.power.graph import MOST_PATHS, Paths, paths_of
from auditor.access.power.steps import Path
from auditor.access.principals import Known
from auditor.checks.iam.declared_power import (
    PowerItem,
    declared,
    declared_identity,
    need_policies,
    policies_of,
    to_declare,
)
from auditor.checks.iam.outsiders import Outsider, outsiders
from auditor.checks.interface import (
    Check,
    Outcome,
    Params,
    failed,
    needs_attestation,
    not_applicable,
    passed,
    undecided,
)
from auditor.checks.principals import is_made_for_the_account
from auditor.model.estate import Estate
from auditor.model.fact import NotReadError
from auditor.model.iam import Role, is_service_linked
from auditor.model.words import several

_CERTAIN, _POSSIBLE, _UNKNOWN = 0, 1, 2
_MOST_SHOWN = 3


@dataclass(frozen=True)
class _FromOutside(PowerItem):
    """A role with power, by those from outside who may take it."""

    by: tuple[Outsider, ...] = ()


def _population(estate: Estate) -> Iterator[PowerItem]:
    paths = estate.once(paths_of)
    for known in paths.principals.all:
        identity = known.of
        if identity is None:
            continue
        place = (type(identity).cloudformation, identity.account, identity.region)
        yield PowerItem(known.who.arn, *place, known, paths)
        if isinstance(identity, Role) and not is_service_linked(known.who.arn) and _ways(known, paths):
            found = outsiders(identity, paths)
            if found:
                yield _FromOutside(f"{known.who.arn}#trust", *place, known, paths, found)


def _test(item: PowerItem, estate: Estate, _params: Params) -> Outcome:
    if isinstance(item, _FromOutside):
        return _outside(item, estate)
    if is_service_linked(item.resource):
        return not_applicable("a service-linked role: AWS alone takes it, and nobody can edit it")
    ways = _ways(item.known, item.paths)
    people = estate.once(People).behind(item.resource)
    seen: dict[str, JsonValue] = {"paths": [each.json for each in ways], "people": [*people]}
    also = tuple(sorted({*policies_of(item.known), *(arn for each in ways for arn in each.via)}))
    how = declared_identity(item.known, estate, item.paths.targets)
    if how is not None:
        return passed(f"{how}; {ways[0].text}" if ways else f"{how}; nothing leads it to power", also, **seen)
    return _undeclared(item, estate, ways, (also, seen))


def _ways(known: Known, paths: Paths) -> tuple[Path, ...]:
    """Return the paths worth telling: those to the gateway only where none to administrator is as good."""
    admin = paths.of(known.who.arn, Power.ADMINISTRATOR)
    best = admin[0].order[:2] if admin else (_UNKNOWN + 1, 0)
    writer = (each for each in paths.of(known.who.arn, Power.WRITER) if each.order[:2] < best)
    return tuple(sorted((*admin, *writer), key=lambda each: each.order))


def _undeclared(
    item: PowerItem, estate: Estate, ways: tuple[Path, ...], evidence: tuple[tuple[str, ...], dict[str, JsonValue]]
) -> Outcome:
    also, seen = evidence
    excuse = next((why for each in ways if (why := _excuse(each, item, estate))), "")
    ways = tuple(each for each in ways if each.rank == _UNKNOWN or not _excuse(each, item, estate))
    if ways and ways[0].rank == _CERTAIN:
        return _certain(item, estate, ways, evidence)
    unknown = next((each for each in ways if each.rank == _UNKNOWN), None)
    if unknown is not None:
        need_policies(item.known, estate)
        if unknown.gap is not None:
            raise NotReadError(unknown.gap)
        return undecided(f"not known: {unknown.text} ({_why(unknown)})", also, **seen)
    if ways:
        what = f"possible: {ways[0].text} ({_why(ways[0])}){_more(len(ways))}"
        return needs_attestation(f"{what}; if that is meant, {to_declare(item.resource)}", also, **seen)
    if excuse:
        return not_applicable(excuse, also, **seen)
    return passed("no path leads it to administrative rights or to the gateway's", also, **seen)


def _certain(
    item: PowerItem, estate: Estate, ways: tuple[Path, ...], evidence: tuple[tuple[str, ...], dict[str, JsonValue]]
) -> Outcome:
    also, seen = evidence
    what = f"{ways[0].text}{_more(len(ways))}"
    registers = estate.registers
    people = estate.once(People).behind(item.resource)
    if people and not ways[0].hops:
        return needs_attestation(
            f"{what}, and Identity Center gives it to {several(people)}; {to_declare(item.resource)}", also, **seen
        )
    if registers.allowed_writers is None or (registers.break_glass is None and not ways[0].hops):
        return needs_attestation(f"{what}; if that is meant, {to_declare(item.resource)}", also, **seen)
    return failed(f"{what}; no register declares it", also, **seen)


def _excuse(path: Path, item: PowerItem, estate: Estate) -> str:
    """Return why power that an identity holds itself is no path; empty where it is one."""
    if path.hops:
        return ""
    if path.power is Power.WRITER:
        return f"it {path.text} by its own policies, which IAM-06 judges"
    role = item.known.of
    # Those of Identity Center are where people start; who becomes the others is judged at the start of such a path.
    if isinstance(role, Role) and is_made_for_the_account(role) and not estate.once(People).behind(role.arn):
        return (
            f"AWS or a landing zone made it, and it {path.text}: who can become it is judged where such a path starts"
        )
    return ""


def _outside(item: _FromOutside, estate: Estate) -> Outcome:
    arn = item.known.who.arn
    best = _ways(item.known, item.paths)[0]
    seen: dict[str, JsonValue] = {"paths": [best.json], "outsiders": [each.text for each in item.by]}
    also = (arn, *best.via)
    open_ = tuple(each for each in item.by if declared(each.principal, estate) is None)
    if not open_:
        return passed("each outsider whom its trust lets in is declared", also, **seen)
    certain = tuple(each for each in open_ if each.verdict is Verdict.ALLOWED)
    if certain and best.rank == _CERTAIN:
        return failed(f"{_named(certain)} may take it: {best.text}", also, **seen)
    if best.rank == _UNKNOWN or any(each.verdict is Verdict.UNKNOWN for each in open_):
        need_policies(item.known, estate)
        if best.gap is not None:
            raise NotReadError(best.gap)
        return undecided(f"whether {_named(open_)} may take it and then {best.text} is not known", also, **seen)
    return needs_attestation(
        f"possible: {_named(open_)} may take it: {best.text}; if that is meant, {to_declare(open_[0].principal)}",
        also,
        **seen,
    )


def _named(found: tuple[Outsider, ...]) -> str:
    more = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return ", ".join(each.text for each in found[:_MOST_SHOWN]) + more


def _why(path: Path) -> str:
    least = next(each for each in path.steps if each.answer.verdict is path.verdict)
    return "; ".join((least.answer.conditions or least.answer.by)[:_MOST_SHOWN])


def _more(count: int) -> str:
    return f" (paths: {count})" if 1 < count < MOST_PATHS else f" (paths: {count} or more)" if count > 1 else ""


CHECK = Check(
    name="paths-to-power-declared",
    reads=("User", "Role", "Group"),
    params=Params,
    population=_population,
    test=_test,
    registers=("allowed_writers", "break_glass"),
)
