"""One entry of a parameter mapping as a transform: what kind it is, and how it is said."""

from dataclasses import dataclass

from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut, fit, listed
from auditor.model.identity import Origin
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_SPOKEN = {"path": "path parameter", "querystring": "query"}
_SHORT = {"querystring": "query"}
_SAME = {"header": Space.CLIENT_HEADER, "querystring": Space.CLIENT_QUERY, "path": Space.CLIENT_PATH}
PARAMETER_MAPPING = "parameter mapping"


@dataclass(frozen=True, slots=True)
class Target:
    """What a mapping sets."""

    part: str
    """`header`, `querystring`, `path`, `parameter`."""
    name: str
    """In lower case for headers."""

    @property
    def canonical(self) -> str:
        """Return it as transforms name it: `header x-user-id`, `query q`."""
        return f"{_SHORT.get(self.part, self.part)} {self.name}"

    @property
    def spoken(self) -> str:
        """Return it as sentences name it."""
        return f"{_SPOKEN.get(self.part, self.part)} {cut(self.name)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a mapping of the request."""

    target: Target
    sources: tuple[Source, ...]
    replaces: bool
    """Whether the client's own value would go on without it."""
    layer: str = PARAMETER_MAPPING


def target(part: str, name: str) -> Target:
    """Return a target; HTTP compares no case of header names."""
    return Target(part, name.lower() if part == "header" else name)


def put(entry: Entry, under: Under) -> Transform:
    """Return what sets a value: a constant, the caller's identity, or a copy."""
    if any(each.space is Space.UNKNOWN for each in entry.sources):
        text = listed([under.phrase(each) for each in entry.sources if each.space is Space.UNKNOWN])
        return made(TransformKind.NOT_UNDERSTOOD, entry, under, f"Sets {entry.target.spoken} from {text}.")
    if len(entry.sources) > 1:
        return _several(entry, under)
    source = entry.sources[0]
    spoken = entry.target.spoken
    match source.space:
        case Space.STATIC:
            return made(TransformKind.SET_STATIC, entry, under, f"Sets {spoken} to {under.phrase(source)}.")
        case Space.IDENTITY:
            return made(TransformKind.ADD_IDENTITY, entry, under, f"Sets {spoken} from {under.phrase(source)}.")
        case Space.GATEWAY | Space.STAGE_VARIABLE:
            kind = TransformKind.OVERWRITE if entry.replaces else TransformKind.COPY
            return made(kind, entry, under, _of_gateway(entry, source, under))
        case _:
            return made(TransformKind.COPY, entry, under, _copy(entry, source, under))


def append(entry: Entry, under: Under) -> Transform:
    """Return what adds a value behind the client's own."""
    text = under.phrases(entry.sources)
    sentence = f"Adds {text} to {entry.target.spoken} and keeps what the client sent."
    kind = TransformKind.APPEND
    if any(each.space is Space.UNKNOWN for each in entry.sources):
        kind = TransformKind.NOT_UNDERSTOOD
    return made(kind, entry, under, sentence)


def remove(entry: Entry, under: Under, *, is_blanked: bool = False) -> Transform:
    """Return what takes a value away; REST can only blank it."""
    word = "Blanks" if is_blanked else "Removes"
    return made(TransformKind.REMOVE, entry, under, f"{word} {entry.target.spoken}.")


def made(kind: TransformKind, entry: Entry, under: Under, sentence: str) -> Transform:
    """Return a transform of the request."""
    origin = Origin.UNKNOWN if kind is TransformKind.NOT_UNDERSTOOD else under.origin(entry.sources)
    return Transform(kind, Where.REQUEST, entry.target.canonical, entry.sources, origin, fit(sentence), entry.layer)


def renamed(found: list[Transform]) -> list[Transform]:
    """Return the same with every copy whose source is removed as a rename; the removal stays."""
    gone = {each.target for each in found if each.kind is TransformKind.REMOVE}
    return [_rename(each) if _is_rename(each, gone) else each for each in found]


def _is_rename(each: Transform, gone: set[str]) -> bool:
    if each.kind is not TransformKind.COPY or len(each.sources) != 1 or each.target in gone:
        return False
    return _name(each.sources[0]) in gone


def _name(source: Source) -> str | None:
    """Return the target that would be the same place as a source."""
    part = next((part for part, space in _SAME.items() if space is source.space), None)
    return target(part, source.path).canonical if part and source.path else None


def _rename(each: Transform) -> Transform:
    old, new = _name(each.sources[0]) or "", each.target
    sentence = f"Renames {_said(old)} to {_said(new, beside=old)}."
    return Transform(TransformKind.RENAME, each.where, new, each.sources, each.origin, fit(sentence), each.layer)


def _said(canonical: str, beside: str = "") -> str:
    part, _, name = canonical.partition(" ")
    if part == beside.partition(" ")[0]:
        return cut(name)
    return f"{_SPOKEN.get(part, part)} {cut(name)}"


def _copy(entry: Entry, source: Source, under: Under) -> str:
    is_same = _name(source) == entry.target.canonical
    if is_same:
        return f"Passes {entry.target.spoken} on."
    tail = ", replacing any client value" if entry.replaces else ""
    return f"Copies {under.phrase(source)} into {entry.target.spoken}{tail}."


def _of_gateway(entry: Entry, source: Source, under: Under) -> str:
    if entry.replaces:
        return f"Replaces {entry.target.spoken} with {under.phrase(source)}."
    return f"Sets {entry.target.spoken} to {under.phrase(source)}."


def _several(entry: Entry, under: Under) -> Transform:
    """Return what puts several values together."""
    text = under.phrases(entry.sources).rstrip(",")
    if all(each.space is Space.IDENTITY for each in entry.sources):
        return made(TransformKind.ADD_IDENTITY, entry, under, f"Sets {entry.target.spoken} from {text}.")
    if entry.replaces:
        return made(TransformKind.OVERWRITE, entry, under, f"Replaces {entry.target.spoken} with {text}.")
    return made(TransformKind.COPY, entry, under, f"Copies {text} into {entry.target.spoken}.")
