"""Alerts told through the generic sender, which knows no start and no fingerprint of Prometheus's."""

import json

import pytest

from notifications import inbox, outbox
from telemetry.models import Alert
from tests.factories import IntegrationFactory, ServiceFactory

pytestmark = pytest.mark.django_db

REACTIONS = {"event.alert": ["telemetry.handlers.take_alert"], "alerts.received": []}


@pytest.fixture(autouse=True)
def only_this_room(settings):
    settings.REACTIONS = f"{__name__}.REACTIONS"


@pytest.fixture
def tell(client):
    integration = IntegrationFactory(source="event")
    ServiceFactory(slug="checkout")

    def tell(**fields):
        answer = client.post(
            integration.path,
            json.dumps({"type": "alert", "service": "checkout", "title": "Disk is full"} | fields),
            content_type="application/json",
            headers={"Authorization": f"Bearer {integration.secrets.get().secret}"},
        )
        assert answer.status_code == 202, answer.content
        inbox.process_due()
        outbox.react()

    return tell


def test_it_becomes_an_alert_of_its_service(tell):
    tell(severity="critical", at="2026-06-01T09:00:00Z", url="https://nagios.example/1")
    alert = Alert.objects.get()
    assert (alert.service.slug, alert.name, alert.status) == ("checkout", "Disk is full", "firing")
    assert alert.labels["severity"] == alert.severity == "critical"
    assert alert.url == "https://nagios.example/1"


def test_a_resolution_closes_the_alert_that_fires(tell):
    tell(at="2026-06-01T09:00:00Z")
    tell(at="2026-06-01T09:05:00Z")
    tell(state="resolved", at="2026-06-01T09:30:00Z")
    alert = Alert.objects.get()
    assert (alert.status, f"{alert.starts_at:%H:%M}", f"{alert.ends_at:%H:%M}") == ("resolved", "09:00", "09:30")


def test_a_firing_overtaken_by_its_resolution_stays_closed(tell):
    tell(state="resolved", at="2026-06-01T09:30:00Z")
    tell(at="2026-06-01T09:00:00Z")
    assert Alert.objects.get().status == "resolved"


def test_firing_after_a_resolution_is_a_new_alert(tell):
    tell(state="resolved", at="2026-06-01T09:30:00Z")
    tell(at="2026-06-01T10:00:00Z")
    assert list(Alert.objects.values_list("status", flat=True)) == ["firing", "resolved"]
