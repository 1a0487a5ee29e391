"""Only the centre's own answer is success: real HTTPS, against the real centre and against whoever else may answer."""

import email.utils
import itertools
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central import tls
from central.state import CentralState
from offline_cache import client as clients
from offline_cache import connection as connections
from offline_cache import standing
from offline_cache.client import CentreClient, Refused, Unreachable, read_key
from offline_cache.connection import Connection
from offline_cache.contract.messages import (
    COUNTER_HEADER,
    Enrolment,
    EnrolmentRequest,
    Nonce,
    NonceRequest,
    NumberBlock,
    NumberBlockRequest,
)
from offline_cache.settings import CentreSettings
from offline_cache.store import open_store
from tests.offline_cache.lines import Scripted, answer, reset, signed

ASKED = NonceRequest(session="s", service="iptu")
ANSWERED = {"nonce": "bm9uY2U="}


@pytest.fixture
def ask(centre):
    """Asks a server for a nonce, as a kiosk with a key and the centre's answer key."""
    made = []

    def asking(port, *, limit_s=5.0, ca=centre.state.tls / "ca.pem", check_dates=True, path="nonces"):
        connection = Connection(CentreSettings(url=f"https://localhost:{port}/", ca=str(ca)), check_dates=check_dates)
        enrolled = Enrolment(
            kiosk="VA-001", label="", allocation="AAAA", spare_allocation="BBBB",
            answer_key=centre.centre.keys.answer_key,
        )  # fmt: skip
        counter = itertools.count(1)
        made.append(CentreClient(connection, enrolled, Ed25519PrivateKey.generate(), lambda: next(counter)))
        return made[-1].post(path, ASKED, Nonce, limit_s)

    yield asking
    for client in made:
        client.connection.close()


