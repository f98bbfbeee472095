"""Follows values from where they are taken to where they are printed.

Nothing is executed: every branch is followed, and what a variable may hold is the union over them. Inside loops a variable
keeps what it held, until nothing new comes to it.
"""

from dataclasses import dataclass, field

from auditor.dataflow.velocity.output import Output
from auditor.dataflow.velocity.taken import NOTHING, Taken, Value, elements
from auditor.dataflow.velocity.template import Side
from auditor.dataflow.velocity.tokens import Tokens
from auditor.dataflow.velocity.tree import (
    Assignment,
    Block,
    Choice,
    Definition,
    Literal,
    Loop,
    Macro,
    Node,
    Reference,
    Tree,
    Use,
)
from auditor.dataflow.velocity.values import Values, held
from auditor.dataflow.velocity.variables import Variables
from auditor.model.transform import Source, Space

_MOST_PASSES = 8
_MOST_USES = 256
_MOST_STEPS = 200_000
"""Enough for a template of 300 KB inside a loop; a small one that needs them goes round in circles."""
_DEEPEST = 100
"""Far below Python's own limit."""
_WAS_SET: Value = frozenset({Taken(Source(Space.STATIC, ""))})


@dataclass(frozen=True, slots=True)
class Change:
    """One override."""

    side: Side
    part: str
    name: str
    value: Value
    at: int
    is_second: bool
    """Whether the same may have been overridden before."""


@dataclass(slots=True)
class Followed:
    """What following told."""

    tokens: Tokens = field(default_factory=Tokens)
    changes: dict[int, Change] = field(default_factory=dict)
    output: Output = field(default_factory=Output)
    trouble: tuple[str, int] | None = None


def follow(tree: Tree) -> Followed:
    """Return what becomes of each value that a template takes."""
    follower = _Follower()
    follower.block(tree.block)
    return follower.found


