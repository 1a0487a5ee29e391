"""The interface is published (OpenAPI), and holds against whatever fits its description, and whatever does not."""

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from offline_cache.contract.messages import NONCE_HEADER
from offline_cache.signing import draw_nonce

EXAMPLES, EXAMPLES_LONG = 6, 150
CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)
OPEN = ("/v1/enrolments", "/v1/time", "/v1/health", "/v1/document-keys", "/v1/catalogue/")


def operations(world):
    document = world.http.get(f"{world.url}/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    return [found.ok() for found in schema.get_all_operations()]


def hold(world, kiosk, examples: int) -> set[str]:
    """Sends what fits each operation and what does not; the paths that were tried."""
    tried = set()
    for operation in operations(world):
        if operation.path.startswith("/v1/"):
            checking(world, kiosk, operation, examples)()
            tried.add(operation.path)
    return tried


def checking(world, kiosk, operation, examples: int):
    session = requests.Session()
    session.trust_env = False
    signed = not operation.path.startswith(OPEN)

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case):
        headers = {} if signed else {NONCE_HEADER: draw_nonce()}
        response = case.call(
            base_url=world.url, session=session, headers=headers, verify=world.http.verify, allow_redirects=False,
            auth=kiosk.auth() if signed else None,
        )  # fmt: skip
        case.validate_response(response, checks=CHECKS)

    return check


def test_every_operation_answers_as_it_is_described_whatever_is_sent(world, kiosk):
    tried = hold(world, kiosk, EXAMPLES)
    assert {"/v1/events", "/v1/heartbeats", "/v1/allocations", "/v1/device-keys", "/v1/enrolments"} <= tried


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_operation_answers_as_it_is_described_many_times(world, kiosk):
    hold(world, kiosk, EXAMPLES_LONG)
