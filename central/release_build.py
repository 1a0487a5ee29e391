"""A release's archive from a checkout: the same tree gives the same bytes, so that each who signs can build it anew.

In it is what ./provision takes of a checkout, as git has it, and nothing that git does not know; with the wheels of a
platform where the dependencies changed. The archive says itself which release it is (`[tool.totem]`).
"""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from central import release_archive
from central.release_archive import LOCK, PROJECT, WHEELS, ReleaseError
from kiosk.technician.provisioning.environment import PACKAGES
from offline_cache.contract.hand_over import target_name

CONTENT = (*PACKAGES, "systemd", PROJECT, "provision", "unprovision")
PLAIN, PROGRAM = "100644", "100755"
# What kiosks never load: words before they are compiled.
LEFT_OUT = (".po",)
_SCHEMA = (
    "import sys; sys.path.insert(0, sys.argv[1]); from offline_cache import schema as s;"
    " print(s.LATEST, getattr(s, 'OLDEST_READER', s.LATEST))"
)
_PLATFORM = "import platform, sys; print('cp%d%d-%s' % (*sys.version_info[:2], platform.machine()))"


@dataclass(frozen=True)
class Wheels:
    """The wheels of one platform, gathered in a folder."""

    platform: str
    folder: Path


def build(checkout: Path, release: int, out: Path, wheels: Wheels | None = None) -> Path:
    """Writes `totem.RELEASE.PLATFORM.tar.gz` into `out` (`any` without wheels) and gives its path.

    ReleaseError, in one line, if the checkout holds anything that git does not have as it lies there, or what is no
    plain file, or a wheel that the lock does not name.
    """
    files = _tracked(checkout)
    content = {name: (checkout / name).read_bytes() for name in files}
    content[PROJECT] = _marked(checkout, content[PROJECT], release)
    if wheels is not None:
        content |= _wheels(wheels.folder, content[LOCK].decode())
    path = out / target_name(release, wheels.platform if wheels else release_archive.ANY)
    out.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    try:
        _pack(aside, content, {name for name, mode in files.items() if mode == PROGRAM})
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _pack(path: Path, content: dict[str, bytes], programs: set[str]) -> None:
    """Sorted, of nobody and of no time. Names of wheels are longer than plain tar takes (GNU's extension)."""
    # neither name nor time of the file stands in the header of gzip (RFC 1952, 2.3.1)
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name in sorted(content):
            entry = tarfile.TarInfo(name)
            entry.size = len(content[name])
            entry.mode = 0o755 if name in programs else 0o644
            tar.addfile(entry, io.BytesIO(content[name]))


def platform_of(python: str = sys.executable) -> str:
    """For which wheels an interpreter on this machine takes, such as cp311-x86_64."""
    return _run([python, "-I", "-c", _PLATFORM], failed=f"{python} does not run").strip()


def fetch(checkout: Path, folder: Path, python: str) -> Wheels:
    """The wheels that an interpreter takes here, from the registry, as for a stick."""
    from kiosk.technician.provisioning import stick
    from kiosk.technician.provisioning.machine import ProvisioningError

    try:
        stick.fetch_wheels(checkout, folder, python)
    except ProvisioningError as error:
        raise ReleaseError(str(error)) from error
    return Wheels(platform_of(python), folder)


def _tracked(checkout: Path) -> dict[str, str]:
    """Name and mode of what goes in, as git has it."""
    top = _git(checkout, "rev-parse", "--show-toplevel").strip()
    if Path(top).resolve() != checkout.resolve():
        raise ReleaseError(f"{checkout} is not the top of a checkout: name {top}")
    said = _git(checkout, "status", "--porcelain", "-z", "-uall", "--", *CONTENT)
    changed = [line[3:] for line in said.split("\0") if line]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise ReleaseError(f"{changed[0]}{more} is not as it was committed: commit it, or put it back, and build again")
    found: dict[str, str] = {}
    for line in _git(checkout, "ls-files", "-s", "-z", "--", *CONTENT).split("\0"):
        if not line:
            continue
        mode, name = line.split(" ", 1)[0], line.split("\t", 1)[1]
        if mode not in {PLAIN, PROGRAM} or not release_archive.is_plain(name):
            raise ReleaseError(f"{name} is no plain file: a release holds plain files alone")
        if not name.endswith(LEFT_OUT):
            found[name] = mode
    missing = [name for name in CONTENT if not any(file == name or file.startswith(f"{name}/") for file in found)]
    if missing or LOCK not in found:
        raise ReleaseError(f"{checkout} has no {missing[0] if missing else LOCK}: build where the whole of Totem lies")
    return found


def _marked(checkout: Path, project: bytes, release: int) -> bytes:
    """pyproject.toml that says which release it is, and of which store."""
    said = _run(
        [sys.executable, "-I", "-B", "-c", _SCHEMA, str(checkout.resolve())],
        failed=f"the store's version cannot be read in {checkout}",
    )
    schema, oldest_reader = map(int, said.split())
    text = re.sub(r"(?ms)^\[tool\.totem\]\n.*?(?=^\[|\Z)", "", project.decode()).rstrip("\n")
    marks = f"[tool.totem]\nrelease = {release}\nschema = {schema}\noldest_reader = {oldest_reader}\n"
    return f"{text}\n\n{marks}".encode()


def _wheels(folder: Path, lock: str) -> dict[str, bytes]:
    named = set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    found = {}
    for file in sorted(folder.glob("*.whl")):
        body = file.read_bytes()
        if sha256(body).hexdigest() not in named or not release_archive.is_plain(file.name):
            raise ReleaseError(f"{file.name} is none that {LOCK} names: gather the wheels anew")
        found[f"{WHEELS}/{file.name}"] = body
    if not found:
        raise ReleaseError(f"{folder} has no wheels: gather them with `./provision stick FOLDER --only wheels`")
    return found


def make(
    checkout: Path, release: int, out: Path, *, wheels: bool, wheels_from: Path | None, platform: str | None,
    python: str,
) -> Path:
    """As the command is typed: without wheels, with those fetched here, or with those gathered on another machine."""
    if wheels_from is not None:
        if platform is None or not release_archive.is_platform(platform):
            raise ReleaseError("say for which machines these wheels are: --platform cp311-aarch64, for example")
        inside = wheels_from / WHEELS
        return build(checkout, release, out, Wheels(platform, inside if inside.is_dir() else wheels_from))
    if not wheels:
        return build(checkout, release, out)
    with TemporaryDirectory() as aside:
        return build(checkout, release, out, fetch(checkout, Path(aside) / WHEELS, python))


def _git(checkout: Path, *arguments: str) -> str:
    command = ["git", "-C", str(checkout), *arguments]
    return _run(command, failed=f"git cannot read {checkout}: name a checkout of Totem")


def _run(command: list[str], *, failed: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise ReleaseError(f"{command[0]} is needed and not installed") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ReleaseError(f"{failed} ({said[-1]})" if said else failed)
    return done.stdout
