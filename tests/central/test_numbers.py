"""Number blocks are disjoint for ever, across kiosks and lost answers."""

import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central import numbers
from offline_cache.contract.messages import Heartbeat, HeldBlock, NumberBlock, NumberBlockRequest

REQUESTS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["fees", "permits"]), st.integers(1, 1000), st.booleans()),
    min_size=1,
    max_size=8,
)


def lease(kiosk, series, size, request_id=None):
    request = NumberBlockRequest(request_id=request_id or str(uuid.uuid4()), series=series, size=size)
    return kiosk.post("/v1/number-blocks", request)


def test_blocks_are_disjoint_across_kiosks_and_repeated_requests(world):
    kiosks = [world.enrol() for _ in range(3)]
    taken = {"fees": set(), "permits": set()}

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(REQUESTS)
    def every_number_is_given_once(requests):
        for who, series, size, answer_lost in requests:
            request_id = str(uuid.uuid4())
            first = NumberBlock.model_validate_json(lease(kiosks[who], series, size, request_id).content)
            if answer_lost:
                again = NumberBlock.model_validate_json(lease(kiosks[who], series, size, request_id).content)
                assert again == first
            numbers = set(range(first.first, first.last + 1))
            assert len(numbers) == size
            assert not numbers & taken[series]
            taken[series] |= numbers

    every_number_is_given_once()


def test_a_request_id_does_not_get_another_block(kiosk):
    assert lease(kiosk, "fees", 10, "r1").status_code == 200
    response = lease(kiosk, "fees", 11, "r1")
    assert (response.status_code, response.json()["error"]) == (409, "request-id")


def test_the_same_request_id_of_two_kiosks_gets_two_blocks(world, kiosk):
    assert lease(kiosk, "fees", 5, "same").json()["first"] != lease(world.enrol(), "fees", 5, "same").json()["first"]


def test_what_is_no_series_is_refused(kiosk):
    assert lease(kiosk, "Not A Series", 5).status_code == 422


def beat(kiosk, *blocks, queue_depth=0):
    held = tuple(HeldBlock(block=block, next=following) for block, following in blocks)
    message = Heartbeat(queue_depth=queue_depth, oldest_unsynced_s=None, printer="ready", reader="ready",
                        disk_free_mb=1, clock="2026-11-24T12:00:00+00:00", boot_id="b", catalogue_version=1,
                        audit_head="0" * 64, blocks=held)  # fmt: skip
    assert kiosk.post("/v1/heartbeats", message).status_code == 200


def told(world, kiosk):
    (row,) = [row for row in numbers.listing(world.centre) if row["kiosk"] == kiosk.id]
    return row["used"], row["left"], row["on_the_way"], row["wasted"]


def test_numbers_that_were_given_and_never_came_are_told_as_wasted(world):
    """Three given, one in a ticket: two are on their way while the kiosk has something to send, then wasted."""
    kiosk = world.enrol()
    block = NumberBlock.model_validate_json(lease(kiosk, "permits", 10).content)
    assert told(world, kiosk) == (0, 10, 0, 0)
    guide = {"kind": "pix-static", "number": "1", "barcode": None, "reference": "P1", "amount_cents": 1,
             "series": "permits", "serial": block.first}  # fmt: skip
    assert kiosk.send(kiosk.ticket("poda", guide=guide)) == ["created"]
    beat(kiosk, (block.block, block.first + 3), queue_depth=1)
    assert told(world, kiosk) == (1, 7, 2, 0)
    beat(kiosk, (block.block, block.first + 3))
    assert told(world, kiosk) == (1, 7, 0, 2)


def test_a_block_that_its_kiosk_has_lost_is_wasted(world):
    kiosk = world.enrol()
    lease(kiosk, "permits", 10)
    beat(kiosk)
    assert told(world, kiosk) == (0, 0, 0, 10)
