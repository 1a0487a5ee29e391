"""What the kiosk adds to a request; the centre's tests prove that it is accepted and what is not."""

import itertools
import re
from datetime import UTC, datetime

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from offline_cache.contract.messages import COUNTER_HEADER, COVERED_COMPONENTS, NONCE_HEADER
from offline_cache.signing import SigningAuth


def signed(auth, body="{}"):
    return requests.Request("POST", "https://localhost:8443/v1/events", data=body, auth=auth).prepare()


def make_auth():
    counter = itertools.count(41)
    return SigningAuth(
        "VA-017", Ed25519PrivateKey.generate(), lambda: next(counter), lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)
    )


def test_each_request_takes_a_higher_counter_and_a_fresh_nonce():
    auth = make_auth()
    first, second = signed(auth), signed(auth)
    assert [request.headers[COUNTER_HEADER] for request in (first, second)] == ["41", "42"]
    assert first.headers[NONCE_HEADER] != second.headers[NONCE_HEADER]


def test_the_signature_covers_what_the_contract_says_with_the_kiosks_name_and_time():
    given = signed(make_auth()).headers["Signature-Input"]
    components = re.fullmatch(r"totem=\((.*)\);.*", given)[1]
    assert tuple(component.strip('"') for component in components.split(" ")) == COVERED_COMPONENTS
    assert 'keyid="VA-017"' in given
    assert 'alg="ed25519"' in given
    assert "created=1795521600" in given


def test_a_request_without_a_body_has_a_digest_too():
    assert "Content-Digest" in signed(make_auth(), body=None).headers


def test_nothing_else_of_the_kiosk_is_told():
    assert "Date" not in signed(make_auth()).headers
