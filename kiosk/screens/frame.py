"""What all screens share: who serves (top), what to do (middle), help (bottom), each always in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.catalog.model import Identification, Operator
from kiosk.issuing.masks import short_name
from kiosk.journey.events import Ended, HelpToggled, LanguageToggled
from kiosk.screens.scene import Area, Scene, Screen
from kiosk.widgets import button as looks
from kiosk.widgets.block import Block, Column, Row, Space
from kiosk.widgets.buttons import bar_button, small_button
from kiosk.widgets.emblem import Emblem
from kiosk.widgets.icon import Icon
from kiosk.widgets.progress import StepBar
from kiosk.widgets.tokens import Theme
from kiosk.widgets.words import Words, plain

HEADER, ACCENT, STRIP, BAR, ACTIONS = 128, 8, 84, 184, 152  # design pixels


@dataclass(frozen=True)
class JourneyStep:
    """Where the citizen is: `done` of `total`, and the same in words ("Step 1 of 4: card")."""

    done: int
    total: int
    words: str


@dataclass(frozen=True)
class Identity:
    """What the strip says: an icon and a marked-up sentence. A claim never looks like a proof."""

    icon: str
    words: str
    personal: bool = True


def identity_of(scene: Scene) -> Identity | None:
    """Who the citizen is taken for at this moment, and on what ground; None when there is nothing to say."""
    session, text = scene.state.session, scene.text
    if session is None or session.service is None:
        return None
    if session.service.anonymous:
        return Identity("detective-fill", text("[b]Anonymous[/b] request: we do not ask who you are"), personal=False)
    if session.holder is None:
        return None
    name = plain(short_name(session.holder.name))
    if session.holder.proven:
        return Identity("shield-check-fill", text("[b]{name}[/b] · identity proven: card and PIN", name=name))
    match session.service.identification:
        case Identification.CARD_PIN:
            return Identity("identification-card-fill", text("Card of [b]{name}[/b] · PIN not checked yet", name=name))
        case Identification.CARD:
            return Identity("identification-card-fill", text("Card of [b]{name}[/b]", name=name))
        case Identification.CLAIMED:
            return Identity("user", text("[b]{name}[/b] · typed here, not checked", name=name))
        case Identification.NONE:
            return None


def crest_mark(theme: Theme, operator: Operator) -> Block:
    """The operator's emblem, or a sign in its place."""
    side = 88 if theme.spread else 64
    if operator.crest is None:
        return Icon(theme, "bank", side, theme.palette.on_header)
    return Emblem(theme, operator.crest, theme.icon_px(side))


def operator_mark(theme: Theme, operator: Operator, *, short: bool = False) -> Row:
    """Crest and name of who serves, on the header's ground; `short`: only the line that tells them from others."""
    colour = theme.palette.on_header
    lines = [] if short else [Words(theme, operator.name_line1, "small", colour=colour, role="")]
    name = Column([*lines, Words(theme, operator.name_line2, "lead", bold=True, colour=colour, role="")])
    name.role, name.name, name.control_id = "text", f"{operator.name_line1} {operator.name_line2}", "operator"
    return Row([crest_mark(theme, operator), name], shares=[0, 1], gap=theme.space(32))