@pytest.fixture
def scripted(centre):
    """A server with the centre's certificate that does what the test says."""
    servers = []

    def start(script, folder=centre.state.tls):
        servers.append(Scripted(folder, script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def saying(response):
    return lambda sock, _request: sock.sendall(response)


@pytest.fixture
def real(centre, kiosk):
    """The client of an enrolled kiosk."""
    with open_store(kiosk) as store:
        connection = Connection(kiosk.settings().centre, check_dates=True)
        key = read_key(kiosk.keys / "device.key")
        yield CentreClient(connection, standing.load(store), key, lambda: standing.next_request_counter(store))
        connection.close()


def test_the_centre_answers_an_enrolled_kiosk_over_one_connection(real, relay):
    nonces = {real.post("nonces", ASKED, Nonce).nonce for _ in range(5)}
    assert len(nonces) == 5
    assert relay.connections == 1


def test_an_idle_connection_is_replaced_before_somebody_on_the_way_drops_it(real, relay, monkeypatch):
    real.post("nonces", ASKED, Nonce)
    monkeypatch.setattr(connections, "LONGEST_IDLE_S", 0.0)
    real.post("nonces", ASKED, Nonce)
    assert relay.connections == 2


def test_the_counter_is_on_disk_before_it_is_used(real, relay, kiosk):
    real.post("nonces", ASKED, Nonce)
    relay.cut()
    for _ in range(3):
        with pytest.raises(Unreachable):
            real.post("nonces", ASKED, Nonce)
    with open_store(kiosk) as store:
        assert standing.next_request_counter(store) == 5


def test_a_refusal_of_the_centre_carries_its_code(real):
    request = NumberBlockRequest(request_id="one", series="fees", size=5)
    first = real.post("number-blocks", request, NumberBlock)
    assert real.post("number-blocks", request, NumberBlock) == first
    with pytest.raises(Refused) as caught:
        real.post("number-blocks", request.model_copy(update={"size": 6}), NumberBlock)
    assert (caught.value.status, caught.value.code, caught.value.of_the_kiosk) == (409, "request-id", False)


def test_a_counter_that_was_seen_before_is_a_refusal_of_the_kiosk_as_a_whole(real):
    real.post("nonces", ASKED, Nonce)
    real._auth._next_counter = lambda: 1
    with pytest.raises(Refused) as caught:
        real.post("nonces", ASKED, Nonce)
    assert (caught.value.code, caught.value.of_the_kiosk) == ("counter", True)


def test_a_signed_answer_is_success(ask, scripted, centre):
    server = scripted(lambda sock, request: sock.sendall(signed(centre.centre.keys, request, 200, ANSWERED)))
    assert ask(server.port).nonce == ANSWERED["nonce"]
    assert server.requests[0].path == "/v1/nonces"
    assert server.requests[0].headers[COUNTER_HEADER.lower()] == "1"


HTML = b"<html>Welcome to the free network of this square</html>"


@pytest.mark.parametrize(
    "response",
    [
        answer(200, HTML, Content_Type="text/html"),
        answer(200, b'{"nonce": "bm9uY2U="}', Content_Type="application/json"),
        answer(302, b"", Location="https://portal.example/"),
        answer(301, b"", Location="/v1/elsewhere"),
        answer(204, b""),
        answer(401, b'{"error": "signature", "detail": "x"}'),
        answer(404, HTML),
        answer(429, b"", Retry_After="1"),
        answer(500, HTML),
        answer(502, HTML),
        answer(503, b"", Retry_After="1"),
        answer(200, b'{"nonce": "bm9uY2U="}', Totem_Answer="not base64"),
        answer(200, b'{"nonce": "bm9uY2U="}', Totem_Answer="A" * 86 + "=="),
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0" * 1000,
    ],
)
def test_an_answer_without_the_centres_signature_is_none_whatever_its_status(ask, scripted, response):
    def once(sock, _request):
        sock.sendall(response)
        sock.shutdown(socket.SHUT_RDWR)

    server = scripted(once)
    with pytest.raises(Unreachable):
        ask(server.port)
    assert len(server.requests) == 1, "neither a redirect nor a second try"


def test_an_answer_to_an_earlier_nonce_is_none(ask, scripted, centre):
    recorded = []

    def replay(sock, request):
        recorded.append(signed(centre.centre.keys, request, 200, ANSWERED))
        sock.sendall(recorded[0])

    server = scripted(replay)
    assert ask(server.port).nonce
    with pytest.raises(Unreachable, match="not the centre"):
        ask(server.port)


def test_a_refusal_cannot_be_turned_into_success(ask, scripted, centre):
    def turned(sock, request):
        sock.sendall(signed(centre.centre.keys, request, 403, ANSWERED).replace(b"HTTP/1.1 403", b"HTTP/1.1 200"))

    with pytest.raises(Unreachable):
        ask(scripted(turned).port)


@pytest.mark.parametrize("status", [200, 403])
def test_a_signed_answer_that_breaks_the_contract_is_none(ask, scripted, centre, status):
    server = scripted(lambda sock, request: sock.sendall(signed(centre.centre.keys, request, status, {"other": 1})))
    with pytest.raises(Unreachable, match="contract"):
        ask(server.port)


def truncated(sock, _request):
    sock.sendall(answer(200, b"x" * 100)[:-50])
    sock.shutdown(socket.SHUT_RDWR)


def in_the_middle(sock, _request):
    sock.sendall(answer(200, b"x" * 100)[:-50])
    reset(sock)


def closing(sock, _request):
    sock.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("script", [truncated, in_the_middle, closing, lambda sock, _: reset(sock)])
def test_an_answer_that_is_cut_off_is_none(ask, scripted, script):
    with pytest.raises(Unreachable):
        ask(scripted(script).port)


def hang(sock, _request):
    sock.recv(1)


def trickle_headers(sock, _request):
    sock.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        sock.sendall(b"x")
        time.sleep(0.02)


def trickle_body(sock, _request):
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        sock.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("script", [hang, trickle_headers, trickle_body])
def test_an_exchange_ends_at_its_limit_however_the_other_end_holds_it(ask, scripted, script):
    server = scripted(script)
    began_s = time.monotonic()
    with pytest.raises(Unreachable):
        ask(server.port, limit_s=0.4)
    assert time.monotonic() - began_s < 3


def test_a_server_that_never_shakes_hands_is_given_up(ask):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        began_s = time.monotonic()
        with pytest.raises(Unreachable):
            ask(mute.getsockname()[1], limit_s=0.4)
        assert time.monotonic() - began_s < 3


def test_an_endless_answer_is_given_up(ask, scripted, monkeypatch):
    monkeypatch.setattr(connections, "LONGEST_ANSWER_BYTES", 100_000)

    def endless(sock, _request):
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            sock.sendall(b"x" * 10_000)

    with pytest.raises(Unreachable):
        ask(scripted(endless).port)


def test_nobody_listening_is_unreachable(ask):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unreachable):
        ask(port)


def test_a_portal_that_speaks_no_tls_is_unreachable(ask, scripted):
    with socket.create_server(("127.0.0.1", 0)) as plain:
        import threading

        def serve():
            connection, _ = plain.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer(200, HTML))

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(Unreachable):
            ask(plain.getsockname()[1])


def certificate(folder, monkeypatch, *, until=None, since=None):
    """An authority and a server's certificate, with dates of its own."""
    state = CentralState(folder)
    state.tls.mkdir(parents=True)
    monkeypatch.setattr(tls, "NOT_BEFORE", since or tls.NOT_BEFORE)
    monkeypatch.setattr(tls, "NOT_AFTER", until or tls.NOT_AFTER)
    tls.make(state)
    return state.tls


