"""Steps that their sender has no name for: one that ends continues what is under way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes.manual import record_manually
from changes.models import Change
from notifications import inbox
from tests.factories import IntegrationFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def tell(state, *, ago=0, revision="4f2a1c9", **more):
    given = {"state": state, "revision": revision, "at": timezone.now() - ago * MINUTE} | more
    return record_manually(by=PersonFactory(), service="checkout", given=given)


def test_what_ends_is_what_had_started(checkout):
    begun = tell("started", ago=5)
    assert tell("failed") == begun
    begun.refresh_from_db()
    assert (begun.state, begun.entries.count()) == ("failed", 2)


def test_the_next_deploy_of_the_same_revision_is_another_change(checkout):
    assert tell("started", ago=9) == tell("succeeded", ago=8)
    assert tell("started", ago=5) == tell("succeeded", ago=4)
    assert Change.objects.count() == 2


@pytest.mark.parametrize("other", [{"revision": "0000000"}, {"environment": "staging"}, {"kind": "config"}])
def test_another_revision_environment_or_kind_is_another_change(checkout, other):
    assert tell("started", ago=5) != tell("succeeded", **other)


def test_a_name_of_ones_own_is_kept_to(checkout):
    assert tell("started", ago=5, external_id="one") != tell("succeeded", external_id="two")


def test_two_lines_are_one_change_however_often_they_are_processed(checkout):
    integration = IntegrationFactory(source="event", service="checkout")
    kept = [
        inbox.keep(source="line", integration=integration, key=line, headers={}, body=line.encode())[0]
        for line in ("deploying 4f2a1c9", "deployed 4f2a1c9")
    ]
    inbox.process_due()
    for message in kept:
        inbox.replay(message)
        inbox.process_due()
    [change] = Change.objects.all()
    assert (change.state, change.entries.count()) == ("succeeded", 2)
