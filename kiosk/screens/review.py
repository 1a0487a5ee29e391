"""Is everything right? The amount of a guide, every answer with a way to change it, then the one act that registers."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date, timedelta

from kiosk.catalog.model import FormField, Language, Service
from kiosk.issuing.dates import day
from kiosk.issuing.id_names import id_name
from kiosk.issuing.masks import paper_name
from kiosk.journey import availability, form
from kiosk.journey.events import ChangeAsked, Continued, PaperChosen
from kiosk.journey.form import YES
from kiosk.journey.state import Session
from kiosk.screens.kind_words import kind_of, on_phone
from kiosk.screens.layout.arrange import ArrangedScreen
from kiosk.screens.layout.holding import Choices, Holding
from kiosk.screens.outputs import not_now, outputs
from kiosk.screens.parts import back, price
from kiosk.screens.scene import Scene
from kiosk.screens.steps import Part, step
from kiosk.screens.typing_kinds import answer_shown
from kiosk.widgets.block import Block, Column, Row, Whole
from kiosk.widgets.buttons import primary_button, small_button, topic_button
from kiosk.widgets.card import Card, Fact, facts, remark
from kiosk.widgets.choosers import option_button
from kiosk.widgets.folding import Folding
from kiosk.widgets.words import Words, plain
from offline_cache.contract.messages import Debt

# More of an answer is not read again here; it is all registered.
MOST_LETTERS = 90


def chosen_debt(session: Session) -> Debt | None:
    """The debt that the citizen chose to pay, if the service lets one choose."""
    for field in session.service.questions if session.service else ():
        if field.type == "debt":
            return next((debt for debt in session.debts if debt.id == session.answers.get(field.id)), None)
    return None


class ReviewScreen(ArrangedScreen):
    def watches(self, scene: Scene) -> Hashable:
        session = scene.state.session
        answers = tuple(sorted(session.answers.items())) if session else ()
        ways = availability.ways(session, scene.state.devices) if session else ()
        chosen = (session.paper, session.output) if session else None
        return scene.state.stage, answers, chosen, ways

    def holds(self, scene: Scene) -> Holding:
        session = scene.state.session
        assert session is not None
        assert session.service is not None
        service, theme, text = session.service, scene.theme, scene.text
        amount = self._amount(scene, session, service)
        told: list[Block] = [amount] if amount is not None else []
        notes = [remark(theme, icon, words, "small") for icon, words in self._notes(scene, session, service)]
        rows = self._rows(scene, session, service)
        choices = []
        if theme.reach:
            # What can be changed stands below with all that can be pressed, what cannot above with what is told.
            still = [fact for fact in rows if fact.side is None]
            moving = [fact for fact in rows if fact.side is not None]
            if theme.spread == 0:
                told += [self._line(scene, replace(fact, side=None)) for fact in rows]
                choices += [self._changes(scene, service)] if moving else []
            else:
                told += [facts(theme, still)] if still else []
                choices += [Choices([facts(theme, [fact]) for fact in moving], columns=1)] if moving else []
        elif theme.spread == 0:
            # On a small panel each row stands by itself, on as few lines as it can.
            told += [self._line(scene, fact) for fact in rows]
        elif rows:
            told.append(facts(theme, rows, room=18))
        if service.paper == "optional":
            choices.append(self._paper(scene, session))
        if session.document is not None and len(service.outputs) > 1:
            choices.append(outputs(scene, session))
            notes += [remark(theme, "printer", words, "small") for words in not_now(scene, session, service)]
        return Holding(
            title=text("Is everything right?"),
            step=step(service, Part.REVIEW, text),
            tells=[*told, *notes],
            choices=choices,
            actions=[back(scene), self._primary(scene, session)],
        )

    @staticmethod
    def _line(scene: Scene, fact: Fact) -> Block:
        words = f"[b]{plain(fact.label)}[/b] {fact.value}"
        said = Words(scene.theme, words, "body", markup=True, personal=True)
        if fact.side is None:
            return said
        return Folding(said, fact.side, shares=(1, 0), gap=scene.theme.gutter, fold=scene.theme.space(8))

    @staticmethod
    def _paper(scene: Scene, session: Session) -> Choices:
        """Where paper is not needed, a code on the screen and on the phone does."""
        text = scene.text

        def option(label: str, *, wanted: bool) -> Block:
            return option_button(
                scene.theme, label, lambda: scene.send(PaperChosen(wanted)), chosen=session.paper is wanted,
                control_id=f"paper:{'yes' if wanted else 'no'}",
            )

        return Choices(
            [option(text("On paper"), wanted=True), option(text("On my phone"), wanted=False)],
            heading=text("How do you want the receipt?"),
        )

    @staticmethod
    def _primary(scene: Scene, session: Session) -> Block:
        text = scene.text
        if on_phone(session):
            act = text("Send to my phone")
            return primary_button(scene.theme, act, lambda: scene.send(Continued()), icon="device-mobile")
        label, icon = {
            "guide": (text("Print payment slip"), "printer"),
            "document": (text("Print document"), "printer"),
        }.get(kind_of(session), (text("Register"), "check"))
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
        elif session.charge is not None:
            due = date.fromisoformat(session.charge.due) if session.charge.due else None
        elif service.guide.due_days is not None and scene.state.devices.clock_trusted:
            due = scene.wall_clock().date() + timedelta(days=service.guide.due_days)
        white = theme.palette.on_brand
        pay = Column(
            [
                Words(theme, text("You will pay"), "body", colour=white),
                Words(theme, price(session, amount_cents), "display", bold=True, colour=white, control_id="amount",
                      personal=True),
            ]
        )
        stacked = theme.large > 1
        parts: list[Block] = [pay]
        shares = [1.0]
        if due is not None:
            until = Column(
                [
                    Words(theme, text("by"), "body", colour=white, align="left" if stacked else "right"),
                    Words(
                        theme, day(due, scene.language), "head", bold=True, colour=white,
                        align="left" if stacked else "right",
                        control_id="due", personal=True,
                    ),
                ],
                gap=0 if stacked else theme.space(30),
                align="left" if stacked else "right",
            )
            parts.append(until)
            shares.append(0.0)
        content: Block = Row(parts, shares=shares, gap=theme.gutter)
        if stacked:  # side by side the amount would wrap
            content = Column(parts, gap=theme.space(8))
        return Whole(Card(theme, content, fill=theme.palette.brand, pad=(40, 32)))

    # ---- what was answered ------------------------------------------------------------------------------------

    def _rows(self, scene: Scene, session: Session, service: Service) -> list[Fact]:
        text = scene.text
        rows: list[tuple[str, str, Block | None]] = [
            (
                (field.short or field.label).in_language(scene.language),
                self._answer(scene, session, field),
                self._change(scene, field),
            )
            for field in form.pages(session)
        ]
        debt = chosen_debt(session)
        if debt is not None:
            if debt.detail:
                about = text("Property") if debt.property_id else text("For")
                rows.append((about, debt.detail, None))
            if debt.property_id:
                rows.append((text("Property registration"), debt.property_id, None))
        if service.kind == "document":
            rows.append((text("Document"), service.title.in_language(scene.language), None))
        if session.document is not None and session.document.number:
            rows.append((text("Document number"), session.document.number, None))
        if session.holder is not None:
            number = f"{id_name(session.holder.scheme, scene.language)} {session.holder.masked_id}"
            holder = " · ".join(part for part in (paper_name(session.holder.name), number) if part)
            rows.append((text("In the name of"), holder, None))
        return [Fact(label, plain(value), side=side, personal=True) for label, value, side in rows]

    @staticmethod
    def _change(scene: Scene, field: FormField) -> Block:
        return small_button(
            scene.theme, scene.text("Change"), lambda: scene.send(ChangeAsked(field.id)),
            icon="pencil-simple", control_id=f"change:{field.id}",
        )

    @staticmethod
    def _changes(scene: Scene, service: Service) -> Choices:
        """Apart from what was answered they say what it is that they change."""
        change = scene.text("Change")

        def button(field: FormField) -> Block:
            label = (field.short or field.label).in_language(scene.language)
            return topic_button(
                scene.theme, label, lambda: scene.send(ChangeAsked(field.id)), icon="pencil-simple",
                control_id=f"change:{field.id}", name=f"{change}: {label}",
            )

        return Choices([button(field) for field in service.form], heading=change)

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
            case "choices":
                chosen = value.split(",")
                return ", ".join(
                    choice.label.in_language(scene.language) for choice in field.choices if choice.id in chosen
                )
            case "consent":
                return text("I agree") if value == YES else text("I do not agree")
            case _:
                value = answer_shown(scene, field, value)
                return value if len(value) <= MOST_LETTERS else f"{value[:MOST_LETTERS].rstrip()}…"

    @staticmethod
    def _law(scene: Scene) -> str:
        """What people call the law on personal data there: Lei 13.709/2018, or Regulation (EU) 2016/679."""
        if scene.state.catalogue is None or scene.state.catalogue.operator.country == "BR":
            return "LGPD"
        return "RGPD" if scene.language in {Language.ES, Language.PT_BR} else "GDPR"

    @classmethod
    def _notes(cls, scene: Scene, session: Session, service: Service) -> list[tuple[str, str]]:
        """What happens on pressing, and what becomes of personal data."""
        text = scene.text
        notes = []
        if service.guide is not None:
            notes.append(("info-fill", text("Once printed, the slip has a number and cannot be changed.")))
        elif on_phone(session):
            notes.append(("info-fill", text("Your phone takes the document from this screen, with a PIN.")))
        elif kind_of(session) == "ticket" and service.kind == "document":
            notes.append(("info-fill", text("No internet now: you get a code, and the document later with your card.")))
        elif service.kind == "ticket" and not session.paper:
            notes.append(("info-fill", text("Once registered, code and PIN appear on the screen.")))
        elif service.kind == "ticket":
            notes.append(("info-fill", text("Once registered, you get a code and a paper to follow your request.")))
        if session.holder is not None or service.questions:
            law = cls._law(scene)
            essence = text("Your data serve only this request ({law}). The full notice is in Help.", law=law)
            notes.append(("lock-simple-fill", essence))
        return notes
