"""The journal of the screen's process: event names and ids, never what a citizen said. Loaded when first written to,
so that the window does not wait for it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _logger() -> Any:
    import structlog

    return structlog.get_logger()


def info(event: str, **ids: object) -> None:
    _logger().info(event, **ids)


def warning(event: str, **ids: object) -> None:
    _logger().warning(event, **ids)


def error(event: str, **ids: object) -> None:
    _logger().error(event, **ids)
