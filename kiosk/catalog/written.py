"""What administrators wrote, as plain values: YAML in which a slip is an error and nothing grows beyond its size."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

# A catalogue of two hundred services has some fifty thousand.
MOST_NODES = 500_000


class WrittenError(ValueError):
    """The text cannot be read; one plain line with the place."""


def load(text: str) -> Any:
    """The value of a YAML text. WrittenError for broken YAML, a name given twice, and anchors that multiply."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _size(node, {})
        return loader.construct_document(node)
    except WrittenError:
        raise
    except yaml.MarkedYAMLError as error:
        raise WrittenError(_line(error)) from error
    except RecursionError as error:
        raise WrittenError("nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        raise WrittenError(f"not YAML: {' '.join(str(error).split())}") from error


class _Loader(yaml.SafeLoader):
    """The safe one, which would silently take the last of two fields of one name."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name.value} is given twice", name.start_mark)
            seen.add(str(name.value))
        return super().construct_mapping(node, deep)


def _line(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    why = ", ".join(words for words in (error.context, error.problem) if words)
    return f"{where}not YAML: {' '.join(why.split())}"


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there are once every alias is written out. A node that holds itself has no end."""
    key = id(node)
    if key in known:
        return known[key]
    known[key] = MOST_NODES
    parts = node.value if isinstance(node, yaml.SequenceNode) else ()
    if isinstance(node, yaml.MappingNode):
        parts = [part for pair in node.value for part in pair]
    known[key] = 1 + sum(_size(part, known) for part in parts)
    if known[key] > MOST_NODES:
        raise WrittenError(f"line {node.start_mark.line + 1}: anchors that multiply: write the values out")
    return known[key]
