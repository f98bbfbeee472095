"""Body templates: what each sends, and the overrides inside that a reader of the visible mapping does not see."""

from dataclasses import dataclass, replace
from functools import lru_cache

from auditor.dataflow.context.existence import Existence
from auditor.dataflow.transformation.mapped import Target
from auditor.dataflow.transformation.mapped import target as parameter
from auditor.dataflow.transformation.under import OF_CONTEXT, Under
from auditor.dataflow.transformation.wording import LONGEST, cut, fit, listed
from auditor.dataflow.velocity.read import read
from auditor.dataflow.velocity.sentence import sentence
from auditor.dataflow.velocity.template import Override, Side, Template
from auditor.model.identity import Origin
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

_EMPTY = {
    Existence.EMPTY: ("is always empty here", "are always empty here"),
    Existence.NO_VARIABLE: ("is a name that AWS does not document", "are names that AWS does not document"),
}
_NAMES = {Where.REQUEST: "body template", Where.RESPONSE: "response template", Where.ERROR: "error template"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template stands."""

    where: Where
    key: str
    """Content type; on WebSocket APIs the template key."""
    receiver: str
    """Who gets what it makes: `Lambda function orders`, `the client`."""
    status: str = ""
    """Of the answer that it makes the body of."""

    @property
    def layer(self) -> str:
        """Return what says so: `body template application/json`, `response template application/json of status 400`."""
        return f"{_NAMES[self.where]} {self.key}" + (f" of status {self.status}" if self.status else "")


@lru_cache(maxsize=4096)
def of_template(text: str, place: Place, under: Under) -> tuple[Transform, ...]:
    """Return what a template does: the body it makes, and each override. One that was not read to its end decides nothing."""
    template = read(text)
    if template.troubles:
        return (_not_understood(template, place),)
    return (_body(template, place, under), *(_override(each, place, under) for each in template.overrides))


def _not_understood(template: Template, place: Place) -> Transform:
    trouble = template.troubles[0]
    text = f"The {_NAMES[place.where]} for {cut(place.key)} is not understood at {trouble.at}: {cut(trouble.what, 60)}."
    target = f"body {place.key}"
    return Transform(
        TransformKind.NOT_UNDERSTOOD,
        place.where,
        target,
        (),
        Origin.UNKNOWN,
        fit(text),
        place.layer,
        score=template.score,
        fits=False,
        at=str(trouble.at),
    )


def _body(template: Template, place: Place, under: Under) -> Transform:
    found = tuple(dict.fromkeys(_seen_from(place, each.source) for each in template.inputs if each.is_printed))
    return Transform(
        TransformKind.TEMPLATE,
        place.where,
        f"body {place.key}",
        found,
        under.origin(found),
        _said(template, place, under),
        place.layer,
        score=template.score,
        fits=template.fits,
    )


def _said(template: Template, place: Place, under: Under) -> str:
    """Return a template's sentence. What it prints that is always empty carries no identity: it is told apart, where it fits."""
    side = Side.RESPONSE if place.where is Where.RESPONSE else Side.REQUEST
    empty: dict[str, Existence] = {}
    for each in template.inputs:
        if each.source.space in OF_CONTEXT and under.exists(each.source) in _EMPTY:
            empty[each.source.path] = under.exists(each.source)
    if not empty:
        return fit(sentence(template, place.receiver, side))
    filled = tuple(each for each in template.inputs if each.source.path not in empty)
    said = sentence(replace(template, inputs=filled), place.receiver, side)
    longer = f"{said.removesuffix('.')}{_empty(empty)}."
    return longer if len(longer) <= LONGEST else fit(said)


def _empty(found: dict[str, Existence]) -> str:
    text = ""
    for existence, (one, several) in _EMPTY.items():
        names = [cut(path.removeprefix("authorizer.")) for path, each in found.items() if each is existence]
        text += f"; {listed(names, 2)} {several if len(names) > 1 else one}" if names else ""
    return text


def _override(override: Override, place: Place, under: Under) -> Transform:
    where = Where.REQUEST if override.side is Side.REQUEST else Where.RESPONSE
    target = parameter(override.part, override.name) if override.name else Target(override.part, "")
    found = tuple(_seen_from(place, each) for each in override.sources)
    value = under.phrases(found) or "a constant"
    text = f"Inside the {_NAMES[place.where]}, {target.spoken.strip()} is set to {value} and beats the visible mapping."
    return Transform(
        TransformKind.OVERRIDE,
        where,
        target.canonical.strip(),
        found,
        under.origin(found),
        fit(text),
        place.layer,
        hidden=True,
        at=str(override.at),
    )


def _seen_from(place: Place, source: Source) -> Source:
    """Return a source as it stands there: the body that a response template reads is the back end's."""
    is_answer = place.where is Where.RESPONSE and source.space is Space.CLIENT_BODY
    return Source(Space.BACKEND_BODY, source.path) if is_answer else source
