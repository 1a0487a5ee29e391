"""The centre as a web application: the routes, and the wire around them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from central import refusals
from central.centre import open_centre, utc_now
from central.routes import devices, hand_off, pages, public
from central.state import CentralState
from central.wire import Wire
from offline_cache.contract.messages import Refusal

REFUSED: dict[str, object] = {"model": Refusal, "description": "Refused: a code for machines, a line for people."}


def create(state: CentralState, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application over an initialised folder; FileNotFoundError says what to do.

    The centre it serves stands in `app.state.centre`.
    """
    centre = open_centre(state, clock)
    app = FastAPI(
        title="Totem centre",
        version="1",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # 422 by its number, or the framework describes a form of its own
        responses={422: REFUSED, "4XX": REFUSED, "5XX": REFUSED},
    )
    app.state.centre = centre
    refusals.install(app)
    # What kiosks ask comes first: a route is looked for in this order, and they ask most.
    app.include_router(devices.routes(centre))
    app.include_router(public.routes(centre))
    app.include_router(pages.routes(centre))
    app.include_router(hand_off.routes(centre))
    app.add_middleware(Wire, centre=centre)
    return app
