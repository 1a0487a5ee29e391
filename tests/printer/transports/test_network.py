import socket
from collections.abc import Iterator

import pytest

from printer.transport import TransportLostError
from printer.transports.network import NetworkTransport


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(10)
        yield made


def opened(listener: socket.socket) -> tuple[NetworkTransport, socket.socket]:
    transport = NetworkTransport(*listener.getsockname())
    transport.open()
    peer, _ = listener.accept()
    peer.settimeout(10)
    return transport, peer


def test_bytes_go_both_ways(listener: socket.socket) -> None:
    transport, peer = opened(listener)
    with peer:
        assert transport.read() == b""
        assert transport.write(b"\x10\x04\x01") == 3
        assert peer.recv(16) == b"\x10\x04\x01"
        peer.sendall(b"\x12")
        _readable(transport)
        assert transport.read() == b"\x12"
        transport.close()
        assert peer.recv(16) == b""


def test_a_printer_that_takes_no_more_makes_short_writes_and_no_waiting(listener: socket.socket) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    transport, peer = opened(listener)
    with peer:
        handed = 0
        while taken := transport.write(b"\0" * 1024):
            handed += taken
            assert handed < 1_000_000
        assert 0 < transport.in_flight() <= handed
        received = 0
        while received < handed:
            received += len(peer.recv(65536))
        assert received == handed
        transport.close()


def test_a_printer_that_hangs_up_is_lost_and_not_merely_silent(listener: socket.socket) -> None:
    transport, peer = opened(listener)
    peer.close()
    _readable(transport)
    with pytest.raises(TransportLostError):
        transport.read()


def test_nobody_at_the_port_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    transport = NetworkTransport("127.0.0.1", port)
    with pytest.raises(TransportLostError, match="nobody answers"):
        transport.open()
    with pytest.raises(TransportLostError):
        transport.write(b"x")
    transport.close()


def test_a_closed_transport_opens_again(listener: socket.socket) -> None:
    transport, peer = opened(listener)
    peer.close()
    transport.close()
    transport.open()
    again, _ = listener.accept()
    with again:
        assert transport.write(b"x") == 1
        transport.close()


def _readable(transport: NetworkTransport) -> None:
    import select

    assert select.select([transport], [], [], 10)[0]
