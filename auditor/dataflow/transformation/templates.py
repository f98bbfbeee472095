"""Body templates: what each sends, and the overrides inside that a reader of the visible mapping does not see."""

from dataclasses import dataclass
from functools import lru_cache

from auditor.dataflow.transformation.mapped import Target
from auditor.dataflow.transformation.mapped import target as parameter
from auditor.dataflow.transformation.under import Under
from auditor.dataflow.transformation.wording import cut, fit
from auditor.dataflow.velocity.read import read
from auditor.dataflow.velocity.sentence import sentence
from auditor.dataflow.velocity.template import Override, Side, Template
from auditor.model.identity import Origin
from auditor.model.transform import Source, Space, Transform, TransformKind, Where

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
        fit(sentence(template, place.receiver)),
        place.layer,
        score=template.score,
        fits=template.fits,
    )


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
