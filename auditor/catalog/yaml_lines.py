"""YAML with the line of every value, duplicate keys refused, and nothing but plain data constructed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import JsonValue

Path_ = tuple[str | int, ...]


@dataclass
class Document:
    """A parsed file: its value, the line of each place in it, and what is wrong with it as YAML."""

    path: Path
    value: object = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def at(self, place: Path_) -> str:
        """Return `path:line` of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path}:{self.lines.get(place, 1)}"

    def problem(self, place: Path_, text: str) -> None:
        """Note what is wrong at a place."""
        self.problems.append(f"{self.at(place)}: {text}")


def read(path: Path) -> Document:
    """Return a file's document; what cannot be read or parsed is a problem of it, not an exception."""
    document = Document(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        document.problem((), "the file does not exist")
        return document
    except (OSError, UnicodeDecodeError) as error:
        document.problem((), f"the file cannot be read: {error}")
        return document
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        document.value = None if node is None else _build(loader, node, document, ())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        document.problems.append(f"{path}:{line}: {getattr(error, 'problem', None) or 'this is not YAML'}")
    finally:
        loader.dispose()
    return document


def _build(loader: yaml.SafeLoader, node: yaml.Node, document: Document, place: Path_) -> object:
    document.lines[place] = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            return _mapping(loader, node, document, place)
        case yaml.SequenceNode():
            return [_build(loader, each, document, (*place, index)) for index, each in enumerate(node.value)]
        case _:
            return loader.construct_object(node)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, document: Document, place: Path_) -> Mapping[str, object]:
    built: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node))
        if key in built:
            document.problems.append(f"{document.path}:{key_node.start_mark.line + 1}: {key} stands here twice")
        built[key] = _build(loader, value_node, document, (*place, key))
    return built


def as_json(value: object) -> JsonValue:
    """Return plain data with dates as ISO text, for places that hold any value."""
    match value:
        case dict():
            return {str(name): as_json(inner) for name, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)
