"""How the screen looks and speaks for whoever stands before it, in one place; all of it ends with the session."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from kiosk.journey.events import AccessToggled, Adjusted, LanguageToggled
from kiosk.journey.settings import TIMES, Settings, TextSize
from kiosk.screens.arrange import ArrangedSheet
from kiosk.screens.holding import Choices, Holding
from kiosk.screens.placing_settings import SettingsPlacing
from kiosk.screens.scene import Scene
from kiosk.screens.shape import Shape
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.choosers import level_row
from kiosk.widgets.icon import Badge
from kiosk.widgets.setting import Chooser, Choice, Setting
from kiosk.widgets.words import Words

SIZES = tuple(TextSize)


class AccessSheetScreen(ArrangedSheet):
    """Every change takes effect at once, on the sheet too."""

    placing = SettingsPlacing

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.settings, self.turns_with(scene)

    def holds(self, scene: Scene) -> Holding:
        theme, text = scene.theme, scene.text
        normal = secondary_button(
            theme, text("All normal"), lambda: self._set(scene, all_normal(scene.state.settings)),
            icon="arrow-counter-clockwise", control_id="all-normal",
        )
        done = primary_button(
            theme, text("Done"), lambda: scene.send(AccessToggled()), icon="check", control_id="close",
        )
        title = Words(theme, text("Set it up your way"), "title", bold=True, role="heading")
        heading: Block = title
        if not self.shape.short_of_room:
            until = Words(theme, text("It takes effect at once, until you finish."), "lead")
            badge = Badge(theme, "person-arms-spread", 104)
            heading = Row([badge, Column([title, until])], shares=[0, 1], gap=theme.space(28))
        choices = self._choices(scene)
        if self.shape.short_of_room:
            return Holding(tells=[heading], choices=[*choices, Choices([normal], columns=1)], actions=[done])
        return Holding(tells=[heading], choices=choices, actions=[normal, done])

    def _choices(self, scene: Scene) -> list[Choices]:
        """In pairs where the panel is wide enough; the levels of the voice always are one."""
        seen = [self._letters(scene), self._contrast(scene), self._height(scene)]
        voice = [self._level(scene, "rate"), self._level(scene, "volume")]
        rest = [self._time(scene)]
        if scene.state.catalogue is not None and any(each.simple for each in scene.state.catalogue.services):
            rest.append(self._texts(scene))
        if self.shape.short_of_room:
            # What the bar of such a panel has no place for.
            return [Choices([*seen, self._language(scene), self._speech(scene), *voice, *rest])]
        if self.shape is Shape.WIDE:
            return [Choices([*seen, *rest, *voice])]
        return [
            *(Choices([block], columns=1) for block in seen), Choices(voice),
            *(Choices([block], columns=1) for block in rest),
        ]

    @staticmethod
    def _set(scene: Scene, settings: Settings) -> None:
        scene.send(Adjusted(settings))

    def _change(self, scene: Scene, **changes: Any) -> Callable[[], None]:
        return lambda: self._set(scene, replace(scene.state.settings, **changes))

    # ---- what can be set --------------------------------------------------------------------------------------

    def _letters(self, scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        labels = {
            TextSize.NORMAL: text("Normal"), TextSize.LARGE: text("Large"), TextSize.LARGEST: text("Largest"),
        }
        name = text("Size of the letters")
        control = Chooser(
            theme, [Choice(labels[size], self._change(scene, text=size)) for size in SIZES],
            SIZES.index(scene.state.settings.text), name=name, control_id="set:text", less=text("Smaller letters"),
            more=text("Larger letters"), growing=True,
        )
        return Setting(theme, "text-aa", name, control)

    def _contrast(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "contrast", "circle-half", text("Contrast"), (text("Normal"), text("Black background")),
            "high_contrast",
        )

    def _height(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "reach", "wheelchair", text("Height of the buttons"),
            (text("Whole screen"), text("Only below")), "reach",
        )

    def _speech(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "speech", "speaker-high", text("Read aloud"), (text("Off"), text("On")), "speech",
        )

    def _texts(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "simple", "book-open-text", text("Texts"), (text("Complete"), text("Simpler")), "simple",
        )

    def _either(
        self, scene: Scene, place: str, icon: str, name: str, labels: tuple[str, str], field: str,
    ) -> Block:
        choices = [Choice(label, self._change(scene, **{field: on})) for label, on in zip(labels, (False, True))]
        chosen = int(getattr(scene.state.settings, field))
        return Setting(
            scene.theme, icon, name, Chooser(scene.theme, choices, chosen, name=name, control_id=f"set:{place}"),
        )

    def _time(self, scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        name = text("Time to answer")
        labels = (text("Normal"), text("Double"), text("Triple"))
        control = Chooser(
            theme, [Choice(label, self._change(scene, time=time)) for label, time in zip(labels, TIMES)],
            scene.state.settings.time - 1, name=name, control_id="set:time", less=text("Less time"),
            more=text("More time"),
        )
        return Setting(theme, "timer", name, control)

    def _level(self, scene: Scene, field: str) -> Block:
        theme, text = scene.theme, scene.text
        if field == "rate":
            icon, name, less, more = (
                "person-simple-run", text("Speed of the voice"), text("Slower voice"), text("Faster voice")
            )
        else:
            icon, name, less, more = (
                "speaker-high", text("Volume of the voice"), text("Softer voice"), text("Louder voice")
            )
        level: int = getattr(scene.state.settings, field)
        row = level_row(
            theme, level, lambda to: self._set(scene, replace(scene.state.settings, **{field: to})), name=name,
            less=less, more=more, control_id=f"set:{field}",
        )
        return Setting(theme, icon, name, row)

    @staticmethod
    def _language(scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        button = topic_button(
            theme, text("Change the language"), lambda: scene.send(LanguageToggled()), control_id="set:language",
        )
        return Setting(theme, "translate", text("Language"), button)


def all_normal(settings: Settings) -> Settings:
    """As at the start of a session; who hears the screen, or works it by keys, still does."""
    return Settings(speech=settings.speech, keys=settings.keys)
