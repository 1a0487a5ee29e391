"""The end: printed and confirmed, or honestly not. Then what to do, and how it was."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from kiosk.issuing.dates import day
from kiosk.journey.events import Continued
from kiosk.journey.state import Done, JobState, Session, Ticket
from kiosk.screens.frame import FramedScreen
from kiosk.screens.kind_words import PRINTED
from kiosk.screens.parts import said
from kiosk.screens.rating import rating
from kiosk.screens.scene import Scene
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button
from kiosk.widgets.card import Card, panel, remark
from kiosk.widgets.icon import Badge, Icon
from kiosk.widgets.machine import Device, KioskPicture
from kiosk.widgets.words import Words, plain

PIN_MASK = "••••••"


class DoneScreen(FramedScreen):
    """The code's PIN is shown in clear only when no paper is known to carry it."""

    def watches(self, scene: Scene) -> Hashable:
        return scene.state.stage, bool(scene.state.devices.link)

    def build(self, scene: Scene) -> None:
        stage, session = scene.state.stage, scene.state.session
        assert isinstance(stage, Done)
        theme, text = scene.theme, scene.text
        finish = primary_button(theme, text("Finish"), lambda: scene.send(Continued()), icon="check")
        area = self.frame(scene, end=False, strip=False, actions=[finish])
        content = Column(gap=theme.px(28))
        ticket = session.ticket if session else None
        if session is not None and ticket is not None:
            if stage.job is JobState.CONFIRMED:
                blocks = self._printed(scene, session, ticket)
            else:
                blocks = self._shown(scene, session, ticket, stage)
            for block in blocks:
                content.add(block)
        content.add(rating(scene, stage.stars))
        self.fill(content, area)

    # ---- confirmed --------------------------------------------------------------------------------------------

    def _printed(self, scene: Scene, session: Session, ticket: Ticket) -> list[Block]:
        theme, text, colours = scene.theme, scene.text, scene.theme.palette
        kind = session.service.kind if session.service else "ticket"
        ready = Row(
            [
                Badge(theme, "check", 112, disc=True, fill=colours.ok),
                Column(
                    [
                        Words(theme, text("Done!"), "title", bold=True, role="heading"),
                        Words(theme, text(PRINTED[kind].whole), "lead"),
                    ]
                ),
            ],
            shares=[0, 1],
            gap=theme.px(44),
        )
        take = Row(
            [
                KioskPicture(theme, Device.OUTLET, text("Picture: the paper slot is below the screen"), width=150),
                Column(
                    [
                        Words(theme, text("Take the paper"), "title", bold=True),
                        Words(theme, text("It is in the slot below the screen."), "lead"),
                    ],
                    gap=theme.px(8),
                ),
                Icon(theme, "arrow-fat-down-fill", 112, colours.ink),
            ],
            shares=[0, 1, 0],
            gap=theme.px(44),
        )
        code = Column(
            [
                Words(theme, text("Your tracking code"), "small", bold=True, colour=colours.ink2),
                Words(theme, ticket.code, "display", bold=True, colour=colours.brand, control_id="code"),
                Row(
                    [
                        Icon(theme, "lock-simple-fill", 44),
                        Words(theme, text("PIN of the code: {mask} only on the paper", mask=PIN_MASK), "body"),
                    ],
                    shares=[0, 1],
                    gap=theme.px(20),
                ),
            ],
            gap=theme.px(4),
        )
        tile = Card(theme, take, fill=colours.take, radius=28, pad=(48, 22))
        return [ready, tile, panel(theme, code), self._next(scene, session, ticket)]

    @staticmethod
    def _next(scene: Scene, session: Session, ticket: Ticket) -> Block:
        """What to do with what came out."""
        theme, text = scene.theme, scene.text
        service = session.service
        # A guide can be paid as printed, whether or not it has reached the centre.
        if service is not None and service.kind == "guide":
            if ticket.due is None:
                words = text("[b]Now: pay[/b] with Pix, at a bank or at a lottery shop.")
            else:
                due = day(date.fromisoformat(ticket.due), scene.language)
                words = text("[b]Now: pay by {date}[/b] with Pix, at a bank or at a lottery shop.", date=due)
            return remark(theme, "calendar-check-fill", words, "lead")
        if ticket.queued and not scene.state.devices.link:
            words = text("[b]No internet now.[/b] Your request goes out as soon as it is back.")
            return remark(theme, "wifi-slash", words, "lead")
        if service is not None and service.kind == "document":
            words = text("[b]Now: hand it in or keep it.[/b] Whoever gets it checks it by its code.")
            return remark(theme, "certificate-fill", words, "lead")
        if service is not None and service.response_days is not None:
            words = text("[b]The answer comes within {n} days.[/b] Follow it with the code.", n=service.response_days)
            return remark(theme, "calendar-check-fill", words, "lead")
        return remark(theme, "ticket-fill", text("[b]Keep the paper.[/b] Follow your request with the code."), "lead")

    # ---- not confirmed ----------------------------------------------------------------------------------------

    @staticmethod
    def _shown(scene: Scene, session: Session, ticket: Ticket, stage: Done) -> list[Block]:
        theme, text, colours = scene.theme, scene.text, scene.theme.palette
        kind = session.service.kind if session.service else "ticket"
        if ticket.job is None:
            title = text("Your request is registered")
            remedy = text("There is no paper now. The code and its PIN are all you need.")
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
                Words(theme, text("Your tracking code"), "small", bold=True, colour=colours.ink2),
                Words(theme, ticket.code, "display", bold=True, colour=colours.brand, control_id="code"),
                Words(theme, text("PIN of the code"), "small", bold=True, colour=colours.ink2),
                Words(theme, ticket.pin, "display", bold=True, colour=colours.brand, control_id="code-pin"),
            ],
            gap=theme.px(4),
        )
        catalogue = scene.state.catalogue
        phone = plain(catalogue.operator.phone if catalogue else "")
        note = text("[b]Write both down now,[/b] or take a photo: with them you ask by phone: {phone}.", phone=phone)
        return [card, panel(theme, code), remark(theme, "note-pencil", note, "lead")]
