"""What an expression may stand for."""

from collections.abc import Callable, Iterable, Sequence

from auditor.dataflow.velocity.taken import (
    BODY,
    EVERYTHING,
    NOTHING,
    Members,
    Taken,
    Value,
    body_source,
    into,
    is_override,
    members,
    parameter_source,
)
from auditor.dataflow.velocity.tokens import Tokens
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
from auditor.dataflow.velocity.variables import Variables
from auditor.model.transform import Source, Space

_OVERRIDDEN = "whether an override is changed here is not understood"
_CONTEXT: Value = frozenset({Taken(Source(Space.UNKNOWN, "$context"))})
_STAGE_VARIABLES: Value = frozenset({Taken(Source(Space.STAGE_VARIABLE, ""))})
_ENCODERS = frozenset({"escapeJavaScript", "urlEncode", "base64Encode"})
_LISTS = frozenset({"keySet", "values", "entrySet"})
_QUESTIONS = frozenset(
    {
        "size",
        "length",
        "isEmpty",
        "equals",
        "equalsIgnoreCase",
        "contains",
        "containsKey",
        "startsWith",
        "endsWith",
        "matches",
    }
)
"""Methods that give a number, or true or false: no text of anybody's."""
_CHANGES = frozenset({"put", "putAll", "add", "addAll", "addFirst", "addLast", "append", "set", "insert", "push"})


class Values:
    """Evaluates expressions over what variables may hold."""

    def __init__(
        self, tokens: Tokens, variables: Variables, defined: Callable[[str], Value], fail: Callable[[str], None]
    ) -> None:
        self._tokens = tokens
        self._variables = variables
        self._defined = defined
        """What the text that stands under a name by `#define` prints; nothing for other names."""
        self._fail = fail

    def of(self, expression: Expression) -> Value:
        """Return everything that may go into an expression."""
        match expression:
            case Literal():
                return NOTHING
            case Joined(parts=parts):
                return self._any(parts)
            case Held(items=items):
                return held(self._any(items))
            case Operation(operands=operands, is_test=is_test):
                value = self._any(operands)
                return _answers(value) if is_test else value
            case Reference():
                return self._reference(expression)

    def name(self, part: Part) -> str | None:
        """Return the name of a member; None where it is not fixed."""
        match part:
            case Member(name=name):
                return name
            case Call(arguments=(first, *rest)):
                self._tokens.use(self._any(rest))
                return self._text(first)
            case Call():
                return None
            case Index(of=of):
                return self._text(of)

    def use(self, part: Part) -> None:
        """Note that what stands in a part is used."""
        self._tokens.use(self._arguments(part))

    def _any(self, expressions: Iterable[Expression]) -> Value:
        return frozenset().union(*(self.of(each) for each in expressions))

    def _reference(self, of: Reference) -> Value:
        parts = of.parts
        change = next((each for each in parts if isinstance(each, Call) and each.name in _CHANGES), None)
        match of.root:
            case "util":
                return self._util(of)
            case "input":
                value, parts = self._input(parts)
            case "context":
                value = _CONTEXT
                self.look_for_override(_CONTEXT, parts[: parts.index(change)] if change else ())
            case "stageVariables":
                value = _STAGE_VARIABLES
            case _:
                if change:
                    return self._change(of, change)
                value = self._variables.get(of.root) | self._defined(of.root)
        return self._tokens.told(of, self._walk(value, parts))

    def _change(self, of: Reference, call: Call) -> Value:
        """Follow `$list.add(…)` and its kin, which print nothing of what they are given."""
        given, before = self._arguments(call), self._variables.get(of.root)
        self.look_for_override(before, of.parts[: of.parts.index(call)])
        self._tokens.edit(before)
        self._variables.put(of.root, before | held(given))
        return NOTHING

    def look_for_override(self, value: Value, parts: Sequence[Part]) -> None:
        """Note that what lies below a value is changed: an override under another name is not followed."""
        if is_override(self._walk(value, parts)):
            self._fail(_OVERRIDDEN)

    def _util(self, of: Reference) -> Value:
        for index, part in enumerate(of.parts):
            if not isinstance(part, Call):
                continue
            is_escaped = part.name in _ENCODERS
            value = frozenset(
                each._replace(is_escaped=is_escaped, is_json=each.is_json and not is_escaped, held=0)
                for each in self._arguments(part)
            )
            return self._tokens.told(of, self._walk(value, of.parts[index + 1 :]))
        return NOTHING

    def _input(self, parts: tuple[Part, ...]) -> tuple[Value, tuple[Part, ...]]:
        is_json, rest = False, parts[1:]
        match parts:
            case (Member(name="body"), *_):
                source = BODY
            case (Call(name=("json" | "path") as name, arguments=given), *_):
                source, is_json = self._body(given), name == "json"
            case (Call(name="params", arguments=()), *_):
                source = EVERYTHING
            case (Call(name="params", arguments=given), *_):
                source = parameter_source(self._text(given[0]))
            case _:
                source, rest = Source(Space.UNKNOWN, "$input"), parts
        return frozenset({Taken(source, is_escaped=is_json, is_json=is_json)}), rest

    def _body(self, given: tuple[Expression, ...]) -> Source:
        """Return the part of the body that is asked for; all of it where that is not fixed."""
        if not given:
            return BODY
        if isinstance(given[0], Literal):
            return body_source(given[0].text)
        self._tokens.use(self.of(given[0]))
        if isinstance(given[0], Joined):
            return body_source("".join(each.text if isinstance(each, Literal) else "*" for each in given[0].parts))
        return BODY

    def _walk(self, value: Value, parts: Iterable[Part]) -> Value:
        for part in parts:
            value = self._step(value, part)
        return value

    def _step(self, value: Value, part: Part) -> Value:
        if isinstance(part, Call) and part.name in _LISTS:
            return frozenset(members(each, part.name) for each in value)
        if isinstance(part, Call) and part.name in {"getKey", "getValue"}:
            return frozenset(each._replace(members=Members()) for each in value)
        if isinstance(part, Call) and part.name in _QUESTIONS:
            return _answers(value | self._arguments(part))
        if isinstance(part, Call) and part.name not in {"get", "getOrDefault"}:
            return value | self._arguments(part)
        name = self.name(part)
        return frozenset(into(each, name) for each in value)

    def _text(self, of: Expression) -> str | None:
        if isinstance(of, Literal):
            return of.text
        self._tokens.use(self.of(of))
        return None

    def _arguments(self, part: Part) -> Value:
        match part:
            case Member():
                return NOTHING
            case Call(arguments=given):
                return self._any(given)
            case Index(of=of):
                return self.of(of)


def _answers(value: Value) -> Value:
    """Return what a question gives: still something of the value, but nothing that could end a string."""
    return frozenset(each._replace(is_escaped=True, is_json=False, held=0) for each in value)


def held(value: Value) -> Value:
    """Return a value inside a list or a map."""
    return frozenset(each._replace(held=each.held + 1) for each in value)
