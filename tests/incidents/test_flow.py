"""From an alert at the door to a restored service, as a sender and the people on call live through it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import Incident
from incidents.services import declare, transition
from notifications import inbox
from notifications.models import Delivery
from oncall import paging
from oncall.models import Page
from tests.factories import IntegrationFactory, staffed_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return staffed_service(slug="checkout", name="Checkout")


@pytest.fixture
def send(client, settle):
    """POST to a hook as its sender does, and let all that follows happen."""

    def post(integration, body, **headers):
        answer = client.post(
            integration.path,
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer secret-{integration.pk}"} | headers,
        )
        assert answer.status_code < 300, answer.content
        inbox.process_due()
        settle()

    return post


def alertmanager(status, start):
    alert = {
        "status": status,
        "labels": {"alertname": "HighErrorRate", "severity": "critical", "service": "checkout"},
        "annotations": {"summary": "5 % of checkouts fail"},
        "startsAt": start.isoformat(),
        "endsAt": timezone.now().isoformat() if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example.com/graph",
        "fingerprint": "a1b2c3d4e5f60718",
    }
    return {
        "version": "4",
        "groupKey": '{}:{service="checkout"}',
        "status": status,
        "receiver": "andon",
        "groupLabels": {"service": "checkout"},
        "commonLabels": alert["labels"],
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example.com",
        "truncatedAlerts": 0,
        "alerts": [alert],
    }


def test_an_alert_pages_dev_and_ops_and_tells_its_story_to_the_end(service, send, settle):
    deploys, alerts = IntegrationFactory(source="event", service="checkout"), IntegrationFactory(source="alertmanager")
    start = timezone.now() - timedelta(minutes=4)
    deploy = {"type": "deploy", "service": "checkout", "revision": "4f2a1c9", "status": "succeeded"}
    send(deploys, deploy | {"at": (start - timedelta(minutes=3)).isoformat()}, **{"webhook-id": "w1"})

    for _ in range(5):
        send(alerts, alertmanager("firing", start))

    incident = Incident.objects.get()
    assert (incident.severity, incident.started_at, incident.source) == ("sev2", start, "alert")
    page = Page.objects.get(about=incident.subject)
    assert Delivery.objects.filter(queue="pages").count() == 2
    for person in {notice.person for notice in page.notices.all()}:
        paging.acknowledge(page=page, person=person, via="link")
    settle()
    send(alerts, alertmanager("resolved", start))
    incident.refresh_from_db()
    assert incident.acknowledged_at
    transition(incident=incident, to="resolved", by=page.notices.first().person)
    settle()

    kinds = list(incident.timeline.values_list("kind", flat=True))
    assert kinds[:3] == ["change", "alert", "declared"]
    assert kinds.count("alert") == 3  # fires, is resolved, and that this was the last
    texts = "\n".join(incident.timeline.values_list("text", flat=True))
    assert "Deploy of 4f2a1c9 to checkout succeeded" in texts
    assert "HighErrorRate is resolved" in texts
    page.refresh_from_db()
    assert page.state == "resolved"


def test_a_remark_of_a_program_stands_on_the_open_incidents_of_its_service_once(service, send):
    integration = IntegrationFactory(source="event", service="checkout")
    incident, _ = declare(title="Checkout is down", services=[service])
    other, _ = declare(title="Something else")
    note = {"type": "note", "text": "Failing over to the second region", "service": "checkout"}
    for _ in range(2):
        send(integration, note, **{"webhook-id": "n1"})
    assert incident.timeline.get(kind="note").text == "Failing over to the second region"
    assert not other.timeline.filter(kind="note").exists()
