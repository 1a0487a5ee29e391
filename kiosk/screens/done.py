"""The end: printed and confirmed, or honestly not. Then what to do, and how it was."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date

from kiosk.issuing.dates import day
from kiosk.journey.events import Continued, PaperDenied
from kiosk.journey.state import Done, JobState, Session, Ticket
from kiosk.screens.kind_words import PRINTED, kind_of, on_a4, on_phone
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Holding
from kiosk.screens.parts import said
from kiosk.screens.paying import HOW
from kiosk.screens.rating import rating
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button, secondary_button
from kiosk.widgets.card import Card, notice, panel, remark
from kiosk.widgets.icon import Badge, Icon
from kiosk.widgets.machine import Device, KioskPicture
from kiosk.widgets.qr import QrPicture
from kiosk.widgets.tokens import Step, Theme
from kiosk.widgets.words import Words, plain

PIN_MASK = "••••••"


GRAND: tuple[Step, ...] = ("display", "title", "head", "lead")
CODE_ROOM = 0.72  # of the panel's shorter side: what a card leaves for one word


def _grand(theme: Theme, value: str, control_id: str) -> Words:
    """A code as large as there is room for: it is never cut."""
    room = CODE_ROOM * min(theme.panel.width_px, theme.panel.height_px)

    def words(step: Step) -> Words:
        return Words(
            theme, value, step, bold=True, colour=theme.palette.brand, control_id=control_id, personal=True,
        )

    return next((made for made in map(words, GRAND) if made.longest_word_px <= room), words(GRAND[-1]))


def _named(theme: Theme, label: str, value: str, control_id: str) -> Block:
    """A label and what it names, which stay on one page."""
    return Column([
        Words(theme, label, "small", bold=True, colour=theme.palette.ink2), _grand(theme, value, control_id),
    ])


class DoneScreen(ArrangedScreen):
    """The code's PIN is shown in clear only when no paper is known to carry it."""

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, bool(scene.state.devices.link)

    def turns_with(self, scene: Scene) -> Hashable:
        stage = scene.state.stage
        return isinstance(stage, Done) and stage.job

    def holds(self, scene: Scene) -> Holding:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, Done)
        theme, text = scene.theme, scene.text
        ticket = session.ticket if session else None
        waits = ticket is not None and ticket.job is not None and stage.job is JobState.CONFIRMED and not stage.taken
        finish = primary_button(
            theme, text("I have the paper") if waits else text("Finish"), lambda: scene.send(Continued()), icon="check"
        )
        common = Holding(end=False, strip=False, actions=[finish], choices=[rating(scene, stage.stars)])
        if session is None or ticket is None:
            return replace(common, title=text("Done!"))
        if stage.asks:
            common = replace(common, actions=self._answers(scene))
        if stage.job is not JobState.CONFIRMED:
            return replace(common, tells=self._shown(scene, session, ticket, stage))
        kind = kind_of(session)
        return replace(
            common,
            title=text("Done!"),
            subtitle=text(PRINTED[kind].whole),
            emblem=Badge(theme, "check", 112, disc=True, fill=theme.palette.ok, colour=theme.palette.on_ok),
            tells=[
                self._taken(scene) if stage.taken else self._take(scene, session),
                self._code(scene, session, ticket),
                self._next(scene, session, ticket),
            ],
        )

    # ---- confirmed --------------------------------------------------------------------------------------------

    @staticmethod
    def _take(scene: Scene, session: Session) -> Block:
        """In the colour that only what is to be taken wears."""
        theme, text, colours = scene.theme, scene.text, scene.theme.palette
        ink = colours.on_take
        a4 = on_a4(session)
        where = text("It is in the tray of the A4 printer.") if a4 else text("It is in the slot below the screen.")
        words = Column(
            [
                Words(theme, text("Take the paper"), "title", bold=True, colour=ink),
                Words(theme, where, "lead", colour=ink),
            ],
            gap=theme.space(8),
        )
        parts: list[Block] = [words, Icon(theme, "printer" if a4 else "arrow-fat-down-fill", 112, ink)]
        shares = [1.0, 0.0]
        if theme.spread and theme.large == 1 and not a4:
            name = text("Picture: the paper slot is below the screen")
            parts.insert(0, KioskPicture(theme, Device.OUTLET, name, width=150))
            shares.insert(0, 0.0)
        content = Row(parts, shares=shares, gap=theme.space(44))
        return Card(theme, content, fill=colours.take, radius=28, pad=(48, 22))

    @staticmethod
    def _taken(scene: Scene) -> Block:
        return notice(scene.theme, "ok", scene.text("[b]You have the paper.[/b] Nothing of yours is left here."))

    @staticmethod
    def _code(scene: Scene, session: Session, ticket: Ticket) -> Block:
        theme, text = scene.theme, scene.text
        masked = Words(theme, text("PIN of the code: {mask} only on the paper", mask=PIN_MASK), "body")
        if on_a4(session):  # an A4 document is shown to others: it carries no PIN
            masked = Words(theme, text("PIN of the code: {pin}", pin=ticket.pin), "body", control_id="code-pin",
                           personal=True)
        return panel(theme, Column(
            [
                _named(theme, text("Your tracking code"), ticket.code, "code"),
                Row([Icon(theme, "lock-simple-fill", 44), masked], shares=[0, 1], gap=theme.pad(20)),
            ],
            gap=theme.space(4),
        ))

    @staticmethod
    def _next(scene: Scene, session: Session, ticket: Ticket) -> Block:
        """What to do with what came out."""
        theme, text = scene.theme, scene.text
        service = session.service
        # A guide can be paid as printed, whether or not it has reached the centre.
        if service is not None and service.guide is not None:
            how = text(HOW[service.guide.kind])
            if ticket.due is None:
                words = text("[b]Now: pay[/b] {how}.", how=how)
            else:
                due = day(date.fromisoformat(ticket.due), scene.language)
                words = text("[b]Now: pay by {date}[/b] {how}.", date=due, how=how)
            return remark(theme, "calendar-check-fill", words, "lead")
        if ticket.queued and not scene.state.devices.link:
            words = text("[b]No internet now.[/b] Your request goes out as soon as it is back.")
            return remark(theme, "wifi-slash", words, "lead")
        if service is not None and kind_of(session) == "document":
            words = text("[b]Now: hand it in or keep it.[/b] Whoever gets it checks it by its code.")
            return remark(theme, "certificate-fill", words, "lead")
        if service is not None and service.response_days is not None:
            words = text("[b]The answer comes within {n} days.[/b] Follow it with the code.", n=service.response_days)
            return remark(theme, "calendar-check-fill", words, "lead")
        return remark(theme, "ticket-fill", text("[b]Keep the paper.[/b] Follow your request with the code."), "lead")

    @staticmethod
    def _answers(scene: Scene) -> list[Block]:
        """Only who stands there can say it."""
        theme, text = scene.theme, scene.text
        no = secondary_button(theme, text("No paper came"), lambda: scene.send(PaperDenied()), control_id="denied")
        return [no, primary_button(theme, text("I have the paper"), lambda: scene.send(Continued()), icon="check")]

    # ---- not confirmed ----------------------------------------------------------------------------------------

    def _shown(self, scene: Scene, session: Session, ticket: Ticket, stage: Done) -> list[Block]:
        theme, text = scene.theme, scene.text
        kind = kind_of(session)
        if on_phone(session):
            title = text("Your document is ready for your phone")
            remedy = text("It can be downloaded 3 times within 10 minutes. Take it now.")
        elif ticket.job is None:
            title = text("Your request is registered")
            remedy = text("There is no paper now. The code and its PIN are all you need.")
        elif stage.asks:
            title = text("Did your paper come out?")
            remedy = text("This printer cannot tell. Look into the slot below the screen.")
        elif stage.job is JobState.UNKNOWN:
            title = text("Check the paper")
            remedy = text("The printer did not confirm that all of it came out.")
        else:
            title = text("The paper did not come out")
            remedy = text(PRINTED[kind].not_out)
        if ticket.job is None:
            card = said(theme, "ok", "check-circle-fill", title, remedy)
        else:
            card = said(theme, "warn", "receipt-x", title, remedy)

        code = Column(
            [
                _named(theme, text("Your tracking code"), ticket.code, "code"),
                _named(theme, text("PIN of the code"), ticket.pin, "code-pin"),
            ],
            gap=theme.space(4),
        )
        catalogue = scene.state.catalogue
        phone = plain(catalogue.operator.phone if catalogue else "")
        note = text("[b]Write both down now,[/b] or take a photo: with them you ask by phone: {phone}.", phone=phone)
        blocks = [card, panel(theme, code), remark(theme, "note-pencil", note, "lead")]
        if ticket.page is not None:
            # What goes to a phone is what the citizen has come for.
            blocks.insert(1 if on_phone(session) else len(blocks), self._hand_off(scene, ticket.page))
        return blocks

    @staticmethod
    def _hand_off(scene: Scene, page: str) -> Block:
        """The page about the request, for the phone; it asks for the PIN, which the picture does not carry."""
        theme, text = scene.theme, scene.text
        name = text("Picture: a code that opens the page of your request on your phone")
        words = Column(
            [
                Words(theme, text("Take it with you on your phone"), "lead", bold=True),
                Words(theme, text("Point the phone's camera here, open the page, type the PIN."), "body"),
            ],
            gap=theme.space(8),
        )
        row = Row([QrPicture(theme, page, name=name, side=270), words], shares=[0, 1], gap=theme.space(40))
        return panel(theme, row)
