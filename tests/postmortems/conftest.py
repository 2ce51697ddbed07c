"""What several tests of this room do."""

import pytest
from rest_framework.test import APIClient

from notifications import outbox


@pytest.fixture
def settle():
    """Let all that was told be reacted to, and what those reactions tell in turn."""

    def run():
        while outbox.react():
            pass

    return run


@pytest.fixture
def api():
    """A client of the API that asks as this person."""

    def client(person):
        client = APIClient()
        client.force_authenticate(person)
        return client

    return client
