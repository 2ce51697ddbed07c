"""Anybody may pull the cord; once is enough, and the right people are called together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from incidents.models import Incident
from incidents.services import add_service, change_severity, declare, page_again, set_private, transition
from notifications.errors import Conflict, InvalidInput
from notifications.models import Event
from oncall import paging
from oncall.models import Page
from tests.factories import PersonFactory, ServiceFactory, TeamFactory, staffed_service

pytestmark = pytest.mark.django_db


def pages(incident):
    return Page.objects.filter(about=incident.subject).order_by("pk")


def test_one_field_is_enough():
    declarer = PersonFactory()
    incident, created = declare(title="Checkout returns 500s", by=declarer)
    assert created
    assert (incident.severity, incident.status, incident.source) == ("sev3", "investigating", "web")
    assert incident.started_at == incident.detected_at == incident.declared_at
    assert incident.participants.get() == declarer
    assert incident.timeline.get(kind="declared").text == "Declared a SEV3: Checkout returns 500s"
    assert Event.objects.get(type="incident.declared").payload == {"incident": incident.number}


def test_a_viewer_may_declare():
    incident, _ = declare(title="Something looks wrong", by=PersonFactory(role="viewer"))
    assert incident.is_open


def test_numbers_have_no_gaps_even_where_a_declaration_failed():
    first, _ = declare(title="One")
    with pytest.raises(InvalidInput):
        declare(title="", services=[])
    second, _ = declare(title="Two")
    assert second.number == first.number + 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "NUL \x00 inside"}, "title"),
        ({"severity": "sev5"}, "severity"),
        ({"source": "telepathy"}, "source"),
        ({"dedup_key": "k" * 201}, "dedup_key"),
        ({"started_at": datetime(2026, 6, 1, 9, 0)}, "started_at"),  # noqa: DTZ001 - the point of it
        ({"started_at": timezone.now() + timedelta(days=300)}, "started_at"),
        (
            {"detected_at": datetime(2026, 1, 1, tzinfo=UTC), "started_at": datetime(2026, 1, 2, tzinfo=UTC)},
            "detected_at",
        ),
    ],
)
def test_what_cannot_be_used_is_named_and_changes_nothing(fields, field):
    with pytest.raises(InvalidInput) as refusal:
        declare(**{"title": "Checkout"} | fields)
    assert list(refusal.value.errors) == [field]
    assert not Incident.objects.exists()
    assert not Event.objects.exists()


def test_a_clock_a_little_ahead_of_ours_is_forgiven():
    incident, _ = declare(title="Checkout", started_at=timezone.now() + timedelta(seconds=20))
    assert incident.started_at <= incident.declared_at


def test_the_same_key_while_it_is_open_is_the_same_incident():
    first, created = declare(title="Disk full", dedup_key="disk")
    again, created_again = declare(title="Disk full again", dedup_key="disk")
    assert (created, created_again) == (True, False)
    assert again == first
    assert Event.objects.filter(type="incident.declared").count() == 1


def test_once_it_is_resolved_the_key_declares_anew_and_the_old_one_cannot_be_reopened_beside_it():
    first, _ = declare(title="Disk full", dedup_key="disk")
    transition(incident=first, to="resolved", by=None)
    second, created = declare(title="Disk full", dedup_key="disk")
    assert created
    assert second.number == first.number + 1
    with pytest.raises(Conflict, match=f"#{second.number} is open"):
        transition(incident=first, to="reopened", by=None, reason="it came back")


def test_a_key_does_not_show_a_private_incident_to_an_outsider():
    declare(title="Data exposed", dedup_key="leak", private=True, by=PersonFactory())
    with pytest.raises(Conflict, match="another key"):
        declare(title="Is it this?", dedup_key="leak", by=PersonFactory())


@pytest.mark.parametrize("severity", ["sev1", "sev2", "sev3"])
def test_dev_and_ops_of_a_shared_service_are_told_at_once(severity):
    incident, _ = declare(title="Checkout is down", severity=severity, services=[staffed_service()])
    page = pages(incident).get()
    assert page.url.endswith(f"/incidents/{incident.number}/")
    assert page.subject == f"{severity.upper()} #{incident.number} Checkout is down"
    assert {notice.seat for notice in page.notices.all()} == {"dev", "ops"}
    assert page.together == (severity in ("sev1", "sev2"))


def test_the_stage_says_who_is_told_first_where_a_service_is_not_shared():
    incident, _ = declare(title="Slow", severity="sev1", services=[staffed_service(stage="ops-run")])
    page = pages(incident).get()
    assert not page.together
    assert "ops" in {notice.seat for notice in page.notices.all()}


def test_a_sev4_wakes_nobody_until_it_is_raised():
    service = staffed_service()
    incident, _ = declare(title="Certificate ends next week", severity="sev4", services=[service])
    assert not pages(incident).exists()
    assert incident.next_update_due_at is None
    incident = change_severity(incident=incident, severity="sev1", by=None, reason="it ended today")
    assert pages(incident).get().together
    assert incident.next_update_due_at is not None


def test_raising_to_a_grave_severity_calls_both_sides_and_ends_the_lesser_page():
    incident, _ = declare(title="Slow", severity="sev3", services=[staffed_service()])
    lesser = pages(incident).get()
    change_severity(incident=incident, severity="sev1", by=None)
    lesser.refresh_from_db()
    assert lesser.state == "resolved"
    assert pages(incident).open().get().together


def test_services_with_the_same_people_make_one_page():
    checkout = staffed_service()
    basket = ServiceFactory(schedule=checkout.schedule, policy=checkout.policy)
    incident, _ = declare(title="Shop is down", services=[checkout, basket])
    assert pages(incident).count() == 1
    assert "Affected: " in pages(incident).get().body
    add_service(
        incident=incident,
        service=ServiceFactory(schedule=checkout.schedule, policy=checkout.policy),
        by=None,
    )
    assert pages(incident).count() == 1


def test_a_service_added_later_has_its_own_people_called():
    incident, _ = declare(title="Shop is down", services=[staffed_service()])
    added = staffed_service()
    add_service(incident=incident, service=added, by=None)
    add_service(incident=incident, service=added, by=None)
    assert pages(incident).count() == 2
    assert Event.objects.filter(type="incident.services_changed").count() == 1


def test_that_nobody_was_paged_is_said_aloud():
    incident, _ = declare(title="Something is wrong", severity="sev1")
    assert "Nobody was paged" in incident.timeline.get(kind="page").text


def test_practice_pages_say_so():
    incident, _ = declare(title="Game day", practice=True, services=[staffed_service()])
    assert pages(incident).get().subject.startswith("PRACTICE ")


def test_a_private_incident_is_paged_in_private_and_becoming_private_takes_its_pages_along():
    secret, _ = declare(title="Leak", private=True, services=[staffed_service()])
    assert pages(secret).get().private
    public, _ = declare(title="Odd logins", services=[staffed_service()])
    set_private(incident=public, private=True, by=PersonFactory())
    assert pages(public).get().private


def test_anybody_may_be_called_in_by_name_once_while_the_page_is_open():
    incident, _ = declare(title="Checkout is down")
    by, team = PersonFactory(), TeamFactory()
    for target in (staffed_service(), team, PersonFactory(), team):
        page_again(incident=incident, by=by, target=target)
    assert pages(incident).count() == 3
    incident = transition(incident=incident, to="resolved", by=by)
    with pytest.raises(Conflict, match="reopen it"):
        page_again(incident=incident, by=by, target=team)


def test_an_acknowledged_page_is_not_repeated_when_a_lesser_thing_changes():
    service = staffed_service()
    incident, _ = declare(title="Down", severity="sev1", services=[service])
    for person in {notice.person for notice in pages(incident).get().notices.all()}:
        paging.acknowledge(page=pages(incident).get(), person=person)
    change_severity(incident=incident, severity="sev2", by=None)
    assert pages(incident).count() == 1


def in_threads(count, work):
    def run(n):
        try:
            return work(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_twenty_numbers_in_a_row():
    service = staffed_service()
    found = in_threads(20, lambda n: declare(title=f"Number {n}", services=[service])[0].number)
    assert sorted(found) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_five_at_once_with_one_key_declare_one_incident_and_page_once():
    service = staffed_service()
    found = in_threads(5, lambda n: declare(title="Disk full", dedup_key="disk", services=[service]))
    assert sorted(created for _, created in found) == [False] * 4 + [True]
    assert {incident.number for incident, _ in found} == {1}
    assert Incident.objects.count() == Page.objects.count() == 1
    assert declare(title="Next")[0].number == 2
