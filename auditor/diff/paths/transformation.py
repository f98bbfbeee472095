"""What is looked at in a request, and what is changed in it and in its answer on the way."""

from collections import Counter
from collections.abc import Iterator

from pydantic import JsonValue

from auditor.diff.paths.interface import Change, Pair
from auditor.model.diff import Direction
from auditor.model.fact import Absent, Fact, NotApplicable, Present, Unread
from auditor.model.identity import Origin
from auditor.model.route_parts import RequestValidation
from auditor.model.transform import Transform, TransformKind, Where

_BY_ITSELF = frozenset({TransformKind.IMPLICIT, TransformKind.PASS_ALL})
"""What follows from the kind of integration: that one's change is the news."""
_BY_GATEWAY = "API Gateway"
_NOUNS = frozenset({"Bodies", "Errors", "Headers", "Answers", "Others", "Inside"})
"""First words of sentences about transforms that are no verb."""
_ON = {Where.REQUEST: "on the request", Where.RESPONSE: "on the answer", Where.ERROR: "on the gateway's own errors"}

Place = tuple[Where, str]


def transformation(pair: Pair) -> Iterator[Change]:
    """Yield what changed about validation, then about transforms in the order of a call."""
    yield from _validation(pair)
    yield from _models(pair)
    if not pair.are_variables_torn:
        yield from _transforms(pair)
        yield from _templates(pair)


def _validation(pair: Pair) -> Iterator[Change]:
    one, other = _looked_at(pair.old.route.request_validation), _looked_at(pair.new.route.request_validation)
    if one is None or other is None:
        return
    for lost in [each for each in one if each not in other]:
        yield Change("validation", f"no longer has its {lost} validated", Direction.WORSE, [*one], [*other])
    for won in [each for each in other if each not in one]:
        yield Change("validation", f"now has its {won} validated", Direction.BETTER, [*one], [*other])


def _looked_at(fact: Fact[RequestValidation]) -> tuple[str, ...] | None:
    match fact:
        case Present(value=found):
            both = (("body", found.body), ("required parameters", found.parameters))
            return tuple(name for name, is_on in both if is_on)
        case Unread():
            return None
        case Absent() | NotApplicable():
            return ()


def _models(pair: Pair) -> Iterator[Change]:
    """Compare which model stands for a body, where bodies are validated on both sides."""
    both = [_looked_at(each.route.request_validation) or () for each in (pair.old, pair.new)]
    one, other = pair.old.route.request_models, pair.new.route.request_models
    if any("body" not in each for each in both) or isinstance(one, Unread) or isinstance(other, Unread):
        return
    old = one.value if isinstance(one, Present) else {}
    new = other.value if isinstance(other, Present) else {}
    if old != new:
        yield Change("models", "has its body held against other models", Direction.UNKNOWN, {**old}, {**new})


def _transforms(pair: Pair) -> Iterator[Change]:
    gone, come = _moved(pair)
    # Without a deployment nothing of the gateway's own answers is in effect: the working copy's stand in for those of a silent export.
    if pair.was_redeployed is False and any(each.where is Where.ERROR for each in (*gone, *come)):
        words = "has the gateway's own answers edited, not deployed"
        yield Change("gateway responses", words, Direction.NEITHER, _errors(gone), _errors(come), is_deployed=False)
        gone, come = _without_errors(gone), _without_errors(come)
    replaced = {(each.where, each.target) for each in gone} & {(each.where, each.target) for each in come}
    for each in gone:
        if (each.where, each.target) not in replaced:
            yield _lost(each)
    for each in come:
        yield _won(each, [one for one in gone if (one.where, one.target) == (each.where, each.target)])


