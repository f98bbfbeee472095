"""Under which authorizer a value is used: whose word it then is, and how a sentence names it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from auditor.dataflow.context.existence import Existence, Use, existence
from auditor.dataflow.transformation.wording import constant, cut, listed
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
_VARIABLES = {
    Existence.VERIFIED: "the verified caller ({short})",
    Existence.MAY_BE_EMPTY: "the verified caller ({short}, where it is given)",
    Existence.GATEWAY: "the gateway's {short}",
    Existence.CLIENT: "{short} as the client sent it",
    Existence.EMPTY: "{name}, which is always empty here",
    Existence.NO_VARIABLE: "{name}, a name that AWS does not document",
    Existence.UNKNOWN: "{name}, of which nobody can tell whether it is set",
}
_PHRASES = {
    Space.CLIENT_HEADER: ("header {}", "the headers"),
    Space.CLIENT_QUERY: ("query {}", "the query"),
    Space.CLIENT_PATH: ("path parameter {}", "the path of the call"),
    Space.CLIENT_BODY: ("body field {}", "the body"),
    Space.CLIENT_ALL: ("parameter {}", "every header, query and path parameter"),
    Space.STAGE_VARIABLE: ("stage variable {}", "stage variables"),
    Space.BACKEND_HEADER: ("back-end header {}", "the back end's headers"),
    Space.BACKEND_BODY: ("back-end body field {}", "the back end's body"),
    Space.UNKNOWN: ("'{}', which is not understood", "something that is not understood"),
}
"""How a part of it is named, and how all of it."""
_KINDS = {"header": "every header", "querystring": "every query parameter", "path": "every path parameter"}
"""Of `Space.CLIENT_ALL`; any other path is the name of one parameter, wherever the client sends it."""
_BODIES = frozenset({Space.CLIENT_BODY, Space.BACKEND_BODY})
OF_CONTEXT = frozenset({Space.IDENTITY, Space.GATEWAY})
_WITH_ASIDE = OF_CONTEXT | {Space.UNKNOWN}
_CHECKED = "the verified caller ("
_SEVERAL = 2
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
        if source.space in OF_CONTEXT:
            short = cut(source.path.removeprefix("authorizer.").removeprefix("identity."))
            return _VARIABLES[self.exists(source)].format(name=cut(source.path), short=short)
        if source.space is Space.STATIC:
            return constant(source.path)
        if source.space is Space.CLIENT_ALL and source.path in _KINDS:
            return _KINDS[source.path]
        is_body = source.space in _BODIES
        path = source.path.removeprefix("$").removeprefix(".") if is_body else source.path
        part, whole = _PHRASES[source.space]
        return part.format(cut(path)) if path else whole

    def phrases(self, sources: Iterable[Source]) -> str:
        """Return how a sentence names several sources; what an authorizer checked is said once."""
        named = [self.clause(each) for each in sources]
        checked = [each.removeprefix(_CHECKED).removesuffix(")") for each in named if each.startswith(_CHECKED)]
        if len(checked) < _SEVERAL:
            return listed(named)
        rest = [each for each in named if not each.startswith(_CHECKED)]
        return listed([f"{_CHECKED}{listed(checked)})", *rest])

    def clause(self, source: Source) -> str:
        """Return the same where the sentence goes on behind it: an aside is closed by a comma."""
        phrase = self.phrase(source)
        has_aside = ", " in phrase and source.space in _WITH_ASIDE
        return f"{phrase}," if has_aside and not phrase.endswith(")") else phrase
