"""Registrars: what makes a guide payable is given once, kept for good, and the same in a file and in a database."""

from __future__ import annotations

import threading
import tomllib
from datetime import date

import pytest

from central import publishing, registrar
from central.debts_csv import SAMPLE
from central.registrar import Claim, Debtor, RegistrarError
from central.state import Settings, make_folder
from kiosk.issuing import pagopa, pix, reading
from offline_cache.contract.charges import ChargeAnswer, ChargeRequest
from offline_cache.contract.messages import GuidesAnswer
from offline_cache.contract.national_ids import NationalId, Scheme
from tests.central.test_lookups import ask
from tests.central.world import CATALOGUE, make_state, running, service

SAMPLES = SAMPLE.with_name("registrars.toml").read_text(encoding="utf-8")
NAMES = tuple(tomllib.loads(SAMPLES))
DUE = date(2027, 1, 10)
NICCOLO = Debtor("Niccolò Sant'Elia", NationalId(Scheme.CODICE_FISCALE, "BSCMTT83A12L719R"))
REQUEST = "0190f5b4-0000-7000-8000-000000000001"


@pytest.fixture(params=["csv", "sql"])
def state(tmp_path, request):
    state = make_folder(tmp_path / "central", Settings(demonstration=True))
    url = "" if request.param == "csv" else f'\nurl = "sqlite:///{tmp_path / "books.db"}"\n'
    state.registrars.write_text(SAMPLES.replace("]\n", f"]{url}\n"), encoding="utf-8")
    return state


def claim(key="k1", cents=12_345, **more):
    return Claim(key=key, title="TARI 2026, rata unica", amount_cents=cents, due=DUE, **more)


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_gets_one_charge_for_ever_and_another_claim_another(state, name):
    first = registrar.registrars(state)[name].register(claim())
    again = registrar.registrars(state)[name]
    assert again.register(claim()) == first
    other = again.register(claim("k2"))
    assert (other.code, other.number, other.reference) != (first.code, first.number, first.reference)
    assert "2 registered" in again.check()


@pytest.mark.parametrize("name", NAMES)
def test_the_code_says_the_amount_the_day_and_who_is_paid(state, name):
    made = registrar.registrars(state)[name].register(claim(debtor=NICCOLO))
    if name == "pix":
        payload = pix.parse(made.code)
        assert (payload.kind, payload.amount_cents, payload.single_use) == (made.kind, 12_345, True)
        assert payload.url.endswith(made.reference)
        return
    facts = reading.read(made.code, DUE)
    assert (facts.kind, facts.amount_cents) == (made.kind, 12_345)
    assert facts.due == (DUE if name in {"boletos", "cuaderno57"} else None)
    if name == "pagopa":
        assert pagopa.parse(made.postal) == pagopa.parse(made.code)
        assert "NICCOLO SANT'ELIA" in made.postal


def test_without_a_fiscal_code_a_notice_has_no_postal_part(state):
    notices = registrar.registrars(state)["pagopa"]
    assert notices.register(claim()).postal is None
    brazilian = Debtor("Maria", NationalId(Scheme.CPF, "52998224725"))
    assert notices.register(claim("k2", debtor=brazilian)).postal is None


def test_kiosks_that_ask_at_once_get_numbers_of_their_own(state):
    made, errors = [], []

    def register(number):
        try:
            made.append(registrar.registrars(state)["boletos"].register(claim(f"k{number}")))
        except RegistrarError as error:
            errors.append(error)

    threads = [threading.Thread(target=register, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({charge.number for charge in made}) == len(made)
    assert len(made) + len(errors) == 8
    assert len(made) >= 4


def test_what_a_crash_cut_off_was_told_to_nobody_and_is_given_again(tmp_path):
    state = make_folder(tmp_path / "central", Settings(demonstration=True))
    state.registrars.write_text(SAMPLES, encoding="utf-8")
    first = registrar.registrars(state)["sepa"].register(claim())
    file = state.path / "registered" / "sepa.csv"
    whole = file.read_bytes()
    second = registrar.registrars(state)["sepa"].register(claim("k2"))
    written = file.read_bytes()
    for cut in range(len(whole), len(written)):
        file.write_bytes(written[:cut])
        assert registrar.registrars(state)["sepa"].register(claim()) == first
        assert registrar.registrars(state)["sepa"].register(claim("k2")) == second


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[a]\nkind = 'boleto'", "bank"),
        ("[a]\nkind = 'cheque'", "registrars.toml"),
        ("[a", "registrars.toml"),
        ("[a]\nkind = 'sepa'\npayee = 'x'\niban = 'ES00'\n", "IBAN is wrong"),
    ],
)
def test_what_is_wrong_with_a_registrar_is_told(tmp_path, text, words):
    state = make_folder(tmp_path / "central", Settings(demonstration=True))
    state.registrars.write_text(text, encoding="utf-8")
    with pytest.raises(RegistrarError, match=words):
        registrar.registrars(state)["a"].register(claim())


def world_with(tmp_path, anchors, registrars):
    import yaml

    state = make_state(tmp_path / "central", anchors)
    state.registrars.write_text(registrars, encoding="utf-8")
    boleto = {"kind": "boleto", "registrar": "boletos"}
    parking = {"kind": "pix-dynamic", "registrar": "pix", "amount_cents": 1200, "due_days": 0}
    catalogue = CATALOGUE | {
        "services": [
            service("iptu", "guide", "card+pin", "refuse", lookup="debts", guide=boleto),
            service("zona-azul", "guide", "none", "refuse", lookup="charge", guide=parking),
        ]
    }
    return state, yaml.safe_dump(catalogue)


def test_over_the_wire_debts_come_payable_and_a_fixed_amount_is_charged_once_a_request(tmp_path, anchors, citizen):
    state, catalogue = world_with(tmp_path, anchors, SAMPLES)
    with running(state) as world:
        publishing.publish(state, catalogue, world.now())
        kiosk = world.enrol()
        found = GuidesAnswer.model_validate(ask(kiosk, citizen("maria"), "/v1/guides", "iptu").json())
        again = GuidesAnswer.model_validate(ask(kiosk, citizen("maria"), "/v1/guides", "iptu").json())
        assert found.debts
        assert found == again
        for debt in found.debts:
            facts = reading.read(debt.charge.code, date.fromisoformat(debt.due))
            assert (facts.amount_cents, facts.due.isoformat()) == (debt.amount_cents, debt.due)
        asked = ChargeRequest(request_id=REQUEST, service="zona-azul")
        first = ChargeAnswer.model_validate(kiosk.post("/v1/charges", asked).json())
        assert ChargeAnswer.model_validate(kiosk.post("/v1/charges", asked).json()) == first
        assert (first.charge.amount_cents, first.charge.due) == (1200, world.centre.local_now().date().isoformat())
        wrong = kiosk.post("/v1/charges", ChargeRequest(request_id=REQUEST, service="iptu"))
        assert (wrong.status_code, wrong.json()["error"]) == (422, "wrong-service")


def test_a_registrar_that_is_away_spoils_its_look_up_and_nothing_else(tmp_path, anchors, citizen):
    state, catalogue = world_with(tmp_path, anchors, "")
    with running(state) as world:
        publishing.publish(state, catalogue, world.now())
        kiosk = world.enrol()
        for answer in (
            kiosk.post("/v1/charges", ChargeRequest(request_id=REQUEST, service="zona-azul")),
            ask(kiosk, citizen("maria"), "/v1/guides", "iptu"),
        ):
            assert (answer.status_code, answer.json()["error"]) == (502, "registrar-away")
