"""The cells of a matrix row: one or two words with a symbol for what is good, bad, or not known."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model.fact import NotApplicable, Present, Unread
from auditor.model.flow import Drift, Flow, ToldToBackend, Trace, WhoKind
from auditor.model.gateway import View
from auditor.model.identity import AuthenticatedBy
from auditor.model.step import Effect, Step, StepState
from auditor.model.transform import Transform, TransformKind
from auditor.render.view.text import counted, number, shortened

QUIET_KINDS = frozenset({TransformKind.PASS_ALL, TransformKind.IMPLICIT})
"""What happens to every call, or to none: no change that somebody made."""
_LOOK, _TOO_MUCH = 4, 8
"""Scores from which a template wants a look, and does too much (docs: transformations)."""
_TRACES = {Trace.NONE: "no log", Trace.BROKEN: "broken", Trace.ANONYMOUS: "no name", Trace.PARTIAL: "partial"}
_WAF, _POLICY, _AUTHORIZER, _POLICY_RESULT, _THROTTLE, _VALIDATION = 3, 4, 5, 6, 8, 9


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


def of(flow: Flow, width: int = 44) -> tuple[Cell, ...]:
    """Return the cells, in the order of the matrix's heads; `width`: characters of names that others gave."""
    return (
        _doors(flow),
        _web_acl(flow),
        _policy(flow),
        _who(flow, width),
        _key(flow),
        _validation(flow),
        _told(flow),
        _transforms(flow.transforms),
        _backend(flow, width),
        _trace(flow),
        _drift(flow),
    )


def matrix_words(flow: Flow) -> dict[str, str]:
    """Return the words of the cells that stand on steps alone, for tables."""
    return {"waf": _web_acl(flow).text, "policy": _policy(flow).text, "input_check": _validation(flow).text}


def transform_words(flow: Flow) -> str:
    """Return how many changes are made, how much the worst template does, and whether each fits in a sentence."""
    return _transforms(flow.transforms).text


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


def has_back_end(flow: Flow) -> bool:
    """Return whether there is something behind the gateway that could be told."""
    return flow.backend.kind not in {"MOCK", "NONE"}


def is_anyone_asked(flow: Flow) -> bool:
    """Return whether somebody is asked who calls; where that is not known, somebody may be."""
    step = _step(flow, _AUTHORIZER)
    known = step.identity_out if step else None
    return known is None or known.authenticated_by not in {AuthenticatedBy.NONE, AuthenticatedBy.API_KEY_ONLY}


def is_kept_in_the_dark(flow: Flow) -> bool:
    """Return whether a back end that could be told who called is told nothing, or only what the client claims.

    A route that asks nobody has nothing to tell: it is counted as open, and not once more here.
    """
    if flow.told_to_backend is ToldToBackend.NOTHING:
        return has_back_end(flow) and is_anyone_asked(flow)
    return flow.told_to_backend is ToldToBackend.CLIENT_CLAIMED


def band(score: int) -> str:
    """Return how much a template does, in a word."""
    return "too much" if score >= _TOO_MUCH else "look" if score >= _LOOK else "plain"


def made(transforms: Iterable[Transform]) -> list[Transform]:
    """Return the changes that somebody made; what API Gateway does by itself is none of them."""
    return [each for each in transforms if each.kind not in QUIET_KINDS]


def fits_in_a_sentence(transforms: Iterable[Transform]) -> bool:
    """Return whether every change can be said in one sentence."""
    return all(each.fits and each.kind is not TransformKind.NOT_UNDERSTOOD for each in transforms)


def _step(flow: Flow, number_: int) -> Step | None:
    return next((each for each in flow.steps if each.n == number_), None)


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


def _web_acl(flow: Flow) -> Cell:
    step = _step(flow, _WAF)
    return _state(step.state if step else StepState.NOT_READ, "off")


def _state(state: StepState, off: str) -> Cell:
    match state:
        case StepState.SET:
            return _good("on")
        case StepState.NOT_READ:
            return _unsure("not read")
        case StepState.NOT_APPLICABLE:
            return _plain("n/a")
        case _:
            return _plain(off)


