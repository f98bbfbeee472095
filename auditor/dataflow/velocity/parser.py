"""Text, directives and blocks, by recursive descent. Never raises: what is not understood ends reading, with its place."""

import re
from collections.abc import Callable, Mapping

from auditor.dataflow.velocity.expressions import arguments, expression, is_escaped, reference, starts_reference
from auditor.dataflow.velocity.lexer import NAME, Cursor
from auditor.dataflow.velocity.tree import (
    Assignment,
    Block,
    Choice,
    Definition,
    Expression,
    Literal,
    Loop,
    Macro,
    Node,
    Reference,
    Tree,
    Use,
)

_DEEPEST = 64
"""Blocks in one another. Python's own limit is far away, and so is every template that a person wrote."""
_MARK = re.compile(r"[$#]")
_DIRECTIVE = re.compile(r"#(@?)(?:\{([A-Za-z_][A-Za-z0-9_-]*+)\}|([A-Za-z_][A-Za-z0-9_]*+))")
_COMMENT = re.compile(r"##[^\r\n]*+(?:\r\n|[\r\n])?")
_PARENTHESIS = re.compile(r"[ \t]*+\(")
_MACRO_NAME = re.compile(r"#(?:macro|\{macro\})\s*+\(\s*+([A-Za-z_][A-Za-z0-9_-]*+)")
_BRANCHES = frozenset({"elseif", "else", "end"})


def parse(text: str) -> Tree:
    """Return the tree of a template."""
    reader = _Reader(text)
    block = reader.block(())
    cursor = reader.cursor
    return Tree(
        block=block,
        branches=reader.branches,
        loops=reader.loops,
        macros=reader.macros,
        sets=reader.sets,
        depth=reader.deepest,
        utils=tuple(name for _, name in sorted(cursor.utils)),
        troubles=tuple(cursor.troubles),
    )


