"""Where in the journey a screen stands: "Step 2 of 4: check", and how many bars are filled.

Each page that a form can have is a step of its own, asked or not, so that the bar never goes back.
"""

from __future__ import annotations

from enum import Enum

from kiosk.catalog.answers import every
from kiosk.catalog.model import Identification, Service
from kiosk.journey.availability import CARD
from kiosk.screens.layout.frame import JourneyStep
from kiosk.screens.scene import Text


class Part(Enum):
    """A stretch of the journey; a service has those that it needs, in this order."""

    IDENTITY = "identity"
    QUESTIONS = "questions"
    REVIEW = "review"
    PAPER = "paper"


def parts_of(service: Service) -> tuple[Part, ...]:
    """The steps of this service's journey; a form has as many as it has questions."""
    identity = () if service.identification is Identification.NONE else (Part.IDENTITY,)
    questions = (Part.QUESTIONS,) * len(every(service.questions))
    return (*identity, *questions, Part.REVIEW, Part.PAPER)


def step(service: Service, part: Part, text: Text) -> JourneyStep:
    """The step that `part` is in this service's journey, or the first of its steps."""
    parts = parts_of(service)
    here = part if part in parts else parts[0]
    done, total = parts.index(here) + 1, len(parts)
    return JourneyStep(done, total, _words(service, here, text, n=done, of=total))


def question(service: Service, index: int, asked: tuple[int, int], title: str, text: Text) -> JourneyStep:
    """Page `index` of all that the form can have. The words count what is `asked` of this citizen: which it is, of how
    many. An only question is not called question one of one.
    """
    first, pages = step(service, Part.QUESTIONS, text), len(every(service.questions))
    if 1 in {pages, asked[1]}:
        return first
    words = text("{service} · question {n} of {of}", service=title, n=asked[0], of=asked[1])
    return JourneyStep(first.done + index, first.total, words)


def _words(service: Service, part: Part, text: Text, *, n: int, of: int) -> str:
    match part:
        case Part.IDENTITY if service.identification in CARD:
            return text("Step {n} of {of}: card", n=n, of=of)
        case Part.IDENTITY:
            return text("Step {n} of {of}: who you are", n=n, of=of)
        case Part.QUESTIONS if any(field.type == "debt" for field in service.form):
            return text("Step {n} of {of}: choose", n=n, of=of)
        case Part.QUESTIONS:
            return text("Step {n} of {of}: answer", n=n, of=of)
        case Part.REVIEW:
            return text("Step {n} of {of}: check", n=n, of=of)
        case Part.PAPER:
            return text("Step {n} of {of}: print", n=n, of=of)
