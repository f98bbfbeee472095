"""What a route makes of a request on its way to the back end: one last word for each header, and what names the caller."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from auditor.dataflow.context.existence import Existence, Use, existence
from auditor.dataflow.passage import Passage
from auditor.dataflow.propagation.integration_class import IntegrationClass, integration_class
from auditor.model.fact import Present
from auditor.model.identity import Lane, Origin
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

HEADER = "header "
_CHECKED = frozenset({Origin.VERIFIED, Origin.MIXED})
_THERE = frozenset({Existence.VERIFIED, Existence.MAY_BE_EMPTY})
_WRITING = frozenset(
    {
        TransformKind.COPY,
        TransformKind.RENAME,
        TransformKind.ADD_IDENTITY,
        TransformKind.SET_STATIC,
        TransformKind.APPEND,
        TransformKind.OVERWRITE,
        TransformKind.REMOVE,
        TransformKind.REWRITE_PATH,
        TransformKind.OVERRIDE,
    }
)
_MAKING = frozenset({TransformKind.TEMPLATE, TransformKind.SERVICE_CALL})
_BY_URI = "integration"
"""The layer of a path that the integration's URI makes of path parameters, each of which is a write of its own."""
_APPENDED = {
    Origin.VERIFIED: Origin.MIXED,
    Origin.MIXED: Origin.MIXED,
    Origin.UNKNOWN: Origin.UNKNOWN,
}
"""Whose word a header holds once something of an origin stands behind the client's own value."""
_OF_THE_TOKEN = frozenset(
    {
        "acr",
        "alg",
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "event_id",
        "exp",
        "iat",
        "iss",
        "jti",
        "kid",
        "nbf",
        "nonce",
        "origin_jti",
        "token_use",
        "typ",
        "version",
    }
)
"""Claims that speak of the token and its issuer, and of nobody."""
_CLAIM = "authorizer.claims."
_ANY = " *"
"""How the target of an override ends whose name is not fixed."""
_EVERY_HEADER = frozenset({"", "header"})
"""Paths of `Space.CLIENT_ALL` that mean every header."""
_TENANT_WORDS = ("tenant", "org", "account", "scope", "role", "group", "permission")


@dataclass(frozen=True, slots=True)
class Last:
    """What is left of a place after every layer wrote to it."""

    origin: Origin
    by: Transform


@dataclass(frozen=True, slots=True)
class Sending:
    """The request side of a route's transforms, sorted for questions about identity."""

    kind: IntegrationClass
    is_read: bool
    """Whether the transforms were read; all below is empty where not."""
    writes: tuple[Transform, ...]
    """What writes or removes one named place, in order."""
    makes: tuple[Transform, ...]
    """Templates and service calls: they make a whole body."""
    telling: tuple[Transform, ...]
    """Those of them that put something into it that the authorizer checked. A body holds many members: that others come from
    the client leaves the caller's own what it is."""
    last: Mapping[str, Last]
    """By target, of the writes."""
    puzzles: tuple[Transform, ...]
    """What was not understood: it may do anything."""

    @property
    def verified(self) -> tuple[Transform, ...]:
        """Return what in the end tells the back end something that the authorizer checked, in order of places."""
        kept = [each.by for each in self.last.values() if each.origin in _CHECKED]
        return (*kept, *self.telling)

    def may_write(self, is_identity: Callable[[str], bool]) -> bool:
        """Return whether something that was not understood may fill an identity header: a mapping of one, or an override."""
        return any(each.target.startswith("body ") or is_identity(each.target) for each in self.puzzles)

    @property
    def is_unsure(self) -> bool:
        """Return whether something that names the caller may hide in what was not understood."""
        unknown = any(each.origin is Origin.UNKNOWN for each in self.last.values())
        return unknown or bool(self.puzzles) or any(each.origin is Origin.UNKNOWN for each in self.makes)


_NO_WRITES: Mapping[str, Last] = {}


def sending(passage: Passage) -> Sending:
    """Return what a route makes of a request; not read where its transforms are not."""
    kind = integration_class(passage)
    if not isinstance(passage.transforms, Present):
        return Sending(kind, is_read=False, writes=(), makes=(), telling=(), last=_NO_WRITES, puzzles=())
    ours = [each for each in passage.transforms.value if each.where is Where.REQUEST]
    writes = tuple(each for each in ours if each.kind in _WRITING and each.layer != _BY_URI)
    makes = tuple(each for each in ours if each.kind in _MAKING)
    return Sending(
        kind,
        is_read=True,
        writes=writes,
        makes=makes,
        telling=tuple(each for each in makes if _tells(each, passage)),
        last=_settled(writes) if writes else _NO_WRITES,
        puzzles=tuple(each for each in ours if each.kind is TransformKind.NOT_UNDERSTOOD),
    )


