"""Documents at the centre: the A4 and its signature, the code's page, copies, revocation, keys, the way to a phone."""

import base64
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from central import document_keys, documents, publishing
from kiosk.cli import main
from kiosk.issuing import tracking
from kiosk.issuing.document_pdf import PdfRefusal, verify_pdf
from kiosk.issuing.document_seal import Refusal, published_keys, verify
from offline_cache.contract.evidence import Purpose
from printer.receipt import Band, Qr
from tests.central.test_lookups import commit, document, page
from tests.central.world import YAML, make_state, rows, running

PIN = "482731"
TOKEN = "0123456789ABCDEFGHJKMNPQRS"


@pytest.fixture(scope="module")
def world(tmp_path_factory, anchors):
    """A centre that gives the same document to who asks again."""
    state = make_state(tmp_path_factory.mktemp("central"), anchors)
    with running(state) as world:
        publishing.publish(state, YAML, world.now())
        yield world


@pytest.fixture(autouse=True)
def nobody_has_a_document(world):
    """Each test begins with citizens who have none."""
    import sqlite3

    yield
    with sqlite3.connect(world.state.database) as connection:
        connection.execute("UPDATE documents SET state = 'revoked'")
    world.ahead = timedelta()


def keys_of(world):
    return published_keys(world.http.get(f"{world.url}/v1/document-keys").text)


def pages(answer):
    return base64.b64decode(answer.pages)


def address(answer):
    return next(block for block in answer.receipt.blocks if isinstance(block, Qr)).data


def bands(answer):
    return [block.text for block in answer.receipt.blocks if isinstance(block, Band)]


def act(world, code):
    asked = f"SELECT act FROM document_records WHERE code = '{code}' ORDER BY number"
    return [row["act"] for row in rows(world, asked)]


def totem(world, *arguments, given=None):
    return CliRunner().invoke(main, ["central", *arguments, "--state", str(world.state.path)], input=given)


def text_of(pdf, tmp_path):
    file = tmp_path / "text.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True).stdout.decode()


# ---- the A4 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [("pt-BR", "CERTIDÃO NEGATIVA"), ("es", "CERTIFICADO NEGATIVO"), ("it", "CERTIFICATO NEGATIVO"),
     ("en", "NO-DEBT CERTIFICATE")],
)  # fmt: skip
def test_the_a4_says_in_the_citizens_language_what_the_receipt_says(kiosk, citizen, tmp_path, language, words):
    answer = document(kiosk, citizen("joao"), language=language)
    text = text_of(pages(answer), tmp_path)
    for said in (words, answer.number, answer.code, "JOÃO", "***.444.777-**", "vilaaurora.example/v"):
        assert said in text
    assert "11144477735" not in text.replace(".", "").replace("-", "")


