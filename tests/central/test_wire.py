"""Who may speak to the centre, and whether its answers are its own."""

import base64
import socket

import pytest
import requests
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import IntegrityError

from central import plain_signature, serve, wire
from central.models import Kiosk
from offline_cache.contract.messages import ANSWER_HEADER, COUNTER_HEADER, NONCE_HEADER, EventBatch, Heartbeat
from offline_cache.signing import SigningAuth, UntrustedAnswerError, draw_nonce, verify_answer

BEAT = Heartbeat(
    queue_depth=0,
    oldest_unsynced_s=None,
    printer="ok",
    reader="ok",
    disk_free_mb=100,
    clock="2026-11-22T00:00:00Z",
    boot_id="b",
    catalogue_version=1,
    audit_head="",
)


def prepared(kiosk, auth=None):
    """A signed request, not yet sent."""
    request = requests.Request(
        "POST",
        f"{kiosk.centre.url}/v1/heartbeats",
        data=BEAT.model_dump_json(),
        headers={"Content-Type": "application/json"},
        auth=auth or kiosk.auth(),
    )
    return kiosk.centre.http.prepare_request(request)


def refusal(kiosk, request):
    response = kiosk.centre.http.send(request, verify=kiosk.centre.http.verify)
    verify_answer(response, request.headers[NONCE_HEADER], kiosk.enrolled.answer_key)
    return response.status_code, response.json()["error"]


def test_a_signed_request_is_accepted_and_its_answer_is_signed(kiosk):
    assert kiosk.post("/v1/heartbeats", BEAT).status_code == 200


def test_an_unsigned_request_is_refused(kiosk):
    request = prepared(kiosk)
    del request.headers["Signature"], request.headers["Signature-Input"]
    assert refusal(kiosk, request) == (401, "signature")


@pytest.mark.parametrize("header", ["Content-Digest", COUNTER_HEADER, NONCE_HEADER])
def test_a_request_without_a_covered_header_is_refused(kiosk, header):
    request = prepared(kiosk)
    nonce = request.headers[NONCE_HEADER]
    del request.headers[header]
    response = kiosk.centre.http.send(request, verify=kiosk.centre.http.verify)
    assert (response.status_code, response.json()["error"]) == (401, "signature")
    if header != NONCE_HEADER:
        verify_answer(response, nonce, kiosk.enrolled.answer_key)


def test_a_changed_body_is_refused(kiosk):
    request = prepared(kiosk)
    request.body = request.body.replace(b'"queue_depth":0', b'"queue_depth":7')
    assert refusal(kiosk, request) == (401, "signature")


def test_a_changed_counter_is_refused(kiosk):
    request = prepared(kiosk)
    request.headers[COUNTER_HEADER] = "999"
    assert refusal(kiosk, request) == (401, "signature")


def test_a_signature_over_fewer_components_is_refused(kiosk):
    auth = kiosk.auth()
    auth.covered_component_ids = ("@method", "@authority", "@target-uri")
    assert refusal(kiosk, prepared(kiosk, auth)) == (401, "signature")


def test_a_request_signed_for_another_path_is_refused(kiosk):
    request = prepared(kiosk)
    request.url = request.url.replace("heartbeats", "events")
    assert refusal(kiosk, request) == (401, "signature")


def test_a_replayed_request_is_refused(kiosk):
    request = prepared(kiosk)
    assert kiosk.centre.http.send(request, verify=kiosk.centre.http.verify).status_code == 200
    assert refusal(kiosk, request) == (409, "counter")


@pytest.mark.parametrize("counter", [4, 5])
def test_a_counter_that_does_not_rise_is_refused(kiosk, counter):
    assert kiosk.post("/v1/heartbeats", BEAT, kiosk.auth(counter=5)).status_code == 200
    assert refusal(kiosk, prepared(kiosk, kiosk.auth(counter=counter))) == (409, "counter")
    assert kiosk.post("/v1/heartbeats", BEAT, kiosk.auth(counter=6)).status_code == 200


@pytest.mark.parametrize("nonce", ["", "AAAA", "not base64", "\xe9"])
def test_what_is_no_nonce_is_refused(world, nonce):
    response = world.http.get(f"{world.url}/v1/time", headers={NONCE_HEADER: nonce})
    assert (response.status_code, response.json()["error"]) == (400, "nonce")


def test_an_unknown_kiosk_is_refused(kiosk):
    assert refusal(kiosk, prepared(kiosk, kiosk.auth(kiosk="VA-999"))) == (401, "unknown-kiosk")


def test_another_key_under_a_known_name_is_refused(kiosk):
    auth = SigningAuth(kiosk.id, Ed25519PrivateKey.generate(), lambda: 1)
    assert refusal(kiosk, prepared(kiosk, auth)) == (401, "signature")


def test_a_revoked_kiosk_is_refused(kiosk):
    with kiosk.centre.centre.database.transaction() as session:
        session.get(Kiosk, kiosk.id).state = "revoked"
    assert refusal(kiosk, prepared(kiosk)) == (403, "revoked")


