"""How the centre says no: a status, a code for machines, a line for people. Never what the request held."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from offline_cache.contract.messages import Refusal

log = structlog.get_logger("central")


class RefusedError(Exception):
    """Becomes the Refusal of an answer."""

    def __init__(self, status: int, code: str, detail: str, counter: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.counter = counter
        self.status = status
        self.code = code
        self.detail = detail


def answer_of(error: RefusedError) -> JSONResponse:
    """The answer of a refusal."""
    refusal = Refusal(error=error.code, detail=error.detail, counter=error.counter)
    body = refusal.model_dump(mode="json", exclude_none=True)
    headers = {"Retry-After": "5"} if error.status == 503 else None
    return JSONResponse(body, status_code=error.status, headers=headers)


def install(app: FastAPI) -> None:
    """Every failure that a route can meet answers with a Refusal."""

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RefusedError)
        return answer_of(error)

    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        # the places only: what stood there may be a citizen's
        places = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
        return answer_of(RefusedError(422, "invalid", f"wrong or missing: {', '.join(places)}"))

    async def http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return answer_of(RefusedError(error.status_code, f"http-{error.status_code}", str(error.detail)))

    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
