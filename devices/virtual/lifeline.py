"""Simulated parts never outlive who plays with them, whatever ended that process."""

from __future__ import annotations


def tied(command: list[str]) -> list[str]:
    """The command, sent SIGTERM by the kernel when the thread that starts it is gone (prctl(2), PR_SET_PDEATHSIG).

    Start it from a thread that lives as long as the process. The setting survives exec, but not a change of
    credentials: inside a user namespace this belongs after `unshare`, not before it.
    """
    return ["setpriv", "--pdeathsig", "TERM", "--", *command]
