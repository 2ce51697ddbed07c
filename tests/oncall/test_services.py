"""People, teams, the catalogue, policies: what may be saved, and what a refusal says."""

import pytest

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall import services
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_person_without_contact_methods_is_reached_at_their_own_address():
    ana = services.create_person(email="Ana@Example.com", name="Ana", timezone="America/Chicago")
    assert [(m.kind, m.address) for m in ana.contact_methods.all()] == [("email", "ana@example.com")]
