"""What the folder of the kiosk's user holds is believed only as far as the signatures go, and never backwards."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.technician.provisioning.machine import Machine
from kiosk.technician.provisioning.settings import ROOT
from kiosk.technician.updating.offered import opened
from kiosk.technician.updating.trust import KEPT, verify
from offline_cache.contract import hand_over
from offline_cache.contract.hand_over import Offered
from offline_cache.signed_metadata import NotVouchedFor
from tests.kiosk.technician.updating.signed import NOW, Signers, offer

CONTENT = b"an archive"


class Desk:
    """A root folder that trusts these signers, and the folder in which the sync process offers."""

    def __init__(self, tmp_path: Path) -> None:
        self.machine = Machine(tmp_path / "machine", dry=False, say=lambda _line: None)
        self.place = tmp_path / "update"
        self.place.mkdir()
        self.signers = Signers()
        self.machine.file(ROOT, self.signers.pinned, why="")

    def offer(self, number: int = 1, metadata: dict[str, bytes] | None = None, **said: object) -> str:
        target = self.signers.release(CONTENT, number, **said)
        offer(self.place, self.signers.metadata() if metadata is None else metadata, CONTENT, target)
        return target

    def verify(self, target: str, *, later: timedelta = timedelta()) -> Offered:
        with opened(self.place) as folder:
            assert folder is not None
            return verify(self.machine, folder, target, NOW + later)

    def copy(self, offered: Offered, to: Path) -> None:
        with opened(self.place) as folder:
            assert folder is not None
            folder.copy_archive(offered, to)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refused(desk: Desk, target: str, words: str, **more: timedelta) -> None:
    with pytest.raises(NotVouchedFor, match=words):
        desk.verify(target, **more)


def test_a_signed_release_is_what_its_signature_says(desk: Desk, tmp_path: Path) -> None:
    offered = desk.verify(desk.offer(7, min_release=3, schema=5, oldest_reader=4))
    assert (offered.release, offered.min_release, offered.schema, offered.oldest_reader) == (7, 3, 5, 4)
    desk.copy(offered, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT


def test_without_the_pinned_root_nothing_is_believed(desk: Desk) -> None:
    desk.machine.at(ROOT).unlink()
    refused(desk, desk.offer(), "enrol this kiosk again")


def test_somebody_else_s_signatures_are_not_believed(desk: Desk) -> None:
    target = desk.offer()
    stranger = Signers()
    stranger.release(CONTENT, 1)
    offer(desk.place, stranger.metadata(), CONTENT, target)
    refused(desk, target, "UnsignedMetadata|BadVersion|Repository")


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp", hand_over.ROLE])
def test_each_role_counts(desk: Desk, role: str) -> None:
    stranger = Signers()
    stranger.version = desk.signers.version
    stranger.release(CONTENT, 1)
    forged = desk.signers.metadata(version=1) | {f"{role}.json": stranger.metadata(version=1)[f"{role}.json"]}
    refused(desk, desk.offer(metadata=forged), "Unsigned")


def test_a_release_that_the_wrong_role_signs_is_refused(desk: Desk) -> None:
    target = desk.signers.release(CONTENT, 1)
    desk.signers.misplaced = desk.signers.releases
    desk.signers.releases = {}
    offer(desk.place, desk.signers.metadata(), CONTENT, target)
    refused(desk, target, "signed by others")


@pytest.mark.parametrize(
    "target", ["vila-aurora.1.json", "totem.0.any.tar.gz", "../../etc/passwd", "totem.9.any.tar.gz"]
)
def test_what_is_no_listed_release_is_refused(desk: Desk, target: str) -> None:
    desk.offer()
    refused(desk, target, "does not list|is no release|not part of snapshot")


@pytest.mark.parametrize(
    "said",
    [{"release": 2}, {"release": "1"}, {"schema": True}, {"min_release": -1}, {"oldest_reader": None}, {"lock": None}],
)
def test_a_release_whose_signed_papers_do_not_fit_is_refused(desk: Desk, said: dict[str, object]) -> None:
    target = desk.offer(1)
    if said == {"lock": None}:
        del desk.signers.releases[target].unrecognized_fields["custom"]["lock"]
        offer(desk.place, desk.signers.metadata(), CONTENT, target)
    else:
        desk.offer(1, **said)
    refused(desk, target, "is signed as|does not say")


def test_other_bytes_than_those_signed_are_refused_whatever_lies_there(desk: Desk, tmp_path: Path) -> None:
    offered = desk.verify(desk.offer())
    for content in (b"an archivE", b"an archive and more", b"an arch", b""):
        (desk.place / hand_over.ARCHIVE).write_bytes(content)
        with pytest.raises(NotVouchedFor, match="not what was signed"):
            desk.copy(offered, tmp_path / "copy")
        assert not (tmp_path / "copy").exists()


def test_metadata_of_before_is_refused_though_its_cache_was_deleted(desk: Desk) -> None:
    old = desk.signers
    target = old.release(CONTENT, 1)
    before = old.metadata()
    desk.verify(desk.offer(2))
    offer(desk.place, before, CONTENT, target)
    refused(desk, target, "BadVersion|older than")
    for file in desk.machine.at(KEPT).glob("*/metadata/*.json"):
        file.unlink()
    refused(desk, target, "older than 2, which was seen before")


def test_a_release_below_the_floor_is_refused_for_ever(desk: Desk) -> None:
    desk.verify(desk.offer(5, min_release=4))
    target = desk.offer(3)
    refused(desk, target, "below 4, the lowest")


def test_going_back_to_a_release_above_the_floor_is_no_attack(desk: Desk) -> None:
    desk.verify(desk.offer(5, min_release=2))
    assert desk.verify(desk.offer(3, min_release=2)).release == 3


def test_what_has_expired_is_refused(desk: Desk) -> None:
    refused(desk, desk.offer(), "Expired", later=timedelta(days=8))


def test_keys_change_by_a_root_that_the_old_one_signed(desk: Desk) -> None:
    desk.verify(desk.offer(1))
    desk.signers.rotate("timestamp")
    assert desk.verify(desk.offer(2)).release == 2
    target = desk.signers.release(CONTENT, 3)
    without = desk.signers.metadata()
    del without["2.root.json"]
    offer(desk.place, without, CONTENT, target)
    assert desk.verify(target).release == 3, "the root that was seen is kept"


def test_another_centre_begins_anew(desk: Desk) -> None:
    for _ in range(3):
        desk.verify(desk.offer(5, min_release=5))
    desk.signers = Signers()
    desk.machine.file(ROOT, desk.signers.pinned, why="")
    assert desk.verify(desk.offer(1)).release == 1


# ---- what the kiosk's user may put there ---------------------------------------------------------------------


def test_no_link_is_followed(desk: Desk, tmp_path: Path) -> None:
    offered = desk.verify(desk.offer())
    archive = desk.place / hand_over.ARCHIVE
    archive.rename(tmp_path / "elsewhere")
    archive.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        desk.copy(offered, tmp_path / "copy")
    folder = desk.place / hand_over.METADATA
    folder.rename(tmp_path / "metadata")
    folder.symlink_to(tmp_path / "metadata")
    refused(desk, offered.target, "is not there|404|DownloadHTTP")
    desk.place.rename(tmp_path / "real")
    desk.place.symlink_to(tmp_path / "real")
    with opened(desk.place) as found:
        assert found is None


def test_a_pipe_holds_nobody_up(desk: Desk, tmp_path: Path) -> None:
    offered = desk.verify(desk.offer())
    (desk.place / hand_over.ARCHIVE).unlink()
    os.mkfifo(desk.place / hand_over.ARCHIVE)
    with pytest.raises(OSError, match="no file"):
        desk.copy(offered, tmp_path / "copy")
    (desk.place / hand_over.WISH).unlink()
    os.mkfifo(desk.place / hand_over.WISH)
    with opened(desk.place) as folder:
        assert folder is not None
        assert folder.wish is None


@pytest.mark.parametrize("wish", [b"", b"[]", b"{}", b"\xff", b'{"target": "x"' + b" " * 5000 + b"}", b'"x"'])
def test_a_wish_that_is_none_is_none(desk: Desk, wish: bytes) -> None:
    (desk.place / hand_over.WISH).write_bytes(wish)
    with opened(desk.place) as folder:
        assert folder is not None
        assert folder.wish is None
        folder.forget_wish()
        folder.forget_wish()
    assert not (desk.place / hand_over.WISH).exists()


def test_metadata_without_end_is_not_read_to_its_end(desk: Desk) -> None:
    target = desk.offer()
    with (desk.place / hand_over.METADATA / "timestamp.json").open("wb") as file:
        file.truncate(1 << 33)
    refused(desk, target, "too long")


def test_an_archive_that_is_longer_than_signed_is_not_copied_to_its_end(desk: Desk, tmp_path: Path) -> None:
    offered = desk.verify(desk.offer())
    with (desk.place / hand_over.ARCHIVE).open("ab") as file:
        file.truncate(1 << 33)
    with pytest.raises(NotVouchedFor):
        desk.copy(replace(offered, length=4), tmp_path / "copy")
