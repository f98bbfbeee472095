"""Whether one condition of a statement is met by a request's context.

IAM user guide, "Condition operators" and "Multivalued context keys". A key that the request does not carry: a positive operator
does not match, a negated one does, `IfExists` and `ForAllValues` do, `ForAnyValue` does not.
"""

from collections.abc import Callable

from auditor.access.iam.context import Context
from auditor.access.iam.operators import NEGATED, TESTS, WITH_VARIABLES, WITH_WILDCARDS
from auditor.access.iam.truth import Truth, all_of, any_of, negated, truth_of
from auditor.access.iam.variables import OpenError, VoidError, has_variables, language, plain
from auditor.access.patterns import glob
from auditor.access.policy import Condition

_REDACTED = "redacted:"


def holds(condition: Condition, context: Context, *, dynamic: bool) -> Truth:
    """Return whether a condition is met; nothing equals, or is like, a variable that has no value.

    `dynamic`: whether the document's version has variables.
    """
    operator = condition.parts
    base = operator.base
    if condition.operator == "null":
        return _null(condition, context)
    if not (base in TESTS or base in NEGATED) or not condition.values:
        return Truth.UNKNOWN
    try:
        found_tests = [_test(NEGATED.get(base, base), each, context, dynamic=dynamic) for each in condition.values]
    except OpenError:
        return Truth.IF
    tests = [each for each in found_tests if each is not None]
    without = _without(operator.quantifier, is_negated=base in NEGATED, if_exists=operator.if_exists)
    if context.is_missing(condition.key):
        return without
    values = context.values(condition.key)
    if values is None:
        # Where nothing is compared with, what the key's value is does not matter.
        return without if not tests and without is truth_of(base in NEGATED) else Truth.IF
    return _over(values, tests, operator.quantifier, is_negated=base in NEGATED)


def _over(values: tuple[str, ...], tests: list[Callable[[str], Truth]], quantifier: str, *, is_negated: bool) -> Truth:
    """Return the answer over all values of the key: the policy's values are joined by OR, a negated operator's by NOR."""
    each = [any_of(test(value) for test in tests) for value in values]
    met = [negated(truth) for truth in each] if is_negated else each
    if quantifier == "foranyvalue":
        return any_of(met)
    if quantifier == "forallvalues":
        return all_of(met)
    # An operator for one value on a key of several has no documented meaning.
    return met[0] if len(met) == 1 else Truth.UNKNOWN


def _test(base: str, wanted: str, context: Context, *, dynamic: bool) -> Callable[[str], Truth] | None:
    """Return the test of one value of the policy, with its variables replaced; None where one has no value."""
    compare = TESTS[base]
    if wanted.startswith(_REDACTED):
        # The snapshot keeps a digest in the place of what looks like a credential.
        return lambda _value: Truth.UNKNOWN
    resolves = dynamic and has_variables(wanted)
    if resolves and base not in WITH_VARIABLES:
        return lambda _value: Truth.UNKNOWN
    try:
        if base in WITH_WILDCARDS:
            pattern = language(wanted, context) if resolves else glob(wanted)
            return lambda value: compare(value, pattern)
        text = plain(wanted, context) if resolves else wanted
    except VoidError:
        return None
    return lambda value: compare(value, text)


def _null(condition: Condition, context: Context) -> Truth:
    wanted = {"true": True, "false": False}.get(condition.values[0].lower()) if len(condition.values) == 1 else None
    if wanted is None:
        return Truth.UNKNOWN
    if context.is_missing(condition.key):
        return truth_of(wanted)
    return Truth.IF if context.values(condition.key) is None else truth_of(not wanted)


def _without(quantifier: str, *, is_negated: bool, if_exists: bool) -> Truth:
    if if_exists or quantifier == "forallvalues":
        return Truth.YES
    return Truth.NO if quantifier == "foranyvalue" else truth_of(is_negated)
