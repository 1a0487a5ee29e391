from pathlib import Path

from offline_cache.folder import StateFolder
from offline_cache.wake import Mailbox, post


def test_an_empty_datagram_is_a_plain_wake_up(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    with Mailbox(folder, "printer") as mailbox:
        post(folder, "printer")
        assert mailbox.receive(1.0) == [None]


def test_everything_that_has_come_is_received_at_once_in_order(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    with Mailbox(folder, "kiosk") as mailbox:
        post(folder, "kiosk", {"printer": "ready"})
        post(folder, "kiosk")
        post(folder, "kiosk", {"link": True})
        assert mailbox.receive(1.0) == [{"printer": "ready"}, None, {"link": True}]
        assert mailbox.receive(0.0) == []


def test_posting_to_nobody_does_nothing(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    post(folder, "sync", {"printer": "ready"})
    Mailbox(folder, "sync").close()
    post(folder, "sync")


def test_posting_into_a_full_mailbox_neither_blocks_nor_fails(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    with Mailbox(folder, "kiosk") as mailbox:
        for _ in range(2000):
            post(folder, "kiosk", {"printer": "ready"})
        assert {"printer": "ready"} in mailbox.receive(0.0)


def test_a_socket_left_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    killed = Mailbox(folder, "printer")
    with Mailbox(folder, "printer") as mailbox:
        killed.close()
        post(folder, "printer")
        assert mailbox.receive(1.0) == [None]


def test_what_is_not_a_json_object_is_dropped(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    with Mailbox(folder, "kiosk") as mailbox:
        for data in (b"{", b"[1]", b"\xff\xfe"):
            _raw(folder, data)
        post(folder, "kiosk", {"link": False})
        assert mailbox.receive(1.0) == [{"link": False}]


def test_the_mailbox_is_private_to_this_user(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    with Mailbox(folder, "kiosk"):
        assert folder.run.stat().st_mode & 0o077 == 0


def _raw(folder: StateFolder, data: bytes) -> None:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(data, str(folder.socket("kiosk")))
