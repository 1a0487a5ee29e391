"""The pages behind the QR codes on papers: /p, what became of a request; /v, whether a document is one of ours."""

from __future__ import annotations

import html
from datetime import date, datetime
from pathlib import Path
from string import Template
from typing import Annotated, assert_never
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from central import documents, status
from central.centre import Centre
from central.models import Document
from central.page_words import Said
from central.page_words import words as page_words
from central.refusals import RefusedError
from central.routes.visitor import language_of, source_of
from central.status import NotShown, Status
from kiosk.catalog.model import Language, Operator
from kiosk.issuing import dates
from kiosk.issuing.errors import CodeError
from kiosk.issuing.id_names import name_of_masked
from kiosk.issuing.status_words import words as status_words
from kiosk.issuing.tracking import normalise
from kiosk.issuing.words import words as paper_words

PAGE = Template((Path(__file__).parent.parent / "pages" / "page.html").read_text(encoding="utf-8"))
MAX_FORM_BYTES = 2048
MAX_TYPED = 64
# Nothing is loaded, nothing is framed, and no other site learns the code from an address.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
REFUSED_STATUS = {
    NotShown.CODE_MISTYPED: 422,
    NotShown.PIN_MISTYPED: 422,
    NotShown.ON_ITS_WAY: 200,
    NotShown.REFUSED: 404,
    NotShown.USED_UP: 429,
    NotShown.TOO_MANY: 429,
}
PageLanguage = Annotated[Language, Depends(language_of)]


def routes(centre: Centre) -> APIRouter:
    """Every path here is in `central.wire.OPEN`."""
    router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @router.get("/p")
    @router.get("/p/")
    @router.get("/p/{code}")
    def follow(language: PageLanguage, code: str = "") -> HTMLResponse:
        return Pages(centre, language).follow(code)

    @router.post("/p")
    async def ask(request: Request, language: PageLanguage) -> HTMLResponse:
        typed = form(await request.body())
        code, pin = typed.get("code", "")[:MAX_TYPED], typed.get("pin", "")[:MAX_TYPED]
        source = source_of(request, centre.state.settings.proxies)
        return await run_in_threadpool(Pages(centre, language).asked, code, pin, source)

    @router.get("/v")
    @router.get("/v/")
    def check(language: PageLanguage, code: str = "") -> HTMLResponse:
        pages = Pages(centre, language)
        return pages.document(code) if code else pages.check()

    @router.get("/v/{code}")
    def document(code: str, language: PageLanguage) -> HTMLResponse:
        return Pages(centre, language).document(code)

    return router


