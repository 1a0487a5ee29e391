"""Look-ups ask a level of proof, and a kiosk may not look up as many people as it likes."""

import base64
import json
import shutil
from datetime import timedelta

import pytest
import yaml

from central import publishing, vigilance
from devices.cards import belgium
from devices.virtual import wallet
from offline_cache.contract.evidence import Evidence, Purpose
from tests.central.test_lookups import ask, commit, document
from tests.central.world import CATALOGUE, make_state, rows, running


class Foreigner:
    """A card of another family than those of the wallet's people of Brazil, asked directly."""

    def __init__(self, card, pin):
        from devices.cards.base import PinAccepted
        from tests.devices.direct import Direct

        self.card = Direct(card)
        self.family = belgium.BelgianEid(self.card)
        assert self.family.verify_pin(bytearray(pin.encode())) == PinAccepted()

    def sign(self, statement):
        certificates = self.family.certificates()
        signature = self.family.sign(statement.digest())
        encode = lambda part: base64.b64encode(part).decode()  # noqa: E731
        return Evidence(
            statement=statement, certificates=tuple(map(encode, certificates)), signature=encode(signature)
        )


@pytest.fixture
def strict(tmp_path, anchors, cards):
    """A centre whose look-ups ask for level 3, with the wallet's families and revocation lists."""
    asking = json.loads(json.dumps(CATALOGUE))
    asking["card_families"] = ["piv-icp-brasil", "belgian-eid"]
    for service in asking["services"]:
        if service["identification"] == "card+pin":
            service["assurance"] = 3
    state = make_state(tmp_path / "central", anchors, lookups_per_hour=3, failed_proofs_per_hour=2)
    shutil.copytree(cards / wallet.LISTS, state.revocation)
    with running(state) as world:
        publishing.publish(state, yaml.safe_dump(asking), world.now())
        yield world.enrol()


def test_the_centre_finds_level_three_itself_and_writes_it_down(strict, citizen):
    assert ask(strict, citizen("maria"), "/v1/guides", "iptu").status_code == 200
    answer = document(strict, citizen("joao"))
    assert strict.send(commit(strict, citizen("joao"), answer.code)) == ["created"]
    (row,) = rows(strict.centre, "SELECT assurance, revocation, certificate, scheme FROM tickets")
    assert (row["assurance"], row["revocation"]) == (3, "passed")
    assert int(row["certificate"], 16) > 0


def test_without_a_list_that_counts_nobody_s_data_is_looked_up_and_a_ticket_is_kept_with_its_level(strict, citizen):
    answer = document(strict, citizen("joao"))
    shutil.rmtree(strict.centre.state.revocation)
    refused = ask(strict, citizen("maria"), "/v1/guides", "iptu")
    assert (refused.status_code, refused.json()["error"]) == (403, "level-revocation")
    assert strict.send(commit(strict, citizen("joao"), answer.code)) == ["created"]
    (row,) = rows(strict.centre, "SELECT assurance, revocation FROM tickets")
    assert (row["assurance"], row["revocation"]) == (2, "not-checked: no revocation list was consulted")


def test_a_card_that_was_reported_as_lost_gets_nothing_and_its_ticket_waits_for_an_administrator(strict, citizen):
    refused = ask(strict, citizen("rui"), "/v1/guides", "iptu")
    assert refused.json()["error"] == "evidence-revoked"
    rui = citizen("rui")
    evidence = strict.evidence(rui, Purpose.COMMIT, "iptu")
    assert strict.send(strict.ticket("iptu", name=rui.name, national_id=rui.cpf, evidence=evidence)) == ["quarantined"]
    (row,) = rows(strict.centre, "SELECT reason FROM events")
    assert row["reason"] == "evidence-revoked"


def test_a_foreign_number_is_not_looked_up_as_if_it_were_a_cpf(strict, cards):
    lotte = Foreigner(wallet.insertable(cards, "lotte"), "1234")
    refused = ask(strict, lotte, "/v1/guides", "iptu")
    assert (refused.status_code, refused.json()["error"]) == (403, "level-number")


def test_a_kiosk_that_looks_up_too_many_people_is_stopped_and_reported(strict, citizen):
    for _ in range(3):
        assert ask(strict, citizen("maria"), "/v1/guides", "iptu").status_code == 200
    stopped = ask(strict, citizen("maria"), "/v1/guides", "iptu")
    assert (stopped.status_code, stopped.json()["error"]) == (403, "too-many-lookups")
    told = vigilance.alerts(strict.centre.centre)
    assert [(alert["kiosk"], alert["kind"], alert["times"]) for alert in told] == [(strict.id, "too-many-lookups", 1)]
    other = strict.centre.enrol()
    assert ask(other, citizen("maria"), "/v1/guides", "iptu").status_code == 200
    strict.centre.ahead = timedelta(hours=1, minutes=1)
    assert ask(strict, citizen("maria"), "/v1/guides", "iptu").status_code == 200


def test_proofs_that_do_not_hold_are_counted_and_reported(strict, citizen):
    for _ in range(2):
        assert ask(strict, citizen("ana"), "/v1/guides", "iptu").status_code == 403
    assert [alert["kind"] for alert in vigilance.alerts(strict.centre.centre)] == ["failed-proofs"]
