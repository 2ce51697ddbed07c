"""Steps are looked for when a snapshot is stored, and kept beside its series."""

from datetime import timedelta

import pytest
from django.utils import timezone

from telemetry import snapshots
from tests.factories import PanelFactory, ServiceFactory
from tests.telemetry.prometheus_server import Answers, matrix, refusal, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def prometheus(settings):
    answers = Answers()
    with serving(answers) as url:
        settings.PROMETHEUS_URL = url
        yield answers


@pytest.fixture
def snapshot():
    service = ServiceFactory()
    PanelFactory(service=service, name="Errors", query="errors", unit="%")
    (snapshot,) = snapshots.request(service=service, about="incident:42", since=timezone.now() - timedelta(minutes=30))
    return snapshot


def answer(after):
    return matrix(({"pod": "a"}, [(1000 + 15 * place, "0.5" if place < 60 else after) for place in range(100)]))


def test_a_stored_snapshot_knows_its_steps(prometheus, snapshot):
    prometheus.answer = answer("12")
    snapshots.fetch_due()
    snapshot.refresh_from_db()
    [step] = snapshot.steps
    assert (step["label"], step["at"], step["before"], step["after"]) == ("pod=a", 1900, 0.5, 12)


def test_one_without_a_step_has_been_looked_at(prometheus, snapshot):
    prometheus.answer = answer("0.5")
    snapshots.fetch_due()
    snapshot.refresh_from_db()
    assert snapshot.steps == []


def test_one_that_was_not_fetched_has_not(prometheus, snapshot):
    prometheus.answer = refusal(400, "bad_data", "no such function")
    snapshots.fetch_due()
    snapshot.refresh_from_db()
    assert snapshot.steps is None
