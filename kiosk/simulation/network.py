"""The switch of the demonstration's network: a TCP relay between the kiosk and the centre, on, off or slow.

TLS passes through untouched. Off resets every connection at once and each new one as it comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from enum import StrEnum

SLOW_DELAY_S = 1.5
CHUNK = 65536


class Network(StrEnum):
    ON = "on"
    OFF = "off"
    SLOW = "slow"


class NetworkSwitch:
    """Relays 127.0.0.1:`port` to 127.0.0.1:`upstream`; `mode` may change at any moment."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.mode = Network.ON
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        """Listens; 0 takes a free port. OSError if the port is taken."""
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    def switch(self, mode: Network) -> None:
        self.mode = mode
        if mode is Network.OFF:
            for writer in tuple(self._writers):
                _reset(writer)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode is Network.OFF:
            _reset(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._writers -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.mode is Network.SLOW:
                    await asyncio.sleep(SLOW_DELAY_S)
                writer.write(data)
                await writer.drain()
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closes with RST instead of FIN: a cut line says no goodbye."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
