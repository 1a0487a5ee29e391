"""A line with a round trip of its own: everything that goes through arrives so much later, in order and whole."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def slow_line(upstream: int, round_trip_s: float) -> Iterator[int]:
    """A port of this machine that leads to `upstream`, half the round trip later each way; in a process of its own, so
    that nobody who is measured waits for it.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
        work = multiprocessing.get_context("fork").Process(target=_run, args=(listening, upstream, round_trip_s / 2))
        work.start()
        try:
            yield port
        finally:
            work.terminate()
            work.join()


def _run(listening: socket.socket, upstream: int, delay_s: float) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", upstream)
        await asyncio.gather(_pump(reader, far_writer, delay_s), _pump(far_reader, writer, delay_s))

    async def main() -> None:
        # TCP has shaken hands with this process already; a real line takes a round trip for that.
        server = await asyncio.start_server(serve, sock=listening)
        await server.serve_forever()

    asyncio.run(main())


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    loop = asyncio.get_running_loop()
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due_s, data = await on_the_way.get()
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            if not data:
                break
            writer.write(data)
        writer.close()

    delivering = asyncio.create_task(deliver())
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            on_the_way.put_nowait((loop.time() + delay_s, data))
    on_the_way.put_nowait((loop.time() + delay_s, b""))
    with contextlib.suppress(OSError):
        await delivering