def test_a_kiosk_whose_clock_is_years_off_is_served(kiosk):
    from datetime import UTC, datetime

    for year in (2016, 2040):
        auth = SigningAuth(
            kiosk.id, kiosk.key, lambda: next(kiosk.counter), lambda year=year: datetime(year, 1, 1, tzinfo=UTC)
        )
        assert kiosk.post("/v1/heartbeats", BEAT, auth).status_code == 200


def test_an_answer_of_somebody_else_is_not_believed(kiosk):
    response = kiosk.post("/v1/heartbeats", BEAT)
    nonce = response.request.headers[NONCE_HEADER]
    other = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    with pytest.raises(UntrustedAnswerError):
        verify_answer(response, nonce, other)
    with pytest.raises(UntrustedAnswerError):
        verify_answer(response, draw_nonce(), kiosk.enrolled.answer_key)
    signature = response.headers.pop(ANSWER_HEADER)
    with pytest.raises(UntrustedAnswerError):
        verify_answer(response, nonce, kiosk.enrolled.answer_key)
    for nonsense in ("", "é", "AAAA"):
        response.headers[ANSWER_HEADER] = nonsense
        with pytest.raises(UntrustedAnswerError):
            verify_answer(response, nonce, kiosk.enrolled.answer_key)
    response.headers[ANSWER_HEADER] = signature
    verify_answer(response, nonce, kiosk.enrolled.answer_key)
    response.status_code = 201
    with pytest.raises(UntrustedAnswerError):
        verify_answer(response, nonce, kiosk.enrolled.answer_key)


def test_refusals_name_fields_and_never_their_content(kiosk):
    response = kiosk.centre.http.post(
        f"{kiosk.centre.url}/v1/enrolments", json={"secret": ["52998224725"], "label": "x", "simulation": True}
    )
    assert response.status_code == 422
    assert response.json() == {"error": "invalid", "detail": "wrong or missing: body.public_key, body.secret"}


def test_a_path_that_is_not_there_is_refused_as_json_with_a_signature(kiosk):
    assert kiosk.post("/v1/nothing", BEAT).json()["error"] == "http-404"


def test_a_failure_of_the_centre_is_told_without_what_the_request_held(kiosk, monkeypatch):
    from central import intake

    def fails(*_):
        raise ValueError("52998224725")

    monkeypatch.setattr(intake, "receive", fails)
    with structlog.testing.capture_logs() as logged:
        response = kiosk.post("/v1/events", EventBatch(items=(kiosk.ticket("ouvidoria"),)))
    assert (response.status_code, response.json()["error"]) == (500, "internal")
    assert "52998224725" not in response.text
    assert [(entry["event"], entry["error"]) for entry in logged if entry["log_level"] == "error"] == [
        ("failed", "ValueError")
    ]
    assert "52998224725" not in str(logged)


def test_a_database_error_names_no_values(kiosk):
    again = Kiosk(id=kiosk.id, label="52998224725", public_key="x", simulation=True, enrolled=kiosk.centre.now())
    with kiosk.centre.centre.database.transaction() as session:
        session.add(again)
        with pytest.raises(IntegrityError) as caught:
            session.flush()
        session.rollback()
    assert "52998224725" not in str(caught.value)


def test_answers_are_not_kept_by_caches(kiosk):
    assert kiosk.post("/v1/heartbeats", BEAT).headers["Cache-Control"] == "no-store"


def test_the_interface_is_described(world):
    described = world.http.get(f"{world.url}/v1/openapi.json").json()
    assert {"/v1/events", "/v1/enrolments", "/v1/guides"} <= set(described["paths"])


def test_a_kiosks_own_form_of_signature_is_checked_directly_and_every_other_one_by_the_library(kiosk, monkeypatch):
    seen = []
    direct = plain_signature.counter
    monkeypatch.setattr(plain_signature, "counter", lambda *given: seen.append(direct(*given)) or seen[-1])
    library = wire._Verifier.verify
    monkeypatch.setattr(wire._Verifier, "verify", lambda *_, **__: pytest.fail("the library was asked"))
    assert kiosk.post("/v1/heartbeats", BEAT).status_code == 200
    assert seen == [1]
    monkeypatch.setattr(wire._Verifier, "verify", library)
    # The same signature, written in another way that structured fields allow (RFC 9651, 4.2.1.2).
    request = prepared(kiosk)
    request.headers["Signature-Input"] = request.headers["Signature-Input"].replace("=(", "=( ")
    assert kiosk.centre.http.send(request, verify=kiosk.centre.http.verify).status_code == 200
    assert seen == [1, None]


def test_an_answer_comes_without_waiting_for_an_acknowledgement(kiosk):
    """Left to Nagle, the body of each answer would wait 40 ms for the delayed acknowledgement of its head."""
    listening = serve.bind("127.0.0.1", 0)
    assert listening.proto == socket.IPPROTO_TCP
    listening.close()