class _Reader:
    """Counts while it reads."""

    def __init__(self, text: str) -> None:
        self.cursor = Cursor(text)
        self.macro_names = frozenset(_MACRO_NAME.findall(text))
        self.branches = self.loops = self.macros = self.sets = 0
        self.level = self.deepest = 0
        self._met = ""
        self._directives: Mapping[str, Callable[[int], Node | None]] = {
            "set": self._set,
            "if": self._if,
            "foreach": self._foreach,
            "macro": self._macro,
            "define": self._define,
            "evaluate": self._evaluate,
            "parse": self._other_file,
            "include": self._other_file,
            "stop": self._stop,
            "break": self._nothing,
            "return": self._nothing,
        }

    def block(self, ends: tuple[str, ...]) -> Block:
        """Read up to one of these directives, which is left in `_met`; up to the end of the text where there are none."""
        nodes: list[Node] = []
        cursor, begin = self.cursor, self.cursor.at
        while (mark := _MARK.search(cursor.text, cursor.at, cursor.end)) is not None:
            cursor.at = mark.start()
            before = cursor.at
            if is_escaped(cursor.text, before, begin):
                cursor.at += 1
                continue
            node, is_over = self._marked(ends)
            if cursor.at == before:
                cursor.at += 1
                continue
            if before > begin:
                nodes.append(Literal(cursor.text[begin:before], begin))
            if node is not None:
                nodes.append(node)
            begin = cursor.at
            if is_over:
                return tuple(nodes)
        if begin < cursor.end:
            nodes.append(Literal(cursor.text[begin : cursor.end], begin))
        cursor.at = cursor.end
        self._met = ""
        return tuple(nodes)

    def _marked(self, ends: tuple[str, ...]) -> tuple[Node | None, bool]:  # noqa: PLR0911 - one case a beginning
        """Read what begins with `$` or `#`, and whether the block is over; the cursor does not move where it is mere text."""
        cursor = self.cursor
        if cursor.peek() == "$":
            return (reference(cursor), False) if starts_reference(cursor) else (None, False)
        if cursor.take(_COMMENT):
            return None, False
        if cursor.text.startswith(("#*", "#[["), cursor.at):
            return self._closed(), False
        found = _DIRECTIVE.match(cursor.text, cursor.at, cursor.end)
        if found is None:
            return None, False
        name = found[2] or found[3]
        if name in _BRANCHES and not found[1]:
            return None, self._branch_end(name, found.end(), ends)
        if name in self._directives and not found[1]:
            at, cursor.at = cursor.at, found.end()
            return self._directives[name](at), False
        return self._use(found, name), False

    def _closed(self) -> Node | None:
        """Read a block comment, or text that is not to be looked into."""
        cursor, at = self.cursor, self.cursor.at
        is_comment = cursor.text[at + 1] == "*"
        end = cursor.text.find("*#" if is_comment else "]]#", at + 2, cursor.end)
        if end < 0:
            cursor.fail("a comment is not closed with *#" if is_comment else "#[[ is not closed with ]]#")
            return None
        cursor.at = end + (2 if is_comment else 3)
        return None if is_comment else Literal(cursor.text[at + 3 : end], at + 3)

    def _branch_end(self, name: str, after: int, ends: tuple[str, ...]) -> bool:
        if name not in ends:
            self.cursor.fail(f"#{name} belongs to nothing that is open here")
            return True
        self.cursor.at = after
        self._met = name
        return True

    def _opened(self, what: str) -> bool:
        if self.cursor.take(_PARENTHESIS):
            return True
        self.cursor.fail(f"( is missing after #{what}")
        return False

    def _body(self, what: str, at: int, ends: tuple[str, ...] = ("end",)) -> Block:
        """Read the inside of a directive, one level down."""
        self.level += 1
        self.deepest = max(self.deepest, self.level)
        if self.level > _DEEPEST:
            self.cursor.fail(f"blocks are nested deeper than {_DEEPEST} levels", at)
        block = self.block(ends)
        self.level -= 1
        if not self._met:
            self.cursor.fail(f"#{what} is not closed with #end", at)
        return block

    def _set(self, at: int) -> Node | None:
        self.sets += 1
        if not self._opened("set"):
            return None
        self.cursor.skip_space()
        target = reference(self.cursor)
        self.cursor.expect("=", "#set")
        value = expression(self.cursor)
        self.cursor.expect(")", "#set")
        return Assignment(target, value, at)

    def _if(self, at: int) -> Node | None:
        found: list[tuple[Expression | None, Block]] = []
        name = "if"
        while name in {"if", "elseif"}:
            self.branches += 1
            if not self._opened(name):
                break
            condition = expression(self.cursor)
            self.cursor.expect(")", f"#{name}")
            body = self._body("if", at, ("elseif", "else", "end"))
            found.append((condition, body))
            name = self._met
        if name == "else":
            found.append((None, self._body("if", at)))
        return Choice(tuple(found), at)

    def _foreach(self, at: int) -> Node | None:
        self.loops += 1
        if not self._opened("foreach"):
            return None
        self.cursor.skip_space()
        item = reference(self.cursor)
        self.cursor.expect("in", "#foreach")
        over = expression(self.cursor)
        self.cursor.expect(")", "#foreach")
        return Loop(item.root, over, self._body("foreach", at), at)

    def _macro(self, at: int) -> Node | None:
        self.macros += 1
        if not self._opened("macro"):
            return None
        self.cursor.skip_space()
        name = self.cursor.take(NAME)
        self.cursor.accept(",")
        parameters = arguments(self.cursor, "#macro", separator=" ")
        names = tuple(each.root for each in parameters if isinstance(each, Reference))
        return Macro(name[0] if name else "", names, self._body("macro", at), at)

    def _define(self, at: int) -> Node | None:
        self.macros += 1
        if not self._opened("define"):
            return None
        self.cursor.skip_space()
        name = reference(self.cursor)
        self.cursor.expect(")", "#define")
        return Definition(name.root, self._body("define", at), at)

    def _use(self, found: re.Match[str], name: str) -> Node | None:
        """Read the call of a macro that the template defines; any other name behind a `#` is text."""
        cursor, at = self.cursor, self.cursor.at
        opened = _PARENTHESIS.match(cursor.text, found.end(), cursor.end)
        if name not in self.macro_names or opened is None:
            return None
        cursor.at = opened.end()
        given = arguments(cursor, f"#{name[:40]}", separator=" ")
        return Use(name, given, self._body(name[:40], at) if found[1] else (), at)

    def _evaluate(self, at: int) -> Node | None:
        self.macros += 1
        self.cursor.fail("what #evaluate runs is put together only when it runs", at)
        return None

    def _other_file(self, at: int) -> Node | None:
        self.cursor.fail("what #parse and #include bring in stands elsewhere", at)
        return None

    def _stop(self, _at: int) -> Node | None:
        """Nothing behind a `#stop` that is always reached is ever done."""
        if not self.level:
            self.cursor.at = self.cursor.end
        return None

    def _nothing(self, _at: int) -> Node | None:
        return None
