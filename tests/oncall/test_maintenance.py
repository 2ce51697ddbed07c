"""Maintenance windows: while one holds, alerts of its services are kept; what still fires afterwards pages, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from incidents.models import Incident
from incidents.services import declare, transition
from notifications import health
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery, Event
from oncall import maintenance, paging
from oncall.models import Maintenance, Page, Person
from oncall.services.maintenance import cancel_maintenance, change_maintenance, end_maintenance, plan_maintenance
from telemetry import alerts, heartbeats, holding
from telemetry.events import AlertEvent
from telemetry.models import Alert
from tests.factories import AlertFactory, HeartbeatFactory, IntegrationFactory, PersonFactory, staffed_service

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def checkout():
    return staffed_service(slug="checkout", name="Checkout")


@pytest.fixture
def sent(checkout, settle):
    """An alert of the checkout as Alertmanager tells of it, and all that follows from it."""
    integration = IntegrationFactory(source="alertmanager")

    def send(name="DiskFull", status="firing", service="checkout", started=NOON, group="g"):
        event = AlertEvent(
            fingerprint=name,
            status=status,
            starts_at=started,
            ends_at=started + MINUTE if status == "resolved" else None,
            name=name,
            summary=f"{name} on {service}",
            service_hint=service,
            labels={"severity": "critical"},
            group_key=group,
        )
        alerts.take(events=[event], integration=integration)
        settle()
        return Alert.objects.get(fingerprint=name)

    return send


def plan(*services, start=NOON, end=NOON + 2 * HOUR, reason="New disks", by=None):
    return plan_maintenance(services=services, start=start, end=end, reason=reason, by=by)


def release(settle):
    count = holding.release_due()
    settle()
    return count


class TestWhileItHolds:
    def test_an_alert_is_recorded_and_pages_nobody(self, clock, checkout, sent):
        plan(checkout)
        alert = sent()
        assert (alert.status, alert.is_held, alert.held_at) == ("firing", True, NOON)
        assert not Incident.objects.exists()
        assert not Page.objects.exists()
        assert not Delivery.objects.exists()

    def test_what_still_fires_stays_held(self, clock, checkout, sent, settle):
        plan(checkout)
        sent()
        clock.shift(2 * HOUR - timedelta(seconds=1))
        assert release(settle) == 0
        assert not Incident.objects.exists()

    def test_other_services_page_as_ever_even_in_the_same_group(self, clock, checkout, sent):
        search = staffed_service(slug="search")
        plan(checkout)
        sent()
        sent("SlowQueries", service="search")
        incident = Incident.objects.get()
        assert list(incident.services.all()) == [search]
        assert [page.service for page in Page.objects.all()] == [search]

    def test_an_alert_joins_an_incident_that_is_open_and_pages_nobody_anew(self, clock, checkout, sent):
        incident, _ = declare(title="Slow", severity="sev2", services=[checkout])
        pages, deliveries = Page.objects.count(), Delivery.objects.count()
        plan(checkout)
        alert = sent()
        assert (list(incident.alerts.all()), alert.is_held) == ([alert], False)
        assert incident.timeline.filter(kind="alert", text__startswith="DiskFull fires").exists()
        assert (Page.objects.count(), Delivery.objects.count()) == (pages, deliveries)

    def test_an_alert_that_paged_before_is_not_unpaged(self, clock, checkout, sent, settle):
        sent()
        plan(checkout)
        release(settle)
        assert Page.objects.get().state == "triggered"
        assert not Alert.objects.get().is_held

    def test_an_alert_that_came_before_pages_however_late_we_get_to_it(self, clock, checkout, settle):
        event = AlertEvent(fingerprint="f", status="firing", starts_at=NOON, labels={"severity": "critical"})
        alerts.take(events=[event], service=checkout)  # kept, and then the worker was busy
        clock.shift(MINUTE)
        plan(checkout)
        settle()
        assert Page.objects.count() == 1

    def test_a_heartbeat_that_is_missing_is_held_likewise(self, clock, checkout, client, settle):
        backup = HeartbeatFactory(service=checkout, every=HOUR)
        heartbeats.check_due()
        client.get(f"/heartbeats/{backup.token}")
        clock.shift(HOUR + MINUTE)
        health.beat("heartbeats")
        plan(checkout, end=NOON + 3 * HOUR)
        heartbeats.check_due()
        settle()
        assert Alert.objects.get().is_held
        assert not Incident.objects.exists()
        clock.move_to(NOON + 3 * HOUR)
        release(settle)
        assert Page.objects.get().service == checkout

    def test_somebody_who_pages_is_heard_and_the_log_says_that_it_is_maintenance(self, clock, checkout):
        plan(checkout)
        page = paging.page(subject="Come and look", service=checkout, by=PersonFactory())
        assert Delivery.objects.exists()
        note = page.log.get(kind="maintenance")
        assert note.text == "Checkout is in maintenance until 2026-11-23 14:00 UTC: New disks"

    def test_the_log_of_a_page_at_another_time_says_nothing_of_it(self, clock, checkout):
        plan(checkout, start=NOON + HOUR)
        page = paging.page(subject="Come and look", service=checkout, by=PersonFactory())
        assert not page.log.filter(kind="maintenance").exists()


class TestWhenItIsOver:
    def test_what_still_fires_declares_then_and_once(self, clock, checkout, sent, settle):
        plan(checkout)
        sent()
        clock.shift(2 * HOUR)
        assert (release(settle), release(settle)) == (1, 0)
        incident = Incident.objects.get()
        assert incident.title == "DiskFull on checkout"
        assert incident.declared_at == NOON + 2 * HOUR
        assert Page.objects.get().service == checkout
        assert not Alert.objects.held().exists()

    def test_what_was_resolved_meanwhile_is_only_recorded(self, clock, checkout, sent, settle):
        plan(checkout)
        sent()
        sent(status="resolved")
        clock.shift(2 * HOUR)
        assert release(settle) == 0
        assert (Alert.objects.get().status, Incident.objects.exists()) == ("resolved", False)

    def test_what_is_resolved_between_the_release_and_its_reaction_pages_nobody(self, clock, checkout, sent):
        plan(checkout)
        sent()
        clock.shift(2 * HOUR)
        holding.release_due()
        sent(status="resolved")
        assert not Page.objects.exists()

    def test_a_group_makes_one_incident_as_if_it_had_just_come(self, clock, checkout, sent, settle):
        plan(checkout)
        for name in ("DiskFull", "DiskSlow", "DiskGone"):
            sent(name)
        clock.shift(5 * DAY)  # Andon was down meanwhile
        assert release(settle) == 3
        assert Incident.objects.get().alerts.count() == 3
        assert Page.objects.count() == 1

    def test_the_news_and_the_release_are_one_so_a_death_between_them_loses_nothing(
        self, clock, checkout, sent, settle, monkeypatch
    ):
        plan(checkout)
        sent()
        clock.shift(2 * HOUR)

        def dies(*args):
            raise SystemExit

        monkeypatch.setattr(alerts, "tell", dies)
        with pytest.raises(SystemExit):
            holding.release_due()
        monkeypatch.undo()
        assert Alert.objects.held().count() == 1
        release(settle)
        assert Page.objects.count() == 1

    def test_ended_early_it_is_over_at_once(self, clock, checkout, sent, settle):
        window = plan(checkout)
        sent()
        clock.shift(MINUTE)
        assert end_maintenance(maintenance=window, by=None).end == NOON + MINUTE
        assert release(settle) == 1
        assert Page.objects.count() == 1

    def test_cut_short_it_is_over_then(self, clock, checkout, sent, settle):
        window = plan(checkout)
        sent()
        change_maintenance(maintenance=window, end=NOON + HOUR, by=None)
        clock.shift(HOUR)
        assert release(settle) == 1

    def test_a_service_that_is_taken_out_pages_while_the_others_stay(self, clock, checkout, sent, settle):
        search = staffed_service(slug="search")
        window = plan(checkout, search)
        sent()
        sent("SlowQueries", service="search")
        change_maintenance(maintenance=window, services=[search], by=None)
        assert release(settle) == 1
        assert [page.service for page in Page.objects.all()] == [checkout]
        assert Alert.objects.held().get().service == search

    def test_a_window_that_follows_at_once_keeps_holding(self, clock, checkout, sent, settle):
        plan(checkout)
        plan(checkout, start=NOON + 2 * HOUR, end=NOON + 3 * HOUR)
        sent()
        clock.shift(2 * HOUR)
        assert release(settle) == 0
        clock.shift(HOUR)
        assert release(settle) == 1

    def test_an_incident_of_the_service_takes_in_what_is_released(self, clock, checkout, sent, settle):
        plan(checkout)
        alert = sent()
        incident, _ = declare(title="Slow", severity="sev2", services=[checkout])
        pages = Page.objects.count()
        clock.shift(2 * HOUR)
        release(settle)
        assert list(incident.alerts.all()) == [alert]
        assert Page.objects.count() == pages

    def test_an_incident_that_is_over_does_not_keep_it_from_paging(self, clock, checkout, sent, settle):
        by = PersonFactory()
        incident, _ = declare(title="Slow", severity="sev2", services=[checkout], by=by)
        transition(incident=incident, to="resolved", by=by)
        settle()
        plan(checkout)
        sent()
        clock.shift(2 * HOUR)
        release(settle)
        assert Incident.objects.exclude(pk=incident.pk).count() == 1


def test_what_should_have_been_let_go_is_overdue_work(clock, checkout, sent, settle):
    plan(checkout)
    sent()
    assert health.overdue()["held alerts"] == 0
    clock.shift(2 * HOUR + MINUTE)
    assert health.overdue()["held alerts"] == 60
    release(settle)
    assert health.overdue()["held alerts"] == 0


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_let_each_alert_go_once():
    service = staffed_service()
    held = [AlertFactory(service=service, held_at=NOON, group_key=str(n % 7)).pk for n in range(60)]

    def sweep(_):
        try:
            return holding.release_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 60
    told = [pk for event in Event.objects.filter(type="alerts.received") for pk in event.payload["alerts"]]
    assert sorted(told) == held


class TestPlanning:
    def test_a_start_that_has_passed_means_now(self, clock, checkout):
        assert plan(checkout, start=NOON - DAY).start == NOON

    def test_it_is_told_to_whoever_listens(self, clock, checkout):
        window = plan(checkout, start=NOON + HOUR)
        change_maintenance(maintenance=window, reason="More disks", by=None)
        cancel_maintenance(maintenance=window, by=None)
        end_maintenance(maintenance=plan(checkout), by=None)
        events = Event.objects.filter(type__startswith="maintenance.").order_by("id")
        assert [event.type.partition(".")[2] for event in events] == [
            "planned",
            "changed",
            "cancelled",
            "planned",
            "ended",
        ]
        assert events[0].payload == {
            "maintenance": window.pk,
            "services": ["checkout"],
            "end": "2026-11-23T14:00:00+00:00",
        }

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"services": []}, {"services": ["No service is named; name those that are worked on."]}),
            (
                {"start": NOON + HOUR, "end": NOON + HOUR},
                {"end": ["2026-11-23 13:00 UTC is not after the start, 2026-11-23 13:00 UTC; give a later time."]},
            ),
            ({"end": NOON}, {"end": ["2026-11-23 12:00 UTC has passed; give a later time."]}),
            (
                {"end": NOON + 30 * DAY + HOUR},
                {"end": ["This lasts 30 d 1 h, and 30 d is the longest: plan several, one after another."]},
            ),
            ({"reason": "  "}, {"reason": ["This is empty; fill it in."]}),
        ],
    )
    def test_what_does_not_do_is_said_and_nothing_is_planned(self, clock, checkout, given, told):
        fields = {"services": [checkout], "start": NOON, "end": NOON + HOUR, "reason": "New disks"} | given
        with pytest.raises(InvalidInput) as refused:
            plan_maintenance(**fields, by=None)
        assert refused.value.errors == told
        assert not Maintenance.objects.exists()

    def test_the_longest_is_thirty_days(self, clock, checkout):
        assert plan(checkout, end=NOON + 30 * DAY).pk

    def test_viewers_plan_nothing_and_end_nothing(self, clock, checkout):
        viewer, window = PersonFactory(role=Person.Role.VIEWER), plan(checkout)
        with pytest.raises(Forbidden):
            plan(checkout, by=viewer)
        for act in (change_maintenance, end_maintenance, cancel_maintenance):
            with pytest.raises(Forbidden):
                act(maintenance=window, by=viewer)

    def test_once_it_has_begun_its_start_is_on_record(self, clock, checkout):
        window = plan(checkout)
        with pytest.raises(Conflict, match=r"began at 2026-11-23 12:00 UTC; its start stays"):
            change_maintenance(maintenance=window, start=NOON + HOUR, by=None)
        with pytest.raises(Conflict, match="end it instead"):
            cancel_maintenance(maintenance=window, by=None)
        assert change_maintenance(maintenance=window, start=NOON, reason="Disks", by=None).reason == "Disks"

    def test_before_it_has_begun_it_can_be_moved_and_cancelled(self, clock, checkout):
        window = plan(checkout, start=NOON + HOUR)
        moved = change_maintenance(maintenance=window, start=NOON + 90 * MINUTE, by=None)
        assert moved.start == NOON + 90 * MINUTE
        with pytest.raises(Conflict, match="cancel it instead"):
            end_maintenance(maintenance=window, by=None)
        cancel_maintenance(maintenance=window, by=None)
        assert not Maintenance.objects.exists()
        with pytest.raises(Conflict, match="was cancelled"):
            change_maintenance(maintenance=window, reason="Disks", by=None)

    def test_once_it_is_over_it_is_on_record(self, clock, checkout):
        window = plan(checkout)
        clock.shift(2 * HOUR)
        for act in (change_maintenance, end_maintenance, cancel_maintenance):
            with pytest.raises(Conflict, match="is over, and on record"):
                act(maintenance=window, by=None)

    def test_an_end_that_has_passed_is_refused_when_it_is_changed_too(self, clock, checkout):
        window = plan(checkout)
        clock.shift(HOUR)
        with pytest.raises(InvalidInput, match="has passed"):
            change_maintenance(maintenance=window, end=NOON + MINUTE, by=None)
        window.refresh_from_db()
        assert window.end == NOON + 2 * HOUR


def test_of_two_windows_that_hold_the_one_that_ends_last_is_told(clock, checkout):
    plan(checkout, end=NOON + 3 * HOUR, reason="Long")
    plan(checkout, reason="Short")
    next_week = plan(checkout, start=NOON + 7 * DAY, end=NOON + 8 * DAY)
    assert maintenance.of(checkout).reason == "Long"
    assert maintenance.of(checkout, NOON + 3 * HOUR) is None
    assert list(maintenance.upcoming(checkout)) == [next_week]
    assert maintenance.by_service([checkout.pk, staffed_service().pk]).keys() == {checkout.pk}
