"""What stands on a screen, gathered once for all checks of it."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from kiosk.widgets import semantics
from kiosk.widgets.semantics import Node
from kiosk.widgets.words import Words


@lru_cache(maxsize=4096)
def is_a(kind: type, wanted: type | tuple[type, ...]) -> bool:
    """`issubclass`, remembered: abstract classes take long to answer."""
    return issubclass(kind, wanted)


class Seen:
    """A screen, or what was gathered of it already: every check takes either."""

    def __init__(self, root: Any) -> None:
        self.root = root

    @classmethod
    def of(cls, root: Any) -> Seen:
        return root if isinstance(root, cls) else cls(root)

    @cached_property
    def everything(self) -> list[Any]:
        """The widget and all below it."""
        found = [self.root]
        for each in found:
            found.extend(each.children)
        return found

    @cached_property
    def words(self) -> list[Any]:
        return [each for each in self.everything if is_a(type(each), Words)]

    @cached_property
    def nodes(self) -> list[Node]:
        """The semantic tree, in reading order."""
        return semantics.tree(self.root)

    @cached_property
    def buttons(self) -> list[Node]:
        """What can be pressed, in the order in which it is reached."""
        return [node for node in self.nodes if node.role == "button"]
