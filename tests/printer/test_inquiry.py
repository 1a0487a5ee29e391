import socket
import threading
import time

from kiosk.journey.state import PrinterCondition
from printer import profiles
from printer.inquiry import Found, ask
from printer.transports.network import NetworkTransport


def answering(listener: socket.socket, answer: bytes) -> None:
    def serve() -> None:
        peer, _ = listener.accept()
        with peer:
            peer.recv(64)
            peer.sendall(answer)
            while peer.recv(64):
                pass

    threading.Thread(target=serve, daemon=True).start()


def test_a_printer_tells_its_condition_and_its_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering(listener, b"\x10\x00\x00\x0f\x12\x12\x12\x12\x5fTM-T20X\x00")
        found = ask(NetworkTransport(*listener.getsockname()), profiles.load("epson-tm-t20x"), 10.0, time.monotonic)
    assert found == Found(PrinterCondition.READY, "TM-T20X")


def test_whatever_else_listens_on_that_port_is_no_printer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering(listener, b"HTTP/1.1 400 Bad Request\r\n\r\n")
        found = ask(NetworkTransport(*listener.getsockname()), profiles.load("epson-tm-t20x"), 1.0, time.monotonic)
    assert found.condition is PrinterCondition.ABSENT
