"""Templates that hypothesis makes from the grammar, for tests that need many that nobody thought of."""

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "item", "inputRoot", "x-y", "foreach"])
_ROOTS = st.sampled_from(["input", "context", "stageVariables", "util", "a", "b", "item", "inputRoot", "params"])
_MEMBERS = st.sampled_from(
    [
        "body",
        "id",
        "header",
        "authorizer",
        "claims",
        "sub",
        "identity",
        "userArn",
        "hasNext",
        "name",
        "requestOverride",
        "X-Id",
    ]
)
_METHODS = st.sampled_from(
    [
        "json",
        "path",
        "params",
        "get",
        "keySet",
        "entrySet",
        "escapeJavaScript",
        "parseJson",
        "add",
        "put",
        "size",
        "toString",
    ]
)
_WORDS = st.sampled_from(["$", "$.a", "$.items[0]", "header", "x", "Origin", "", "a b", "[1]"])
_SINGLE = _WORDS.map(lambda word: f"'{word}'")
_PLAIN = st.sampled_from(["0", "42", "-1", "3.5", "true", "false", "null"])
_TAME = ['{"a": ', '"', ",", "}", "\n", " plain ", "</svg>", "{{ }}", "&x=", ": ", "."]
_WILD = ["$", "$5", "# ", "#ff00", "[", "]", "\\n"]
_OPERATORS = st.sampled_from(["==", "!=", "&&", "||", "<", ">=", "+", "-", "*", "/", "%", "eq", "and", "or"])


def _parts(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    call = st.tuples(_METHODS, st.lists(inner, max_size=2)).map(lambda made: f".{made[0]}({', '.join(made[1])})")
    index = st.one_of(_SINGLE, st.just("0")).map(lambda of: f"[{of}]")
    member = _MEMBERS.map(lambda name: f".{name}")
    return st.lists(st.one_of(call, member, index), max_size=3).map("".join)


def _reference(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    forms = st.sampled_from(["${}", "$!{}", "${{{}}}", "$!{{{}}}"])
    return st.tuples(forms, _ROOTS, _parts(inner)).map(lambda made: made[0].format(made[1] + made[2]))


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    listed = st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    mapped = st.lists(st.tuples(_SINGLE, inner), max_size=2).map(
        lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items) + "}"
    )
    chained = st.tuples(inner, _OPERATORS, inner).map(lambda made: f"({made[0]} {made[1]} {made[2]})")
    # Velocity has no way to write a quote in a string but to double it, so what is joined holds none.
    joined = _reference(_SINGLE).map(lambda inside: f'"x {inside} y"' if '"' not in inside else '"x"')
    return st.one_of(_reference(inner), listed, mapped, chained, joined)


EXPRESSIONS = st.recursive(st.one_of(_SINGLE, _PLAIN), _wider, max_leaves=6)
REFERENCES = _reference(EXPRESSIONS)
_TARGETS = st.one_of(
    NAMES.filter(lambda name: "-" not in name).map(lambda name: f"${name}"),
    st.sampled_from(
        [
            "$context.requestOverride.header.X-Id",
            "$context.requestOverride.header['x-id']",
            "$context.responseOverride.status",
            "$context.requestOverride.querystring.q",
            "$inputRoot.name",
        ]
    ),
)
_SETS = st.tuples(_TARGETS, EXPRESSIONS).map(lambda made: f"#set({made[0]} = {made[1]})")


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    choice = st.tuples(EXPRESSIONS, inner, EXPRESSIONS, inner, inner).map(
        lambda made: f"#if({made[0]}){made[1]}#elseif({made[2]}){made[3]}#{{else}}{made[4]}#end"
    )
    plain = st.tuples(EXPRESSIONS, inner).map(lambda made: f"#if ( {made[0]} ) {made[1]} #end")
    loop = st.tuples(REFERENCES, inner).map(lambda made: f"#foreach($item in {made[0]}) {made[1]} #end")
    define = inner.map(lambda body: f"#define($b) {body} #end")
    return st.lists(st.one_of(choice, plain, loop, define, inner), min_size=1, max_size=3).map("".join)


_COMMENTS = st.sampled_from(["## said\n", "#* said *#"])


def _templates(text: list[str]) -> st.SearchStrategy[str]:
    leaves = st.one_of(st.sampled_from(text), REFERENCES, _SETS, _COMMENTS)
    return st.recursive(leaves, _blocks, max_leaves=12)


TAME = _templates(_TAME)
"""Templates as the grammar has them, with no sign in their text that could be the beginning of something."""
TEMPLATES = _templates(_TAME + _WILD)
"""Templates as the grammar has them."""

BROKEN = st.lists(
    st.one_of(
        TEMPLATES,
        st.sampled_from(
            ["#end", "#else", "#if(", "#foreach($", "#set(", "${", "$a.b(", '"', "'", "#*", "#[[", "(", "\\", ")", "}"]
        ),
    ),
    max_size=8,
).map("".join)
"""Pieces of templates in any order."""
