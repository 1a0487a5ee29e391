import json
import os
import socket
import threading
import time

import pytest

from offline_cache import lookups


@pytest.fixture
def counter(folder):
    made = lookups.Counter(folder)
    yield made
    made.close()


def asking(folder, request, limit_s=5.0):
    """Asks in a thread: the answer, and the seconds it took, in a list that is empty until then."""
    heard = []

    def ask():
        began_s = time.monotonic()
        answer = lookups.ask(folder, request, limit_s)
        heard.append((answer, time.monotonic() - began_s))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, heard


def waiting(counter) -> None:
    import select

    assert select.select([counter.fileno()], [], [], 5)[0]


def test_a_question_is_answered(folder, counter):
    thread, heard = asking(folder, {"do": "nonce", "session": "é"})
    waiting(counter)
    counter.serve(lambda request: {"nonce": request["session"]})
    thread.join()
    assert heard[0][0] == {"nonce": "é"}


def test_everybody_who_waits_is_answered_in_order(folder, counter):
    pairs = []
    for number in range(3):
        pairs.append(asking(folder, {"number": number}))
        waiting(counter)
    asked = []
    while len(asked) < 3:
        counter.serve(lambda request: asked.append(request["number"]) or {"number": request["number"]})
    for thread, _ in pairs:
        thread.join()
    assert [heard[0][0]["number"] for _, heard in pairs] == [0, 1, 2]


def test_a_mute_server_is_given_up_at_the_limit(folder, counter):
    thread, heard = asking(folder, {"do": "nonce"}, limit_s=0.3)
    thread.join()
    answer, took_s = heard[0]
    assert answer["error"] == "no-link"
    assert 0.3 <= took_s < 3


def test_a_server_that_trickles_is_given_up_at_the_limit(folder):
    folder.make_run()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder.socket("lookup")))
        server.listen(1)
        thread, heard = asking(folder, {"do": "nonce"}, limit_s=0.4)
        connection, _ = server.accept()
        with connection:
            while thread.is_alive():
                try:
                    connection.send(b" ")
                except OSError:
                    break
                thread.join(0.05)
    thread.join()
    assert heard[0][0]["error"] == "no-link"
    assert heard[0][1] < 3
    folder.socket("lookup").unlink()


@pytest.mark.parametrize("line", [b"", b"not json\n", b"[1]\n", b'{"nonce": "cut of'])
def test_an_answer_that_is_none_is_no_link(folder, line):
    folder.make_run()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder.socket("lookup")))
        server.listen(1)
        thread, heard = asking(folder, {"do": "nonce"})
        connection, _ = server.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(line)
        thread.join()
    assert heard[0][0]["error"] == "no-link"
    assert heard[0][1] < 3
    folder.socket("lookup").unlink()


def test_without_a_sync_process_the_answer_comes_at_once(folder, counter):
    counter.close()
    began_s = time.monotonic()
    assert lookups.ask(folder, {"do": "nonce"}, 5.0)["error"] == "no-link"
    assert time.monotonic() - began_s < 3


def test_whoever_gave_up_is_not_asked_for(folder, counter):
    thread, heard = asking(folder, {"do": "old"}, limit_s=0.05)
    thread.join()
    assert heard[0][0]["error"] == "no-link"
    asked = []
    counter.serve(lambda request: asked.append(request) or {})
    assert asked == []


def test_whoever_connects_and_says_nothing_or_nonsense_does_not_end_the_counter(folder, counter):
    for said in (b"nonsense\n", b"[]\n", os.urandom(100) + b"\n", b""):
        with socket.socket(socket.AF_UNIX) as rude:
            rude.connect(str(folder.socket("lookup")))
            rude.sendall(said)
            rude.shutdown(socket.SHUT_WR)
            counter.serve(lambda request: pytest.fail(f"asked for {request}"))
    thread, heard = asking(folder, {"do": "nonce"})
    waiting(counter)
    counter.serve(lambda request: {"nonce": json.dumps(request)})
    thread.join()
    assert "nonce" in heard[0][0]


def test_a_counter_that_was_killed_leaves_no_name_behind_that_matters(folder, counter):
    second = lookups.Counter(folder)
    thread, heard = asking(folder, {"do": "nonce"})
    waiting(second)
    second.serve(lambda _: {"nonce": "second"})
    thread.join()
    second.close()
    assert heard[0][0] == {"nonce": "second"}
