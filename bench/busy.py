"""Keeps printer and network busy: registers requests as the kiosk does, one after the other, and lets each print.

    python -m bench.busy STATE EVERY_S
    python -m bench.busy STATE 0 COUNT     so many at once, without paper, and ends
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

from kiosk.catalog.model import Language
from kiosk.catalog.read import from_json
from kiosk.journey.state import Committing, Devices, PrinterCondition, ReaderCondition, Session, State
from kiosk.performers import registration
from offline_cache import catalogue_cache, clock, print_jobs
from offline_cache.folder import StateFolder
from offline_cache.store import open_store
from offline_cache.wake import post

ANSWERS = {
    "tipo": "reclamacao", "assunto": "iluminacao", "onde": "Rua A",
    "relato": "O poste está apagado há duas semanas e a rua fica escura. " * 3,
}  # fmt: skip
DEADLINE_S = 600
WORKING = Devices(
    printer=PrinterCondition.READY, reader=ReaderCondition.READY, link=True, enrolled=True, clock_trusted=True
)


def main() -> None:
    folder, every_s = StateFolder(Path(sys.argv[1])), float(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else None
    with open_store(folder) as store:
        kept = catalogue_cache.current(store)
        assert kept is not None
        catalogue = from_json(kept.content)
        for number in itertools.count():
            if number == count:
                return
            session = Session(
                id="bench", language=Language.PT_BR, started_s=0, service=catalogue.service("ouvidoria"),
                answers=dict(ANSWERS), paper=count is None,
            )  # fmt: skip
            state = State(catalogue=catalogue, devices=WORKING, stage=Committing(), session=session)
            ticket = registration.register(store, folder, state).ticket
            post(folder, "sync")
            if ticket.job is not None:
                print_jobs.release(store, ticket.job, clock.boottime_s() + DEADLINE_S)
                post(folder, "printer")
            time.sleep(every_s)


if __name__ == "__main__":
    main()