def _tells(made: Transform, passage: Passage) -> bool:
    """Return whether a body holds something that was checked, whatever else it holds."""
    return any(each.space is Space.IDENTITY and exists(each, passage) in _THERE for each in made.sources)


def exists(source: Source, passage: Passage) -> Existence:
    """Return what a variable of `$context` holds in a mapping or template of a route."""
    return existence(source.path, passage.route.protocol, passage.authenticated_by, Use.MAPPING)


def _settled(writes: Iterable[Transform]) -> Mapping[str, Last]:
    found: dict[str, Last] = {}
    for each in writes:
        found[each.target] = Last(_after(each, found.get(each.target)), each)
        if may_set_any(each):
            part = each.target.removesuffix(_ANY)
            over = {name: last for name, last in found.items() if name.startswith(part) and last.origin in _CHECKED}
            found.update({name: Last(Origin.UNKNOWN, last.by) for name, last in over.items()})
    return found


def may_set_any(write: Transform) -> bool:
    """Return whether an override takes a name that is not fixed, and a value that is not: it may be any of its part."""
    is_free = write.kind is TransformKind.OVERRIDE and write.target.endswith(_ANY)
    return is_free and write.origin in {Origin.CLIENT, Origin.MIXED, Origin.UNKNOWN}


def _after(write: Transform, before: Last | None) -> Origin:
    """Return whose word a place holds once a write is done."""
    if write.kind is TransformKind.REMOVE:
        return Origin.LOST
    if write.kind is TransformKind.REWRITE_PATH:
        # A path holds many parts: that others come from the client leaves the caller's own what it is.
        return Origin.VERIFIED if write.origin is Origin.MIXED else write.origin
    if write.kind is TransformKind.APPEND:
        # The client's value stays in front, whatever is added.
        return _APPENDED.get(write.origin, Origin.CLIENT)
    if before is not None and before.by.layer == write.layer and before.by.kind is not TransformKind.REMOVE:
        # Two entries of one mapping that differ by case alone: no order between them is documented.
        return (
            Origin.MIXED if {before.origin, write.origin} & _CHECKED and before.origin != write.origin else write.origin
        )
    return write.origin


def takes_header(transform: Transform, header: str) -> bool:
    """Return whether a header of the client, folded, goes into a transform: by its name, or among all of them.

    `$input.params('token')` looks for a parameter of that name among path, query and headers.
    """
    return any(
        (each.space is Space.CLIENT_HEADER and each.path.lower() == header)
        or (each.space is Space.CLIENT_ALL and (each.path in _EVERY_HEADER or each.path.lower() == header))
        for each in transform.sources
    )


def takes_every_header(transform: Transform) -> bool:
    """Return whether every header of the client goes into a transform."""
    return any(each.space is Space.CLIENT_ALL and each.path in _EVERY_HEADER for each in transform.sources)


def lane_of(name: str) -> Lane:
    """Return what a claim, variable or header speaks of, by its name: who it is, or what that one may be here."""
    folded = name.lower().rpartition(".")[2]
    return Lane.TENANT if any(word in folded for word in _TENANT_WORDS) else Lane.ACTOR


def speaks_of_caller(transform: Transform) -> bool:
    """Return whether what an authorizer checked, and a transform takes, says anything of the caller: `iss` and `exp` do not."""
    paths = identity_paths(transform)
    return not paths or any(
        not path.startswith(_CLAIM) or path.removeprefix(_CLAIM) not in _OF_THE_TOKEN for path in paths
    )


def identity_paths(transform: Transform) -> tuple[str, ...]:
    """Return the variables about the caller that go into a transform, in order."""
    return tuple(each.path for each in transform.sources if each.space is Space.IDENTITY)


def identity_writes(sent: Sending, origin: Origin) -> tuple[str, ...]:
    """Return the headers, folded, that are filled from a variable about the caller whose word is of an origin."""
    return tuple(
        dict.fromkeys(
            each.target.removeprefix(HEADER)
            for each in sent.writes
            if each.origin is origin and each.target.startswith(HEADER) and identity_paths(each)
        )
    )
