"""Personal look-ups: only whoever the card proves, only once per nonce; and documents that become valid."""

import base64
import json
import sqlite3
from datetime import UTC, date, datetime, timedelta

import cbor2
import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central import publishing
from central.debts_sql import COLUMNS
from kiosk.cli import main
from offline_cache.contract.evidence import Purpose
from offline_cache.contract.messages import DocumentAnswer, GuidesAnswer, Lookup
from printer.receipt import Band, Qr
from tests.central.world import YAML, make_state, rows, running


def ask(kiosk, citizen, path, service, *, language="pt-BR", nonce=None, evidence=None, session="s1"):
    nonce = nonce or kiosk.nonce("s1", service)
    evidence = evidence or kiosk.evidence(citizen, Purpose.LOOKUP, service, nonce=nonce)
    lookup = Lookup(session=session, service=service, language=language, evidence=evidence)
    return kiosk.post(path, lookup)


def document(kiosk, citizen, language="pt-BR"):
    response = ask(kiosk, citizen, "/v1/documents", "certidao", language=language)
    assert response.status_code == 200, response.text
    return DocumentAnswer.model_validate_json(response.content)


def commit(kiosk, citizen, code, **more):
    evidence = kiosk.evidence(citizen, Purpose.COMMIT, "certidao")
    fields = {"name": citizen.name, "national_id": citizen.cpf, "evidence": evidence, "document_code": code}
    return kiosk.ticket("certidao", **(fields | more))


def page(kiosk, code):
    return kiosk.centre.http.get(f"{kiosk.centre.url}/v/{code}")


def test_a_citizen_sees_their_own_debts_nearest_first(kiosk, citizen):
    answer = GuidesAnswer.model_validate_json(ask(kiosk, citizen("maria"), "/v1/guides", "iptu").content)
    assert answer.holder == "Maria das Dores Oliveira"
    assert answer.holder_masked_id == "***.982.247-**"
    first = answer.debts[0]
    assert first.id == "iptu-2026-unica"
    assert first.amount_cents == 41280
    assert date.fromisoformat(first.due) > datetime.now(UTC).date()
    assert first.free_field == first.due.replace("-", "") + "00000202600047113"
    assert all(debt.txid.isalnum() for debt in answer.debts)


def test_a_citizen_without_debts_gets_an_empty_list(kiosk, citizen):
    assert ask(kiosk, citizen("joao"), "/v1/guides", "iptu").json()["debts"] == []


def test_debts_come_from_the_tax_systems_own_database_where_one_is_named(tmp_path, anchors, citizen):
    file = tmp_path / "tax.db"
    with sqlite3.connect(file) as connection:
        connection.execute(f"CREATE TABLE debts ({', '.join(COLUMNS)})")
        whose = ["br-cpf", citizen("maria").cpf]
        row = [*whose, "iptu", "d1", "IPTU", "Rua das Flores", None, 41280, "2030-01-31", "2030.0000001-9"]
        connection.execute("INSERT INTO debts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.close()
    state = make_state(tmp_path / "central", anchors, debts_url=f"sqlite:///{file}")
    with running(state) as world:
        publishing.publish(state, YAML, world.now())
        kiosk = world.enrol()
        answer = ask(kiosk, citizen("maria"), "/v1/guides", "iptu").json()
        (debt,) = answer["debts"]
        assert (debt["id"], debt["amount_cents"], debt["due"]) == ("d1", 41280, "2030-01-31")
        assert ask(kiosk, citizen("joao"), "/v1/guides", "iptu").json()["debts"] == []
        with sqlite3.connect(file) as connection:
            connection.execute("DROP TABLE debts")
        connection.close()
        for path, service in (("/v1/guides", "iptu"), ("/v1/documents", "certidao")):
            refused = ask(kiosk, citizen("maria"), path, service)
            assert (refused.status_code, refused.json()["error"]) == (502, "debts-away")


def test_a_nonce_is_good_once(kiosk, citizen):
    nonce = kiosk.nonce("s1", "iptu")
    evidence = kiosk.evidence(citizen("maria"), Purpose.LOOKUP, "iptu", nonce=nonce)
    assert ask(kiosk, None, "/v1/guides", "iptu", nonce=nonce, evidence=evidence).status_code == 200
    again = ask(kiosk, None, "/v1/guides", "iptu", nonce=nonce, evidence=evidence)
    assert (again.status_code, again.json()["error"]) == (403, "nonce")


def test_a_nonce_older_than_ten_minutes_is_refused(kiosk, citizen):
    nonce = kiosk.nonce("s1", "iptu")
    kiosk.centre.ahead = timedelta(minutes=11)
    try:
        response = ask(kiosk, citizen("maria"), "/v1/guides", "iptu", nonce=nonce)
    finally:
        kiosk.centre.ahead = timedelta()
    assert response.json()["error"] == "nonce"


def test_a_nonce_of_another_session_is_refused(kiosk, citizen):
    nonce = kiosk.nonce("somebody-else", "iptu")
    assert ask(kiosk, citizen("maria"), "/v1/guides", "iptu", nonce=nonce).json()["error"] == "nonce"


def test_a_nonce_of_another_kiosk_is_refused(world, kiosk, citizen):
    nonce = world.enrol().nonce("s1", "iptu")
    assert ask(kiosk, citizen("maria"), "/v1/guides", "iptu", nonce=nonce).json()["error"] == "nonce"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kiosk": "VA-999"},
        {"session": "s2"},
        {"service": "certidao"},
        {"purpose": Purpose.COMMIT},
        {"nonce_of_centre": False},
    ],
)
def test_a_statement_about_something_else_is_refused(kiosk, citizen, wrong):
    nonce = kiosk.nonce("s1", "iptu")
    evidence = kiosk.evidence(citizen("maria"), Purpose.LOOKUP, "iptu", nonce=nonce, **wrong)
    response = ask(kiosk, None, "/v1/guides", "iptu", evidence=evidence)
    assert (response.status_code, response.json()["error"]) == (403, "evidence")


