"""Under which authorizer a value is used: whose word it then is, and how a sentence names it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from auditor.dataflow.context.existence import Existence, Use, existence
from auditor.dataflow.transformation.wording import constant, cut
from auditor.model.gateway import Protocol
from auditor.model.identity import AuthenticatedBy, Origin
from auditor.model.transform import Source, Space

_ORIGINS = {
    Existence.VERIFIED: Origin.VERIFIED,
    Existence.MAY_BE_EMPTY: Origin.VERIFIED,
    Existence.GATEWAY: Origin.GATEWAY,
    Existence.CLIENT: Origin.CLIENT,
    Existence.EMPTY: Origin.LOST,
    Existence.NO_VARIABLE: Origin.LOST,
    Existence.UNKNOWN: Origin.UNKNOWN,
}
_STRONGEST = (Origin.VERIFIED, Origin.CLIENT, Origin.GATEWAY, Origin.LOST)


@dataclass(frozen=True, slots=True)
class Under:
    """What decides whether a variable holds a value."""

    protocol: Protocol
    authenticated_by: AuthenticatedBy

    def exists(self, source: Source) -> Existence:
        """Return what a variable of `$context` holds in a mapping or a template."""
        return existence(source.path, self.protocol, self.authenticated_by, Use.MAPPING)

    def origin(self, sources: Iterable[Source]) -> Origin:
        """Return whose word several values together are.

        MIXED is a checked value and the client's in one place, nothing else. Constants and what the gateway saw leave
        the rest as it is; an unknown part makes the whole unknown. What the back end says is nobody's word here: UNKNOWN.
        """
        found = {self._origin(each) for each in sources}
        if Origin.UNKNOWN in found:
            return Origin.UNKNOWN
        if {Origin.VERIFIED, Origin.CLIENT} <= found:
            return Origin.MIXED
        return next((each for each in _STRONGEST if each in found), Origin.STATIC)

    def _origin(self, source: Source) -> Origin:
        match source.space:
            case Space.IDENTITY | Space.GATEWAY:
                return _ORIGINS[self.exists(source)]
            case Space.STATIC | Space.STAGE_VARIABLE:
                return Origin.STATIC
            case Space.BACKEND_HEADER | Space.BACKEND_BODY | Space.UNKNOWN:
                return Origin.UNKNOWN
            case Space.CLIENT_HEADER | Space.CLIENT_QUERY | Space.CLIENT_PATH | Space.CLIENT_BODY | Space.CLIENT_ALL:
                return Origin.CLIENT
            case _:
                assert_never(source.space)

    def phrase(self, source: Source) -> str:
        """Return how a sentence names a source."""
        match source.space:
            case Space.IDENTITY | Space.GATEWAY:
                return self._variable(source)
            case Space.STAGE_VARIABLE:
                return f"stage variable {cut(source.path)}"
            case Space.STATIC:
                return constant(source.path)
            case Space.UNKNOWN:
                return f"'{cut(source.path)}', which is not understood"
            case Space.BACKEND_HEADER:
                return f"back-end header {cut(source.path)}"
            case Space.BACKEND_BODY:
                return "the back end's body" if source.path == "$" else f"back-end body field {_field(source)}"
            case _:
                return _sent(source)

    def clause(self, source: Source) -> str:
        """Return the same where the sentence goes on behind it: an aside is closed by a comma."""
        phrase = self.phrase(source)
        has_aside = ", " in phrase and source.space in {Space.IDENTITY, Space.GATEWAY, Space.UNKNOWN}
        return f"{phrase}," if has_aside and not phrase.endswith(")") else phrase

    def _variable(self, source: Source) -> str:
        name = cut(source.path)
        short = cut(source.path.removeprefix("authorizer.").removeprefix("identity."))
        match self.exists(source):
            case Existence.VERIFIED:
                return f"the verified caller ({short})"
            case Existence.MAY_BE_EMPTY:
                return f"the verified caller ({short}, where it is given)"
            case Existence.GATEWAY:
                return f"the gateway's {short}"
            case Existence.CLIENT:
                return f"{short} as the client sent it"
            case Existence.EMPTY:
                return f"{name}, which is always empty here"
            case Existence.NO_VARIABLE:
                return f"{name}, a name that AWS does not document"
            case Existence.UNKNOWN:
                return f"{name}, of which nobody can tell whether it is set"
            case other:
                assert_never(other)


def _sent(source: Source) -> str:
    name = cut(source.path)
    match source.space:
        case Space.CLIENT_HEADER:
            return f"header {name}"
        case Space.CLIENT_QUERY:
            return f"query {name}"
        case Space.CLIENT_PATH:
            return f"path parameter {name}" if name else "the path of the call"
        case Space.CLIENT_BODY:
            return "the body" if source.path == "$" else f"body field {_field(source)}"
        case _:
            return f"every {name}" if name else "every header, query and path parameter"


def _field(source: Source) -> str:
    return cut(source.path.removeprefix("$").removeprefix("."))
