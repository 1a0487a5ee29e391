"""How the screen is shown and spoken, all of it in one place; it holds at once, and until the session ends."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from kiosk.journey.events import AccessToggled, Adjusted, LanguageToggled
from kiosk.journey.settings import Settings, TextSize
from kiosk.screens.arrange import ArrangedSheet
from kiosk.screens.holding import Choices, Holding
from kiosk.screens.scene import Scene
from kiosk.screens.shape import shape_of
from kiosk.widgets.block import Block, Column
from kiosk.widgets.buttons import primary_button, secondary_button
from kiosk.widgets.choosers import level_row, option_button
from kiosk.widgets.icon import Badge
from kiosk.widgets.tokens import Step
from kiosk.widgets.words import Words


class AccessOverlay(ArrangedSheet):
    def watches(self, scene: Scene) -> Hashable:
        return type(scene.state.stage), scene.state.settings

    def turns_with(self, scene: Scene) -> Hashable:
        return scene.state.overlay

    def holds(self, scene: Scene) -> Holding:
        theme, text, settings = scene.theme, scene.text, scene.state.settings
        choices = [
            self._sizes(scene),
            self._two(scene, text("Contrast"), "contrast", (text("Normal"), text("Black ground")),
                      settings.high_contrast, lambda on: replace(settings, high_contrast=on)),
            self._two(scene, text("Height of the buttons"), "reach", (text("On the whole screen"), text("Only below")),
                      settings.reach, lambda on: replace(settings, reach=on)),
            *self._from_the_bar(scene),
            Choices([
                self._level(scene, text("Speed of the voice"), "rate", settings.rate,
                            (text("Slower"), text("Faster")), lambda level: replace(settings, rate=level)),
                self._level(scene, text("Volume of the voice"), "volume", settings.volume,
                            (text("Softer"), text("Louder")), lambda level: replace(settings, volume=level)),
            ]),
            self._times(scene),
        ]
        if self._has_simple(scene):
            choices.append(self._two(
                scene, text("Texts"), "simple", (text("Complete"), text("Simple")), settings.simple,
                lambda on: replace(settings, simple=on),
            ))
        return Holding(
            title=text("Make it your way"),
            subtitle=text("It holds at once, and only until you finish."),
            emblem=Badge(theme, "wheelchair", 104),
            choices=choices,
            actions=[
                secondary_button(
                    theme, text("All normal"), lambda: scene.send(Adjusted(Settings(keys=settings.keys))),
                    icon="arrows-clockwise", control_id="normal",
                ),
                primary_button(theme, text("Done"), lambda: scene.send(AccessToggled()), icon="check",
                               control_id="close"),
            ],
        )

    def _from_the_bar(self, scene: Scene) -> list[Choices]:
        """What the bar has no room for on a low panel."""
        theme, text, settings = scene.theme, scene.text, scene.state.settings
        if not shape_of(theme).short_of_room:
            return []
        language = option_button(
            theme, text("Language"), lambda: scene.send(LanguageToggled()), control_id="language", chosen=False
        )
        return [
            self._two(scene, text("Voice"), "speech", (text("Off"), text("On")),
                      settings.speech, lambda on: replace(settings, speech=on)),
            Choices([language], heading=text("Another language")),
        ]

    @staticmethod
    def _has_simple(scene: Scene) -> bool:
        catalogue = scene.state.catalogue
        return catalogue is not None and any(
            service.simple is not None or any(field.simple is not None for field in service.form)
            for service in catalogue.services
        )

    @staticmethod
    def _set(scene: Scene, settings: Settings) -> Callable[[], None]:
        return lambda: scene.send(Adjusted(settings))

    def _sizes(self, scene: Scene) -> Choices:
        text, settings = scene.text, scene.state.settings
        sizes: tuple[tuple[TextSize, str, Step], ...] = (
            (TextSize.NORMAL, text("Normal"), "body"), (TextSize.LARGE, text("Large"), "lead"),
            (TextSize.LARGEST, text("Largest"), "head"),
        )
        return Choices([
            option_button(
                scene.theme, label, self._set(scene, replace(settings, text=size)), control_id=f"text:{size}",
                chosen=settings.text is size, step=step,
            )
            for size, label, step in sizes
        ], heading=text("Size of the letters"), columns=3)

    def _times(self, scene: Scene) -> Choices:
        text, settings = scene.text, scene.state.settings
        labels = (text("Normal"), text("Twice"), text("Three times"))
        return Choices([
            option_button(
                scene.theme, label, self._set(scene, replace(settings, time=times)), control_id=f"time:{times}",
                chosen=settings.time == times,
            )
            for times, label in enumerate(labels, 1)
        ], heading=text("Time to answer"), columns=3)

    def _two(
        self, scene: Scene, heading: str, control_id: str, labels: tuple[str, str], on: bool,
        change: Callable[[bool], Settings],
    ) -> Choices:
        return Choices([
            option_button(
                scene.theme, label, self._set(scene, change(wanted)), chosen=on is wanted,
                control_id=f"{control_id}:{'on' if wanted else 'off'}",
            )
            for wanted, label in zip((False, True), labels, strict=True)
        ], heading=heading)

    @staticmethod
    def _level(
        scene: Scene, label: str, control_id: str, level: int, keys: tuple[str, str],
        change: Callable[[int], Settings],
    ) -> Block:
        theme = scene.theme
        less, more = keys
        row = level_row(
            theme, level, lambda wanted: scene.send(Adjusted(change(wanted))), name=label, less=less, more=more,
            control_id=control_id,
        )
        return Column([Words(theme, label, "lead", bold=True), row], gap=theme.space(14))