@pytest.mark.parametrize(("card", "error"), [("ana", "evidence-not-trusted"), ("bia", "evidence-expired")])
def test_a_card_that_cannot_be_trusted_gets_nothing(kiosk, citizen, card, error):
    response = ask(kiosk, citizen(card), "/v1/guides", "iptu")
    assert (response.status_code, response.json()["error"]) == (403, error)


def test_a_forged_proof_gets_nothing_and_uses_the_nonce_up(kiosk, citizen):
    nonce = kiosk.nonce("s1", "iptu")
    maria = kiosk.evidence(citizen("maria"), Purpose.LOOKUP, "iptu", nonce=nonce)
    joao = kiosk.evidence(citizen("joao"), Purpose.LOOKUP, "iptu", nonce=nonce)
    forged = joao.model_copy(update={"certificates": maria.certificates})
    response = ask(kiosk, None, "/v1/guides", "iptu", evidence=forged)
    assert response.json()["error"] == "evidence-not-genuine"
    assert ask(kiosk, None, "/v1/guides", "iptu", evidence=maria).json()["error"] == "nonce"


@pytest.mark.parametrize(
    ("path", "service", "error"),
    [("/v1/guides", "certidao", "wrong-service"), ("/v1/guides", "nothing", "unknown-service")],
)
def test_a_service_that_looks_nothing_up_is_refused(kiosk, citizen, path, service, error):
    assert ask(kiosk, citizen("maria"), path, service).json()["error"] == error


def test_a_certificate_is_refused_while_a_debt_is_overdue(kiosk, citizen):
    answer = document(kiosk, citizen("teo"))
    assert (answer.outcome, answer.reason, answer.receipt) == ("refused", "has-debts", None)


def test_a_debt_that_is_not_due_yet_is_no_obstacle(kiosk, citizen):
    assert document(kiosk, citizen("maria")).outcome == "issued"


