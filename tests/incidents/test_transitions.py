"""Moving an incident along stamps its times, ends what must end, and says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.services import declare, transition
from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Page
from telemetry.models import Snapshot
from tests.factories import IncidentFactory, PanelFactory, PersonFactory, staffed_service

pytestmark = pytest.mark.django_db


def move(incident, to, **fields):
    return transition(incident=incident, to=to, **{"by": PersonFactory()} | fields)


def test_each_move_stamps_its_time_and_stands_on_the_timeline():
    incident, _ = declare(title="Down")
    for to in ("identified", "monitoring", "resolved", "closed"):
        incident = move(incident, to)
    assert incident.status == "closed"
    assert incident.mitigated_at < incident.resolved_at < incident.closed_at
    entries = incident.timeline.filter(kind="status").values_list("text", "data__from", "data__to")
    assert list(entries) == [
        ("Identified", "investigating", "identified"),
        ("Monitoring", "identified", "monitoring"),
        ("Resolved", "monitoring", "resolved"),
        ("Closed", "resolved", "closed"),
    ]


def test_resolving_at_once_says_the_harm_ended_then_too():
    incident = move(declare(title="Down")[0], "resolved")
    assert incident.mitigated_at == incident.resolved_at
    assert incident.next_update_due_at is None


def test_it_may_be_said_later_when_it_was_resolved_but_not_before_it_began_or_ahead_of_time():
    start = timezone.now() - timedelta(hours=3)
    incident, _ = declare(title="Down", started_at=start)
    for wrong in (start - timedelta(minutes=1), timezone.now() + timedelta(hours=1)):
        with pytest.raises(InvalidInput) as refusal:
            move(incident, "resolved", at=wrong)
        assert list(refusal.value.errors) == ["at"]
    incident = move(incident, "resolved", at=start + timedelta(hours=1))
    assert incident.resolved_at == start + timedelta(hours=1)
    with pytest.raises(InvalidInput):
        move(incident, "closed", at=start + timedelta(minutes=30))


def test_a_move_that_the_table_does_not_have_names_those_it_has():
    with pytest.raises(Conflict) as refusal:
        move(IncidentFactory(), "closed")
    assert refusal.value.extra["allowed"] == ["identified", "monitoring", "resolved", "cancelled"]


@pytest.mark.parametrize(("status", "to"), [("investigating", "cancelled"), ("resolved", "reopened")])
def test_taking_back_what_was_said_needs_a_reason(status, to):
    incident = IncidentFactory(status=status)
    with pytest.raises(InvalidInput) as refusal:
        move(incident, to, reason="  ")
    assert list(refusal.value.errors) == ["reason"]
    incident = move(incident, to, reason="the sensor was broken")
    assert incident.timeline.get(kind="status").text.endswith(": the sensor was broken")


def test_reopening_forgets_the_endings_and_owes_an_update_again():
    incident = move(move(declare(title="Down")[0], "resolved"), "reopened", reason="it is back")
    assert incident.status == "investigating"
    assert incident.resolved_at is incident.mitigated_at is incident.closed_at is None
    assert incident.next_update_due_at > timezone.now()


def test_going_back_from_monitoring_says_the_mitigation_did_not_hold():
    incident = move(move(declare(title="Down")[0], "monitoring"), "investigating")
    assert incident.mitigated_at is None


def test_viewers_move_nothing():
    with pytest.raises(Forbidden):
        move(IncidentFactory(), "resolved", by=PersonFactory(role="viewer"))


def test_open_pages_end_when_it_is_resolved(settle):
    incident, _ = declare(title="Down", services=[staffed_service()])
    settle()
    move(incident, "resolved")
    settle()
    assert Page.objects.get(about=incident.subject).state == "resolved"


def test_reopening_calls_those_who_have_gone_and_not_those_who_are_still_called(settle):
    incident, _ = declare(title="Down", services=[staffed_service()])
    incident = move(move(incident, "resolved"), "reopened", reason="that was too early")
    settle()
    assert Page.objects.filter(about=incident.subject).count() == 1
    incident = move(incident, "resolved")
    settle()
    move(incident, "reopened", reason="it is back")
    settle()
    assert Page.objects.open().filter(about=incident.subject).count() == 1
    assert Page.objects.filter(about=incident.subject).count() == 2


def test_snapshots_run_on_until_ten_minutes_after_the_end_and_go_on_when_it_is_reopened(settle):
    service = staffed_service()
    PanelFactory(service=service)
    incident, _ = declare(title="Down", services=[service])
    settle()
    snapshot = Snapshot.objects.get(about=incident.subject)
    assert snapshot.since == incident.started_at - timedelta(hours=1)
    assert snapshot.until is None
    incident = move(incident, "resolved")
    settle()
    snapshot.refresh_from_db()
    assert snapshot.until == incident.resolved_at + timedelta(minutes=10)
    move(incident, "reopened", reason="it is back")
    settle()
    snapshot.refresh_from_db()
    assert snapshot.until is None
