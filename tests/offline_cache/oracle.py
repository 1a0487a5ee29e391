"""The judge of every fault: what was told is at the centre, once and as it was sealed; nobody's data is here."""

import json
from collections.abc import Iterable

from offline_cache import audit, outbox
from offline_cache.folder import StateFolder
from offline_cache.store import open_store
from tests.offline_cache.pages import all_pages

# Of a payload's JSON before it was sealed; no file may hold a word of it, decrypted or not.
PERSONAL = (b'"pin"', b'"answers"', b'"national_id"')


def account(centre, folder: StateFolder, told: Iterable[str]) -> None:
    """Printed codes = tickets of the centre, fingerprints equal, queue empty, no personal bytes on disk."""
    told = list(told)
    assert len(set(told)) == len(told), "a code was told twice"
    with open_store(folder) as store:
        assert outbox.status(store).waiting == 0
        assert audit.first_break(store) is None
        rows = store.rows("select id, code, fingerprint from outbox where code is not null")
        kiosk = json.loads(store.row("select enrolment from standing")["enrolment"])["kiosk"]
    mine = sorted((row["code"], row["id"], row["fingerprint"]) for row in rows)
    assert set(told) <= {code for code, _, _ in mine}, "a ticket is lost"
    query = f"SELECT id, code, fingerprint, state FROM events WHERE kiosk = '{kiosk}' AND code IS NOT NULL"
    there = centre.rows(query)
    assert sorted((row["code"], row["id"], row["fingerprint"]) for row in there) == mine
    assert {row["state"] for row in there} <= {"created"}
    tickets = centre.rows(f"SELECT code FROM tickets WHERE kiosk = '{kiosk}'")
    assert sorted(row["code"] for row in tickets) == [code for code, _, _ in mine]
    assert centre.rows(f"SELECT event_id FROM conflicts WHERE kiosk = '{kiosk}'") == []
    readable = all_pages(folder)
    for file in folder.path.rglob("*"):
        if file.is_file():
            readable += file.read_bytes()
    assert [words for words in PERSONAL if words in readable] == []
