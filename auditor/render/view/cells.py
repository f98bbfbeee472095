"""The cells of a matrix row: one or two words with a symbol for what is good, bad, or not known."""

from dataclasses import dataclass

from auditor.model.fact import NotApplicable, Present, Unread
from auditor.model.flow import Drift, Flow, ToldToBackend, Trace, WhoKind
from auditor.model.gateway import View
from auditor.render.view.text import counted, shortened


@dataclass(frozen=True)
class Cell:
    """A tone of the style sheet, its symbol, and the words."""

    tone: str
    symbol: str
    text: str


def _good(text: str) -> Cell:
    return Cell("good", "✓", text)


def _bad(text: str) -> Cell:
    return Cell("bad", "▲", text)


def _unsure(text: str) -> Cell:
    return Cell("unsure", "?", text)


def _plain(text: str) -> Cell:
    return Cell("plain", "", text)


def of(flow: Flow) -> tuple[Cell, ...]:
    """Return the cells: who, API key, doors, told to back end, back end, log, drift."""
    return (_who(flow), _key(flow), _doors(flow), _told(flow), _backend(flow), _log(flow), _drift(flow))


def openness(flow: Flow) -> int:
    """Return how open a route is, worst first: 0 to anyone, 1 not known, 2 by an API key alone, 3 to known callers."""
    if flow.who.kind is WhoKind.UNKNOWN:
        return 1
    if flow.who.kind is not WhoKind.NONE or flow.private is True:
        return 3
    match flow.api_key_required:
        case Present(value=True):
            return 2
        case Unread():
            return 1
        case _:
            return 0


def _who(flow: Flow) -> Cell:
    scopes = f" ({counted(len(flow.who.scopes), 'scope')})" if flow.who.scopes else ""
    text = shortened(flow.who.label, 44) + scopes
    match flow.who.kind:
        case WhoKind.NONE:
            return _bad(text)
        case WhoKind.UNKNOWN:
            return _unsure(text)
        case WhoKind.INHERITED:
            return _plain(text)
        case _:
            return _good(text)


def _key(flow: Flow) -> Cell:
    match flow.api_key_required:
        case Present(value=True):
            return _bad("only") if flow.who.kind is WhoKind.NONE else _plain("yes")
        case Unread():
            return _unsure("not known")
        case NotApplicable():
            return _plain("n/a")
        case _:
            return _plain("no")


def _doors(flow: Flow) -> Cell:
    count = counted(len(flow.doors), "door") if flow.doors_complete else f"≥ {counted(len(flow.doors), 'door')}"
    secured = [each.mutual_tls for each in flow.doors]
    mutual = ", mTLS" if secured and all(each is True for each in secured) else ""
    match flow.private:
        case True:
            return _good(f"private, {count}{mutual}")
        case False:
            return _plain(f"public, {count}{mutual}")
        case _:
            return _unsure(f"not known, {count}{mutual}")


def _told(flow: Flow) -> Cell:
    match flow.told_to_backend:
        case ToldToBackend.VERIFIED:
            return _good("verified")
        case ToldToBackend.CLIENT_CLAIMED:
            return _bad("client-claimed")
        case ToldToBackend.NOTHING:
            return _bad("nothing")
        case ToldToBackend.UNKNOWN:
            return _unsure("not judged")


def _backend(flow: Flow) -> Cell:
    text = shortened(flow.backend.label, 56)
    return _unsure(text) if flow.backend.kind == "UNKNOWN" else _plain(text)


def _log(flow: Flow) -> Cell:
    match flow.trace:
        case None:
            return _unsure("not judged")
        case Trace.IDENTIFIED:
            return _good("identified")
        case _:
            return _bad(flow.trace.value.lower())


def _drift(flow: Flow) -> Cell:
    configured = flow.view is View.CONFIGURED
    match flow.drift:
        case Drift.NONE:
            return _good("none")
        case Drift.UNDEPLOYED_CHANGE:
            return _bad("undeployed")
        case Drift.UNKNOWN:
            return _unsure("as configured" if configured else "not known")