def test_a_document_is_valid_only_once_its_ticket_has_arrived(kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    assert "ainda não confirmado" in page(kiosk, answer.code).text
    assert answer.number not in page(kiosk, answer.code).text
    event = commit(kiosk, citizen("joao"), answer.code)
    assert kiosk.send(event) == ["created"]
    shown = page(kiosk, answer.code.lower().replace("-", ""))
    assert shown.status_code == 200
    for text in ("Documento válido", answer.number, "***.444.777-**"):
        assert text in shown.text
    assert "João" not in shown.text
    assert kiosk.send(event) == ["duplicate"]


def test_a_document_past_its_day_is_shown_as_expired(kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    kiosk.send(commit(kiosk, citizen("joao"), answer.code))
    kiosk.centre.ahead = timedelta(days=92)
    try:
        assert "Documento vencido" in page(kiosk, answer.code).text
    finally:
        kiosk.centre.ahead = timedelta()


def test_a_document_is_not_handed_to_somebody_else_nor_twice(kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    stolen = commit(kiosk, citizen("maria"), answer.code)
    assert kiosk.send(stolen) == ["quarantined"]
    assert "ainda não confirmado" in page(kiosk, answer.code).text
    assert kiosk.send(*(commit(kiosk, citizen("joao"), answer.code) for _ in range(2))) == ["created", "quarantined"]


def test_a_code_nobody_issued_is_unknown(kiosk):
    assert page(kiosk, "0000-0000-0000-0000").status_code == 404
    assert page(kiosk, "<script>").status_code == 404


def test_documents_are_numbered_on_and_have_codes_of_their_own(kiosk, citizen):
    first, second = document(kiosk, citizen("joao")), document(kiosk, citizen("joao"))
    running = [int(answer.number[5:-2].replace(".", "")) for answer in (first, second)]
    assert running[1] == running[0] + 1
    assert first.code != second.code


def test_the_paper_carries_the_seal_and_a_simulation_says_that_it_is_worth_nothing(kiosk, citizen):
    answer = document(kiosk, citizen("joao"), language="es")
    qr = next(block for block in answer.receipt.blocks if isinstance(block, Qr))
    assert qr.data.startswith(f"https://vilaaurora.example/v/{answer.code}#")
    assert answer.receipt.no_value
    assert answer.receipt.language == "es"
    assert any(isinstance(block, Band) for block in answer.receipt.blocks)
    assert "111.444.777-35" not in answer.receipt.model_dump_json()
    assert "11144477735" not in answer.receipt.model_dump_json()


def seal_of(answer):
    qr = next(block for block in answer.receipt.blocks if isinstance(block, Qr))
    fragment = qr.data.partition("#")[2]
    return base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))


def verify_seal(kiosk, sealed):
    """RFC 9052, 4.4, by hand: an independent reading of what the centre sealed."""
    tagged = cbor2.loads(sealed)
    assert tagged.tag == 18
    protected, _, payload, signature = tagged.value
    header = cbor2.loads(protected)
    published = kiosk.centre.http.get(f"{kiosk.centre.url}/v1/document-keys").json()["keys"]
    raw = {key["key_id"].encode(): base64.b64decode(key["public_key"]) for key in published}[header[4]]
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
    return header, cbor2.loads(payload)


def test_the_seal_holds_with_the_published_keys_alone(kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    header, claims = verify_seal(kiosk, seal_of(answer))
    assert header[1] == -8
    assert all(isinstance(key, int) for key in claims)
    assert claims[2] == "***.444.777-**"
    assert claims[-65537] == answer.number
    assert claims[-65538] == answer.code
    assert claims[-65540] is True
    # the last second of that day in Brasília
    assert claims[4] == int(datetime.fromisoformat(f"{answer.valid_until}T23:59:59-03:00").timestamp())
    assert b"11144477735" not in seal_of(answer)


def test_the_papers_qr_is_checked_by_command_with_the_saved_list_and_no_centre(kiosk, citizen, tmp_path):
    answer = document(kiosk, citizen("joao"))
    qr = next(block for block in answer.receipt.blocks if isinstance(block, Qr))
    keys = tmp_path / "document-keys.json"
    keys.write_bytes(kiosk.centre.http.get(f"{kiosk.centre.url}/v1/document-keys").content)
    done = CliRunner().invoke(main, ["document", "verify", qr.data, "--keys", str(keys), "--json"])
    said = json.loads(done.stdout)
    assert (done.exit_code, said["valid"], said["without_value"]) == (0, True, True)
    assert (said["number"], said["code"], said["cpf"]) == (answer.number, answer.code, "***.444.777-**")


def test_a_changed_seal_does_not_hold(kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    changed = seal_of(answer).replace(answer.code.encode(), answer.code[::-1].encode())
    with pytest.raises(InvalidSignature):
        verify_seal(kiosk, changed)


def test_the_whole_link_is_short_enough_to_scan(kiosk, citizen):
    import segno

    answer = document(kiosk, citizen("joao"))
    qr = next(block for block in answer.receipt.blocks if isinstance(block, Qr))
    # version 15-M has 77 modules: 385 dots at 5 a module, on a roll of 576
    assert segno.make(qr.data, error="m", boost_error=False, micro=False).version <= 15


def test_the_centre_keeps_no_cpf_with_a_document(kiosk, citizen):
    document(kiosk, citizen("joao"))
    kept = json.dumps(rows(kiosk.centre, "SELECT code, holder, holder_masked, seal FROM documents"))
    assert "11144477735" not in kept
