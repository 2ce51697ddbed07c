"""The timeline tells what happened in the order in which it happened, each thing once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents import timeline
from incidents.models import Participant, TimelineEntry
from incidents.services import add_note, declare, edit
from notifications.errors import InvalidInput
from oncall import paging
from oncall.models import Page
from telemetry.models import Snapshot
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory, staffed_service

pytestmark = pytest.mark.django_db


def texts(incident, **fields):
    return list(incident.timeline.filter(**fields).values_list("text", flat=True))


def test_entries_stand_in_the_order_in_which_things_happened_whenever_they_were_written():
    incident, now = IncidentFactory(), timezone.now()
    for minutes in (5, 20, 10):
        timeline.add(incident=incident, kind="note", text=f"{minutes} ago", at=now - timedelta(minutes=minutes))
    assert texts(incident) == ["20 ago", "10 ago", "5 ago"]


def test_the_same_key_is_told_once_for_an_incident():
    one, other = IncidentFactory(), IncidentFactory()
    first = timeline.add(incident=one, kind="note", text="first", dedup_key="k")
    again = timeline.add(incident=one, kind="note", text="again", dedup_key="k")
    timeline.add(incident=other, kind="note", text="elsewhere", dedup_key="k")
    assert (again.pk, again.text) == (first.pk, "first")
    assert TimelineEntry.objects.count() == 2


def test_a_note_may_speak_of_the_past_but_not_of_the_future():
    incident, now = IncidentFactory(), timezone.now()
    add_note(incident=incident, text="Customers called", by=PersonFactory(), at=now - timedelta(hours=5))
    with pytest.raises(InvalidInput, match="still to come"):
        add_note(incident=incident, text="It will end", by=PersonFactory(), at=now + timedelta(hours=5))
    assert texts(incident, kind="note") == ["Customers called"]


def test_what_happens_to_pages_is_told_and_who_is_paged_takes_part(settle):
    incident, _ = declare(title="Down", severity="sev1", services=[staffed_service()], by=PersonFactory())
    settle()
    paged = Participant.objects.filter(incident=incident, how="paged")
    assert {participant.side for participant in paged} == {"dev", "ops"}
    assert len(texts(incident, kind="page")) >= 3  # the page, and each of the two who were told


def test_the_first_acknowledgement_is_the_incidents_and_says_which_side_is_there(settle):
    incident, _ = declare(title="Down", severity="sev1", services=[staffed_service()])
    settle()
    page = Page.objects.get(about=incident.subject)
    first, second = Participant.objects.filter(incident=incident, how="paged")
    paging.acknowledge(page=page, person=first.person, via="web")
    settle()
    incident.refresh_from_db()
    acknowledged_at = incident.acknowledged_at
    assert acknowledged_at
    paging.acknowledge(page=page, person=second.person, via="web")
    settle()
    incident.refresh_from_db()
    assert incident.acknowledged_at == acknowledged_at
    assert set(Participant.objects.filter(incident=incident, how="acknowledged").values_list("side", flat=True)) == {
        "dev",
        "ops",
    }


def test_a_page_about_something_else_touches_no_incident(settle):
    incident = IncidentFactory()
    paging.page(subject="Backup failed", dedup_key="b", about="backup:7", person=PersonFactory())
    paging.page(subject="Odd", dedup_key="c", about="incident:999999", person=PersonFactory())
    settle()
    assert texts(incident) == []


def test_metrics_kept_and_metrics_missed_are_each_told_once(settle):
    from django.db import transaction

    from notifications import outbox

    incident, now = IncidentFactory(), timezone.now()
    for name, event in (("a", "stored"), ("b", "stored"), ("c", "failed"), ("d", "failed")):
        snapshot = Snapshot.objects.create(
            about=incident.subject, service=ServiceFactory(), name=name, query="up", since=now, error="bad_data"
        )
        with transaction.atomic():
            outbox.emit(f"snapshot.{event}", {"snapshot": snapshot.pk, "about": incident.subject})
    settle()
    kept, missed = texts(incident, kind="telemetry")
    assert kept.startswith("Metrics are kept")
    assert "bad_data" in missed


def test_a_correction_keeps_what_was_said_before():
    incident, _ = declare(title="Chekout is down", by=PersonFactory())
    edit(incident=incident, title="Checkout is down", by=PersonFactory())
    entry = incident.timeline.get(kind="system")
    assert entry.text == "Corrected the title: Checkout is down."
    assert entry.data == {"before": {"title": "Chekout is down"}}


def test_a_correction_that_changes_nothing_says_nothing():
    incident, _ = declare(title="Down")
    edit(incident=incident, title="Down", by=PersonFactory())
    assert not incident.timeline.filter(kind="system").exists()


def test_harm_cannot_begin_after_it_was_noticed():
    incident, _ = declare(title="Down", started_at=timezone.now() - timedelta(hours=2))
    earlier = timezone.now() - timedelta(hours=5)
    incident = edit(incident=incident, started_at=earlier, by=PersonFactory())
    assert incident.started_at == earlier
    with pytest.raises(InvalidInput) as refusal:
        edit(incident=incident, detected_at=earlier - timedelta(hours=1), by=PersonFactory())
    assert list(refusal.value.errors) == ["detected_at"]