class _Follower:
    def __init__(self) -> None:
        self.found = Followed()
        self._variables = Variables(self._fail)
        self._values = Values(self.found.tokens, self._variables, self._defined, self._fail)
        self._macros: dict[str, Macro] = {}
        self._definitions: dict[str, dict[int, Block]] = {}
        """By name and place: made anew wherever the name is printed, with what variables hold there."""
        self._printing: set[str] = set()
        self._has_given_up = False
        self._uses = self._steps = self._depth = self._at = 0
        self._sink: set[Taken] | None = None
        """Where printing goes instead of the output: the body of a `#define`."""

    def block(self, block: Block) -> None:
        """Follow one node after the other."""
        self._depth += 1
        if self._depth > _DEEPEST:
            self._give_up("blocks and macros go into one another too deeply to be followed")
        for node in block:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                self._give_up("it takes too many steps to be followed")
            if self._has_given_up:
                break
            self._at = node.at
            self._node(node)
        self._depth -= 1

    def _give_up(self, what: str) -> None:
        """Follow nothing any more: what is printed by itself would be followed again and again."""
        self._fail(what)
        self._has_given_up = True

    def _fail(self, what: str) -> None:
        self.found.trouble = self.found.trouble or (what, self._at)

    def _node(self, node: Node) -> None:  # noqa: C901 - one case a kind of node, nothing else
        match node:
            case Literal(text=text):
                if self._sink is None:
                    self.found.output.text(text)
            case Reference(root=name, parts=()) if name in self._definitions and self._sink is None:
                self._print(self._variables.get(name))
                self._print_defined(name)
            case Reference():
                self._print(self._values.of(node))
            case Assignment():
                self._assign(node)
            case Choice():
                self._choose(node)
            case Loop():
                self._loop(node)
            case Definition(name=name, body=body, at=at):
                self._definitions.setdefault(name, {})[at] = body
            case Macro(name=name):
                self._macros[name] = node
            case Use():
                self._use(node)

    def _print(self, value: Value) -> None:
        if any(each.source.space is Space.UNKNOWN for each in value):
            self._fail("what is printed here is nothing that API Gateway documents")
        if self._sink is not None:
            self._sink |= value
        else:
            self.found.tokens.printed(value, is_quoted=self.found.output.value())

    def _assign(self, node: Assignment) -> None:
        value, target = self._values.of(node.value), node.target
        if target.root == "context":
            self._override(node, value)
        elif not target.parts:
            self._variables.put(target.root, value)
        else:
            self._edit(target, value)

    def _edit(self, target: Reference, value: Value) -> None:
        """Put something into a thing that a variable holds."""
        for part in target.parts:
            self._values.use(part)
        before = self._variables.get(target.root)
        self._values.look_for_override(before, target.parts)
        self.found.tokens.edit(before)
        self._variables.put(target.root, before | held(value))

    def _override(self, node: Assignment, value: Value) -> None:
        place = self._override_place(node.target)
        self.found.tokens.use(value)
        if place is None:
            self._fail("setting this part of $context is not understood")
            return
        side, part, name = place
        key = f"{side} {part} {name}"
        is_second = bool(self._variables.get(key)) and name != "*"
        before = self.found.changes.get(node.at)
        if before is not None:
            value, is_second = value | before.value, is_second or before.is_second
        self.found.changes[node.at] = Change(side, part, name, value, node.at, is_second)
        self._variables.put(key, _WAS_SET)

    def _override_place(self, target: Reference) -> tuple[Side, str, str] | None:
        names = [self._values.name(part) for part in target.parts]
        match names:
            case ["requestOverride", ("header" | "path" | "querystring") as part, name]:
                side = Side.REQUEST
            case ["responseOverride", "header" as part, name]:
                side = Side.RESPONSE
            case ["responseOverride", "status"]:
                return Side.RESPONSE, "status", ""
            case _:
                return None
        if name is None:
            return side, part, "*"
        return side, part, name.lower() if part == "header" else name

    def _choose(self, node: Choice) -> None:
        output, variables = self.found.output, self._variables
        before = after = output.place
        ends: list[dict[str, Value]] = []
        for number, (condition, body) in enumerate(node.branches):
            if condition is not None:
                self.found.tokens.use(self._values.of(condition))
            output.place = before
            variables.open()
            self.block(body)
            ends.append(variables.close())
            after = after if number else output.place
        output.place = after
        if node.branches and node.branches[-1][0] is not None:
            ends.append({})
        variables.join(ends)

    def _loop(self, node: Loop) -> None:
        variables = self._variables
        item = frozenset(one for each in self._values.of(node.over) for one in elements(each))
        place = self.found.output.place
        variables.loops += 1
        is_outermost = variables.loops == 1
        for _ in range(_MOST_PASSES if is_outermost else 1):
            variables.have_grown &= not is_outermost
            self.found.output.place = place
            variables.put(node.name, item)
            self.block(node.body)
            if not variables.have_grown:
                break
        else:
            if is_outermost:
                self._fail("values go round a loop in too many ways to be followed")
        variables.loops -= 1

    def _print_defined(self, name: str) -> None:
        """Follow the bodies of a `#define` where its name is printed. Each printing counts: bodies that print others multiply."""
        self._uses += 1
        if name in self._printing or self._uses > _MOST_USES:
            self._fail(f"the #define of ${name[:40]} prints itself, or is printed too often to be followed")
            return
        self._printing.add(name)
        for body in tuple(self._definitions[name].values()):
            self.block(body)
        self._printing.discard(name)

    def _defined(self, name: str) -> Value:
        if name not in self._definitions:
            return NOTHING
        outer, self._sink = self._sink, set()
        self._print_defined(name)
        printed, self._sink = self._sink, outer
        return frozenset(printed)

    def _use(self, node: Use) -> None:
        self._uses += 1
        macro = self._macros.get(node.name)
        if macro is None or self._uses > _MOST_USES:
            self._fail(f"the use of #{node.name[:40]} cannot be followed")
            return
        given = [self._values.of(each) for each in node.arguments]
        self._variables.open()
        for name, value in zip(macro.parameters, given, strict=False):
            self._variables.bind(name, value)
        if node.body:
            self._definitions.setdefault("bodyContent", {})[node.at] = node.body
        self.block(macro.body)
        # What a macro sets stays set; only its parameters are its own.
        for name, value in self._variables.close().items():
            if name not in macro.parameters:
                self._variables.put(name, value)
