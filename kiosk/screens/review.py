"""Is everything right? The amount of a guide, every answer with a way to change it, then the one act that registers."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta

from kiosk.catalog.model import FormField, Service
from kiosk.issuing.dates import day
from kiosk.issuing.masks import paper_name
from kiosk.issuing.money import reais
from kiosk.journey.events import ChangeAsked, Continued
from kiosk.journey.form import YES
from kiosk.journey.state import Session
from kiosk.screens.frame import FramedScreen
from kiosk.screens.parts import back
from kiosk.screens.scene import Area, Scene
from kiosk.screens.steps import Part, step
from kiosk.widgets.block import Block, Column, Row
from kiosk.widgets.buttons import primary_button, small_button
from kiosk.widgets.card import Card, Line, panel, remark
from kiosk.widgets.pages import paged
from kiosk.widgets.words import Words
from offline_cache.contract.messages import Debt

# More of an answer is not read again here; it is all registered.
MOST_LETTERS = 90


def chosen_debt(session: Session) -> Debt | None:
    """The debt that the citizen chose to pay, if the service lets one choose."""
    for field in session.service.form if session.service else ():
        if field.type == "debt":
            return next((debt for debt in session.debts if debt.id == session.answers.get(field.id)), None)
    return None


class ReviewScreen(FramedScreen):
    def __init__(self, scene: Scene) -> None:
        self._page = 0
        super().__init__(scene)

    def watches(self, scene: Scene) -> Hashable:
        session = scene.state.session
        answers = tuple(sorted(session.answers.items())) if session else ()
        return scene.state.stage, answers, self._page

    def build(self, scene: Scene) -> None:
        session = scene.state.session
        assert session is not None
        assert session.service is not None
        self._scene = scene
        service, theme, text = session.service, scene.theme, scene.text
        area = self.frame(
            scene,
            title=text("Is everything right?"),
            step=step(service, Part.REVIEW, text),
            actions=[back(scene), self._primary(scene, service)],
        )
        upper: list[Block] = []
        amount = self._amount(scene, session, service)
        if amount is not None:
            upper.append(amount)
        notes = [remark(theme, icon, words, "small") for icon, words in self._notes(scene, session, service)]
        gap = theme.px(28)
        width = area.width
        used = sum(block.height_for(width) + gap for block in (*upper, *notes))
        pad = theme.px(40)
        rows = paged(
            theme, text, self._rows(scene, session, service), width=width - 2 * pad,
            room=area.height - used - 2 * theme.px(32), page=self._page, turn=self._turn, gap=0,
        )
        content = Column([*upper, *([panel(theme, rows)] if rows.blocks else []), *notes], gap=gap)
        self.fill(content, Area(area.x, area.bottom, area.width, area.top))

    def _turn(self, page: int) -> None:
        self._page = page
        self.show(self._scene)

    @staticmethod
    def _primary(scene: Scene, service: Service) -> Block:
        text = scene.text
        label, icon = {
            "guide": (text("Print payment slip"), "printer"),
            "document": (text("Print document"), "printer"),
        }.get(service.kind, (text("Register"), "check"))
        return primary_button(scene.theme, label, lambda: scene.send(Continued()), icon=icon)

    # ---- what it costs ----------------------------------------------------------------------------------------

    @staticmethod
    def _amount(scene: Scene, session: Session, service: Service) -> Block | None:
        if service.guide is None:
            return None
        theme, text = scene.theme, scene.text
        debt = chosen_debt(session)
        amount_cents = debt.amount_cents if debt else service.guide.amount_cents
        if amount_cents is None:
            return None
        due: date | None = None
        if debt is not None:
            due = date.fromisoformat(debt.due)
        elif service.guide.due_days is not None and scene.state.devices.clock_trusted:
            due = scene.wall_clock().date() + timedelta(days=service.guide.due_days)
        white = theme.palette.on_brand
        pay = Column(
            [
                Words(theme, text("You will pay"), "body", colour=white),
                Words(theme, reais(amount_cents), "display", bold=True, colour=white, control_id="amount"),
            ]
        )
        parts: list[Block] = [pay]
        shares = [1.0]
        if due is not None:
            until = Column(
                [
                    Words(theme, text("by"), "body", colour=white, align="right"),
                    Words(
                        theme, day(due, scene.language), "head", bold=True, colour=white, align="right",
                        control_id="due",
                    ),
                ],
                gap=theme.px(30),
                align="right",
            )
            parts.append(until)
            shares.append(0.0)
        return Card(theme, Row(parts, shares=shares, gap=theme.gutter), fill=theme.palette.brand, pad=(40, 32))

    # ---- what was answered ------------------------------------------------------------------------------------

    def _rows(self, scene: Scene, session: Session, service: Service) -> list[Block]:
        text = scene.text
        rows: list[tuple[str, str, Block | None]] = [
            (
                (field.short or field.label).in_language(scene.language),
                self._answer(scene, session, field),
                self._change(scene, field),
            )
            for field in service.form
        ]
        debt = chosen_debt(session)
        if debt is not None:
            if debt.detail:
                rows.append((text("Property"), debt.detail, None))
            if debt.property_id:
                rows.append((text("Property registration"), debt.property_id, None))
        if service.kind == "document":
            rows.append((text("Document"), service.title.in_language(scene.language), None))
        if session.document is not None and session.document.number:
            rows.append((text("Document number"), session.document.number, None))
        if session.holder is not None:
            holder = f"{paper_name(session.holder.name)} · CPF {session.holder.masked_id}"
            rows.append((text("In the name of"), holder, None))
        blocks: list[Block] = []
        for label, value, side in rows:
            line: list[Block] = [Line(scene.theme, 18)] if blocks else []
            blocks.append(Column([*line, self._row(scene, label, value, side)]))
        return blocks

    @staticmethod
    def _row(scene: Scene, label: str, value: str, side: Block | None) -> Row:
        theme = scene.theme
        words = Column(
            [
                Words(theme, label, "small", bold=True, colour=theme.palette.ink2),
                Words(theme, value, "body"),
            ],
            gap=theme.px(2),
        )
        if side is None:
            return Row([words], shares=[1])
        return Row([words, side], shares=[1, 0], gap=theme.px(24))

    @staticmethod
    def _change(scene: Scene, field: FormField) -> Block:
        return small_button(
            scene.theme, scene.text("Change"), lambda: scene.send(ChangeAsked(field.id)),
            icon="pencil-simple", control_id=f"change:{field.id}",
        )

    @staticmethod
    def _answer(scene: Scene, session: Session, field: FormField) -> str:
        value = session.answers.get(field.id, "").strip()
        text = scene.text
        if not value:
            return text("Not answered")
        match field.type:
            case "choice":
                return next(
                    (choice.label.in_language(scene.language) for choice in field.choices if choice.id == value), value
                )
            case "yes-no":
                return text("Yes") if value == YES else text("No")
            case "debt":
                return next((debt.title for debt in session.debts if debt.id == value), value)
            case "text" | "long-text" | "national-id":
                return value if len(value) <= MOST_LETTERS else f"{value[:MOST_LETTERS].rstrip()}…"

    @staticmethod
    def _notes(scene: Scene, session: Session, service: Service) -> list[tuple[str, str]]:
        """What happens on pressing, and what becomes of personal data."""
        text = scene.text
        notes = []
        if service.guide is not None:
            notes.append(("info-fill", text("Once printed, the slip has a number and cannot be changed.")))
        elif service.kind == "ticket":
            notes.append(("info-fill", text("Once registered, you get a code and a paper to follow your request.")))
        if session.holder is not None or service.form:
            essence = text("Your data serve only this request (LGPD law). The full notice is in Help.")
            notes.append(("lock-simple-fill", essence))
        return notes
