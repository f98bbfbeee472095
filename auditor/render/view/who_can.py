"""Who may call a route, for a person at a terminal: a line a caller, with what decides below it."""

from collections.abc import Iterable, Iterator

from auditor.access.naming import ANYONE, named
from auditor.model.access import Access, Paths, RouteAccess
from auditor.model.words import counted

_WIDEST = len("conditional")
_OPEN = {True: "open to anyone", False: "not open to anyone", None: "whether it is open to anyone is not known"}
_IAM = "AWS_IAM"


def routes(found: Iterable[RouteAccess]) -> str:
    """Return each route with its callers, a blank line between two."""
    return "\n\n".join("\n".join(_route(each)) for each in found)


def calls(principal: str, found: Iterable[tuple[str, Access]]) -> str:
    """Return what one identity may call, a line a route."""
    lines = [principal]
    for route, access in found:
        lines += [f"  {access.decision:<{_WIDEST}}  {route}", *_reasons(access)]
    return "\n".join(lines)


def _route(found: RouteAccess) -> Iterator[str]:
    kind = found.authorization_type
    yield f"{found.route}  {kind}, {_OPEN[found.open_to_anyone]}" if kind else found.route
    if not found.callers:
        yield "  nobody"
    for each in found.callers:
        yield f"  {each.decision:<{_WIDEST}}  {_name(each, found)}"
        yield from _reasons(each)


def _name(access: Access, of: RouteAccess) -> str:
    if access.principal == ANYONE and of.authorization_type == _IAM:
        return "any identity of another account"
    account = of.route.split(":")[4] if of.route.count(":") > 4 else ""  # noqa: PLR2004 - the account of an ARN
    return named(access.principal, account)


def _reasons(access: Access) -> Iterator[str]:
    indent = " " * (_WIDEST + 4)
    yield f"{indent}{'; '.join(access.by)}"
    if access.conditions:
        yield f"{indent}{'; '.join(access.conditions)}"
    if access.paths is Paths.SOME and access.witness:
        yield f"{indent}for some paths, such as {access.witness}"
    if access.people:
        yield f"{indent}people: {'; '.join(access.people)}"


def in_short(found: list[RouteAccess]) -> str:
    """Return what all of it comes to."""
    anyone = sum(each.open_to_anyone is True for each in found)
    unknown = sum(each.open_to_anyone is None for each in found)
    more = f", {unknown} of which that is not known" if unknown else ""
    return f"{counted(len(found), 'route')}, {anyone} open to anyone{more}"
