"""The panels of an incident: what was stored is drawn, compared, and honest about what is missing."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.panels import panels_of
from incidents.services import declare, transition
from notifications import outbox
from telemetry import snapshots
from telemetry.models import Snapshot
from tests.factories import AlertFactory, PanelFactory, PersonFactory, ServiceFactory, TimelineEntryFactory
from tests.telemetry.hostile_server import answering
from tests.telemetry.prometheus_server import Answers, matrix, refusal, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def incident(person):
    service = ServiceFactory(slug="checkout", name="Checkout")
    PanelFactory(service=service, name="Errors", unit="%")
    found, _ = declare(title="Checkout is slow", services=[service], by=person)
    settle()
    return found


def settle():
    while outbox.react():
        pass


def store(incident, *values, minutes=30, **fields):
    """A point a minute, the first so many minutes ago, of every panel."""
    now = timezone.now()
    begin = now.timestamp() - 60 * minutes
    series = [{"label": "value", "points": [[begin + 60 * n, value] for n, value in enumerate(values)]}]
    fields = {"series": series, "state": "stored", "next_at": None, "covers_until": now} | fields
    Snapshot.objects.about(incident.subject).update(**fields)


def part(client, incident, **query):
    answer = client.get(f"/incidents/{incident.number}/panels/", query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_panel_says_what_it_was_before_during_and_after(client, person, incident):
    now = timezone.now()
    alert = AlertFactory(starts_at=now - timedelta(minutes=20))
    incident.alerts.add(alert)
    incident.mitigated_at = now - timedelta(minutes=10)
    incident.save()
    store(incident, *[0.4] * 10, *[12.0] * 10, *[0.5] * 10)
    client.force_login(person)
    page = part(client, incident)
    assert "0.4 % → 12 % → 0.5 %" in page
    assert "30 times as much" in page
    cells = re.findall(r'<th scope="row">(Before|During|After)</th><td class="end">(.*?)</td>', page)
    assert cells == [("Before", "0.4"), ("During", "12"), ("After", "0.5")]


def test_changes_alerts_and_moves_stand_on_one_axis(incident):
    store(incident, 1.0)
    TimelineEntryFactory(incident=incident, kind="change", text="deploy 4f2a1c9")
    TimelineEntryFactory(incident=incident, kind="note", text="We look")
    now = timezone.now()
    Snapshot.objects.update(covers_until=now)
    axis = panels_of(incident).drawing.axis
    assert (axis["from"], axis["to"]) == (Snapshot.objects.get().since.timestamp(), now.timestamp())
    kinds = [mark["kind"] for mark in axis["marks"]]
    assert sorted(kinds) == ["change", "incident"]


def test_in_a_storm_of_alerts_the_first_ones_and_the_changes_are_marked(incident):
    store(incident, 1.0)
    for minutes in range(40):
        at = timezone.now() - timedelta(minutes=40 - minutes)
        TimelineEntryFactory(incident=incident, kind="alert", text=f"Alert {minutes}", at=at)
    TimelineEntryFactory(incident=incident, kind="change", text="deploy", at=timezone.now() - timedelta(minutes=50))
    marks = panels_of(incident).drawing.marks
    assert [mark["label"] for mark in marks][:3] == ["deploy", "Alert 0", "Alert 1"]
    assert len([mark for mark in marks if mark["kind"] == "alert"]) == 12


def test_panels_of_several_services_say_of_which(incident, person):
    other = ServiceFactory(name="Search")
    snapshots.request(service=other, about=incident.subject, since=incident.started_at)
    PanelFactory(service=other, name="Errors")
    snapshots.request(service=other, about=incident.subject, since=incident.started_at)
    store(incident, 1.0)
    names = {panel.name for panel in panels_of(incident).drawing.panels}
    assert names == {"Errors · Checkout", "Errors · Search"}


def test_what_fails_later_is_drawn_as_far_as_it_is_known_and_says_so(client, person, incident):
    store(incident, 1.0, state="failed", error="Prometheus could not answer (unavailable): gone")
    client.force_login(person)
    page = part(client, incident)
    assert json.loads(re.search(r'id="panel-data"[^>]*>(.*?)</script>', page)[1])[0]["series"]
    assert "not up to date" in page
    assert "Prometheus could not answer (unavailable): gone" in page


def test_without_javascript_it_is_a_page_with_the_table_open(client, person, incident):
    store(incident, 1.0)
    client.force_login(person)
    page = client.get(f"/incidents/{incident.number}/panels/").content.decode()
    assert "<html" in page
    assert re.search(r"<details[^>]*data-table open>", page)


def test_a_failure_is_told_on_the_timeline_and_mends_by_itself(incident, settings):
    answers = Answers()
    answers.answer = refusal(503, "unavailable", "starting up")
    with serving(answers) as settings.PROMETHEUS_URL:
        snapshots.fetch_due()
        settle()
        entry = incident.timeline.get(kind="telemetry")
        assert "starting up" in entry.text
        answers.answer = matrix(({}, [(timezone.now().timestamp(), "1")]))
        Snapshot.objects.update(next_at=timezone.now())
        snapshots.fetch_due()
        settle()
    assert panels_of(incident).drawing.panels[0].snapshot.state == "stored"
    assert "are kept" in incident.timeline.filter(kind="telemetry").latest("id").text


def test_snapshots_end_ten_minutes_after_the_incident(incident, person):
    transition(incident=incident, to="resolved", by=person)
    settle()
    incident.refresh_from_db()
    (snapshot,) = Snapshot.objects.about(incident.subject)
    assert snapshot.until == incident.resolved_at + timedelta(minutes=10)


def test_no_request_waits_for_a_source_that_never_answers(client, person, settings):
    service = ServiceFactory(slug="checkout")
    PanelFactory(service=service)
    PanelFactory(service=service, source="loki")
    client.force_login(person)
    with answering() as (url, asked):
        settings.PROMETHEUS_URL = settings.LOKI_URL = url
        client.post("/incidents/declare/", {"title": "It is slow", "severity": "sev3", "services": ["checkout"]})
        settle()
        for path in ("/incidents/1/", "/incidents/1/panels/", "/services/checkout/", "/services/checkout/panels/"):
            assert client.get(path).status_code == 200
        assert Snapshot.objects.filter(about="incident:1", state="waiting").count() == 2
    assert asked == []
