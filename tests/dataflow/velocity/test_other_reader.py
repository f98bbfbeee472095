"""Another reader of Velocity templates, airspeed-ext, finds the same references and the same directives as ours.

It is held against AWS by its authors. Where the two read differently on purpose, the reason stands beside the case.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

import pytest
from airspeed import Template as Other
from airspeed import operators
from hypothesis import given

from auditor.dataflow.velocity.parser import parse
from auditor.dataflow.velocity.read import read
from auditor.dataflow.velocity.tree import Call, Index, Literal, Member, Reference
from tests.dataflow.velocity.made import TAME
from tests.dataflow.velocity.test_templates import CASES

STRICTER = {
    "directives in braces, blanks before parentheses": "it knows #{else} and #{end} alone in braces",
    "what is not to be looked into prints as it stands": "it does not know #[[ ]]#",
    "colours and unknown words behind # are text": "it takes the beginning of #endless for #end",
    "a macro with a body": "it does not know #@",
    "stop ends what is read": "it reads on behind #stop",
    "a dollar alone, prices and regular expressions are text": "it takes ${ for a reference whatever follows",
    "brackets that are no index are text": "it takes [ behind a reference for an index whatever follows",
}
"""Templates of the tables that it does not read at all, and why."""
TABLES: list[dict[str, Any]] = [cast("dict[str, Any]", case.values[0]) for case in CASES]
UNDERSTOOD = [case for case in TABLES if not read(case["template"]).troubles]


@pytest.mark.parametrize("case", UNDERSTOOD, ids=lambda case: case["case"])
def test_both_find_the_same_in_the_tables(case: dict[str, Any]) -> None:
    if case["case"] in STRICTER:
        with pytest.raises(operators.TemplateSyntaxError):
            theirs(case["template"])
    else:
        assert ours(case["template"]) == theirs(case["template"])


def test_what_it_does_not_read_stands_in_the_tables() -> None:
    assert {case["case"] for case in UNDERSTOOD} >= STRICTER.keys()


@given(TAME)
def test_both_find_the_same_in_what_the_grammar_makes(text: str) -> None:
    assert ours(text) == theirs(text)


def ours(text: str) -> Counter[str]:
    """Return how often our reader finds each reference and each directive."""
    tree = parse(text)
    counts = {"#set": tree.sets, "#if": tree.branches, "#foreach": tree.loops, "#macro": tree.macros}
    return Counter(_our_references(tree.block)) + Counter(counts)


def theirs(text: str) -> Counter[str]:
    """Return how often the other reader does."""
    template = Other(text)
    template.ensure_compiled()
    return Counter(_their_finds(template.root_element, {}))


def _our_references(of: object) -> Iterator[str]:
    match of:
        case Reference(root=root, parts=parts):
            yield ".".join([f"${root}", *(part.name for part in parts if not isinstance(part, Index))])
            for part in parts:
                yield from _our_references(part)
        case Literal() | Member() | str() | int() | None:
            return
        case Call(arguments=given):
            yield from _our_references(given)
        case tuple():
            for each in of:
                yield from _our_references(each)
        case _:
            # The target of a #set is no reference that is read.
            for name in of.__slots__:  # type: ignore[attr-defined]  # every node has slots
                found = getattr(of, name)
                yield from _our_references(found.parts if name == "target" else found)


_DIRECTIVES = {
    operators.SetDirective: "#set",
    operators.IfDirective: "#if",
    operators.ElseifBlock: "#if",
    operators.ForeachDirective: "#foreach",
    operators.MacroDefinition: "#macro",
    operators.DefineDefinition: "#macro",
    operators.EvaluateDirective: "#macro",
}


def _their_finds(of: object, seen: dict[int, object]) -> Iterator[str]:
    """Walk everything that hangs on an element; of an expression in parentheses only its bound method is kept."""
    of = getattr(of, "__self__", of)
    if id(of) in seen:
        return
    seen[id(of)] = of  # kept, so that no other object gets its id
    match of:
        case dict():
            yield from _their_finds(list(of.items()), seen)
        case list() | tuple():
            for each in of:
                yield from _their_finds(each, seen)
        case operators._Element():
            if type(of) in _DIRECTIVES:
                yield _DIRECTIVES[type(of)]
            if isinstance(of, operators.FormalReference) and of.expression is not None:
                yield ".".join(_their_names(of.expression))
            for found in vars(of).values():
                yield from _their_finds(found, seen)


def _their_names(of: Any) -> Iterator[str]:
    prefix = "$"
    while of is not None:
        expression = of if isinstance(of, operators.VariableExpression) else of.expression
        if isinstance(expression, operators.VariableExpression):
            yield prefix + expression.part.name
            prefix = ""
            of = expression.subexpression
        else:
            of = of.subexpression
