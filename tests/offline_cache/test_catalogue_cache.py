import pytest

from offline_cache import floors, standing
from offline_cache.catalogue_cache import (
    CatalogueRefusedError,
    KeptCatalogue,
    SealsElsewhereError,
    accept,
    bad_versions,
    candidate,
    current,
    current_version,
    died_in_trial,
    keep,
    mark_bad,
    offer,
    proven,
    session_began,
    session_ended,
)
from offline_cache.contract import trust
from offline_cache.store import Store
from tests.offline_cache.conftest import ENROLMENT, READING
from tests.offline_cache.sealing import catalogue, sealing_key

TOLD = trust.sealing_sha256(sealing_key().public_key)


def test_the_newest_verified_catalogue_is_served(store: Store):
    assert current(store) is None
    assert current_version(store) is None
    assert keep(store, catalogue(1), READING)
    assert keep(store, catalogue(2), READING)
    assert current(store) == KeptCatalogue(2, catalogue(2))
    assert current_version(store) == 2


def test_keeping_the_current_one_again_changes_nothing(store: Store):
    keep(store, catalogue(1), READING)
    assert not keep(store, catalogue(1), READING)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_version_below_the_signed_minimum_is_refused_for_ever(store: Store, version: int):
    keep(store, catalogue(5), READING, min_version=4)
    for minimum in (0, 4):
        with pytest.raises(CatalogueRefusedError, match="was withdrawn: 4 is the lowest"):
            keep(store, catalogue(version), READING, min_version=minimum)
    assert current_version(store) == 5
    assert keep(store, catalogue(4), READING)
    assert current_version(store) == 4


def test_the_same_version_with_other_content_is_refused(store: Store):
    keep(store, catalogue(1), READING)
    with pytest.raises(CatalogueRefusedError, match="other content"):
        keep(store, catalogue(1, phone="157"), READING)


@pytest.mark.parametrize("content", [b"", b"{}", b"<html>", catalogue(2).replace(b"sealing_keys", b"seals")])
def test_what_this_program_cannot_read_never_replaces_what_it_can(store: Store, content: bytes):
    keep(store, catalogue(1), READING)
    with pytest.raises(CatalogueRefusedError, match="cannot read"):
        keep(store, content, READING)
    assert current_version(store) == 1


def test_a_bad_catalogue_gives_way_to_the_one_before_and_does_not_come_back(store: Store):
    keep(store, catalogue(1), READING)
    keep(store, catalogue(2), READING)
    mark_bad(store, 2, READING)
    assert current_version(store) == 1
    assert not keep(store, catalogue(2), READING)
    assert current_version(store) == 1
    keep(store, catalogue(3), READING)
    assert current_version(store) == 3


def test_marking_bad_what_is_bad_or_unknown_changes_nothing(store: Store):
    keep(store, catalogue(1), READING)
    keep(store, catalogue(2), READING)
    for version in (2, 2, 99):
        mark_bad(store, version, READING)
    assert [row["event"] for row in store.rows("select event from audit")].count("catalogue-bad") == 1


def test_only_the_last_two_are_kept_besides_the_bad(store: Store):
    for version in range(1, 6):
        keep(store, catalogue(version), READING)
    kept = store.rows("select version, state from catalogue order by version")
    assert kept == [{"version": 4, "state": "previous"}, {"version": 5, "state": "current"}]


def test_a_service_that_looks_nothing_up_needs_no_numbers(store: Store):
    keep(store, catalogue(1), READING)
    kept = current(store)
    assert kept is not None
    assert kept.series == ()


def test_a_floor_only_rises(store: Store):
    floors.lift(store, "tuf.timestamp", 9)
    floors.lift(store, "tuf.timestamp", 4)
    assert floors.value(store, "tuf.timestamp") == 9
    assert floors.value(store, "tuf.root") == 0


def trying(store: Store, version: int = 2) -> None:
    keep(store, catalogue(1), READING)
    assert offer(store, catalogue(version), READING)


def test_a_new_catalogue_is_not_served_before_it_was_rehearsed(store: Store):
    trying(store)
    assert current_version(store) == 1
    assert accept(store, 2, READING)
    assert current_version(store) == 2
    assert candidate(store) is None
    assert not proven(store)


def test_one_that_fails_its_rehearsal_is_never_served_nor_tried_again(store: Store):
    trying(store)
    mark_bad(store, 2, READING)
    assert (current_version(store), bad_versions(store)) == (1, (2,))
    assert not offer(store, catalogue(2), READING)
    assert candidate(store) is None


def test_a_first_session_that_ends_well_proves_it(store: Store):
    trying(store)
    accept(store, 2, READING)
    session_began(store, "boot")
    session_ended(store, well=True)
    assert proven(store)
    died_in_trial(store, "boot")
    assert current_version(store) == 2


@pytest.mark.parametrize("died", [False, True])
def test_a_first_session_that_crashes_brings_the_last_good_one_back(store: Store, *, died: bool):
    trying(store)
    accept(store, 2, READING)
    session_began(store, "boot")
    if died:
        died_in_trial(store, "boot")
    else:
        session_ended(store, well=False)
    assert (current_version(store), bad_versions(store)) == (1, (2,))


def test_a_power_cut_in_the_first_session_is_not_the_catalogues_fault(store: Store):
    trying(store)
    accept(store, 2, READING)
    session_began(store, "boot")
    died_in_trial(store, "another boot")
    assert current_version(store) == 2
    session_began(store, "another boot")
    session_ended(store, well=True)
    assert proven(store)


def test_the_way_back_is_open_down_to_the_signed_minimum(store: Store):
    trying(store, 3)
    accept(store, 3, READING)
    # what was served before has been shown: it needs no rehearsal, and is there at once
    assert offer(store, catalogue(1), READING, min_version=1)
    assert current_version(store) == 1
    assert proven(store)
    with pytest.raises(CatalogueRefusedError, match="withdrawn"):
        offer(store, catalogue(1), READING, min_version=2)


def elsewhere(version: int) -> bytes:
    """The same catalogue, sealing to another key."""
    return catalogue(version).replace(sealing_key().public_key.encode(), b"AQ" * 21 + b"A=")


def test_the_first_catalogue_seals_to_the_key_that_the_token_named_or_does_not_come(store: Store):
    standing.save(store, ENROLMENT, READING, TOLD)
    for _ in range(2):
        with pytest.raises(SealsElsewhereError, match="another key than the token names"):
            offer(store, elsewhere(1), READING, signed_as=1)
    assert current_version(store) is None
    assert offer(store, catalogue(2), READING)
    assert current_version(store) == 2


def test_after_the_first_one_the_centre_may_publish_another_sealing_key(store: Store):
    standing.save(store, ENROLMENT, READING, TOLD)
    keep(store, catalogue(1), READING)
    assert standing.told_sealing(store) is None
    assert offer(store, elsewhere(2), READING)
    assert accept(store, 2, READING)
    copy = standing.read_copy(store.folder)
    assert copy is not None
    assert copy.sealing_sha256 is None


def test_what_the_token_named_is_kept_when_allocations_are_renewed_and_when_the_store_is_lost(store: Store):
    standing.save(store, ENROLMENT, READING, TOLD)
    standing.renew(store, ENROLMENT, READING)
    copy = standing.read_copy(store.folder)
    assert copy is not None
    assert copy.after_loss().sealing_sha256 == standing.told_sealing(store) == TOLD