def _policy(flow: Flow) -> Cell:
    steps = [each for each in flow.steps if each.n in {_POLICY, _POLICY_RESULT}]
    states = {each.state for each in steps}
    effects = {each.effect for each in steps}
    if StepState.NOT_READ in states or not steps:
        return _unsure("not read")
    if Effect.UNKNOWN in effects:
        return _unsure("not known")
    if Effect.STOP in effects:
        return _plain("refuses all" if StepState.SET not in states else "refuses")
    if StepState.SET not in states:
        return _plain("n/a" if states == {StepState.NOT_APPLICABLE} else "none")
    return _good("limits") if Effect.CHECK in effects else _plain("lets all in")


def _who(flow: Flow, width: int) -> Cell:
    scopes = f" ({counted(len(flow.who.scopes), 'scope')})" if flow.who.scopes else ""
    text = shortened(flow.who.label, width + 2 - len(scopes)) + scopes
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
            return _bad(f"key only{_limit(flow)}") if flow.who.kind is WhoKind.NONE else _plain(f"key{_limit(flow)}")
        case Unread():
            return _unsure(f"key{_limit(flow)}")
        case NotApplicable():
            return _plain(f"no keys{_limit(flow)}")
        case _:
            return _plain(f"no key{_limit(flow)}")


def _limit(flow: Flow) -> str:
    step = _step(flow, _THROTTLE)
    if step is None or step.state is StepState.NOT_READ:
        return ", limit not read"
    return ", limit" if step.state is StepState.SET else ""


def _validation(flow: Flow) -> Cell:
    step = _step(flow, _VALIDATION)
    if step is not None and step.state is StepState.SET and step.effect is Effect.PASS:
        return _bad("nothing")
    return _state(step.state if step else StepState.NOT_READ, "off")


def _told(flow: Flow) -> Cell:
    match flow.told_to_backend:
        case ToldToBackend.VERIFIED:
            return _good("verified")
        case ToldToBackend.CLIENT_CLAIMED:
            return _bad("client-claimed")
        case ToldToBackend.NOTHING if not has_back_end(flow):
            return _plain("no back end")
        case ToldToBackend.NOTHING if not is_anyone_asked(flow):
            return _plain("nobody asked")
        case ToldToBackend.NOTHING:
            return _bad("nothing")
        case ToldToBackend.UNKNOWN:
            return _unsure("not known")


def _transforms(found: tuple[Transform, ...] | None) -> Cell:
    if found is None:
        return _unsure("not read")
    several = made(found)
    if not several:
        return _plain("none")
    if any(each.kind is TransformKind.NOT_UNDERSTOOD for each in several):
        return _unsure(f"{number(len(several))} · not understood")
    word = band(max(each.score for each in several))
    text = f"{number(len(several))} · {word} · {'yes' if fits_in_a_sentence(several) else 'no'}"
    return _plain(text) if fits_in_a_sentence(several) and word != "too much" else _bad(text)


def _backend(flow: Flow, width: int) -> Cell:
    scheme = (flow.backend.target or "").partition("://")[0].lower()
    text = shortened(flow.backend.label.removeprefix(f"{scheme}://"), width - 4)
    if flow.backend.kind == "UNKNOWN":
        return _unsure(text)
    match scheme:
        case "https" | "wss" | "tls":
            return _good(f"{text} TLS")
        case "http" | "ws":
            return _bad(f"{text} no TLS")
        case _:
            return _plain(text)


def _trace(flow: Flow) -> Cell:
    match flow.trace:
        case None:
            return _unsure("not known")
        case Trace.IDENTIFIED:
            return _good("identified")
        case _:
            return _bad(_TRACES[flow.trace])


def _drift(flow: Flow) -> Cell:
    configured = flow.view is View.CONFIGURED
    match flow.drift:
        case Drift.NONE:
            return _good("none")
        case Drift.UNDEPLOYED_CHANGE:
            return _bad("changed")
        case Drift.UNKNOWN:
            return _unsure("as configured" if configured else "not known")
