"""Every dependency of a kiosk runs on a Raspberry Pi: a wheel for aarch64, or a package of Debian."""

from __future__ import annotations

import json
import re

import pytest

from kiosk.technician.provisioning import packages
from tests.appliance.wheels import DEBIAN, PROJECT, PYTHONS, RECORD, locked

RECORDED = json.loads(RECORD.read_text(encoding="utf-8"))


def name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_has_a_wheel_for_aarch64_that_the_lock_knows(python: str) -> None:
    wheels = {name(file.split("-")[0]): (file, digest) for file, digest in RECORDED[python].items()}
    for one in (one for one in locked() if one.wanted(python)):
        assert name(one.name) in wheels, f"{one.name} has no wheel: run `make wheels`, or give it a Debian package"
        file, digest = wheels[name(one.name)]
        assert digest in one.hashes, f"{file} is not the locked one: run `make wheels`"
        assert file.endswith(("aarch64.whl", "-any.whl")), file


def test_what_has_no_wheel_is_a_package_of_debian() -> None:
    listed = packages.wanted((PROJECT / "systemd/appliance-packages.txt").read_text(encoding="utf-8"))
    assert {(package,) for package in DEBIAN.values()} <= set(listed)
    assert not DEBIAN.keys() & {one.name for one in locked()}


def test_the_appliance_s_lock_is_a_part_of_the_whole_one() -> None:
    whole = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    for one in locked():
        assert f"\n{one.name}=={one.version}" in f"\n{whole}"
        assert all(each in whole for each in one.hashes)


def test_the_appliance_carries_no_centre() -> None:
    assert not {"fastapi", "sqlalchemy", "uvicorn", "pyhanko", "typst", "alembic"} & {one.name for one in locked()}