def _moved(pair: Pair) -> tuple[list[Transform], list[Transform]]:
    """Return the transforms that are on one side alone: those that are gone, and those that came."""
    old, new = _comparable(pair.old.flow.transforms, pair), _comparable(pair.new.flow.transforms, pair)
    if old is None or new is None:
        return [], []
    before, after = Counter(map(_key, old)), Counter(map(_key, new))
    gone = [each for each in old if before[_key(each)] > after[_key(each)]]
    come = [each for each in new if after[_key(each)] > before[_key(each)]]
    return (gone, come) if pair.is_one_key else _without_digests(gone, come, pair)


def _errors(transforms: list[Transform]) -> JsonValue:
    return [each.sentence for each in transforms if each.where is Where.ERROR]


def _without_errors(transforms: list[Transform]) -> list[Transform]:
    return [each for each in transforms if each.where is not Where.ERROR]


def _comparable(transforms: tuple[Transform, ...] | None, pair: Pair) -> list[Transform] | None:
    """Return the transforms that somebody configured; the gateway's own answers only where both sides read them."""
    if transforms is None:
        return None
    with_errors = pair.old.answers_read and pair.new.answers_read
    return [
        each
        for each in transforms
        if each.kind not in _BY_ITSELF and each.layer != _BY_GATEWAY and (with_errors or each.where is not Where.ERROR)
    ]


def _key(each: Transform) -> tuple[object, ...]:
    """Return what a transform does. Where it stands in a template, and how it is said, is not part of that."""
    return (each.kind, each.where, each.target, each.sources, each.origin, each.layer)


def _without_digests(
    gone: list[Transform], come: list[Transform], pair: Pair
) -> tuple[list[Transform], list[Transform]]:
    """Return the transforms that differ in more than the digests of secrets, which were made under another key."""
    kept = [each for each in gone if not any(pair.is_same(_told(each), _told(other)) for other in come)]
    new = [each for each in come if not any(pair.is_same(_told(other), _told(each)) for other in gone)]
    return kept, new


def _told(each: Transform) -> str:
    sources = " ".join(f"{one.space.value} {one.path}" for one in each.sources)
    return f"{each.kind} {each.where} {each.target} {each.origin} {each.layer} {sources}"


def _lost(each: Transform) -> Change:
    direction = Direction.WORSE if each.origin is Origin.VERIFIED else Direction.NEITHER
    return Change("transforms", f"no longer {_as_verb(each)}", direction, each.sentence, None)


def _won(each: Transform, instead_of: list[Transform]) -> Change:
    before = next(iter(instead_of), None)
    direction = _origins(before.origin if before else None, each.origin)
    return Change("transforms", f"now {_as_verb(each)}", direction, before.sentence if before else None, each.sentence)


def _origins(old: Origin | None, new: Origin) -> Direction:
    """Judge a value by where it comes from: a checked one that gives way to the client's own is worse."""
    if old is Origin.VERIFIED and new is not Origin.VERIFIED:
        return Direction.WORSE
    if new is Origin.VERIFIED and old is not Origin.VERIFIED:
        return Direction.BETTER
    return Direction.NEITHER


def _as_verb(each: Transform) -> str:
    """Return a transform's sentence so that it can be read behind `now` or `no longer`."""
    sentence = each.sentence.rstrip(".")
    first = sentence.partition(" ")[0]
    if first.isalpha() and first.endswith("s") and first not in _NOUNS:
        return sentence[:1].lower() + sentence[1:]
    return f"has this {_ON[each.where]}: {sentence[:1].lower() + sentence[1:]}"


def _templates(pair: Pair) -> Iterator[Change]:
    """Name body templates that became another text, where what is known of them says the same."""
    one, other = pair.old.route.integration, pair.new.route.integration
    if not isinstance(one, Present) or not isinstance(other, Present):
        return
    before, after = one.value.request_templates, other.value.request_templates
    for content in sorted(before.keys() & after.keys()):
        if not pair.is_same(before[content], after[content]):
            words = f"has another body template for {content}"
            yield Change("template", words, Direction.UNKNOWN, before[content], after[content])