class Pages:
    """The pages of one centre in one language."""

    def __init__(self, centre: Centre, language: Language) -> None:
        self._centre, self._language = centre, language
        self._say, self._paper = page_words(language), paper_words(language)
        self._operator = _operator(centre)

    def follow(self, code: str) -> HTMLResponse:
        """The form, with the code of the paper's QR filled in."""
        return self._page(self._say.follow.title, self._follow_form(code), here=_here("/p", code))

    def asked(self, code: str, pin: str, source: str) -> HTMLResponse:
        """What came of code and PIN."""
        here = _here("/p", code)
        found = status.ask(self._centre, code, pin, source)
        if isinstance(found, Status):
            body = f"<h1>{safe(found.service.title.in_language(self._language))}</h1>{self._table(self._rows(found))}"
            body += f"<p>{self._filled(self._say.found)}</p>{self._link('/p', self._say.another)}"
            return self._page(self._say.follow.title, body, look="good", here=here)
        code_of_answer = REFUSED_STATUS[found]
        match found:
            case NotShown.CODE_MISTYPED:
                body = self._follow_form(code, wrong="code", alert=self._say.code_mistyped)
                return self._page(self._say.follow.title, body, here=here, code=code_of_answer)
            case NotShown.PIN_MISTYPED:
                body = self._follow_form(code, wrong="pin", alert=self._say.pin_mistyped)
                return self._page(self._say.follow.title, body, here=here, code=code_of_answer)
            case NotShown.ON_ITS_WAY:
                said, look, link = self._say.on_its_way, "", self._link(here, self._say.again)
            case NotShown.REFUSED:
                said, look, link = self._say.refused, "bad", self._link(here, self._say.again)
            case NotShown.USED_UP:
                said, look, link = self._say.used_up, "bad", self._link("/p", self._say.another)
            case NotShown.TOO_MANY:
                said, look, link = self._say.too_many, "bad", ""
            case _ as never:
                assert_never(never)
        return self._page(said.title, self._said(said) + link, look=look, here=here, code=code_of_answer)

    def check(self) -> HTMLResponse:
        """The form for the code of a document."""
        say = self._say
        code = field("code", say.document_code, say.document_code_hint, "", spelled=True)
        language = f'<input type="hidden" name="lang" value="{self._language}">'
        form = f'<form method="get" action="/v">{language}{code}<button>{safe(say.check_button)}</button></form>'
        return self._page(say.check.title, f"{self._said(say.check)}{form}", here="/v")

    def document(self, typed: str) -> HTMLResponse:
        """The centre's word on a document's code. The seal stays in the caller's fragment."""
        centre = self._centre
        with centre.database.transaction() as session:
            document = session.get(Document, _normal(typed))
        today = centre.local_now()
        state = "unknown" if document is None else documents.state_of(document, today.date())
        rows = []
        if document is not None and state in ("valid", "expired", "revoked"):
            issued = document.issued.astimezone(today.tzinfo).date()
            rows = [
                (self._say.document, document.title),
                (self._paper.document_number, document.number),
                (name_of_masked(document.holder_masked, self._language), document.holder_masked),
                (self._paper.document_issued, dates.day(issued, self._language)),
                (self._paper.valid_until, dates.day(_date(document.valid_until), self._language)),
            ]
        said = self._say.documents[state]
        body = f"{self._said(said)}{self._table(rows)}{self._link('/v', self._say.check_another)}"
        look, code = "good" if state == "valid" else "bad", 404 if state == "unknown" else 200
        return self._page(said.title, body, look=look, here=_here("/v", typed), code=code)

    def _rows(self, found: Status) -> list[tuple[str, str]]:
        """Service, state and dates: nothing else is on the page."""
        say, paper, language = self._say, self._paper, self._language
        known = status_words(language)
        rows = [(say.state, say.states.get(found.state) or known.state(found.state))]
        if found.registered is not None:
            rows.append((paper.registered, dates.moment(found.registered, language)))
        rows.append((say.arrived, dates.moment(found.arrived, language)))
        rows += [(known.state(each.state), dates.moment(datetime.fromisoformat(each.at), language))
                 for each in found.history]
        if found.answer_by is not None:
            rows.append((paper.answer_by, dates.day(found.answer_by, language)))
        elif found.service.response_days is not None:
            rows.append((paper.answer_in, paper.days.format(days=found.service.response_days)))
        return rows

    def _follow_form(self, code: str, *, wrong: str = "", alert: str = "") -> str:
        say = self._say
        typed = _normal(code) or code[:MAX_TYPED]
        fields = field("code", say.code, say.code_hint, typed, spelled=True, wrong=wrong == "code")
        fields += field("pin", say.pin, say.pin_hint, "", wrong=wrong == "pin")
        said = f'<p role="alert" id="wrong">{safe(alert)}</p>' if alert else ""
        return (
            f"{self._said(say.follow)}{said}"
            f'<form method="post" action="/p?lang={self._language}">{fields}<button>{safe(say.see)}</button></form>'
        )

    def _said(self, said: Said) -> str:
        return f"<h1>{safe(said.title)}</h1><p>{self._filled(said.text)}</p>"

    def _filled(self, text: str) -> str:
        return safe(text.replace("{phone}", self._operator.phone))

    @staticmethod
    def _table(rows: list[tuple[str, str]]) -> str:
        if not rows:
            return ""
        return "<dl>" + "".join(f"<dt>{safe(label)}</dt><dd>{safe(value)}</dd>" for label, value in rows) + "</dl>"

    def _link(self, path: str, text: str) -> str:
        return f'<p><a href="{path}?lang={self._language}">{safe(text)}</a></p>'

    def _page(self, title: str, body: str, *, here: str, look: str = "", code: int = 200) -> HTMLResponse:
        """`here`: the page that a change of language opens; what was asked is not asked again."""
        operator = f"{self._operator.name_line1} {self._operator.name_line2}"
        text = PAGE.substitute(
            language=self._language,
            title=safe(f"{title} · {operator}"),
            choose=safe(self._say.choose),
            languages=" ".join(self._to(language, here) for language in Language),
            look=look,
            body=body,
            operator=safe(operator),
        )
        return HTMLResponse(text, status_code=code, headers=HEADERS)

    def _to(self, language: Language, here: str) -> str:
        current = ' aria-current="true"' if language is self._language else ""
        name = page_words(language).name
        return f'<a href="{here}?lang={language}" lang="{language}" hreflang="{language}"{current}>{name}</a>'


def field(name: str, label: str, hint: str, value: str, *, spelled: bool = False, wrong: bool = False) -> str:
    """One labelled input; `spelled`: letters and digits, else digits alone."""
    kind = 'autocapitalize="characters"' if spelled else 'inputmode="numeric"'
    described = f"{name}-hint wrong" if wrong else f"{name}-hint"
    invalid = ' aria-invalid="true"' if wrong else ""
    return (
        f'<label for="{name}">{safe(label)}</label><span class="hint" id="{name}-hint">{safe(hint)}</span>'
        f'<input id="{name}" name="{name}" value="{safe(value)}" {kind} autocomplete="off" spellcheck="false" '
        f'maxlength="{MAX_TYPED}" aria-describedby="{described}"{invalid} required>'
    )


def safe(text: str) -> str:
    return html.escape(text, quote=True)


def _here(page: str, code: str) -> str:
    """The address of a page about a code; characters that are none do not go into an address."""
    normal = _normal(code)
    return f"{page}/{quote(normal)}" if normal else page


def _normal(typed: str) -> str:
    """The code as it is printed; nothing if it is none."""
    try:
        return normalise(typed)
    except CodeError:
        return ""


def form(body: bytes) -> dict[str, str]:
    """The fields of a posted form; none of what is too long or no form."""
    if len(body) > MAX_FORM_BYTES:
        return {}
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=8))
    except ValueError:
        return {}


def _operator(centre: Centre) -> Operator:
    try:
        return centre.catalogue().operator
    except KeyError as error:
        raise RefusedError(503, "no-catalogue", "this centre has published no catalogue yet") from error


def _date(iso: str) -> date:
    return date.fromisoformat(iso)
