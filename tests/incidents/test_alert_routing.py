"""What alerts lead to: rules, dependencies, pages without an incident, and what is said of each."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from incidents.alerts import Batch, take_in, take_in_all
from incidents.models import Incident
from incidents.services import declare
from oncall.models import Page
from telemetry import holding
from telemetry.models import Alert
from tests.factories import AlertFactory, AlertRuleFactory, IntegrationFactory, ServiceFactory, TeamFactory

pytestmark = pytest.mark.django_db

CRITICAL = {"severity": "critical"}


def take(*alerts, group="g", integration=None, occasion="1"):
    take_in([a.pk for a in alerts], integration=integration, group_key=group, occasion=occasion)


def resolve(*alerts):
    Alert.objects.filter(pk__in=[a.pk for a in alerts]).update(status="resolved", ends_at=timezone.now())


def became(alert):
    alert.refresh_from_db()
    return alert.outcome


def service(name, *needs, **rule):
    """With teams of its own, and one rule for critical alerts: a sev1, unless told otherwise."""
    made = ServiceFactory(slug=name, name=name.title(), dev_team=TeamFactory(), ops_team=TeamFactory())
    made.depends_on.set(needs)
    AlertRuleFactory(service=made, labels=CRITICAL, **({"incident_severity": "sev1"} | rule))
    return made


def critical(of, **fields):
    return AlertFactory(service=of, labels=CRITICAL, **fields)


class TestEveryAlertSaysWhatBecameOfIt:
    def test_declared_and_joined_with_it(self):
        checkout = service("checkout")
        loud, quiet = critical(checkout), AlertFactory(service=checkout)
        take(loud, quiet)
        number = Incident.objects.get().number
        assert became(loud) == f"Declared incident {number} by rule 1"
        assert became(quiet) == f"Joined incident {number}"
        later = critical(checkout)
        take(later, occasion="2")
        assert became(later) == f"Joined incident {number}"

    def test_a_default_rule_is_named_by_its_labels(self):
        alert = critical(ServiceFactory())
        take(alert)
        assert became(alert).endswith("by the default rule severity=critical")

    def test_no_rule_a_rule_that_says_nothing_and_one_that_only_attaches(self):
        checkout, billing = service("checkout", incident_severity=""), service("billing", action="attach")
        none, nothing, alone = AlertFactory(service=checkout), critical(checkout), critical(billing)
        take(none, nothing, alone)
        assert became(none) == "Nothing: no rule asks for anything"
        assert became(nothing) == "Nothing: rule 1 says so"
        assert became(alone) == "Nothing: rule 1 only joins an open incident, and there was none"
        assert not Incident.objects.exists()

    def test_of_an_unknown_service(self):
        named, nameless = AlertFactory(service=None, service_hint="basket"), AlertFactory(service=None)
        take(named, nameless)
        assert became(named) == "Unknown service: none named “basket” is known"
        assert became(nameless) == "Unknown service: the alert names none"

    def test_over_before_it_was_looked_at(self):
        alert = critical(service("checkout"), status="resolved", ends_at=timezone.now())
        take(alert)
        assert became(alert) == "Nothing: it was over before it was looked at"

    def test_over_while_it_waited_for_its_turn(self):
        """Another batch of the service goes first, and this one looks only then."""
        alert = critical(service("checkout"))

        def wait(execute, sql, *rest):
            if "FOR NO KEY UPDATE" in sql and "oncall_service" in sql:
                resolve(alert)
            return execute(sql, *rest)

        with connection.execute_wrapper(wait):
            take(alert)
        assert became(alert) == "Nothing: it was over before it was looked at"
        assert not Incident.objects.exists()

    def test_what_is_said_of_it_stays_when_it_is_over(self):
        alert = critical(service("checkout"))
        take(alert)
        said = became(alert)
        resolve(alert)
        take(alert, occasion="2")
        assert became(alert) == said


class TestWhatAServiceDependsOn:
    @pytest.fixture
    def payments(self):
        return service("payments")

    def test_its_open_incident_takes_the_alert_in_and_spreads_to_the_service(self, payments):
        checkout = service("checkout", payments)
        incident, _ = declare(title="Payments are down", severity="sev1", services=[payments])
        alert = critical(checkout)
        take(alert)
        assert Incident.objects.get() == incident
        assert set(incident.services.all()) == {payments, checkout}
        assert became(alert) == f"Joined incident {incident.number} of Payments, which Checkout depends on"
        assert {page.service for page in Page.objects.filter(about=incident.subject)} == {payments, checkout}

    def test_nobody_is_paged_twice_for_further_alerts(self, payments):
        checkout = service("checkout", payments)
        declare(title="Payments are down", severity="sev1", services=[payments])
        take(critical(checkout))
        before = Page.objects.count()
        take(critical(checkout), group="other", occasion="2")
        assert (Incident.objects.count(), Page.objects.count()) == (1, before)

    def test_two_hops_away_too_but_the_nearer_one_first(self, payments):
        bank = service("bank")
        payments.depends_on.add(bank)
        checkout = service("checkout", payments)
        far, _ = declare(title="The bank is down", severity="sev1", services=[bank])
        take(critical(checkout, name="first"))
        assert far.alerts.count() == 1
        far.services.remove(checkout)
        near, _ = declare(title="Payments are slow", severity="sev3", services=[payments])
        take(critical(checkout, name="second"), occasion="2")
        assert [alert.name for alert in near.alerts.all()] == ["second"]

    def test_of_two_as_near_the_gravest(self, payments):
        stock = service("stock")
        checkout = service("checkout", payments, stock)
        declare(title="Stock is slow", severity="sev3", services=[stock])
        grave, _ = declare(title="Payments are down", severity="sev1", services=[payments])
        take(critical(checkout))
        assert grave.alerts.count() == 1

    def test_its_own_incident_comes_before_theirs(self, payments):
        checkout = service("checkout", payments)
        declare(title="Payments are down", severity="sev1", services=[payments])
        own, _ = declare(title="Checkout is slow", severity="sev3", services=[checkout])
        take(critical(checkout))
        assert own.alerts.count() == 1

    @pytest.mark.parametrize("kind", [{"private": True}, {"practice": True}])
    def test_private_and_practice_incidents_take_nothing_in(self, payments, kind):
        checkout = service("checkout", payments)
        declare(title="Secret", severity="sev1", services=[payments], **kind)
        alert = critical(checkout)
        take(alert)
        assert became(alert).startswith("Declared")

    def test_what_depends_on_the_service_is_no_home(self, payments):
        checkout = service("checkout", payments)
        declare(title="Checkout is down", severity="sev1", services=[checkout])
        take(critical(payments))
        assert Incident.objects.count() == 2

    def test_an_alert_that_only_attaches_joins_without_spreading(self, payments):
        checkout = service("checkout", payments, action="attach")
        incident, _ = declare(title="Payments are down", severity="sev1", services=[payments])
        take(critical(checkout))
        assert incident.alerts.count() == 1
        assert list(incident.services.all()) == [payments]

    def test_an_alert_that_no_rule_asks_anything_of_stays_outside(self, payments):
        incident, _ = declare(title="Payments are down", severity="sev1", services=[payments])
        take(AlertFactory(service=service("checkout", payments)))
        assert incident.alerts.count() == 0

    def test_an_incident_that_called_nobody_is_raised_and_then_calls_both(self, payments):
        checkout = service("checkout", payments)
        incident, _ = declare(title="A disk fills up", severity="sev4", services=[payments])
        take(critical(checkout))
        incident.refresh_from_db()
        assert incident.severity == "sev1"
        assert {page.service for page in Page.objects.filter(about=incident.subject)} == {payments, checkout}

    def test_what_one_batch_declared_takes_in_what_comes_behind_it(self, payments):
        checkout = service("checkout", payments)
        first, second = critical(payments), critical(checkout)
        take_in_all([Batch((first.pk,), None, "a", "1"), Batch((second.pk,), None, "b", "2")])
        assert set(Incident.objects.get().alerts.all()) == {first, second}


class TestPagingWithoutAnIncident:
    @pytest.fixture
    def checkout(self):
        return service("checkout", action="page", urgency="low", incident_severity="")

    def test_the_service_is_paged_and_no_incident_is_declared(self, checkout):
        alert = critical(checkout, summary="The queue grows")
        take(alert)
        page = Page.objects.get()
        assert (page.service, page.urgency, page.about) == (checkout, "low", f"alert:{alert.pk}")
        assert page.url.endswith(f"/alerts/{alert.pk}/")
        assert "The queue grows" in page.subject
        assert became(alert) == f"Paged Checkout by rule 1 (page {page.pk})"
        assert alert.page == page
        assert not Incident.objects.exists()

    def test_a_group_is_one_page_which_is_over_with_the_last_of_its_alerts(self, checkout):
        first, second = critical(checkout), critical(checkout)
        take(first)
        take(second, occasion="2")
        page = Page.objects.get()
        resolve(first)
        take(first, occasion="3")
        page.refresh_from_db()
        assert page.state == "triggered"
        resolve(second)
        take(second, occasion="4")
        page.refresh_from_db()
        assert page.state == "resolved"

    def test_another_group_is_another_page(self, checkout):
        take(critical(checkout))
        take(critical(checkout), group="other", occasion="2")
        assert Page.objects.count() == 2

    def test_an_open_incident_takes_it_in_and_nobody_is_paged_besides(self, checkout):
        incident, _ = declare(title="Checkout is down", severity="sev2", services=[checkout])
        before = Page.objects.count()
        take(critical(checkout))
        assert (incident.alerts.count(), Page.objects.count()) == (1, before)

    def test_beside_an_incident_that_called_nobody_it_pages_all_the_same(self, checkout):
        incident, _ = declare(title="A disk fills up", severity="sev4", services=[checkout])
        alert = critical(checkout)
        take(alert)
        assert incident.alerts.count() == 1
        assert became(alert).startswith(f"Joined incident {incident.number}, which calls nobody, and paged Checkout")
        assert Page.objects.get().service == checkout

    def test_in_a_batch_that_declares_it_joins(self, checkout):
        AlertRuleFactory(service=checkout, labels={"severity": "page"}, incident_severity="sev2", position=1)
        pages, declares = critical(checkout), AlertFactory(service=checkout, labels={"severity": "page"})
        take(pages, declares)
        assert Incident.objects.get().alerts.count() == 2
        assert became(pages).startswith("Joined")


class TestFlapping:
    @pytest.fixture
    def now(self, time_machine):
        start = timezone.now()
        time_machine.move_to(start, tick=False)

        def move(minutes):
            time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
            return start + timedelta(minutes=minutes)

        return move

    def flap(self, now, of, *minutes, first=0):
        """Starts at these minutes, each over two minutes later but the last."""
        integration = IntegrationFactory(source="alertmanager")
        alerts = []
        for place, minute in enumerate(minutes):
            alert = critical(of, fingerprint="f", integration=integration, starts_at=now(minute), name="Disk")
            take(alert, integration=integration.pk, occasion=f"{place}f")
            alerts.append(alert)
            if place < len(minutes) - 1:
                now(minute + 2)
                resolve(alert)
                take(alert, integration=integration.pk, occasion=f"{place}r")
        return alerts

    def test_the_fourth_start_within_half_an_hour_pages_nobody_anew(self, now):
        checkout = service("checkout", action="page", incident_severity="")
        alerts = self.flap(now, checkout, 0, 5, 10, 15)
        assert Page.objects.count() == 3
        assert became(alerts[3]).startswith("Flapping: 4 starts or more within 30 minutes")
        assert alerts[3].flapping_since == alerts[3].starts_at

    def test_one_that_then_stays_pages_after_all(self, now, settle):
        checkout = service("checkout", action="page", incident_severity="")
        alerts = self.flap(now, checkout, 0, 5, 10, 15)
        now(19)
        assert holding.release_due() == 0
        assert not holding.waiting().exists()
        now(20)
        assert [alert.next_at for alert in holding.waiting()] == [alerts[3].starts_at + timedelta(minutes=5)]
        assert holding.release_due() == 1
        settle()
        assert Page.objects.count() == 4
        assert became(alerts[3]).startswith("Paged Checkout")
        assert alerts[3].flapping_since is None

    def test_one_that_nobody_was_called_for_yet_is_not_held(self, now):
        """Each of its firings was over before it was looked at."""
        checkout, integration = service("checkout"), IntegrationFactory(source="alertmanager")
        for minute in (0, 2, 4, 6):
            told = {"fingerprint": "f", "integration": integration, "starts_at": now(minute), "name": "Disk"}
            alert = critical(checkout, **told)
            if minute < 6:
                resolve(alert)
            take(alert, integration=integration.pk, occasion=str(minute))
        assert Incident.objects.get().alerts.get() == alert

    def test_one_that_ends_before_that_pages_nobody(self, now):
        alerts = self.flap(now, service("checkout", action="page", incident_severity=""), 0, 5, 10, 15)
        resolve(alerts[3])
        now(60)
        assert holding.release_due() == 0

    def test_after_a_quiet_time_it_pages_again(self, now):
        checkout = service("checkout", action="page", incident_severity="")
        self.flap(now, checkout, 0, 5, 10, 15, 70)
        assert Page.objects.count() == 4

    def test_in_an_open_incident_its_episode_is_one_entry(self, now):
        checkout = service("checkout")
        self.flap(now, checkout, 0, 5, 10, 15, 20, 25)
        incident = Incident.objects.get()
        assert incident.alerts.count() == 6
        texts = [entry.text for entry in incident.timeline.filter(kind="alert").order_by("pk")]
        assert sum("fires" in text for text in texts) == 3
        assert [text for text in texts if "flaps" in text] == [
            "Disk flaps: 4 starts or more within 30 minutes, not told one by one"
        ]

    def test_one_that_asks_for_nobody_is_not_held(self, now):
        alerts = self.flap(now, service("checkout", incident_severity=""), 0, 5, 10, 15)
        assert became(alerts[3]) == "Nothing: rule 1 says so"
        assert not alerts[3].is_held


class TestWhatFiresAlready:
    def fires(self, of, minutes, **fields):
        alert = AlertFactory(service=of, starts_at=timezone.now() - timedelta(minutes=minutes), **fields)
        take(alert, occasion=f"{minutes}")
        return alert

    def test_joins_the_incident_that_somebody_declares(self, settle):
        checkout = service("checkout")
        alert = self.fires(checkout, 30)
        assert became(alert).startswith("Nothing")
        incident, _ = declare(title="Nobody can pay", services=[checkout])
        settle()
        assert became(alert) == f"Joined incident {incident.number}"
        assert [entry.at for entry in incident.timeline.filter(kind="alert")] == [alert.starts_at]

    @pytest.mark.parametrize("how", ["older", "elsewhere", "over", "private"])
    def test_unless_it_has_to_do_with_something_else(self, settle, how):
        checkout = service("checkout")
        alert = self.fires(service("mail") if how == "elsewhere" else checkout, 90 if how == "older" else 30)
        if how == "over":
            resolve(alert)
        incident, _ = declare(title="Nobody can pay", services=[checkout], private=how == "private")
        settle()
        assert not incident.alerts.exists()
