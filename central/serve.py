"""`totem central serve`: uvicorn with TLS on one socket, with the jobs that a running centre does by itself."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from central import backup, marks, private_files, publishing, revocation, watchdog
from central.app import create
from central.centre import Centre, utc_now
from central.state import CentralState

RENEW_EVERY_S = 3600.0
LISTS_EVERY_S = 1800.0
# A kiosk gives up an idle connection after 4 s: over a slow line a shorter time here would cut requests on their way.
KEEP_S = 20
# Idle connections of kiosks do not close by themselves; what was begun is done well before.
STOP_S = 3
log = structlog.get_logger("central.serve")


class ServeError(Exception):
    """Why the centre cannot be served here; one line that says what to do."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, port 0 for a free one; ServeError if another process has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By name: asyncio looks at it, and sends the second half of an answer at once only where it is TCP. Left at 0,
    # every answer waits 40 ms for the other end's delayed acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise ServeError(
            f"port {port} of {host} cannot be used ({error.strerror}): stop what uses it, or choose another with --port"
        ) from error
    return listening


def server(state: CentralState, clock: Callable[[], datetime] = utc_now) -> uvicorn.Server:
    """The server of an initialised folder, not yet running; FileNotFoundError says what to do.

    An older version's database is brought up first: a page without its table would fail before a citizen.
    """
    app = create(state, clock)
    centre: Centre = app.state.centre
    centre.database.migrate()
    with centre.database.transaction() as session:
        if marks.wake(session):
            log.warning("restored-from-backup")
    app.router.lifespan_context = _jobs
    config = uvicorn.Config(
        app,
        ssl_certfile=state.tls / "server.pem",
        ssl_keyfile=state.tls / "server.key",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_S,
        timeout_graceful_shutdown=STOP_S,
    )
    return uvicorn.Server(config)


def serve(
    state: CentralState, listening: socket.socket, announce: Callable[[int], None], processes: int = 1
) -> None:
    """Runs until SIGTERM or SIGINT, finishing what was begun.

    `announce` is told the port, which stands in `state.port_file` meanwhile. Several `processes` share the port; the
    database keeps them from each other's way, and one of them makes the backups.
    """
    # uvicorn repeats the signal once it has finished; asked to stop and stopped is success
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    port = listening.getsockname()[1]
    with _alone(state):
        run = server(state).run if processes == 1 else lambda sockets: _together(state, sockets, processes)
        private_files.write(state.port_file, f"{port}\n".encode())
        announce(port)
        try:
            run(sockets=[listening])
        finally:
            state.port_file.unlink(missing_ok=True)


def _together(state: CentralState, sockets: list[socket.socket], processes: int) -> None:
    """Runs several servers on one port; one that dies is started again. Ends with all of them."""
    # Migrated and woken once, before anybody is there to serve.
    server(state)
    children: dict[int, int] = {}
    try:
        while True:
            for serial in set(range(processes)) - set(children.values()):
                children[_child(state, sockets, serial)] = serial
            pid, _status = os.wait()
            children.pop(pid, None)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGTERM)
        for pid in children:
            os.waitpid(pid, 0)


def _child(state: CentralState, sockets: list[socket.socket], serial: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        one = server(state)
        if serial:
            # what is done once for all is the first one's
            one.config.app.router.lifespan_context = _closing  # type: ignore[union-attr]
        one.run(sockets=sockets)
        status = 0
    except SystemExit:
        status = 0
    finally:
        os._exit(status)


@contextlib.asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.centre.database.close()


@contextlib.contextmanager
def _alone(state: CentralState) -> Iterator[None]:
    """One server a folder: its port stands there, and its backups are written there."""
    with (state.path / "serve.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServeError(f"{state.path} is being served already: stop that server first") from error
        yield


@contextlib.asynccontextmanager
async def _jobs(app: FastAPI) -> AsyncIterator[None]:
    centre: Centre = app.state.centre
    settings = centre.state.settings
    ends = contextlib.ExitStack()
    ends.callback(centre.database.close)
    jobs = [
        asyncio.create_task(watchdog.beat()),
        asyncio.create_task(_every(RENEW_EVERY_S, "renew", lambda: publishing.renew(centre.state, centre.now()))),
    ]
    if not settings.demonstration:
        # a demonstration's authorities are made up, and so are the addresses of their lists
        jobs.append(asyncio.create_task(_every(LISTS_EVERY_S, "revocation", lambda: revocation.refresh(centre))))
    if settings.demonstration and settings.database_url is None:
        # a real centre is backed up by its administrators, with their tools and to another machine
        written = ends.enter_context(contextlib.closing(backup.WhenWritten(centre.state.database)))
        turn = lambda: written.do(lambda: backup.run(centre))  # noqa: E731  one line, one use
        jobs.append(asyncio.create_task(_every(settings.backup_every_s, "backup", turn)))
    try:
        yield
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        ends.close()


async def _every(seconds: float, name: str, job: Callable[[], object]) -> None:
    """Does a job again and again; one failure is logged and the next turn tries again."""
    while True:
        try:
            await run_in_threadpool(job)
        except Exception:
            log.exception("job-failed", job=name)
        await asyncio.sleep(seconds)
