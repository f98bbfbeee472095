"""Expressions and references, by recursive descent. Each function begins where the cursor stands and leaves it behind."""

import re

from auditor.dataflow.velocity.lexer import NAME, Cursor
from auditor.dataflow.velocity.tree import (
    Call,
    Expression,
    Held,
    Index,
    Joined,
    Literal,
    Member,
    Operation,
    Part,
    Reference,
)

_REFERENCE = re.compile(r"\$!?(\{?)([A-Za-z_][A-Za-z0-9_-]*+)")
_INDEX = re.compile(r"""\[\s*+(?=["'$0-9-])""")
_NUMBER = re.compile(r"-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_WORD = re.compile(r"(?:true|false|null)\b")
# As in Velocity, a backslash escapes nothing here, and a quote that is doubled stands for one.
_SINGLE = re.compile(r"'((?:[^']++|'')*)'")
_DOUBLE = re.compile(r'"((?:[^"]++|"")*)"')
_OPERATOR = re.compile(r"\|\||&&|==|!=|<=|>=|[-<>+*/%]|(?:or|and|eq|ne|lt|gt|le|ge)\b")
_NEGATION = re.compile(r"(?:\s*+(?:!|-(?=\s*+[$(])|not\b))++")
_INNER_DIRECTIVE = re.compile(r"#\{?(?:set|if|elseif|else|end|foreach|macro|define|evaluate|parse|include)\b")
_BINDING = {
    **dict.fromkeys(("||", "or"), 1),
    **dict.fromkeys(("&&", "and"), 2),
    **dict.fromkeys(("==", "!=", "eq", "ne"), 3),
    **dict.fromkeys(("<", ">", "<=", ">=", "lt", "gt", "le", "ge"), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
_ARITHMETIC = 5


def expression(cursor: Cursor) -> Expression:
    """Read one expression."""
    if not cursor.deeper():
        return Literal("", cursor.end)
    found = _operation(cursor, 1)
    cursor.depth -= 1
    return found


def starts_reference(cursor: Cursor) -> bool:
    """Return whether a reference begins here; a `$` alone is text."""
    return _REFERENCE.match(cursor.text, cursor.at, cursor.end) is not None


def reference(cursor: Cursor) -> Reference:
    """Read a reference; the cursor stands on its `$`."""
    at = cursor.at
    found = cursor.take(_REFERENCE)
    if found is None:
        cursor.fail("a reference is expected here")
        return Reference("", (), at, at)
    parts = _parts(cursor)
    if found[1]:
        if cursor.peek() == "}":
            cursor.at += 1
        else:
            cursor.fail(f"the reference ${{{found[2]} is not closed with }}", at)
    if cursor.has_failed:
        return Reference("", (), at, at)  # half a reference says something that nobody wrote
    if found[2] == "util":
        _note_function(cursor, parts, at)
    return Reference(found[2], parts, at, cursor.at)


def arguments(cursor: Cursor, of: str, separator: str = ",") -> tuple[Expression, ...]:
    """Read what stands between parentheses; the cursor is behind the first one. A blank separator lets spaces do."""
    found: list[Expression] = []
    while cursor.skip_space() != ")":
        if not cursor.peek():
            cursor.fail(f") is missing in {of}")
            break
        found.append(expression(cursor))
        if cursor.accept(",") or cursor.skip_space() == ")":
            continue
        if separator.strip() and not cursor.has_failed:
            cursor.fail(f") or , is missing in {of}")
    else:
        cursor.at += 1
    return tuple(found)


def _parts(cursor: Cursor) -> tuple[Part, ...]:
    parts: list[Part] = []
    while True:
        if cursor.peek() == ".":
            found = NAME.match(cursor.text, cursor.at + 1, cursor.end)
            if not found:
                break
            cursor.at = found.end()
            if cursor.peek() == "(":
                cursor.at += 1
                parts.append(Call(found[0], arguments(cursor, f"the call of {found[0][:40]}")))
            else:
                parts.append(Member(found[0]))
        elif cursor.take(_INDEX):
            parts.append(Index(expression(cursor)))
            cursor.expect("]", "an index")
        else:
            break
    return tuple(parts)


def _note_function(cursor: Cursor, parts: tuple[Part, ...], at: int) -> None:
    names: list[str] = []
    for part in parts:
        if isinstance(part, Index):
            return
        names.append(part.name)
        if isinstance(part, Call):
            cursor.utils.append((at, ".".join(names)))
            return


def _operation(cursor: Cursor, binding: int) -> Expression:
    """Read operands as long as operators bind at least so tightly."""
    at = cursor.at
    is_test = cursor.take(_NEGATION) is not None
    operands = [_operand(cursor)]
    while True:
        cursor.skip_space()
        found = _OPERATOR.match(cursor.text, cursor.at, cursor.end)
        if found is None or _BINDING[found[0]] < binding:
            break
        # `1..3` and `$a..$b` are ranges, not operators; nothing else begins with a dot.
        cursor.at = found.end()
        is_test = is_test or _BINDING[found[0]] < _ARITHMETIC
        operands.append(_operation(cursor, _BINDING[found[0]] + 1))
    return operands[0] if len(operands) == 1 and not is_test else Operation(tuple(operands), is_test, at)


def _operand(cursor: Cursor) -> Expression:  # noqa: PLR0911 - one case a beginning
    character, at = cursor.skip_space(), cursor.at
    match character:
        case "$":
            return reference(cursor)
        case "(":
            cursor.at += 1
            found = expression(cursor)
            cursor.expect(")", "an expression")
            return found
        case "'":
            single = cursor.take(_SINGLE)
            if single:
                return Literal(single[1], at)
            cursor.fail("a string is not closed")
        case '"':
            return _string(cursor)
        case "[":
            return _list(cursor)
        case "{":
            return _map(cursor)
        case _:
            plain = cursor.take(_NUMBER) or cursor.take(_WORD)
            if plain:
                return Literal(plain[0], at)
            cursor.fail("an expression is expected here")
    return Literal("", at)


def _string(cursor: Cursor) -> Expression:
    """Read a double-quoted string, in which references are replaced."""
    at, whole = cursor.at, _DOUBLE.match(cursor.text, cursor.at, cursor.end)
    if whole is None:
        cursor.fail("a string is not closed")
        return Literal("", at)
    inner = _INNER_DIRECTIVE.search(cursor.text, whole.start(1), whole.end(1))
    if inner:
        cursor.fail("a directive inside a string is not followed", inner.start())
        return Literal("", at)
    outer, cursor.at, cursor.end = cursor.end, whole.start(1), whole.end(1)
    parts = _pieces(cursor) if cursor.deeper() else ()
    cursor.depth -= 1
    cursor.end = outer
    cursor.at = outer if cursor.has_failed else whole.end()
    if any(isinstance(part, Reference) for part in parts):
        return Joined(parts, at)
    return Literal(whole[1], at)


def _pieces(cursor: Cursor) -> tuple[Literal | Reference, ...]:
    """Read the inside of a string up to the cursor's end."""
    found: list[Literal | Reference] = []
    begin = cursor.at
    while (dollar := cursor.text.find("$", cursor.at, cursor.end)) >= 0:
        cursor.at = dollar
        if is_escaped(cursor.text, dollar, begin) or not starts_reference(cursor):
            cursor.at += 1
            continue
        if dollar > begin:
            found.append(Literal(cursor.text[begin:dollar], begin))
        found.append(reference(cursor))
        begin = cursor.at
    if begin < cursor.end:
        found.append(Literal(cursor.text[begin : cursor.end], begin))
    return tuple(found)


def is_escaped(text: str, at: int, begin: int) -> bool:
    """Return whether an odd number of backslashes stands before a place."""
    first = at
    while first > begin and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def _list(cursor: Cursor) -> Expression:
    at = cursor.at
    cursor.at += 1
    items: list[Expression] = []
    while cursor.skip_space() != "]":
        items.append(expression(cursor))
        if cursor.accept("..") or cursor.accept(",") or cursor.skip_space() == "]":
            continue
        cursor.fail("a list is not closed with ]", None if cursor.has_failed else at)
        break
    else:
        cursor.at += 1
    return Held(tuple(items), at)


def _map(cursor: Cursor) -> Expression:
    at = cursor.at
    cursor.at += 1
    items: list[Expression] = []
    while cursor.skip_space() != "}":
        key = None if cursor.take(NAME) else expression(cursor)
        if key is not None and not isinstance(key, Literal):
            items.append(key)
        cursor.expect(":", "a map")
        items.append(expression(cursor))
        if cursor.accept(",") or cursor.skip_space() == "}":
            continue
        cursor.fail("a map is not closed with }", at)
        break
    else:
        cursor.at += 1
    return Held(tuple(items), at)
