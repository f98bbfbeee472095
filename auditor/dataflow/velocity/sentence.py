"""What a template does, in one sentence that is the same for the same template."""

from collections.abc import Iterable, Iterator

from auditor.dataflow.velocity.taken import KINDS, is_every, is_whole_body
from auditor.dataflow.velocity.template import Side, Template
from auditor.model.transform import Source, Space

LONGEST = 160
CLIENT = "the client"
"""The target of a response template."""
_FIRST = 4
_LONGEST_NAME = 40
_LONGEST_TARGET = 60
_BODIES = frozenset({Space.CLIENT_BODY, Space.BACKEND_BODY})
_PARAMETERS = frozenset({Space.CLIENT_HEADER, Space.CLIENT_QUERY, Space.CLIENT_PATH, Space.CLIENT_ALL})
_KIND_WORDS = {"header": "every header", "querystring": "every query parameter", "path": "every path parameter"}


def sentence(template: Template, target: str, side: Side = Side.REQUEST) -> str:
    """Return what a template does; `target` in words, `side` the way on which it stands. At most 160 characters."""
    verb = "Sends" if side is Side.REQUEST else "Returns"
    target = _short(target, _LONGEST_TARGET)
    if template.troubles:
        at = template.troubles[0].at
        return f"{verb} to {target} what cannot be told: the template is not understood at {at}."
    for most in (_FIRST, 2, 1, 0):
        said = f"{verb} {_what(template, most)} to {target}{''.join(_clauses(template, side, most))}."
        if len(said) <= LONGEST:
            return said
    return _short(said, LONGEST)


def _what(template: Template, most: int) -> str:
    """Say what is sent, in a fixed order; at most so many names of each sort, none: only how many."""
    printed = tuple(dict.fromkeys(each.source for each in template.inputs if each.is_printed))
    every = [_every(each) for each in printed if is_every(each)]
    fields = [each for each in printed if each.space in _BODIES]
    parts = [
        *(
            ["every header, query and path parameter"]
            if "" in every
            else [_KIND_WORDS[each] for each in KINDS if each in every]
        ),
        *(["the whole body"] if any(is_whole_body(each) for each in fields) else []),
        *_named("body field", (_field(each) for each in fields if not is_whole_body(each)), most),
        *_named("parameter", (each.path for each in printed if each.space in _PARAMETERS and not is_every(each)), most),
        *_caller(printed, most),
        *_named("gateway value", (each.path for each in printed if each.space is Space.GATEWAY), most),
        *_named("stage variable", (each.path or "*" for each in printed if each.space is Space.STAGE_VARIABLE), most),
        *(["values of unknown kind"] if any(each.space is Space.UNKNOWN for each in printed) else []),
    ]
    return _and(parts) if parts else _without_input(template)


def _without_input(template: Template) -> str:
    return "a fixed text" if template.lines else "an empty body"


def _every(source: Source) -> str:
    return source.path


def _field(source: Source) -> str:
    return source.path.removeprefix("$.").removeprefix("$")


def _caller(printed: Iterable[Source], most: int) -> Iterator[str]:
    names = [each.path.removeprefix("authorizer.") for each in printed if each.space is Space.IDENTITY]
    if names and most:
        yield f"the caller ({_listed(names, most)})"
    elif names:
        yield "the caller"


def _named(noun: str, names: Iterable[str], most: int) -> Iterator[str]:
    found = list(dict.fromkeys(names))
    if not found:
        return
    plural = noun if len(found) == 1 else f"{noun}s"
    yield f"{plural} {_listed(found, most)}" if most else f"{len(found)} {plural}"


def _listed(names: list[str], most: int) -> str:
    shown = [_short(each, _LONGEST_NAME) for each in names[:most]]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" + {rest} more" if rest else "")


def _clauses(template: Template, side: Side, most: int) -> Iterator[str]:
    overridden = list(dict.fromkeys(f"{each.part} {each.name}".strip() for each in template.overrides))
    if overridden and most:
        yield f"; overrides {_listed(overridden, most)}"
    elif overridden:
        yield f"; {len(overridden)} overrides" if len(overridden) > 1 else "; 1 override"
    if template.loops:
        yield "; loops"
    if template.branches:
        yield f"; {template.branches} condition{'s' if template.branches > 1 else ''}"
    if side is Side.REQUEST and not _tells_caller(template):
        yield "; no caller identity"


def _tells_caller(template: Template) -> bool:
    sources = [each.source for each in template.inputs if each.is_printed]
    sources += [source for each in template.overrides for source in each.sources]
    return any(each.space is Space.IDENTITY for each in sources)


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
