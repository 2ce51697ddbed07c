"""Heartbeats: calls are kept by one UPDATE, silence is an alert like any other, and our own absence is nobody's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Incident
from notifications import health
from notifications.errors import Forbidden, InvalidInput
from notifications.models import Event, SignOfLife
from oncall.models import Page, Person
from telemetry import heartbeats
from telemetry.models import Alert, Heartbeat
from telemetry.views import calls
from tests.factories import HeartbeatFactory, PersonFactory, ServiceFactory, staffed_service

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock():
    """The time stands still, and the sweep has just run."""
    with time_machine.travel(BEGAN, tick=False) as traveller:
        health.beat("heartbeats")
        yield traveller


@pytest.fixture
def backup():
    """Called every hour, and a minute late at most."""
    return HeartbeatFactory(service=staffed_service(slug="checkout"), name="Nightly backup", every=HOUR, grace=MINUTE)


def call(client, heartbeat, method="get"):
    return getattr(client, method)(f"/heartbeats/{heartbeat.token}")


def wait(clock, length):
    """Time passes while the sweep runs: its sign of life stays fresh."""
    clock.shift(length)
    health.beat("heartbeats")
    heartbeats.check_due()


def told():
    return [(event.payload["alerts"]) for event in Event.objects.filter(type="alerts.received").order_by("id")]


class TestCalls:
    @pytest.mark.parametrize("method", ["get", "head", "post"])
    def test_whoever_knows_the_address_may_call_it(self, client, clock, backup, method):
        answer = call(client, backup, method)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert answer.content == (b"" if method == "head" else b"OK\n")
        backup.refresh_from_db()
        assert (backup.last_at, backup.next_at) == (BEGAN, BEGAN + HOUR + MINUTE)

    def test_a_slash_too_many_does_no_harm(self, client, clock, backup):
        assert client.post(f"/heartbeats/{backup.token}/", b"done", "text/plain").status_code == 200

    def test_a_call_is_one_statement(self, client, clock, backup):
        with CaptureQueriesContext(connection) as captured:
            call(client, backup, "post")
        [only] = captured
        assert only["sql"].startswith("UPDATE")

    def test_an_unknown_address_is_told_so_in_a_sentence(self, client, clock):
        answer = client.get("/heartbeats/nobodys-token")
        assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
        assert answer.content.startswith(b"No heartbeat has this address.")

    def test_a_call_that_cannot_be_kept_is_to_be_made_again(self, client, clock, backup, monkeypatch):
        def unreachable(token):
            raise OperationalError("connection refused")

        monkeypatch.setattr(calls, "receive", unreachable)
        answer = call(client, backup)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert answer.content.startswith(b"Not kept")

    def test_no_two_have_the_same_address(self, backup):
        other = HeartbeatFactory()
        assert len(backup.token) == 43
        assert other.token != backup.token
        assert backup.url.endswith(f"/heartbeats/{backup.token}")


class TestSilence:
    def test_nothing_is_expected_before_the_first_call(self, clock, backup):
        wait(clock, 60 * DAY)
        assert backup.state == "new"
        assert not Alert.objects.exists()

    def test_one_that_calls_in_time_stays_well(self, client, clock, backup):
        for _ in range(3):
            call(client, backup)
            wait(clock, HOUR + MINUTE - timedelta(seconds=1))
        backup.refresh_from_db()
        assert backup.state == "well"
        assert not Alert.objects.exists()

    def test_one_that_is_silent_fires_once(self, client, clock, backup):
        call(client, backup)
        wait(clock, HOUR + MINUTE)
        wait(clock, DAY)
        alert = Alert.objects.get()
        backup.refresh_from_db()
        assert (alert.service, alert.status, alert.severity) == (backup.service, "firing", "critical")
        assert alert.starts_at == backup.missing_since == BEGAN + HOUR + MINUTE
        assert alert.summary == "Nightly backup is missing: it should call every 1 h"
        assert (backup.state, backup.due_at) == ("missing", None)
        assert told() == [[alert.pk]]

    def test_its_next_call_resolves_that_alert_and_the_next_silence_is_another(self, client, clock, backup):
        call(client, backup)
        wait(clock, 2 * HOUR)
        call(client, backup)
        backup.refresh_from_db()
        assert backup.state == "well"
        wait(clock, timedelta(seconds=5))
        alert = Alert.objects.get()
        assert (alert.status, alert.ends_at) == ("resolved", BEGAN + 2 * HOUR)
        backup.refresh_from_db()
        assert (backup.missing_since, backup.due_at) == (None, BEGAN + 3 * HOUR)
        wait(clock, 2 * HOUR)
        again = Alert.objects.firing().get()
        assert again.pk != alert.pk
        assert told() == [[alert.pk], [alert.pk], [again.pk]]

    def test_it_pages_through_the_rules_of_its_service(self, client, clock, backup, settle):
        call(client, backup)
        wait(clock, 2 * HOUR)
        settle()
        incident = Incident.objects.get()
        assert (incident.title, incident.severity) == (Alert.objects.get().summary, "sev2")
        assert list(incident.services.all()) == [backup.service]
        assert Page.objects.get().service == backup.service
        call(client, backup)
        wait(clock, timedelta(seconds=5))
        settle()
        assert incident.timeline.filter(text__contains="is the service restored?").exists()

    def test_the_label_that_no_rule_asks_for_declares_nothing(self, client, clock, backup, settle):
        Heartbeat.objects.update(severity="info")
        call(client, backup)
        wait(clock, 2 * HOUR)
        settle()
        assert Alert.objects.firing().count() == 1
        assert not Incident.objects.exists()

    def test_the_defect_of_one_holds_up_no_other(self, client, clock, backup, monkeypatch):
        other = HeartbeatFactory(service=backup.service, every=HOUR)
        for one in (backup, other):
            call(client, one)
        fire = heartbeats.alerting.fire

        def fails_for_the_first(heartbeat):
            if heartbeat.pk == backup.pk:
                raise RuntimeError("a defect")
            fire(heartbeat)

        monkeypatch.setattr(heartbeats.alerting, "fire", fails_for_the_first)
        wait(clock, 2 * HOUR)
        assert Alert.objects.get().labels["heartbeat"] == other.name
        monkeypatch.undo()
        wait(clock, MINUTE)
        assert Alert.objects.count() == 2


class TestOurOwnAbsence:
    def come_back_after(self, clock, length):
        clock.shift(length)
        heartbeats.check_due()

    def test_what_fell_due_while_we_were_away_has_a_fresh_period(self, client, clock, backup):
        call(client, backup)
        clock.shift(HOUR - MINUTE)
        health.beat("heartbeats")
        self.come_back_after(clock, 3 * HOUR)
        assert not Alert.objects.exists()
        back = BEGAN + 4 * HOUR - MINUTE
        backup.refresh_from_db()
        assert backup.next_at == back + HOUR + MINUTE
        wait(clock, HOUR)
        assert not Alert.objects.exists()
        wait(clock, MINUTE)
        assert Alert.objects.get().starts_at == back + HOUR + MINUTE

    def test_a_call_that_may_have_come_early_and_been_lost_is_excused_too(self, client, clock, backup):
        call(client, backup)
        clock.shift(HOUR - 2 * MINUTE)
        health.beat("heartbeats")
        self.come_back_after(clock, MINUTE)  # a minute before it is expected, which is its grace
        backup.refresh_from_db()
        assert backup.next_at == BEGAN + 2 * HOUR + MINUTE

    def test_what_is_due_long_after_we_are_back_is_as_due_as_before(self, client, clock):
        nightly = HeartbeatFactory(every=DAY)
        call(client, nightly)
        clock.shift(12 * HOUR)
        health.beat("heartbeats")
        self.come_back_after(clock, HOUR)
        nightly.refresh_from_db()
        assert nightly.next_at == BEGAN + DAY + MINUTE

    def test_what_was_overdue_before_we_went_away_is_not_excused(self, client, clock, backup):
        call(client, backup)
        clock.shift(2 * HOUR)
        health.beat("heartbeats")  # and then death, before it was looked at
        self.come_back_after(clock, HOUR)
        assert Alert.objects.get().starts_at == BEGAN + HOUR + MINUTE

    def test_a_call_that_was_kept_while_only_the_sweep_was_away_counts(self, client, clock, backup):
        call(client, backup)
        clock.shift(HOUR)
        call(client, backup)
        clock.shift(10 * MINUTE)
        heartbeats.check_due()
        backup.refresh_from_db()
        assert backup.next_at == BEGAN + 2 * HOUR + MINUTE

    def test_a_sweep_that_is_a_little_late_excuses_nothing(self, client, clock, backup):
        call(client, backup)
        clock.shift(HOUR + 50 * timedelta(seconds=1))
        health.beat("heartbeats")
        self.come_back_after(clock, timedelta(seconds=15))
        assert Alert.objects.exists()

    def test_the_very_first_sweep_excuses_what_was_called_before_it(self, client, clock, backup):
        call(client, backup)
        SignOfLife.objects.all().delete()
        self.come_back_after(clock, 3 * HOUR)
        assert not Alert.objects.exists()
        assert health.age("heartbeats") == 0

    def test_one_that_was_missing_stays_so(self, client, clock, backup):
        call(client, backup)
        wait(clock, 2 * HOUR)
        self.come_back_after(clock, 3 * HOUR)
        backup.refresh_from_db()
        assert backup.state == "missing"
        assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_many_sweepers_make_one_alert_of_each_silence():
    health.beat("heartbeats")
    service, past = ServiceFactory(), timezone.now() - MINUTE
    for _ in range(24):
        HeartbeatFactory(service=service, last_at=past - DAY, next_at=past)

    def sweep(_):
        try:
            return heartbeats.check_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(sweep, range(4))) == 24
    assert Alert.objects.firing().count() == 24
    assert len(told()) == 24


def test_one_that_nobody_looks_at_is_overdue_work(client, clock, backup):
    call(client, backup)
    clock.shift(HOUR + 3 * MINUTE)
    assert health.overdue()["heartbeats"] == 120
    heartbeats.check_due()
    assert health.overdue()["heartbeats"] == 0


class TestSettingUp:
    def test_responders_may_add_one(self, clock):
        service, by = ServiceFactory(), PersonFactory()
        made = heartbeats.add_heartbeat(service=service, name=" Backup ", every=DAY, by=by)
        assert (made.name, made.grace, made.severity, made.state) == ("Backup", MINUTE, "critical", "new")

    def test_viewers_may_not(self):
        viewer = PersonFactory(role=Person.Role.VIEWER)
        with pytest.raises(Forbidden):
            heartbeats.add_heartbeat(service=ServiceFactory(), name="Backup", every=DAY, by=viewer)

    def test_all_that_is_wrong_is_told_at_once(self, backup):
        with pytest.raises(InvalidInput) as refused:
            heartbeats.add_heartbeat(
                service=backup.service,
                name="Nightly backup",
                every=timedelta(seconds=59),
                grace=31 * DAY,
                severity="",
                by=None,
            )
        assert refused.value.errors == {
            "name": [f"{backup.service} has a heartbeat “Nightly backup” already; choose another name."],
            "every": ["59 s does not do; give 1 minute to 30 days."],
            "grace": ["31 d does not do; give 0 minutes to 30 days."],
            "severity": ["This is empty; fill it in."],
        }
        assert Heartbeat.objects.count() == 1

    def test_the_database_refuses_a_paused_one_that_is_waited_for(self, backup, clock):
        with pytest.raises(DatabaseError, match="heartbeat_paused"), transaction.atomic():
            Heartbeat.objects.update(paused_at=BEGAN, next_at=BEGAN)

    def test_a_shorter_period_counts_from_the_last_call(self, client, clock, backup):
        call(client, backup)
        clock.shift(10 * MINUTE)
        changed = change(backup, every=30 * MINUTE)
        assert (changed.due_at, changed.token) == (BEGAN + 30 * MINUTE, backup.token)

    def test_a_period_that_has_passed_already_leaves_the_grace(self, client, clock, backup):
        call(client, backup)
        clock.shift(30 * MINUTE)
        assert change(backup, every=10 * MINUTE).next_at == BEGAN + 31 * MINUTE

    def test_paused_it_is_not_waited_for_and_its_calls_are_still_noted(self, client, clock, backup):
        call(client, backup)
        heartbeats.pause_heartbeat(heartbeat=backup, by=None)
        wait(clock, DAY)
        call(client, backup)
        backup.refresh_from_db()
        assert (backup.state, backup.last_at, backup.next_at) == ("paused", BEGAN + DAY, None)
        assert not Alert.objects.exists()

    def test_resumed_it_has_a_fresh_period(self, client, clock, backup):
        call(client, backup)
        heartbeats.pause_heartbeat(heartbeat=backup, by=None)
        clock.shift(DAY)
        resumed = heartbeats.resume_heartbeat(heartbeat=backup, by=None)
        assert (resumed.state, resumed.due_at) == ("well", BEGAN + DAY + HOUR)

    def test_resumed_before_its_first_call_it_is_new_again(self, clock, backup):
        heartbeats.pause_heartbeat(heartbeat=backup, by=None)
        resumed = heartbeats.resume_heartbeat(heartbeat=backup, by=None)
        assert (resumed.state, resumed.next_at) == ("new", None)

    @pytest.mark.parametrize("stop", [heartbeats.pause_heartbeat, heartbeats.delete_heartbeat])
    def test_the_alert_of_one_that_nobody_waits_for_any_more_is_over(self, client, clock, backup, stop):
        call(client, backup)
        wait(clock, 2 * HOUR)
        stop(heartbeat=backup, by=None)
        alert = Alert.objects.get()
        assert (alert.status, alert.ends_at) == ("resolved", BEGAN + 2 * HOUR)

    def test_the_address_of_a_deleted_one_is_nobodys(self, client, clock, backup):
        heartbeats.delete_heartbeat(heartbeat=backup, by=None)
        assert call(client, backup).status_code == 404

    def test_questions_by_state_agree_with_what_each_says(self, client, clock, backup):
        others = [HeartbeatFactory(service=backup.service) for _ in range(3)]
        for one in (backup, others[0]):
            call(client, one)
        wait(clock, 40 * DAY)
        call(client, others[0])
        heartbeats.pause_heartbeat(heartbeat=others[1], by=None)
        found = {state: list(Heartbeat.objects.in_state(state)) for state in Heartbeat.State.values}
        assert found == {"new": [others[2]], "well": [others[0]], "missing": [backup], "paused": [others[1]]}
        assert all(one.state == state for state, those in found.items() for one in those)


def change(heartbeat, **changes):
    stands = {name: getattr(heartbeat, name) for name in ("name", "every", "grace", "severity")}
    return heartbeats.change_heartbeat(heartbeat=heartbeat, **stands | changes, by=None)