def test_another_authority_is_not_trusted_nor_one_of_the_environment(ask, scripted, centre, tmp_path, monkeypatch):
    other = certificate(tmp_path / "other", monkeypatch)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(other / "ca.pem"))
    server = scripted(lambda sock, request: sock.sendall(signed(centre.centre.keys, request, 200, ANSWERED)), other)
    for check_dates in (True, False):
        with pytest.raises(Unreachable, match=r"self-signed certificate|unable to get local issuer"):
            ask(server.port, check_dates=check_dates)
    assert server.requests == []


def test_a_proxy_of_the_environment_is_not_used(real, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert real.post("nonces", ASKED, Nonce).nonce


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"until": datetime(2021, 1, 1, tzinfo=UTC)}, "expired"),
        ({"since": datetime(2045, 1, 1, tzinfo=UTC)}, "not yet valid"),
    ],
)
def test_a_certificates_dates_count_once_the_clock_is_trusted(
    ask, scripted, centre, tmp_path, monkeypatch, dates, said
):
    dated = certificate(tmp_path / "dated", monkeypatch, **dates)
    server = scripted(lambda sock, request: sock.sendall(signed(centre.centre.keys, request, 200, ANSWERED)), dated)
    with pytest.raises(Unreachable, match=said):
        ask(server.port, ca=dated / "ca.pem")
    assert ask(server.port, ca=dated / "ca.pem", check_dates=False).nonce


def test_a_connection_that_was_opened_without_dates_is_replaced(real, relay):
    real.connection.check_dates(False)
    real.post("nonces", ASKED, Nonce)
    real.connection.check_dates(False)
    real.post("nonces", ASKED, Nonce)
    assert relay.connections == 1
    real.connection.check_dates(True)
    real.post("nonces", ASKED, Nonce)
    assert relay.connections == 2


def test_a_missing_authority_file_is_unreachable_in_words(ask, centre, tmp_path):
    with pytest.raises(Unreachable):
        ask(centre.port, ca=tmp_path / "none.pem")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date", "date by the centre's clock"])
def test_the_centre_may_ask_for_patience_in_both_forms(ask, scripted, centre, status, form):
    now = datetime.now(UTC) + timedelta(days=400 if form == "date by the centre's clock" else 0)
    headers = {"Retry_After": "120"}
    if form != "seconds":
        headers = {"Retry_After": email.utils.format_datetime(now + timedelta(seconds=120), usegmt=True)}
    if form == "date by the centre's clock":
        headers["Date"] = email.utils.format_datetime(now, usegmt=True)
    refusal = {"error": "busy", "detail": "later"}
    keys = centre.centre.keys
    server = scripted(lambda sock, request: sock.sendall(signed(keys, request, status, refusal, **headers)))
    with pytest.raises(Refused) as caught:
        ask(server.port)
    assert caught.value.of_the_kiosk
    assert 115 < caught.value.retry_after_s <= 120


def test_an_enrolment_of_somebody_without_the_answer_key_is_none(scripted, centre):
    enrolled = {
        "kiosk": "VA-001", "label": "", "allocation": "AAAA", "spare_allocation": "BBBB",
        "answer_key": centre.centre.keys.answer_key,
    }  # fmt: skip
    import json

    server = scripted(saying(answer(200, json.dumps(enrolled).encode())))
    settings = CentreSettings(url=f"https://localhost:{server.port}", ca=str(centre.state.tls / "ca.pem"))
    request = EnrolmentRequest(secret="s", public_key="k", label="", simulation=True)
    with pytest.raises(Unreachable):
        clients.enrol(settings, request)


def test_a_wrong_secret_is_refused_and_the_same_key_is_used_next_time(centre, tmp_path):
    from offline_cache import enrolment

    folder = centre.folder(tmp_path / "new", enrolled=False)
    with pytest.raises(Refused, match="secret"):
        enrolment.enrol(folder, secret="AAAAA-AAAAA-AAAAA-AAAAA", root=centre.root)
    key = (folder.keys / "device.key").read_text()
    assert not enrolment.is_enrolled(folder)
    assert (folder.keys / "device.key").stat().st_mode & 0o777 == 0o600
    secret = clients_secret(centre)
    enrolment.enrol(folder, secret=secret, root=centre.root)
    assert enrolment.is_enrolled(folder)
    assert (folder.keys / "device.key").read_text() == key


def clients_secret(centre) -> str:
    from central import enrolment

    return enrolment.make_secret(centre.centre, timedelta(hours=1))