def test_independent_tools_find_the_signature_whole_and_see_a_change(kiosk, citizen, tmp_path):
    """pdfsig exits 0 for a tampered file too: its words are read. That the file is PDF/A-2 none of them proves."""
    file, broken = tmp_path / "a.pdf", tmp_path / "b.pdf"
    file.write_bytes(pages(document(kiosk, citizen("joao"))))
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 3] ^= 1
    broken.write_bytes(changed)

    def said(*command):
        done = subprocess.run(command, capture_output=True, check=False)
        return (done.stdout + done.stderr).decode()

    for words in ("Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "SHA-256"):
        assert words in said("pdfsig", file)
    assert "Signature is Valid" not in said("pdfsig", broken)
    assert "unchanged since signing" in said("mutool", "sign", "-v", file)
    assert "unchanged since signing" not in said("mutool", "sign", "-v", broken)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_readers_of_pdfs_trust_the_signer_once_they_trust_the_published_authority(world, kiosk, citizen, tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(pages(document(kiosk, citizen("joao"))))
    authority = tmp_path / "authority.pem"
    authority.write_text(world.http.get(f"{world.url}/v1/document-keys").json()["authority"], encoding="ascii")
    store = tmp_path / "nss"
    store.mkdir()
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", f"sql:{store}", "-n", "a", "-t", "CT,C,C", "-i", authority], check=True)
    said = subprocess.run(["pdfsig", "-nssdir", f"sql:{store}", file], capture_output=True, check=True).stdout.decode()
    assert "Certificate is Trusted" in said


def test_the_a4_says_that_it_is_a_tagged_pdf_a_2a(kiosk, citizen, tmp_path):
    pdf = pages(document(kiosk, citizen("joao")))
    assert pdf.startswith(b"%PDF-1.7")
    plain = tmp_path / "plain.pdf"
    (tmp_path / "a.pdf").write_bytes(pdf)
    subprocess.run(["qpdf", "--qdf", "--object-streams=disable", tmp_path / "a.pdf", plain], check=True)
    content = plain.read_bytes()
    assert b'pdfaid:part="2" pdfaid:conformance="A"' in content
    for needed in (b"/OutputIntents", b"/MarkInfo", b"/StructTreeRoot", b"/FontFile2"):
        assert needed in content
    for forbidden in (b"/Encrypt", b"/JavaScript", b"/Version /2.0"):
        assert forbidden not in content


def test_the_qr_of_the_a4_is_read_from_its_picture_and_holds_the_seal(kiosk, citizen, tmp_path):
    import zxingcpp
    from PIL import Image

    answer = document(kiosk, citizen("joao"))
    (tmp_path / "a.pdf").write_bytes(pages(answer))
    subprocess.run(["pdftoppm", "-r", "150", "-png", tmp_path / "a.pdf", tmp_path / "a"], check=True)
    with Image.open(next(tmp_path.glob("a*.png"))) as picture:
        (read,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert read.text == address(answer)
    assert read.text.startswith(f"https://vilaaurora.example/v/{answer.code}#")


def test_a_code_has_16_characters_of_which_one_checks_75_random_bits(kiosk, citizen):
    code = document(kiosk, citizen("joao")).code.replace("-", "")
    assert len(code) == 16
    assert tracking.is_valid(code)
    assert (16 - 1) * 5 >= 70


# ---- without a network ----------------------------------------------------------------------------------------


def test_a_pdf_is_checked_by_command_with_the_saved_list_and_no_centre(world, kiosk, citizen, tmp_path):
    answer = document(kiosk, citizen("joao"))
    (tmp_path / "a.pdf").write_bytes(pages(answer))
    saved = totem(world, "keys", "publish").stdout
    (tmp_path / "keys.json").write_text(saved, encoding="utf-8")
    asked = ["document", "verify", str(tmp_path / "a.pdf"), "--keys", str(tmp_path / "keys.json"), "--json"]
    done = CliRunner().invoke(main, asked)
    said = json.loads(done.stdout)
    assert (done.exit_code, said["valid"], said["number"], said["code"]) == (0, True, answer.number, answer.code)
    (tmp_path / "a.pdf").write_bytes(pages(answer).replace(b"Vila Aurora", b"Vila Aurera", 1) + b"\n")
    done = CliRunner().invoke(main, asked)
    assert (done.exit_code, json.loads(done.stdout)["valid"]) == (1, False)
    done = CliRunner().invoke(main, asked[:-1])
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


def test_whatever_is_done_to_the_file_is_found(world, kiosk, citizen):
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    pdf, keys, now = pages(document(kiosk, citizen("joao"))), keys_of(world), datetime.now(UTC)
    assert verify_pdf(pdf, keys, now).refusal is None
    assert verify_pdf(pdf + b"\n% more", keys, now).refusal is PdfRefusal.NOT_WHOLE
    assert verify_pdf(pdf[:-7], keys, now).refusal is PdfRefusal.NOT_WHOLE
    assert verify_pdf(b"%PDF-1.7\n", keys, now).refusal is PdfRefusal.NOT_SIGNED
    assert verify_pdf(pdf, {}, now).refusal is PdfRefusal.UNKNOWN_SIGNER
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, len(pdf) - 1), st.integers(1, 255))
    def changed(at, by):
        spoiled = pdf[:at] + bytes([pdf[at] ^ by]) + pdf[at + 1 :]
        verdict = verify_pdf(spoiled, keys, now)
        if start <= at < end:
            # the signature's own container carries certificates that nobody believes here, and zeros behind it
            assert verdict.refusal is not None or verdict.seal.claims.number
        else:
            assert verdict.refusal is not None

    changed()


def test_a_revision_put_behind_the_signed_one_is_another_file(world, kiosk, citizen, tmp_path):
    """What a forger does: the signature of the first revision still holds for readers that do not look further."""
    from io import BytesIO

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    pdf = pages(document(kiosk, citizen("joao")))
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    assert verify_pdf(out.getvalue(), keys_of(world), datetime.now(UTC)).refusal is PdfRefusal.NOT_WHOLE


# ---- valid, expired, revoked ----------------------------------------------------------------------------------


def test_the_codes_page_says_valid_expired_or_revoked_and_what_the_paper_should_say(world, kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    assert "ainda não confirmado" in page(kiosk, answer.code).text
    kiosk.send(commit(kiosk, citizen("joao"), answer.code))
    shown = page(kiosk, answer.code).text
    for said in ("Documento válido", answer.number, "***.444.777-**", "CERTIDÃO NEGATIVA"):
        assert said in shown
    world.ahead = timedelta(days=91)
    assert "Documento vencido" in page(kiosk, answer.code).text
    world.ahead = timedelta()
    assert totem(world, "revoke", answer.code.lower(), "--because", "issued by mistake").exit_code == 0
    shown = page(kiosk, answer.code).text
    assert "Documento cancelado" in shown
    assert answer.number in shown
    assert "mistake" not in shown
    again = totem(world, "revoke", answer.code, "--because", "x")
    assert (again.exit_code, len(again.stderr.splitlines())) == (2, 1)
    listed = {row["code"]: row for row in json.loads(totem(world, "documents", "--json").stdout)}
    assert (listed[answer.code]["state"], listed[answer.code]["copies"]) == ("revoked", 1)
    assert act(world, answer.code) == ["issued", "composed", "handed-over", "revoked"]


def test_a_revoked_document_is_not_given_again(world, kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    kiosk.send(commit(kiosk, citizen("joao"), answer.code))
    documents.revoke(world.centre, answer.code, "-")
    after = document(kiosk, citizen("joao"))
    assert after.code != answer.code
    assert after.copy_number == 1


# ---- copies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "on_receipt", "on_a4"),
    [("pt-BR", "2ª VIA", "2ª via"), ("es", "2ª COPIA", "2ª copia"), ("it", "2ª COPIA", "2ª copia"),
     ("en", "COPY 2", "Copy 2")],
)  # fmt: skip
def test_a_second_copy_has_the_same_number_says_so_in_the_citizens_language_and_is_recorded(
    world, kiosk, citizen, tmp_path, language, on_receipt, on_a4
):
    first = document(kiosk, citizen("joao"))
    assert first.copy_number == 1
    assert "2ª" not in text_of(pages(first), tmp_path) + " ".join(bands(first))
    kiosk.send(commit(kiosk, citizen("joao"), first.code))
    elsewhere = world.enrol()
    second = document(elsewhere, citizen("joao"), language=language)
    assert (second.number, second.code, second.copy_number) == (first.number, first.code, 2)
    assert on_receipt in bands(second)
    assert on_a4 in text_of(pages(second), tmp_path)
    assert address(second) == address(first)
    assert elsewhere.send(commit(elsewhere, citizen("joao"), second.code)) == ["created"]
    record = json.loads(totem(world, "documents", first.code, "--json").stdout)
    assert [(row["act"], row["copy"], row["by"]) for row in record[-2:]] == [
        ("composed", 2, elsewhere.id), ("handed-over", 2, elsewhere.id),
    ]  # fmt: skip


def test_a_copy_that_nobody_took_is_composed_again_under_the_same_number(kiosk, citizen):
    first, again = (document(kiosk, citizen("joao")) for _ in range(2))
    assert first.code != again.code, "a document that was never handed over is not one yet"
    kiosk.send(commit(kiosk, citizen("joao"), again.code))
    assert [document(kiosk, citizen("joao")).copy_number for _ in range(2)] == [2, 2]


def test_after_the_days_for_a_copy_who_asks_gets_a_new_document(world, kiosk, citizen):
    first = document(kiosk, citizen("joao"))
    kiosk.send(commit(kiosk, citizen("joao"), first.code))
    world.ahead = timedelta(days=31)
    assert document(kiosk, citizen("joao")).number != first.number


# ---- asked for offline ----------------------------------------------------------------------------------------


def queued(kiosk, person):
    evidence = kiosk.evidence(person, Purpose.COMMIT, "certidao")
    return kiosk.ticket("certidao", name=person.name, national_id=person.cpf, evidence=evidence)


def ticket(world, event):
    (row,) = rows(world, f"SELECT state, document_code FROM tickets WHERE id = '{event.id}'")
    return row["state"], row["document_code"]


def test_a_document_asked_for_offline_is_issued_on_arrival_and_fetched_with_the_card(world, kiosk, citizen):
    event = queued(kiosk, citizen("joao"))
    assert kiosk.send(event) == ["created"]
    state, code = ticket(world, event)
    assert state == "ready"
    asked = {"code": event.code, "pin": PIN}
    assert "Pronto" in world.http.post(f"{world.url}/p?lang=pt-BR", data=asked).text
    collected = document(world.enrol(), citizen("joao"), language="es")
    assert (collected.code, collected.copy_number) == (code, 1)


def test_who_owes_is_refused_on_arrival_and_an_absent_tax_system_is_asked_again(world, kiosk, citizen):
    owing = queued(kiosk, citizen("teo"))
    kiosk.send(owing)
    assert ticket(world, owing) == ("refused", None)
    debts = world.state.debts
    away = debts.rename(debts.with_suffix(".away"))
    waiting = queued(kiosk, citizen("joao"))
    kiosk.send(waiting)
    assert ticket(world, waiting) == ("received", None)
    away.rename(debts)
    kiosk.send(kiosk.ticket("ouvidoria"))
    assert ticket(world, waiting)[0] == "ready"


# ---- keys -----------------------------------------------------------------------------------------------------


def test_keys_rotate_under_a_running_centre_and_what_the_old_ones_made_still_holds(world, kiosk, citizen):
    before = document(kiosk, citizen("joao"))
    old = document_keys.current(world.state.keys).seal.key_id
    done = totem(world, "keys", "rotate")
    assert done.exit_code == 0, done.stderr
    after = document(kiosk, citizen("maria"))
    now, keys = datetime.now(UTC), keys_of(world)
    verdicts = [verify_pdf(pages(answer), keys, now) for answer in (before, after)]
    assert [(verdict.refusal, verdict.seal.refusal) for verdict in verdicts] == [(None, None)] * 2
    assert verdicts[0].seal.key_id == old
    assert verdicts[1].seal.key_id != old
    assert not list(world.state.keys.glob(f"{old}.key")) + list(world.state.keys.glob(f"{old}.signer"))
    states = [row["state"] for row in json.loads(totem(world, "keys", "list", "--json").stdout)]
    assert states.count("current") == 1


def test_a_revoked_key_is_published_as_that_and_nothing_it_made_is_believed(world, kiosk, citizen):
    before = document(kiosk, citizen("joao"))
    kiosk.send(commit(kiosk, citizen("joao"), before.code))
    stolen = document_keys.current(world.state.keys).seal.key_id
    assert totem(world, "keys", "revoke", stolen).exit_code == 0
    now, keys = datetime.now(UTC), keys_of(world)
    assert verify_pdf(pages(before), keys, now).refusal is PdfRefusal.REVOKED_SIGNER
    assert verify(address(before), keys, now).refusal is Refusal.REVOKED_KEY
    assert "Documento válido" in page(kiosk, before.code).text, "the centre's own word does not depend on a key"
    again = document(kiosk, citizen("joao"))
    assert again.number == before.number
    assert verify(address(again), keys, now).refusal is None, "a further copy is sealed anew"
    assert totem(world, "keys", "revoke", "document-1").exit_code == 2


def test_an_offices_own_certificate_signs_from_a_pkcs12_file(world, kiosk, citizen, tmp_path):
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    from central import document_certificates

    key, pem = document_certificates.authority("ICP", datetime.now(UTC))
    signer, chain = document_certificates.signer(key, pem, datetime.now(UTC))
    leaf, root = x509.load_pem_x509_certificates(chain)
    (tmp_path / "own.p12").write_bytes(
        serialize_key_and_certificates(b"own", load_pem_private_key(signer, None), leaf, [root],
                                       BestAvailableEncryption(b"secret")),
    )
    wrong = totem(world, "keys", "rotate", "--with", str(tmp_path / "own.p12"), given="wrong\n")
    assert (wrong.exit_code, "wrong password" in wrong.stderr) == (2, True)
    assert totem(world, "keys", "rotate", "--with", str(tmp_path / "own.p12"), given="secret\n").exit_code == 0
    answer = document(kiosk, citizen("joao"))
    assert verify_pdf(pages(answer), keys_of(world), datetime.now(UTC)).refusal is None
    assert b"ICP" in pages(answer)


def test_no_private_key_is_in_anything_that_a_kiosk_receives(world, kiosk, citizen):
    answer = document(kiosk, citizen("joao"))
    sent = answer.model_dump_json() + world.http.get(f"{world.url}/v1/document-keys").text
    sent += (world.state.catalogues / "1.json").read_text(encoding="utf-8")
    assert "PRIVATE" not in sent
    for file in world.state.keys.glob("*.key"):
        raw = file.read_bytes()
        assert base64.b64encode(raw).decode() not in sent
        assert raw.hex() not in sent


# ---- to a phone -----------------------------------------------------------------------------------------------


def offered(kiosk, person, token=TOKEN):
    answer = document(kiosk, person)
    assert kiosk.send(commit(kiosk, person, answer.code, hand_off=token, pin=PIN)) == ["created"]
    return answer


def landing(world, token):
    return world.http.get(f"{world.url}/d/{token}")


def take(world, token, pin=PIN):
    return world.http.post(f"{world.url}/d/{token}", data={"pin": pin})


@pytest.fixture
def token():
    import secrets

    return "".join(secrets.choice(tracking.ALPHABET) for _ in range(26))


def test_a_phone_takes_the_document_three_times_with_the_screens_pin_and_never_again(world, kiosk, citizen, token):
    assert landing(world, token).status_code == 404
    answer = offered(kiosk, citizen("joao"), token)
    shown = landing(world, token)
    assert shown.status_code == 200
    assert answer.number not in shown.text
    assert "João" not in shown.text
    for left in (2, 1, 0):
        got = take(world, token)
        assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
        assert got.headers["totem-downloads-left"] == str(left)
        assert got.content == pages(answer)
        assert "attachment" in got.headers["content-disposition"]
        assert "no-store" in got.headers["cache-control"]
    assert take(world, token).status_code == 410
    assert landing(world, token).status_code == 410
    assert act(world, answer.code)[-3:] == ["downloaded"] * 3


def test_downloads_at_the_same_moment_are_counted_one_by_one(world, kiosk, citizen, token):
    offered(kiosk, citizen("joao"), token)
    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(lambda _: take(world, token).status_code, range(6)))
    assert statuses == [200] * 3 + [410] * 3


def test_after_ten_minutes_nothing_is_given(world, kiosk, citizen, token):
    offered(kiosk, citizen("joao"), token)
    world.ahead = timedelta(minutes=9, seconds=50)
    assert take(world, token).status_code == 200
    world.ahead = timedelta(minutes=10, seconds=1)
    assert take(world, token).status_code == 410
    assert landing(world, token).status_code == 410


def test_five_wrong_pins_close_the_page_for_the_right_one_too(world, kiosk, citizen, token):
    offered(kiosk, citizen("joao"), token)
    assert [take(world, token, "000000").status_code for _ in range(5)] == [403] * 4 + [410]
    assert take(world, token).status_code == 410


def test_an_address_that_was_never_offered_says_no_more_than_one_on_its_way(world, token):
    assert landing(world, token).text.replace(token, "") == landing(world, token[::-1]).text.replace(token[::-1], "")
    assert take(world, token).status_code == 404
    assert landing(world, "x" * 26).status_code == 404


def test_a_revoked_document_is_not_downloaded(world, kiosk, citizen, token):
    answer = offered(kiosk, citizen("joao"), token)
    documents.revoke(world.centre, answer.code, "-")
    assert take(world, token).status_code == 410


def test_neither_address_nor_pin_can_be_read_in_the_database(world, kiosk, citizen, token):
    offered(kiosk, citizen("joao"), token)
    kept = json.dumps(rows(world, "SELECT token, pin FROM hand_offs"))
    assert token not in kept
    assert PIN not in kept


@pytest.mark.parametrize("language", ["pt-BR", "es", "it", "en"])
def test_the_landing_page_speaks_the_four_languages(world, kiosk, citizen, language, token):
    from central.hand_off_words import words
    from kiosk.catalog.model import Language

    offered(kiosk, citizen("joao"), token)
    shown = world.http.get(f"{world.url}/d/{token}?lang={language}").text
    assert words(Language(language)).take.title in shown
    assert f'lang="{language}"' in shown
