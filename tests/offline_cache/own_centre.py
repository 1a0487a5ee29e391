"""A centre of a test's own, in a thread: with another clock, other settings, or a certificate of other dates."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from central import keys, publishing, serve, tls
from central.database import Database
from central.state import Settings, make_folder
from tests.central.world import TEST_DEADLINE_S, YAML, wait_until
from tests.centre import Centre


@contextmanager
def own_centre(path: Path, *, ahead: timedelta = timedelta(), **settings):
    """`ahead`: by how much the centre's clock is ahead of this machine's."""

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    state = make_folder(path, Settings(**({"demonstration": True, "backup_every_s": 0.1} | settings)))
    keys.make(state.keys, now())
    tls.make(state)
    publishing.initialise(state, now())
    publishing.publish(state, YAML, now())
    database = Database(state.database_url)
    database.migrate()
    database.close()
    listening = serve.bind("127.0.0.1", 0)
    server = serve.server(state, now)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        made = Centre(state, listening.getsockname()[1])
        made.centre = server.config.app.state.centre
        yield made
    finally:
        server.should_exit = True
        thread.join(TEST_DEADLINE_S)
