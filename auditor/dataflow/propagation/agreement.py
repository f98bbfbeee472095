"""Whether the routes to one back end agree on who a caller is: one source of identities, one header for one claim."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from auditor.dataflow.identity_roots import issuer_url
from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.judging import NOBODY_ASKED
from auditor.dataflow.propagation.sending import HEADER, Sending, identity_paths, lane_of
from auditor.model.identity import AuthenticatedBy, Lane, Origin

Sent = Callable[[Passage], Sending]
Pairs = frozenset[tuple[str, str]]
"""Of one route: header and variable that it holds."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two routes to one back end do not agree."""

    because: str
    routes: tuple[Passage, ...]
    is_certain: bool
    """False where a Lambda authorizer decides: what it takes for the caller's name is not known."""
    place: str = ""


def difference(group: Iterable[Passage], sent: Sent) -> Difference | None:
    """Return the first difference among the routes to one back end that ask who calls; None where they agree."""
    asking = [each for each in group if each.authenticated_by not in NOBODY_ASKED]
    return _of_sources(asking) or _of_headers(asking, sent)


def source_of_truth(passage: Passage) -> str | None:
    """Return what says who calls: IAM, the issuers, the function; None where it is not known.

    A user pool is the same source whether a Cognito or a JWT authorizer trusts it.
    """
    match passage.authenticated_by:
        case AuthenticatedBy.IAM:
            return "IAM"
        case AuthenticatedBy.COGNITO | AuthenticatedBy.JWT | AuthenticatedBy.LAMBDA if passage.who.detail:
            return ", ".join(sorted(issuer_url(each) for each in passage.who.detail.split(", ")))
        case _:
            return None


def _of_sources(asking: list[Passage]) -> Difference | None:
    by_source: dict[str, Passage] = {}
    for each in asking:
        source = source_of_truth(each)
        if source is not None:
            by_source.setdefault(source, each)
    if len(by_source) < 2:  # noqa: PLR2004 - one says nothing
        return None
    first, second = (by_source[source] for source in sorted(by_source)[:2])
    because = f"who the caller is, {first.who.label} says on one route to this back end, {second.who.label} on another"
    return Difference(because, tuple(by_source.values()), is_certain=not _any_function(by_source.values()))


def _of_headers(asking: list[Passage], sent: Sent) -> Difference | None:
    told = [(each, pairs) for each in asking if (pairs := _pairs(sent(each)))]
    by_header: dict[str, dict[str, Passage]] = {}
    by_variable: dict[str, dict[frozenset[str], Passage]] = {}
    for passage, pairs in told:
        for header, variable in sorted(pairs):
            by_header.setdefault(header, {}).setdefault(variable, passage)
            names = frozenset(name for name, other in pairs if other == variable)
            by_variable.setdefault(variable, {}).setdefault(names, passage)
    return _two_meanings(by_header) or _two_names(by_variable)


def _two_meanings(by_header: Mapping[str, Mapping[str, Passage]]) -> Difference | None:
    for header, variables in sorted(by_header.items()):
        if len(variables) > 1:
            first, second = sorted(variables)[:2]
            because = f"header {header} holds {first} on one route to this back end, {second} on another"
            routes = tuple(variables.values())
            return Difference(because, routes, is_certain=not _any_function(routes), place=HEADER + header)
    return None


def _two_names(by_variable: Mapping[str, Mapping[frozenset[str], Passage]]) -> Difference | None:
    for variable, names in sorted(by_variable.items()):
        if len(names) > 1:
            first, second = (" and ".join(sorted(each)) for each in sorted(names, key=sorted)[:2])
            because = f"{variable} reaches this back end as header {first} on one route, as header {second} on another"
            routes = tuple(names.values())
            return Difference(because, routes, is_certain=not _any_function(routes), place=f"headers {first}, {second}")
    return None


def _pairs(sent: Sending) -> Pairs:
    """Return the headers of a route that name the actor, each with its variable."""
    return frozenset(
        (target.removeprefix(HEADER), path)
        for target, last in sent.last.items()
        if target.startswith(HEADER) and last.origin is Origin.VERIFIED
        for path in identity_paths(last.by)
        if lane_of(path) is Lane.ACTOR
    )


def _any_function(passages: Iterable[Passage]) -> bool:
    return any(each.authenticated_by is AuthenticatedBy.LAMBDA for each in passages)
