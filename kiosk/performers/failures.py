"""What is said of an exception: its kind and its place. Its message may hold what a citizen typed: it is not written.

A thread that dies of a programming error would leave a kiosk that looks alive and is deaf: the process ends instead,
and its unit starts it again.
"""

from __future__ import annotations

import os
import sys
import threading
from types import TracebackType

from kiosk.performers import journal


def where(error: BaseException) -> str:
    """File and line of the innermost frame."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"


def tell(event: str, error: BaseException, **ids: object) -> None:
    """One line of the journal, without the message."""
    journal.error(event, kind=type(error).__name__, where=where(error), **ids)


def install() -> None:
    """From now on nobody's words reach the journal by way of a traceback, and no thread dies unnoticed."""
    sys.excepthook = _ended
    threading.excepthook = _thread_ended


def _ended(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    tell("process-ended", error)


def _thread_ended(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is None:
        return
    tell("thread-ended", arguments.exc_value, thread=arguments.thread.name if arguments.thread else "?")
    os._exit(1)
