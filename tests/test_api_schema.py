"""The schema of the API is whole, and the API keeps to it whatever is sent."""

from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.test import APIClient
from schemathesis import GenerationMode

from tests.factories import AdministratorFactory, staffed_service

EXAMPLES = 2
PROBLEM = "application/problem+json"
NOT_OURS = ("accept-encoding", "authorization", "cookie", "content-length")


def schema_document():
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


DOCUMENT = schema_document()
OPERATIONS = [result.ok() for result in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]


def test_the_schema_is_valid_and_was_made_without_a_warning():
    validate_schema(schema_document())
    GENERATOR_STATS.emit_summary()
    assert not GENERATOR_STATS


@pytest.fixture
def program(db):
    staffed_service(slug="checkout")
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(AdministratorFactory())
    return client


def send(client, case):
    """The case as an HTTP request to the application in this process."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    address = urlsplit(prepared.url)
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    headers = {name: value for name, value in prepared.headers.items() if name.lower() not in NOT_OURS}
    kind = headers.pop("Content-Type", "application/json")
    return client.generic(case.method, f"{address.path}?{address.query}", body, kind, headers=headers)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_an_operation_answers_whatever_is_sent(program, operation, mode):
    """With what the schema allows and with what it does not: never a 500, and errors are problem documents."""

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
        derandomize=True,
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case):
        answer = send(program, case)
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert answer["Content-Type"] == PROBLEM
            assert {"title", "status", "detail"} <= answer.json().keys()
            assert answer.json()["status"] == answer.status_code

    ask()
