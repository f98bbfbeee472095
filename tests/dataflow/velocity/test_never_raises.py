"""Whatever text a template holds, reading it ends, in time, with a template."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.dataflow.velocity.flaws import flaws, travels
from auditor.dataflow.velocity.read import read
from auditor.dataflow.velocity.sentence import sentence
from auditor.dataflow.velocity.template import Side
from tests.dataflow.velocity.made import BROKEN, TEMPLATES

SIZE = 300_000
LARGE = {
    "references": "$a" * (SIZE // 2),
    "quotes": '"' * SIZE,
    "calls in calls": "$input.json(" * (SIZE // 12),
    "sets": "#set($x=$input.params('a'))" * (SIZE // 27),
    "one variable that takes in everything": "".join(f"#set($x=$x+$input.params('p{n}'))" for n in range(8000)),
    "conditions": "#if($a)#end" * (SIZE // 11),
    "conditions in conditions": "#if($a)" * 10_000 + "#end" * 10_000,
    "loops in loops": "#foreach($a in $b)" * 10_000 + "#end" * 10_000,
    "alternatives": "#if($a)" + "".join(f"#elseif($b)#set($v{n}=1)" for n in range(9000)) + "#end",
    "a loop with a long chain": "#foreach($x in $input.path('$'))"
    + "".join(f"#set($v{n}=$v{n + 1})" for n in range(9000)),
    "a closed loop with a long chain": "#foreach($x in $input.path('$'))"
    + "".join(f"#set($v{n}=$v{n + 1})" for n in range(9000))
    + "#set($v9000=$x)#end",
    "backslashes": "\\" * SIZE + "$x",
    "hashes": "#" * SIZE,
    "comments": "#* *#" * (SIZE // 5),
    "comments that open": "#*" * (SIZE // 2),
    "macros": "#macro(a)" + "$x" * 100_000 + "#end" + "#a()" * 3000,
    "macros in macros": "#macro(a)#b()#b()#end#macro(b)#a()#a()#end#a()",
    "lists": "#set($x=" + "[" * SIZE,
    "maps": "#set($x={" + "a:" * (SIZE // 2),
    "parentheses": "#set($x=" + "(" * SIZE,
    "negations": "#set($x=" + "!" * SIZE,
    "operators": "#set($x=1" + "+1" * (SIZE // 2) + ")",
    "one string": '#set($x="' + "$a" * (SIZE // 2) + '")',
    "strings that are not closed": "#set($x='" + 'a"' * (SIZE // 2),
    "doubled quotes": "#set($x='" + "''" * (SIZE // 2),
    "members": "$input.path('$')" + ".b" * (SIZE // 2),
    "indexes": "$input.path('$')" + "[0]" * (SIZE // 3),
    "keys": '{"a":1,' * (SIZE // 7),
    "names of secrets": 'token="' * (SIZE // 7),
    "tokens": "eyJ" * (SIZE // 3),
    "lines": "\n" * SIZE + "$input.body",
    "overrides": "#set($context.responseOverride.status=1)" * (SIZE // 40),
    "a text of a page": "</svg>{{ 7*7 }}" * (SIZE // 15),
    "blanks": "#set" + " " * SIZE,
}


@given(st.text())
@example("")
@example("$")
@example("#")
@example("\ud800$input.body")
def test_any_text_is_read(text: str) -> None:
    _read(text)


@given(st.text(alphabet="$#{}()[]!.,'\"\\ \nabdefilnorstuwx=|&*0"))
def test_any_text_of_the_grammars_own_characters_is_read(text: str) -> None:
    _read(text)


@given(TEMPLATES)
def test_what_the_grammar_makes_is_understood(text: str) -> None:
    _read(text)
    # What prints itself by #define, and what the grammar makes of $context, nobody can follow.
    known = ("$context", "documents", "override", "too deeply", "too many", "prints itself")
    assert not [each for each in read(text).troubles if not any(words in each.what for words in known)]


def test_a_small_template_that_prints_itself_ends() -> None:
    # Without a bound on printings this one test ran for minutes.
    twice = "".join(f"#define($b{number})$b{number - 1}$b{number - 1}#end" for number in range(1, 60))
    assert read("#define($b)$b$b$b#end$b").troubles
    assert read(f"{twice}$b59").troubles


@given(BROKEN)
def test_pieces_in_any_order_are_read(text: str) -> None:
    _read(text)


@pytest.mark.parametrize("name", LARGE)
def test_large_text_is_read_in_time(name: str) -> None:
    text = LARGE[name]
    began = process_time()
    with _little_room():
        _read(text)
    # A quadratic reader takes minutes for these; a second or two is what a slow machine needs.
    assert process_time() - began < 20


def test_a_template_beyond_the_limit_is_not_read_and_says_so() -> None:
    template = read("$input.body" * 40_000)
    assert not template.inputs
    assert [each.what for each in template.troubles] == ["the template is longer than 307200 characters"]
    assert not template.fits


def _read(text: str) -> None:
    template = read(text)
    assert len(sentence(template, "the back end")) <= 160
    assert len(sentence(template, text, Side.RESPONSE)) <= 160
    assert flaws(text) == flaws(text)
    assert travels(text) <= {"header", "path", "querystring"}
    assert template.fits is False or not template.troubles
    places = [each.at for told in (template.inputs, template.overrides, template.troubles) for each in told]
    for at in places:
        assert 1 <= at.line <= text.count("\n") + text.count("\r") + 1


@contextmanager
def _little_room() -> Iterator[None]:
    """Let Python recurse far less deeply than it usually may: 600 calls from here."""
    frame, depth = sys._getframe(), 0
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 600)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
