"""Why a resource policy opens a route, restricts it or closes it: one sentence, with the statement that decides."""

from collections.abc import Iterable, Sequence

from auditor.access.iam.caller import names_aws_only
from auditor.access.iam.statement import not_understood, open_conditions
from auditor.access.iam.truth import Truth
from auditor.access.iam.variables import has_variables
from auditor.access.policy import Effect, Statement
from auditor.access.sources import collapsed, holds_embedded
from auditor.access.strangers.calls import Call
from auditor.access.strangers.origins import TIMES, Way
from auditor.access.strangers.values import Naming
from auditor.model.words import several, shortened

TOO_MANY = "The policy tells too many kinds of calls apart."
_OPEN = (Truth.IF, Truth.UNKNOWN)
_LONGEST, _LONGEST_NAME = 240, 60


def unreadable(trouble: str) -> str:
    """Return that a policy is no well-formed one."""
    return f"The resource policy cannot be read: {shortened(trouble, _LONGEST)}."


def without_resource(statement: Statement) -> str:
    """Return that a statement lacks what a resource policy needs."""
    return f"{_named([statement])} names no resource."


def by_endpoint_type(*, public: str, private: str) -> str:
    """Return that it depends on whether the API is private."""
    return f"Whether the API is private is not told. If it is: {private} If not: {public}"


def opened(part: Sequence[Call], *, is_whole: bool) -> str:
    """Return which statement lets strangers in."""
    widest = max((each for each in part if each.is_let_in), key=_size)
    where = "this route" if is_whole else "a part of this route"
    when = " at the time of the snapshot" if TIMES & widest.origin.context.told.keys() else ""
    return f"{_named(_first(widest, Effect.ALLOW, Truth.YES))} allows anyone to call {where}{when}."


def closed(calls: Sequence[Call], statements: Sequence[Statement]) -> str:
    """Return why nobody gets in."""
    plain = [_first(each, Effect.DENY, Truth.YES, plain=True) for each in calls]
    if all(plain) and len({each.number for found in plain for each in found}) == 1:
        return f"{_named(plain[0])} denies every call of this route."
    allowed = [each for each in calls if each.allow is not Truth.NO]
    denies = {each.number: each for call in allowed for each in _first(call, Effect.DENY, Truth.YES)}
    if denies:
        verb = "denies" if len(denies) == 1 else "deny"
        return f"{_named(list(denies.values()))} {verb} whatever the policy allows of this route."
    allows = [each for each in statements if each.effect is Effect.ALLOW]
    if allows and all(names_aws_only(each) for each in allows):
        return "The policy allows AWS principals only, and without AWS_IAM authorization such calls fail."
    return "No statement allows an anonymous call of this route, so the policy denies it."


def restricting(calls: Sequence[Call], way: Way) -> str:
    """Return from where calls get in, and through which statement."""
    possible = [each for each in calls if each.may_be_let_in]
    kept_out = [each for each in calls if each.let_in is Truth.NO and each.allow is not Truth.NO]
    denies = _first(max(kept_out, key=_size), Effect.DENY, Truth.YES) if kept_out else []
    if denies:
        return f"{_named(denies)} denies calls that do not come from {_networks(possible, way)}."
    allows = {each.number: each for call in possible for each in _first(call, Effect.ALLOW, Truth.YES, *_OPEN)}
    verb = "allows" if len(allows) == 1 else "allow"
    return f"{_named(list(allows.values()))} {verb} only calls that come from {_networks(possible, way)}."


def undecided(part: Sequence[Call], way: Way) -> str:
    """Return what nobody can tell, of the widest class that may be let in."""
    certain = [each for each in part if each.is_let_in]
    open_ = [each for each in part if each.may_be_let_in and not each.is_let_in]
    if not open_ or (certain and _size(max(certain, key=_size)) >= _size(max(open_, key=_size))):
        return _not_narrow(certain, way)
    widest = max(open_, key=_size)
    if widest.let_in is Truth.YES:
        allow = _named(_first(widest, Effect.ALLOW, Truth.YES))
        return f"{allow} allows calls by their aws:SourceIp, and whether calls through VPC endpoints carry one AWS documents both ways."
    order = (Effect.DENY, Effect.ALLOW) if widest.allow is Truth.YES else (Effect.ALLOW, Effect.DENY)
    odd = next(found[0] for effect in order if (found := _first(widest, effect, *_OPEN)))
    says = "allows" if odd.effect is Effect.ALLOW else "denies"
    return (
        f"{_named([odd])} {says} depending on what cannot be told: {shortened('; '.join(_odd(odd, widest)), _LONGEST)}."
    )


def _not_narrow(certain: Sequence[Call], way: Way) -> str:
    if way.inside:
        return "It is not certain that strangers are kept out: the id of any VPC or endpoint may match a pattern that lets calls in."
    blocks = [block for each in certain for block in each.origin.networks]
    if holds_embedded(blocks):
        return f"Whether AWS compares IPv4 callers with IPv4 written as IPv6 is not documented: {several(collapsed(blocks))}."
    return f"What is let in is wider than what AWS counts as not public: {_networks(certain, way)}."


def _odd(statement: Statement, call: Call) -> tuple[str, ...]:
    """Return what in a statement cannot be told, without the word that says how it changes the answer."""
    conditions = (each.partition(" ")[2] for each in open_conditions(statement, call.request))
    variables = (each for each in (*statement.resources, *statement.not_resources) if has_variables(each))
    found = (*not_understood(statement, call.request), *conditions) or tuple(f"resource {each}" for each in variables)
    return found or ("whom it means",)


def _size(call: Call) -> tuple[Naming, int]:
    """Order classes by how many may call so."""
    return call.origin.naming, sum(each.num_addresses for each in call.origin.networks)


def _first(call: Call, effect: Effect, *truths: Truth, plain: bool = False) -> list[Statement]:
    """Return the first statement of an effect that says so, in a list of at most one; `plain`: without conditions."""
    found = (each for each, truth in call.said if each.effect is effect and truth in truths)
    return [each for each in found if not (plain and each.conditions)][:1]


def _networks(some: Sequence[Call], way: Way) -> str:
    """Return the networks of classes, for a sentence: `aws:SourceIp 203.0.113.0/24`."""
    if not way.inside:
        return f"aws:SourceIp {several(collapsed(block for each in some for block in each.origin.networks))}"
    named: dict[frozenset[str], dict[str, set[str]]] = {}
    for each in some:
        keys = frozenset(key for key, _ in each.origin.named)
        for key, name in each.origin.named:
            named.setdefault(keys, {}).setdefault(key, set()).add(name)
    # Where one key lets in by itself, what another one says beside it does not matter.
    needed = [keys for keys in named if not any(other < keys for other in named)]
    return " or ".join(_together(named[keys]) for keys in sorted(needed, key=sorted, reverse=True))


def _together(names: dict[str, set[str]]) -> str:
    return " and ".join(f"{key} {several(sorted(found))}" for key, found in sorted(names.items(), reverse=True))


def _named(statements: Iterable[Statement]) -> str:
    """Return statements for the beginning of a sentence: `Statement 2 (AllowOffice)`, `Statements 2 and 3`."""
    found = sorted(statements, key=lambda each: each.number)
    if len(found) == 1:
        label = shortened(found[0].label, _LONGEST_NAME)
        return label[0].upper() + label[1:]
    numbers = [str(each.number) for each in found]
    return f"Statements {', '.join(numbers[:-1])} and {numbers[-1]}" if numbers else "The policy"
