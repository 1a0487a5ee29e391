"""Revocation lists at the centre: what is fetched, what is kept, what is handed to kiosks."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from central import publishing, revocation
from central.centre import open_centre
from devices.virtual.authority import pem
from devices.virtual.icp_brasil import Icp
from offline_cache.connection import Connection
from offline_cache.contract.messages import LIST_PIECE_BYTES
from offline_cache.contract.revocation import list_name
from offline_cache.revocation_fetch import EVERY_S, RevocationFetch
from offline_cache.settings import CentreSettings
from tests.central.world import YAML, make_state, running

AT = "http://localhost/crl"
ICP = Icp.make(address=AT)
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
ADDRESS = f"{AT}/emissora.crl"


@pytest.fixture
def state(tmp_path):
    return make_state(tmp_path / "central", pem(ICP.root.certificate) + pem(ICP.issuing.certificate))


def kept(state):
    return revocation.read(state.revocation, list_name(ADDRESS))


def test_a_newer_list_replaces_an_older_one_and_nothing_else_does(state):
    older, newer = (ICP.issuing.revocation_list(NOW - hours * HOUR) for hours in (5, 1))
    forged = Icp.make(address=AT).issuing.revocation_list(NOW)
    keep = lambda der: revocation.keep(state.revocation, ADDRESS, der, state.anchors_pem())  # noqa: E731
    assert keep(older)
    assert keep(newer)
    assert not keep(older)
    assert not keep(newer)
    with pytest.raises(ValueError, match="not signed"):
        keep(forged)
    with pytest.raises(ValueError, match="no revocation list"):
        keep(b"<html>log in to the hotel</html>")
    assert kept(state) == newer


def test_every_list_that_the_catalogue_names_is_fetched_and_one_that_fails_stops_no_other(state):
    publishing.publish(state, f"{YAML}\nrevocation_lists: [{AT}/gone.crl, {ADDRESS}]\n", NOW)
    centre = open_centre(state)
    fresh = ICP.issuing.revocation_list(NOW)

    def get(address):
        if address != ADDRESS:
            raise OSError("status 404")
        return fresh

    assert revocation.refresh(centre, get) == 1
    assert revocation.refresh(centre, get) == 0
    assert kept(state) == fresh
    centre.database.close()


def play(fetch, connection, until_s=0.0):
    steps = 0
    while fetch.step(connection, [ADDRESS, f"{AT}/gone.crl"], until_s):
        steps += 1
    return steps


def test_a_kiosk_takes_its_lists_over_piece_by_piece_and_only_what_changed(state, tmp_path):
    folder = tmp_path / "revocation"
    serials = [ICP.issuing.issue(ICP.root.certificate.subject, ICP.root.key.public_key()) for _ in range(2)]
    small = ICP.issuing.revocation_list(NOW - HOUR, *serials)
    with running(state) as world:
        publishing.publish(state, YAML, world.now())
        connection = Connection(CentreSettings(url=world.url, ca=str(state.tls / "ca.pem")), check_dates=True)
        fetch = RevocationFetch(folder, random.Random(1))
        assert play(fetch, connection) == 3  # the round begins; neither list is there
        assert not folder.exists()
        revocation.keep(state.revocation, ADDRESS, small, state.anchors_pem())
        play(fetch, connection, EVERY_S + 1)
        assert (folder / list_name(ADDRESS)).read_bytes() == small
        assert play(fetch, connection, EVERY_S + 2) == 0  # not due yet
        before = (folder / list_name(ADDRESS)).stat().st_mtime_ns
        play(fetch, connection, 2 * EVERY_S + 2)
        assert (folder / list_name(ADDRESS)).stat().st_mtime_ns == before
        large = many_revoked(3 * LIST_PIECE_BYTES // 30)
        assert len(large) > 2 * LIST_PIECE_BYTES
        revocation.keep(state.revocation, ADDRESS, large, state.anchors_pem())
        assert play(fetch, connection, 3 * EVERY_S + 3) > 4
        assert (folder / list_name(ADDRESS)).read_bytes() == large
        connection.close()


def many_revoked(count):
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding

    builder = x509.CertificateRevocationListBuilder().issuer_name(ICP.issuing.certificate.subject)
    builder = builder.last_update(NOW).next_update(NOW + HOUR)
    entries = [
        x509.RevokedCertificateBuilder().serial_number((1 << 100) + number).revocation_date(NOW).build()
        for number in range(count)
    ]
    builder._revoked_certificates = entries  # one by one it copies them all each time
    return builder.sign(ICP.issuing.key, SHA256()).public_bytes(Encoding.DER)


def test_a_name_that_is_no_list_s_gives_nothing(state):
    with running(state) as world:
        publishing.publish(state, YAML, world.now())
        for name in ("x.crl", "..%2Fcentral.toml", "0" * 64):
            assert world.http.get(f"{world.url}/v1/revocation-lists/{name}").status_code == 404
