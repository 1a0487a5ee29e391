"""What is said of a screen: plain functions from the semantic tree to sentences. No widget, no sound.

What names or concerns the citizen is said to a headset alone; the digits of a PIN are said to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk.access.focus import STANDING
from kiosk.access.sign_words import sign
from kiosk.access.speaker import Utterance
from kiosk.catalog.model import Language
from kiosk.issuing.aloud import aloud
from kiosk.locale.translate import mark
from kiosk.widgets.semantics import Node

Text = Callable[..., str]
# Controls whose name is a language of its own, by the beginning of their ids.
IN_OWN_LANGUAGE = ("start:", "language:")
KEYS = ("key:", "digit:")
FIELD_OF_PIN = "field:pin"
PAGE = "page"
NO_CHOICES = (*KEYS, "field:", "page:", "change:")
INFORMS = frozenset({"heading", "text"})
ROLES = {"button": mark("button"), "textbox": mark("field")}
STATES = {"on": mark("switched on"), "off": mark("switched off"), "chosen": mark("chosen")}


@dataclass(frozen=True)
class Listener:
    """Who is spoken to. `fingers`: they go on by touch, not by keys. `pin`: digits on the screen are a PIN's."""

    language: Language
    text: Text
    headset: bool = False
    fingers: bool = False
    pin: bool = False

    def says(self, words: str, *, personal: bool = False, language: Language | None = None) -> Utterance:
        tongue = language or self.language
        return Utterance(aloud(words, tongue), tongue, personal)


def arrival(nodes: Sequence[Node], listener: Listener, *, first: bool) -> list[Utterance]:
    """A new screen: its title, what informs, how to go on. `first`: nobody has said yet how keys or fingers move."""
    informs = [node for node in nodes if node.role in INFORMS and node.id not in STANDING]
    title = next((node for node in informs if node.role == "heading"), None)
    if title is not None:
        informs.remove(title)
        informs.insert(0, title)
    said = [utterance for node in informs for utterance in _content(node, listener)]
    if any(node.personal for node in nodes) and not listener.headset:
        said.append(listener.says(listener.text(
            "Some of this is personal: read it on the screen, or plug in a headset to hear it."
        )))
    return said + how(nodes, listener, first=first)


def how(nodes: Sequence[Node], listener: Listener, *, first: bool) -> list[Utterance]:
    """How to go on from here."""
    text = listener.text
    said: list[Utterance] = [
        utterance for node in nodes if node.id.startswith("start:") for utterance in _content(node, listener)
    ]
    fields = [node for node in nodes if node.role == "textbox"]
    if any(node.id.startswith(KEYS) for node in nodes):
        said += [listener.says(text("To be typed: {name}", name=_ended(node.name))) for node in fields]
        if not listener.headset:
            said.append(listener.says(
                text("Without a headset the digits are not spoken: type them on a keypad.") if listener.pin
                else text("Without a headset, others may hear which keys you choose.")
            ))
    choices = sum(1 for node in nodes if node.control and ":" in node.id and not node.id.startswith(NO_CHOICES))
    if choices > 1:
        said.append(listener.says(text("{n} choices.", n=choices)))
    primary = next((node for node in nodes if node.id in {"primary", "still-here"}), None)
    if primary is not None:
        name = _ended(primary.name)
        said.append(listener.says(
            text("To go on: {name}", name=name) if primary.enabled else text("Not possible yet: {name}", name=name),
        ))
    if first:
        said.append(listener.says(
            text("Touch the screen to hear what is there. Touch the same place again to choose it.")
            if listener.fingers
            else text(
                "The next and previous keys move, select chooses, back goes back, and listen says it again."
            )
        ))
    return said


def of(node: Node, listener: Listener) -> list[Utterance]:
    """What has the focus: name, role, state."""
    text = listener.text
    if node.id.startswith(KEYS) or len(node.name) == 1:
        return _key(node, listener)
    own = _own(node, listener)
    parts = [ROLES[node.role]] if node.role in ROLES and own is listener.language else []
    if node.state in STATES:
        parts.append(STATES[node.state])
    if node.control and not node.enabled:
        parts.append(mark("not available"))
    rest = ", ".join(text(part) for part in parts)
    hidden = node.personal and not listener.headset
    name = text("Personal, shown on the screen") if hidden else node.name
    if own is listener.language:
        said = [listener.says(f"{_ended(name)} {_ended(rest)}" if rest else _ended(name), personal=node.personal)]
    else:
        said = [listener.says(_ended(name), personal=node.personal, language=own)]
        said += [listener.says(_ended(rest))] if rest else []
    if node.role == "textbox" and node.id != FIELD_OF_PIN:
        said.append(_value(node, listener))
    return said


