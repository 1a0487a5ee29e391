"""A secret makes one kiosk, and no prefix is ever given twice."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_cache.contract.messages import NonceRequest
from tests.central.world import Device, make_state, rows, running


def test_a_secret_enrols_one_kiosk_and_no_second_one(world):
    secret = world.secret()
    assert world.request_enrolment(secret, Ed25519PrivateKey.generate()).status_code == 200
    response = world.request_enrolment(secret, Ed25519PrivateKey.generate())
    assert (response.status_code, response.json()["error"]) == (409, "secret-used")


def test_an_enrolment_whose_answer_was_lost_is_answered_alike_until_the_kiosk_speaks(world):
    secret, key = world.secret(), Ed25519PrivateKey.generate()
    first = world.request_enrolment(secret, key)
    again = world.request_enrolment(secret, key)
    assert again.content == first.content
    from offline_cache.contract.messages import Enrolment

    device = Device(world, key, Enrolment.model_validate_json(first.content))
    assert device.post("/v1/nonces", NonceRequest(session="s", service="iptu")).status_code == 200
    assert world.request_enrolment(secret, key).json()["error"] == "secret-used"


def test_a_device_key_is_enrolled_once(world):
    key = Ed25519PrivateKey.generate()
    assert world.request_enrolment(world.secret(), key).status_code == 200
    assert world.request_enrolment(world.secret(), key).json()["error"] == "key-used"


def test_an_unknown_secret_is_refused(world):
    response = world.request_enrolment("AAAAA-AAAAA-AAAAA-AAAAA", Ed25519PrivateKey.generate())
    assert (response.status_code, response.json()["error"]) == (403, "secret")


def test_an_expired_secret_is_refused(world):
    secret = world.secret()
    world.ahead = timedelta(hours=2)
    try:
        assert world.request_enrolment(secret, Ed25519PrivateKey.generate()).json()["error"] == "secret"
    finally:
        world.ahead = timedelta()


def test_a_secret_is_read_however_it_was_typed(world):
    secret = world.secret().lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert world.request_enrolment(secret, Ed25519PrivateKey.generate()).status_code == 200


def test_only_the_hash_of_a_secret_is_kept(world):
    secret = world.secret()
    kept = str(rows(world, "SELECT * FROM enrolment_secrets"))
    assert secret not in kept
    assert secret.replace("-", "") not in kept


def test_every_kiosk_has_two_prefixes_that_nobody_else_ever_had(world):
    devices = [world.enrol() for _ in range(5)]
    given = [prefix for device in devices for prefix in (device.enrolled.allocation, device.enrolled.spare_allocation)]
    assert len(set(given)) == 10


def test_kiosks_are_numbered_on(world):
    first, second = world.enrol(), world.enrol()
    assert int(second.id.removeprefix("VA-")) == int(first.id.removeprefix("VA-")) + 1


@pytest.mark.parametrize("public_key", ["", "AAAA", "not base64"])
def test_what_is_no_key_is_not_enrolled(world, public_key):
    response = world.request_enrolment(world.secret(), Ed25519PrivateKey.generate(), public_key=public_key)
    assert (response.status_code, response.json()["error"]) == (422, "public-key")


def test_a_real_centre_refuses_a_simulated_kiosk(tmp_path, anchors):
    with running(make_state(tmp_path, anchors, demonstration=False)) as world:
        response = world.request_enrolment(world.secret(), Ed25519PrivateKey.generate())
        assert (response.status_code, response.json()["error"]) == (403, "simulation")
