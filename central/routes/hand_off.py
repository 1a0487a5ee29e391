"""/d/ADDRESS: where a phone takes a document from, with the PIN on the kiosk's screen."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from central import hand_offs
from central.centre import Centre
from central.hand_off_words import words
from central.hand_offs import Given, Withheld
from central.routes.pages import MAX_TYPED, PageLanguage, Pages, field, form, safe
from kiosk.catalog.model import Language

# What is none is not looked for, and nothing else stands in a link of the page.
ADDRESS = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def routes(centre: Centre) -> APIRouter:
    """Every path here is in `central.wire.OPEN`."""
    router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @router.get("/d/{token}")
    def landing(token: str, language: PageLanguage) -> HTMLResponse:
        return _HandOff(centre, language).landing(token)

    @router.post("/d/{token}", response_model=None)
    async def take(token: str, request: Request, language: PageLanguage) -> Response:
        pin = form(await request.body()).get("pin", "")[:MAX_TYPED]
        return await run_in_threadpool(_HandOff(centre, language).take, token, pin)

    return router


class _HandOff(Pages):
    """The page of one document, in one language."""

    def __init__(self, centre: Centre, language: Language) -> None:
        super().__init__(centre, language)
        self._words = words(language)

    def landing(self, token: str) -> HTMLResponse:
        """Where the PIN is typed; or why there is nothing to take."""
        if not ADDRESS.fullmatch(token):
            return self._withheld(token, Withheld.NOT_HERE)
        why = hand_offs.state(self._centre, token)
        return self._form(token) if why is None else self._withheld(token, why)

    def take(self, token: str, pin: str) -> Response:
        """The file, counted; or why not."""
        if not ADDRESS.fullmatch(token):
            return self._withheld(token, Withheld.NOT_HERE)
        found = hand_offs.take(self._centre, token, pin)
        if isinstance(found, Given):
            name = re.sub(r"\W+", "-", found.number)
            headers = {
                "Content-Disposition": f'attachment; filename="documento-{name}.pdf"',
                "Totem-Downloads-Left": str(found.left),
                "X-Content-Type-Options": "nosniff",
            }
            return Response(found.pages, media_type="application/pdf", headers=headers)
        if found is Withheld.WRONG_PIN:
            return self._form(token, alert=self._words.wrong)
        return self._withheld(token, found)

    def _form(self, token: str, alert: str = "") -> HTMLResponse:
        say = self._words
        pin = field("pin", say.pin, say.pin_hint, "", wrong=bool(alert))
        said = f'<p role="alert" id="wrong">{safe(alert)}</p>' if alert else ""
        body = (
            f"{self._said(say.take)}{said}"
            f'<form method="post" action="/d/{token}?lang={self._language}">{pin}'
            f"<button>{safe(say.button)}</button></form>"
        )
        code = 403 if alert else 200
        return self._page(say.take.title, body, here=f"/d/{token}", look="" if alert else "good", code=code)

    def _withheld(self, token: str, why: Withheld) -> HTMLResponse:
        say = self._words
        known = ADDRESS.fullmatch(token) is not None
        if why is Withheld.OVER:
            return self._page(say.over.title, self._said(say.over), here=f"/d/{token}", look="bad", code=410)
        again = self._link(f"/d/{token}", say.again) if known else ""
        here = f"/d/{token}" if known else "/v"
        return self._page(say.not_here.title, self._said(say.not_here) + again, here=here, look="bad", code=404)


