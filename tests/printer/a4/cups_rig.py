"""A cupsd of the test's own, in a folder of its own, and a virtual IPP printer (ippeveprinter) that can fail."""

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from devices.virtual.ports import free_port
from printer.a4.cups import Queue

DEADLINE_S = 30
QUEUE = "pages"
# What ippeveprinter runs for each document: it keeps a copy, and what the printer was told of it.
COMMAND = """#!/bin/sh
env | grep "^IPP_" > "{folder}/environment"
cp "$1" "{folder}/printed/$$.pdf"
"""
DBUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/>
<allow send_type="method_call"/><allow send_type="method_return"/><allow send_type="error"/>
<allow send_type="signal"/><allow receive_type="method_call"/><allow receive_type="method_return"/>
<allow receive_type="error"/><allow receive_type="signal"/></policy></busconfig>
"""
AVAHI = """
[server]
host-name=totem-test
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
[reflector]
[rlimits]
"""
CUPSD = """
Listen {socket}
Listen 127.0.0.1:{port}
Browsing No
DefaultAuthType Basic
LogLevel debug
MaxJobTime 0
PreserveJobFiles No
PreserveJobHistory 60
ErrorPolicy retry-job
<Location />
  Order allow,deny
  Allow from all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow from all
  </Limit>
</Policy>
"""
FILES = """
ServerRoot {folder}
ServerBin /usr/lib/cups
DataDir /usr/share/cups
CacheDir {folder}/cache
StateDir {folder}/state
RequestRoot {folder}/spool
TempDir {folder}/tmp
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
User {user}
Group {group}
SystemGroup root
FileDevice Yes
Sandboxing Relaxed
"""


def until(condition, what):
    deadline = time.monotonic() + DEADLINE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not in time"
        threading.Event().wait(0.05)
    return found


class Cups:
    """Everything ends with `close`; `queue` is what the product talks to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[subprocess.Popen] = []
        for name in ("cache", "state", "spool", "tmp", "printed", "ppd", "ssl"):
            (folder / name).mkdir()
        # cups works as a user of its own
        for path in (folder, *folder.iterdir()):
            path.chmod(0o777)
        self.socket = folder / "cups.sock"
        self.port = free_port()
        (folder / "cupsd.conf").write_text(CUPSD.format(socket=self.socket, port=self.port))
        (folder / "cups-files.conf").write_text(FILES.format(folder=folder, user="lp", group="lp"))
        self.queue = Queue(QUEUE, str(self.socket))
        self._start("/usr/sbin/cupsd", "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf"))
        until(self.socket.exists, "cupsd")

    def _start(self, *command, **more):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        self.children.append(child)
        return child

    def admin(self, *command):
        return subprocess.run([command[0], "-h", str(self.socket), *command[1:]], check=True, capture_output=True)

    def add_printer(self, uri: str, *options) -> None:
        self.admin("lpadmin", "-p", QUEUE, "-E", "-v", uri, *options)

    def close(self) -> None:
        for child in self.children:
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def answers(address) -> bool:
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    with socket.socket(family) as probe:
        return probe.connect_ex(address) == 0


class IppEve:
    """CUPS's own test printer, with the bus and the announcer that it insists on, private to the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._children: list[subprocess.Popen] = []

    def __enter__(self):
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self) -> None:
        (self.folder / "dbus.conf").write_text(DBUS.format(folder=self.folder))
        (self.folder / "avahi.conf").write_text(AVAHI)
        command = self.folder / "print.sh"
        command.write_text(COMMAND.format(folder=self.folder))
        command.chmod(0o755)
        bus = self.folder / "bus"
        self._start("dbus-daemon", f"--config-file={self.folder / 'dbus.conf'}", "--nofork", "--nopidfile")
        until(lambda: answers(str(bus)), "dbus-daemon")
        log = self.folder / "avahi.log"
        with log.open("w") as out:
            self._start("avahi-daemon", "-f", str(self.folder / "avahi.conf"), "--no-drop-root", "--no-chroot",
                        "--no-rlimits", out=out)
        until(lambda: "startup complete" in log.read_text(), "avahi-daemon")
        self._start("/usr/sbin/ippeveprinter", "-p", str(self.port), "-c", str(command), "-f", "application/pdf",
                    "-d", str(self.folder / "tmp"), "-n", "localhost", "Pages")

    def __exit__(self, *_):
        for child in reversed(self._children):
            child.terminate()
            child.wait(10)

    def _start(self, *command, out=subprocess.DEVNULL):
        bus = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder / 'bus'}"}
        self._children.append(
            subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **bus}),
        )

    def printed(self):
        return list((self.folder / "printed").glob("*.pdf"))

    def media(self) -> str:
        return (self.folder / "environment").read_text()
