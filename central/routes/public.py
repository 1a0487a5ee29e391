"""What needs no device's signature: enrolment, time, health, the catalogue's files, the keys of documents."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from central import approvals, document_keys, enrolment, revocation
from central.centre import Centre
from central.refusals import RefusedError
from offline_cache.contract.messages import (
    LIST_PIECE_BYTES,
    LIST_SIZE_HEADER,
    Enrolment,
    EnrolmentRequest,
    TimeAnswer,
)

# What is given whole; a kiosk takes no longer answer than twice as much.
WHOLE_BYTES = 4 * 1024 * 1024
FILE_NAME = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")


def routes(centre: Centre) -> APIRouter:
    """Every path here is in `central.wire.OPEN`."""
    router = APIRouter()

    @router.post("/v1/enrolments")
    def enrolments(request: EnrolmentRequest) -> Enrolment:
        return enrolment.enrol(centre, request)

    @router.get("/v1/trust")
    def trust() -> dict[str, str]:
        return asdict(approvals.trust_of(centre))

    @router.get("/v1/time")
    def time() -> TimeAnswer:
        return TimeAnswer(time=centre.now().isoformat(timespec="milliseconds"))

    @router.get("/v1/health")
    def health() -> dict[str, str]:
        with centre.database.transaction() as session:
            session.connection()
        return {"status": "ok"}

    @router.get("/v1/document-keys")
    def published_keys() -> dict[str, Any]:
        return document_keys.published(centre.state.keys)

    @router.get("/v1/catalogue/metadata/{name}")
    def metadata(name: str, request: Request) -> Response:
        return _file(centre.state.tuf_metadata, name, request)

    @router.get("/v1/catalogue/targets/{name}")
    def targets(name: str, request: Request, offset: int | None = None) -> Response:
        if offset is not None:
            return _target_piece(centre.state.tuf_targets, name, offset)
        return _file(centre.state.tuf_targets, name, request)

    @router.get("/v1/revocation-lists/{name}")
    def revocation_list(name: str, request: Request, offset: int = 0) -> Response:
        return _piece(centre.state.revocation, name, offset, request)

    return router


def _piece(folder: Path, name: str, offset: int, request: Request) -> Response:
    """Part of a list, so that a kiosk on a slow line can serve a citizen in between; 304 if it has this very list."""
    body = revocation.read(folder, name)
    if body is None or not 0 <= offset < len(body):
        raise RefusedError(404, "not-found", "the centre has no such list")
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    headers = {"ETag": tag, LIST_SIZE_HEADER: str(len(body))}
    return Response(body[offset : offset + LIST_PIECE_BYTES], media_type="application/pkix-crl", headers=headers)


def _file(folder: Path, name: str, request: Request) -> Response:
    """A file of the repository, or 304 if the caller has it; what is named otherwise is not there."""
    file = folder / name
    if not FILE_NAME.fullmatch(name) or not file.is_file():
        raise RefusedError(404, "not-found", "the catalogue has no such file")
    if file.stat().st_size > WHOLE_BYTES:
        raise RefusedError(413, "too-large", "this file is given in pieces: ask with ?offset=0")
    body = file.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/json", headers={"ETag": tag})


def _target_piece(folder: Path, name: str, offset: int) -> Response:
    """Part of a target, so that neither end holds a release in memory, and a line that breaks costs one piece. Its name
    begins with its hash: what is called so never changes.
    """
    file = folder / name
    if not FILE_NAME.fullmatch(name) or not file.is_file() or not 0 <= offset < (size := file.stat().st_size):
        raise RefusedError(404, "not-found", "the centre has no such file, or no such part of it")
    with file.open("rb") as opened:
        opened.seek(offset)
        body = opened.read(LIST_PIECE_BYTES)
    return Response(body, media_type="application/octet-stream", headers={LIST_SIZE_HEADER: str(size)})