def _key(node: Node, listener: Listener) -> list[Utterance]:
    """A key of the pad: its sign. A PIN's digits are told to a headset alone, where nobody else hears the way."""
    if listener.pin and not listener.headset and node.id.startswith("digit:"):
        return [listener.says(listener.text("A digit. Plug in a headset to hear which."))]
    name = sign(node.name, listener.text) if len(node.name) == 1 else node.name
    return [listener.says(name, personal=listener.pin)]


def _value(node: Node, listener: Listener) -> Utterance:
    text = listener.text
    if not node.value:
        return listener.says(text("Empty."))
    if not listener.headset:
        return listener.says(text("Signs typed: {n}.", n=len(node.value)))
    return listener.says(node.value, personal=True)


def changes(before: Sequence[Node], after: Sequence[Node], listener: Listener) -> list[Utterance]:
    """What came to the same screen: new texts, but no counting ones; a field that was typed into."""
    known = {_still(node.name) for node in before}
    values = {node.key: node.value for node in before if node.role == "textbox"}
    pages = {node.name for node in before if node.id == PAGE}
    said: list[Utterance] = []
    for node in after:
        if node.id == PAGE and pages and node.name not in pages:
            said.insert(0, listener.says(_ended(node.name)))
        elif node.role == "textbox" and values.get(node.key, node.value) != node.value:
            said += echo(values[node.key], node.value, listener)
        elif node.role in INFORMS and node.id not in STANDING and _still(node.name) not in known:
            said += _content(node, listener)
    return said


def chosen(before: Sequence[Node], after: Sequence[Node], key: str, listener: Listener) -> list[Utterance]:
    """The state that the focused control has now, if it is another."""
    states = {node.key: node.state for node in before}
    now = next((node for node in after if node.key == key), None)
    if now is None or now.state not in STATES or states.get(key, now.state) == now.state:
        return []
    return [listener.says(_ended(listener.text(STATES[now.state])))]


def echo(before: str, after: str, listener: Listener) -> list[Utterance]:
    """What was typed: to a headset the sign itself, else only how many there are."""
    text = listener.text
    if len(after) < len(before):
        gone = before[len(after):] if before.startswith(after) else ""
        if listener.headset and len(gone) == 1:
            return [listener.says(text("{sign} erased.", sign=sign(gone, text)), personal=True)]
        return [listener.says(text("Erased. Signs left: {n}.", n=len(after)))]
    if not listener.headset:
        return [listener.says(text("Signs typed: {n}.", n=len(after)))]
    came = after.removeprefix(before)
    letters = [character for character in came if character.isalnum()] if len(came) > 1 else []
    said = sign(letters[-1] if letters else came, text) if letters or len(came) == 1 else came
    return [listener.says(said, personal=True)]


def counted(before: int, now: int, most: int, listener: Listener) -> list[Utterance]:
    """A PIN's digit was typed or taken back: how many there are, and no more."""
    text = listener.text
    if now > before:
        return [listener.says(text("Digit {n} of {most}.", n=now, most=most))]
    return [listener.says(text("Erased. Digits left: {n}.", n=now))]


def _content(node: Node, listener: Listener) -> list[Utterance]:
    if node.personal and not listener.headset:
        return []
    return [listener.says(_ended(node.name), personal=node.personal, language=_own(node, listener))]


def _own(node: Node, listener: Listener) -> Language:
    for start in IN_OWN_LANGUAGE:
        if node.id.startswith(start):
            name = node.id.removeprefix(start)
            return Language(name) if name in set(Language) else listener.language
    return listener.language


def _still(name: str) -> str:
    """Texts that differ in their numbers alone are the same text, counting."""
    return re.sub(r"\d+", "0", name)


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?", ":", "…")) else f"{words}."
