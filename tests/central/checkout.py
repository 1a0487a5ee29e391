"""A checkout of something that has Totem's shape, small enough to be built in an instant; and its release's client."""

import subprocess
from hashlib import sha256
from pathlib import Path

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater

from central import release_build
from offline_cache.contract.application import Application
from offline_cache.contract.messages import LIST_SIZE_HEADER

WHEEL = b"not a wheel, but its hash is in the lock"
# Longer than plain tar takes, as those of numpy are.
WHEEL_NAME = f"something-1-cp311-cp311-{'.'.join(['manylinux_2_27_aarch64'] * 5)}.whl"
PLATFORM = "cp311-aarch64"
FILES = {
    "kiosk/__init__.py": "",
    "kiosk/locale/es/kiosk.po": "words before they are compiled",
    "kiosk/locale/es/kiosk.mo": "words",
    "printer/__init__.py": "",
    "devices/__init__.py": "",
    "offline_cache/__init__.py": "",
    "offline_cache/schema.py": "LATEST = 4\nOLDEST_READER = 3\n",
    "systemd/appliance.lock": f"something==1 \\\n    --hash=sha256:{sha256(WHEEL).hexdigest()}\n",
    "systemd/totem-kiosk.service": "[Unit]\n",
    "provision": "#!/usr/bin/env python3\n",
    "unprovision": "#!/usr/bin/env python3\n",
    "pyproject.toml": '[project]\nversion = "1.4.0"\n\n[tool.totem]\nrelease = 1\n\n[tool.x]\ny = 1\n',
    "docs/what-no-kiosk-needs.md": "",
}


def git(folder, *words):
    command = ["git", "-C", str(folder), "-c", "user.name=T", "-c", "user.email=t@example", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make(folder: Path, **changed: str) -> Path:
    """Committed; `changed` gives other content to files, by names with / and . written as __ and _."""
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(changed.get(name.replace("/", "__").replace(".", "_"), content), encoding="utf-8")
    for name in ("provision", "unprovision"):
        (folder / name).chmod(0o755)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")
    return folder


def wheels(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / WHEEL_NAME).write_bytes(WHEEL)
    return folder


class Builder:
    """Archives of numbered releases, each of another program."""

    def __init__(self, aside: Path) -> None:
        self._aside = aside

    def __call__(self, number: int, *, with_wheels=False, said="", **changed) -> list[Path]:
        checkout = self._aside / f"checkout-{number}{said}"
        if not checkout.exists():
            make(checkout, kiosk____init___py=f"PROGRAM = '{number} {said}'\n", **changed)
        out = self._aside / f"out-{number}{said}"
        built = [release_build.build(checkout, number, out)]
        if with_wheels:
            gathered = release_build.Wheels(PLATFORM, wheels(self._aside / "wheels"))
            built.append(release_build.build(checkout, number, out, gathered))
        return built


class Pieces(FetcherInterface):
    """As a kiosk fetches: metadata whole, targets piece by piece."""

    def __init__(self, http):
        self._http = http
        self.requests = 0

    def _fetch(self, url):
        if "/targets/" not in url:
            yield self._get(url).content
            return
        had, size = 0, 1
        while had < size:
            piece = self._get(f"{url}?offset={had}")
            size = int(piece.headers[LIST_SIZE_HEADER])
            had += len(piece.content)
            yield piece.content

    def _get(self, url):
        self.requests += 1
        response = self._http.get(url)
        if response.status_code != 200:
            raise DownloadHTTPError(url, response.status_code)
        return response


def updater(world, folder: Path) -> Updater:
    """python-tuf's client, from the first root on."""
    folder.mkdir(exist_ok=True)
    made = Updater(
        str(folder), f"{world.url}/v1/catalogue/metadata/", str(folder), f"{world.url}/v1/catalogue/targets/",
        fetcher=Pieces(world.http), bootstrap=(world.state.tuf_metadata / "1.root.json").read_bytes(),
    )  # fmt: skip
    made.refresh()
    return made


def runs(release: int, *, state="proven", bad=(), why="", lock=None, platform=PLATFORM) -> Application:
    """What a kiosk tells of itself."""
    known = sha256(FILES["systemd/appliance.lock"].encode()).hexdigest()
    return Application(
        release=release, version="1.4.0", platform=platform, lock=lock or known, state=state, bad=bad, why=why
    )
