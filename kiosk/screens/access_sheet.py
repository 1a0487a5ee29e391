"""How the screen looks and speaks for whoever stands before it, in one place; all of it ends with the session."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from kiosk.journey.events import AccessToggled, Adjusted, HelpToggled, LanguageToggled
from kiosk.journey.settings import TIMES, Settings, TextSize
from kiosk.screens.layout.arrange import ArrangedSheet
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.layout.placing_settings import SettingsPlacing
from kiosk.screens.layout.shape import Shape
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button, secondary_button, topic_button
from kiosk.widgets.choosers import level_row
from kiosk.widgets.icon import Badge
from kiosk.widgets.setting import Choice, Chooser, Setting
from kiosk.widgets.words import Words

SIZES = tuple(TextSize)


class AccessSheetScreen(ArrangedSheet):
    """Every change takes effect at once, on the sheet too."""

    placing = SettingsPlacing

    def watches(self, scene: Scene) -> Hashable:
        return self.turns_with(scene)

    def holds(self, scene: Scene) -> Holding:
        theme, text = scene.theme, scene.text
        normal = secondary_button(
            theme, text("All normal"), lambda: self._set(scene, all_normal(scene.state.settings)),
            icon="arrow-counter-clockwise", control_id="all-normal", height=110 if self.shape.short_of_room else 152,
        )
        done = primary_button(
            theme, text("Done"), lambda: scene.send(AccessToggled()), icon="check", control_id="close",
        )
        low = self.shape.short_of_room
        choices = self._choices(scene)
        if low:
            choices.append(Choices([Column([normal])], columns=1))
        return Holding(
            tells=[self._heading(scene)], choices=choices, actions=[done] if low else [normal, done], end=False,
        )

    def _heading(self, scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        title = Words(theme, text("Set it up your way"), "title", bold=True, role="heading")
        if self.shape.short_of_room:
            return title
        lines: list[Block] = [title]
        if self.shape is Shape.UPRIGHT:
            lines.append(Words(theme, text("It takes effect at once, until you finish."), "lead"))
        badge = Badge(theme, "person-arms-spread", 104)
        return Row([badge, Column(lines)], shares=[0, 1], gap=theme.space(28))

    def _choices(self, scene: Scene) -> list[Choices]:
        """One below the other; side by side where the panel is wide enough, the levels of the voice always."""
        letters, contrast, height = self._letters(scene), self._contrast(scene), self._height(scene)
        rate, volume, time = self._level(scene, "rate"), self._level(scene, "volume"), self._time(scene)
        texts = []
        if scene.state.catalogue is not None and any(each.simple for each in scene.state.catalogue.services):
            texts.append(self._texts(scene))
        rows: list[list[Block]]
        if self.shape.short_of_room:
            # With what the bar of such a panel has no place for.
            rows = [[letters], [contrast], [height], [self._language(scene)], [self._speech(scene)], [rate], [volume],
                    [time], texts, [self._help(scene)]]
        elif self.shape is Shape.WIDE:
            rows = [[letters, contrast], [time, height], [rate, volume, *texts]]
        else:
            rows = [[letters], [contrast], [height], [rate, volume], [time], texts]
        gap = scene.theme.gutter + scene.theme.space(24)
        # A level takes less room than two words.
        shares = [1.0, 1.0, 1.4]
        blocks = [
            row[0] if len(row) == 1 else Row(row, shares=shares[:len(row)], gap=gap, valign="fill")
            for row in rows if row
        ]
        return [Choices(blocks, columns=1)]

    @staticmethod
    def _set(scene: Scene, settings: Settings) -> None:
        scene.send(Adjusted(settings))

    def _change(self, scene: Scene, **changes: Any) -> Callable[[], None]:
        return lambda: self._set(scene, replace(scene.state.settings, **changes))

    def _called(self, long: str, short: str) -> str:
        """The name of a setting, on one line wherever possible."""
        return short if self.shape.short_of_room else long

    # ---- what can be set --------------------------------------------------------------------------------------

    def _letters(self, scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        labels = {
            TextSize.NORMAL: text("Normal"), TextSize.LARGE: text("Large"), TextSize.LARGEST: text("Largest"),
        }
        name = self._called(text("Size of the letters"), text("Letters"))
        control = Chooser(
            theme, [Choice(labels[size], self._change(scene, text=size)) for size in SIZES],
            SIZES.index(scene.state.settings.text), name=name, control_id="set:text", less=text("Smaller letters"),
            more=text("Larger letters"), growing=True,
        )
        return self._setting(scene, "text-aa", name, control)

    def _contrast(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "contrast", "circle-half", text("Contrast"), (text("Normal"), text("On black")),
            "high_contrast",
        )

    def _height(self, scene: Scene) -> Block:
        text = scene.text
        name = self._called(text("Height of the buttons"), text("Buttons"))
        return self._either(
            scene, "reach", "wheelchair", name, (text("Whole screen"), text("Only below")), "reach",
        )

    def _speech(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "speech", "speaker-high", text("Read aloud"), (text("No"), text("Yes")), "speech",
        )

    def _texts(self, scene: Scene) -> Block:
        text = scene.text
        return self._either(
            scene, "simple", "book-open-text", text("Texts"), (text("Complete"), text("Simpler")), "simple",
        )

    def _either(
        self, scene: Scene, place: str, icon: str, name: str, labels: tuple[str, str], field: str,
    ) -> Block:
        choices = [
            Choice(label, self._change(scene, **{field: on})) for label, on in zip(labels, (False, True), strict=True)
        ]
        chosen = int(getattr(scene.state.settings, field))
        control = Chooser(scene.theme, choices, chosen, name=name, control_id=f"set:{place}")
        return self._setting(scene, icon, name, control)

    def _time(self, scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        name = self._called(text("Time to answer"), text("Time"))
        labels = (text("Normal"), text("Double"), text("Triple"))
        control = Chooser(
            theme, [Choice(label, self._change(scene, time=time)) for label, time in zip(labels, TIMES, strict=True)],
            scene.state.settings.time - 1, name=name, control_id="set:time", less=text("Less time"),
            more=text("More time"),
        )
        return self._setting(scene, "timer", name, control)

    def _level(self, scene: Scene, field: str) -> Block:
        theme, text = scene.theme, scene.text
        if field == "rate":
            icon, name, short = "person-simple-run", text("Speed of the voice"), text("Speed")
            less, more = text("Slower voice"), text("Faster voice")
        else:
            icon, name, short = "speaker-high", text("Volume of the voice"), text("Volume")
            less, more = text("Softer voice"), text("Louder voice")
        level: int = getattr(scene.state.settings, field)
        name = self._called(name, short)
        row = level_row(
            theme, level, lambda to: self._change(scene, **{field: to})(), name=name,
            less=less, more=more, control_id=f"set:{field}",
        )
        return self._setting(scene, icon, name, row)

    def _language(self, scene: Scene) -> Block:
        theme, text = scene.theme, scene.text
        button = topic_button(
            theme, text("Change"), lambda: scene.send(LanguageToggled()), control_id="set:language",
        )
        return self._setting(scene, "translate", text("Language"), button)

    def _help(self, scene: Scene) -> Block:
        """Where the bar is too narrow for it."""
        text = scene.text
        button = topic_button(
            scene.theme, text("How can we help?"), lambda: scene.send(HelpToggled()), control_id="set:help",
        )
        return self._setting(scene, "question", text("Help"), button)

    def _setting(self, scene: Scene, icon: str, name: str, control: Block) -> Block:
        return Setting(scene.theme, icon, name, control, beside=self.shape.short_of_room)


def all_normal(settings: Settings) -> Settings:
    """As at the start of a session; who hears the screen, or works it by keys, still does."""
    return Settings(speech=settings.speech, keys=settings.keys)
