import socket

import pytest
from PIL import Image

from printer import escpos, profiles
from printer.virtual.condition import Fault
from printer.virtual.machine import VirtualPrinter
from printer.virtual.server import VirtualPrinterServer
from tests.printer.samples import LINK, ticket
from tests.printer.scanning import read_by_zxing

RESPONSE = b"\x37\x22A001\x00"
JOB = escpos.encode(ticket(), profiles.load("epson-tm-t20x"), b"A001")


@pytest.fixture
def server(tmp_path):
    with VirtualPrinterServer("127.0.0.1", 0, tmp_path, machine=VirtualPrinter(speed_mm_s=1000)) as running:
        yield running


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def receive(host, count):
    data = b""
    while len(data) < count:
        more = host.recv(count - len(data))
        assert more, "the printer hung up"
        data += more
    return data


def test_a_job_over_tcp_becomes_a_picture_and_a_confirmation(server):
    with connect(server) as host:
        host.sendall(JOB)
        assert receive(host, len(RESPONSE)) == RESPONSE
    (path,) = server.wait_papers(1, timeout_s=10)
    assert path.name == "receipt-0001.png"
    assert read_by_zxing(Image.open(path)) == {LINK}


def test_the_next_host_is_served_when_the_first_has_gone(server):
    with connect(server) as first, connect(server) as second:
        second.sendall(JOB)
        first.sendall(b"\x10\x04\x01")
        assert receive(first, 1) == b"\x12"
        assert server.papers == []
        first.close()
        assert receive(second, len(RESPONSE)) == RESPONSE


def test_paper_out_is_told_at_once_and_the_job_goes_on_after_the_refill(server):
    with connect(server) as host:
        host.sendall(b"\x1da\xff")
        assert receive(host, 4) == b"\x10\x00\x00\x0f"
        server.set_fault(Fault.PAPER_OUT)
        assert receive(host, 4) == b"\x18\x00\x0f\x0f"
        host.sendall(JOB + b"\x10\x04\x04")
        assert receive(host, 1) == b"\x7e"
        assert server.papers == []
        server.clear_faults()
        assert receive(host, 4) == b"\x10\x00\x00\x0f"
        assert receive(host, len(RESPONSE)) == RESPONSE


def test_power_off_hangs_up_refuses_and_tears_the_paper_and_power_on_serves_again(tmp_path):
    slow = VirtualPrinter(speed_mm_s=20)
    with VirtualPrinterServer("127.0.0.1", 0, tmp_path, machine=slow) as server:
        with connect(server) as host:
            host.sendall(JOB + b"\x10\x04\x01")
            assert receive(host, 1) == b"\x12"
            host.settimeout(0.3)  # some paper comes out meanwhile, and no answer
            with pytest.raises(TimeoutError):
                host.recv(1)
            server.power(False)
            host.settimeout(10)
            assert host.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            connect(server)
        assert [path.name for path in server.wait_papers(1, timeout_s=10)] == ["torn-0001.png"]
        server.power(True)
        with connect(server) as host:
            host.sendall(b"\x10\x04\x01")
            assert receive(host, 1) == b"\x12"


def test_a_taken_port_is_refused(server, tmp_path):
    with pytest.raises(OSError, match="in use"):
        VirtualPrinterServer("127.0.0.1", server.port, tmp_path)