class FramedScreen(Screen):
    """A screen in the common frame; `frame` draws it and gives the area that is left for the content."""

    def frame(
        self,
        scene: Scene,
        *,
        title: str = "",
        subtitle: str = "",
        step: JourneyStep | None = None,
        actions: Sequence[Block] = (),
        end: bool = True,
        identity: Identity | None = None,
        strip: bool = True,
        bar: bool = True,
        page: str | None = None,
    ) -> Area:
        """Header, accent, identity strip, step, title, actions and bottom bar; `page` is another ground's colour.

        `actions` is one primary block over the whole width, or back (a third, also alone) and primary. `subtitle` is
        marked up. Without an `identity` of its own the screen shows what `identity_of` says, without a `strip` nothing.
        """
        theme, colours = scene.theme, scene.theme.palette
        self.ground(page or colours.page)
        top = self._header(scene, end=end, accent=page is None)
        who = (identity or identity_of(scene)) if strip else None
        if who is not None:
            top = self._strip(theme, who, top)
        heading = Column()
        if step is not None:
            heading.add(Words(theme, step.words, "small", bold=True, colour=colours.ink2 if page is None else None))
            heading.add(Space(theme.px(18)))
            heading.add(StepBar(theme, step.done, step.total))
            heading.add(Space(theme.px(28)))
        if title:
            heading.add(Words(theme, title, "title", bold=True, role="heading"))
        if subtitle:
            heading.add(Space(theme.px(8)))
            heading.add(Words(theme, subtitle, "lead", markup=True))
        margin = theme.margin
        width = self.width - 2 * margin
        top -= theme.px(28 if who is not None else 36)
        if heading.blocks:
            self.put(heading, margin, top, width)
            top = heading.y - theme.px(28)
        bottom: float = (self.bar_top(theme) if bar else 0) + theme.px(24)
        if actions:
            bottom = self._actions(theme, actions) + theme.px(24)
        if bar:
            self._bar(scene)
        return Area(margin, bottom, width, top)

    @staticmethod
    def bar_top(theme: Theme) -> int:
        return theme.px(BAR)

    def _header(self, scene: Scene, *, end: bool, accent: bool) -> float:
        theme, colours = scene.theme, scene.theme.palette
        foot = self.height - theme.px(HEADER)
        self.ground(colours.brand, Area(0, foot, self.width, self.height))
        if accent:
            self.ground(colours.accent, Area(0, foot - theme.px(ACCENT), self.width, foot))
        if scene.state.catalogue is not None:
            mark = operator_mark(theme, scene.state.catalogue.operator)
            self.put(mark, theme.margin, self.height - theme.px(16), self.width * 0.6, theme.px(100))
        if end:
            button = small_button(
                theme, scene.text("End"), lambda: scene.send(Ended()), icon="x", control_id="end",
                look=looks.on_header(theme),
            )
            width = button.width_for(self.width * 0.4)
            self.put(button, self.width - theme.px(40) - width, self.height - theme.px(18), width)
        return float(foot - theme.px(ACCENT))

    def _strip(self, theme: Theme, who: Identity, top: float) -> float:
        words = Words(theme, who.words, "small", markup=True, control_id="identity", personal=who.personal)
        row = Row([Icon(theme, who.icon, 52), words], shares=[0, 1], gap=theme.px(20))
        width = self.width - 2 * theme.margin
        tall = max(theme.px(STRIP), row.height_for(width) + theme.px(24))
        self.ground(theme.palette.tint, Area(0, top - tall, self.width, top))
        self.put(row, theme.margin, top, width, tall)
        return float(top - tall)

    def _actions(self, theme: Theme, actions: Sequence[Block]) -> float:
        """The action row; gives its upper edge."""
        if len(actions) == 1 and actions[0].control_id == "back":
            # Back stands where it always stands, whatever is beside it.
            actions = [*actions, Space(0)]
        shares = [1.0] if len(actions) == 1 else [300.0, 628.0]
        row = Row(actions, shares=shares, gap=theme.gutter, valign="fill")
        width = self.width - 2 * theme.margin
        row.rank = 1
        tall = max(theme.px(ACTIONS), row.height_for(width))
        top = self.bar_top(theme) + theme.px(24) + tall
        self.put(row, theme.margin, top, width, tall)
        return top

    def _bar(self, scene: Scene) -> None:
        theme, colours = scene.theme, scene.theme.palette
        tall = self.bar_top(theme)
        self.ground(colours.line, Area(0, tall - theme.px(3), self.width, tall))
        self.ground(colours.card, Area(0, 0, self.width, tall - theme.px(3)))
        bar = Row(
            [
                bar_button(theme, scene.text("Help"), "question", lambda: scene.send(HelpToggled()), control_id="help"),
                bar_button(
                    theme, scene.text("Language"), "translate", lambda: scene.send(LanguageToggled()),
                    control_id="language",
                ),
            ],
            shares=[1, 1], gap=theme.px(12), valign="fill",
        )
        bar.rank = 2
        margin = theme.px(20)
        self.put(bar, margin, tall - theme.px(15), self.width - 2 * margin, tall - theme.px(27))
