"""What needs no device's signature: enrolment, time, health, the catalogue's files, the check of documents."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path
from string import Template

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from central import enrolment
from central.centre import Centre
from central.models import Document
from central.refusals import RefusedError
from kiosk.issuing.errors import CodeError
from kiosk.issuing.tracking import normalise
from offline_cache.contract.messages import Enrolment, EnrolmentRequest, TimeAnswer

FILE_NAME = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")
PAGE = Template((Path(__file__).parent.parent / "pages" / "document.html").read_text(encoding="utf-8"))
VERDICTS = {
    "valid": ("Documento válido", "Foi emitido por este órgão. Compare o número e as datas com o papel."),
    "expired": ("Documento vencido", "Foi emitido por este órgão, mas a validade terminou."),
    "prepared": ("Documento ainda não confirmado", "A emissão ainda não terminou. Tente de novo em alguns minutos."),
    "unknown": ("Código desconhecido", "Nenhum documento deste órgão tem este código. Confira o que digitou."),
}


def routes(centre: Centre) -> APIRouter:
    """Every path here is in `central.wire.OPEN`."""
    router = APIRouter()

    @router.post("/v1/enrolments")
    def enrolments(request: EnrolmentRequest) -> Enrolment:
        return enrolment.enrol(centre, request)

    @router.get("/v1/time")
    def time() -> TimeAnswer:
        return TimeAnswer(time=centre.now().isoformat(timespec="milliseconds"))

    @router.get("/v1/health")
    def health() -> dict[str, str]:
        with centre.database.transaction() as session:
            session.connection()
        return {"status": "ok"}

    @router.get("/v1/document-keys")
    def document_keys() -> dict[str, list[dict[str, str]]]:
        key = centre.keys.document
        public = base64.b64encode(key.public_raw).decode()
        return {"keys": [{"key_id": key.key_id, "algorithm": "Ed25519", "public_key": public}]}

    @router.get("/v1/catalogue/metadata/{name}")
    def metadata(name: str, request: Request) -> Response:
        return _file(centre.state.tuf_metadata, name, request)

    @router.get("/v1/catalogue/targets/{name}")
    def targets(name: str, request: Request) -> Response:
        return _file(centre.state.tuf_targets, name, request)

    @router.get("/v/{code}")
    def page(code: str) -> HTMLResponse:
        return _page(centre, code)

    return router


def _file(folder: Path, name: str, request: Request) -> Response:
    """A file of the repository, or 304 if the caller has it; what is named otherwise is not there."""
    file = folder / name
    if not FILE_NAME.fullmatch(name) or not file.is_file():
        raise RefusedError(404, "not-found", "the catalogue has no such file")
    body = file.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/json", headers={"ETag": tag})


def _page(centre: Centre, typed: str) -> HTMLResponse:
    """The page behind a document's QR: the centre's word on a code. The seal stays in the caller's fragment."""
    with centre.database.transaction() as session:
        document = session.get(Document, _code(typed))
    state = "unknown" if document is None else document.state
    if document is not None and state == "valid" and document.valid_until < centre.local_now().date().isoformat():
        state = "expired"
    rows = []
    if document is not None and state in ("valid", "expired"):
        issued = document.issued.date().isoformat()
        rows = [
            ("Documento", document.title),
            ("Número", document.number),
            ("CPF", document.holder_masked),
            ("Emitido", _date(issued)),
            ("Válido até", _date(document.valid_until)),
        ]
    verdict, advice = VERDICTS[state]
    table = "".join(f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" for label, value in rows)
    text = PAGE.substitute(state=state, verdict=verdict, advice=advice, rows=table)
    return HTMLResponse(text, status_code=404 if state == "unknown" else 200)


def _code(typed: str) -> str:
    try:
        return normalise(typed)
    except CodeError:
        return ""


def _date(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"
