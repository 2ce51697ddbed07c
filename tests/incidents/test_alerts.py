"""Alerts join or declare incidents: one for a group at most, however they come."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from incidents.alerts import take_in
from incidents.models import Incident, IncidentAlert
from incidents.services import declare, transition
from oncall.models import Page
from telemetry import alerts as telemetry_alerts
from telemetry.events import AlertEvent
from telemetry.models import Alert
from tests.factories import (
    AlertFactory,
    AlertRuleFactory,
    IncidentFactory,
    IntegrationFactory,
    PersonFactory,
    ServiceFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

CRITICAL = {"severity": "critical"}


def take(*alerts, group="g", integration=None, occasion="1"):
    take_in([a.pk for a in alerts], integration=integration, group_key=group, occasion=occasion)


def resolve(*alerts):
    Alert.objects.filter(pk__in=[a.pk for a in alerts]).update(status="resolved", ends_at=timezone.now())


def texts(incident):
    return list(incident.timeline.filter(kind="alert").order_by("pk").values_list("text", flat=True))


def service_with_rule(**fields):
    service = ServiceFactory()
    AlertRuleFactory(service=service, labels=CRITICAL, incident_severity="sev1", **fields)
    return service


def test_an_alert_whose_rule_asks_for_it_declares_an_incident():
    start = timezone.now() - timedelta(minutes=7)
    service = service_with_rule()
    alert = AlertFactory(service=service, labels=CRITICAL, starts_at=start, summary="5 % of checkouts fail")
    take(alert)
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.source) == ("5 % of checkouts fail", "sev1", "alert")
    assert incident.started_at == start
    assert start < incident.detected_at <= incident.declared_at
    assert list(incident.services.all()) == [service]
    assert list(incident.alerts.all()) == [alert]
    assert texts(incident) == ["HighErrorRate fires: 5 % of checkouts fail"]


def test_one_that_no_rule_asks_for_and_one_of_an_unknown_service_declare_nothing():
    service = service_with_rule()
    take(AlertFactory(service=service, labels={"severity": "info"}), AlertFactory(service=None, labels=CRITICAL))
    assert not Incident.objects.exists()
    assert not IncidentAlert.objects.exists()


def test_the_gravest_rule_of_a_batch_decides_and_its_alert_gives_the_title():
    service = service_with_rule(position=0)
    AlertRuleFactory(service=service, labels={"severity": "warn"}, incident_severity="sev3", position=1)
    now = timezone.now()
    minor = AlertFactory(service=service, labels={"severity": "warn"}, summary="slow", starts_at=now)
    grave = AlertFactory(service=service, labels=CRITICAL, summary="down", starts_at=now)
    take(minor, grave)
    incident = Incident.objects.get()
    assert (incident.title, incident.severity) == ("down", "sev1")
    assert incident.alerts.count() == 2


def test_a_group_over_several_services_is_one_incident():
    first, second = service_with_rule(), service_with_rule()
    take(AlertFactory(service=first, labels=CRITICAL), AlertFactory(service=second, labels=CRITICAL))
    assert set(Incident.objects.get().services.all()) == {first, second}


def test_a_group_that_spreads_to_another_service_later_calls_those_who_answer_for_it_too():
    first, second = service_with_rule(), service_with_rule()
    second.dev_team = TeamFactory()
    second.save()
    take(AlertFactory(service=first, labels=CRITICAL))
    take(AlertFactory(service=second, labels=CRITICAL), occasion="2")
    incident = Incident.objects.get()
    assert set(incident.services.all()) == {first, second}
    assert {page.service for page in Page.objects.filter(about=incident.subject)} == {first, second}


def test_an_alert_that_asks_for_people_raises_an_open_incident_that_called_nobody():
    service = service_with_rule()
    incident, _ = declare(title="A disk fills up", severity="sev4", services=[service])
    take(AlertFactory(service=service, labels=CRITICAL))
    incident.refresh_from_db()
    assert incident.severity == "sev1"
    assert Page.objects.get(about=incident.subject).together


def test_an_alert_leaves_the_severity_to_people_where_somebody_was_called():
    service = service_with_rule()
    incident, _ = declare(title="Checkout is slow", severity="sev3", services=[service])
    take(AlertFactory(service=service, labels=CRITICAL))
    incident.refresh_from_db()
    assert incident.severity == "sev3"


def test_an_alert_ahead_of_our_clock_is_not_refused():
    take(AlertFactory(service=service_with_rule(), labels=CRITICAL, starts_at=timezone.now() + timedelta(minutes=9)))
    incident = Incident.objects.get()
    assert incident.started_at <= incident.declared_at


def test_the_open_incident_of_a_service_takes_further_alerts_in():
    service = service_with_rule()
    incident, _ = declare(title="Checkout is down", services=[service])
    take(AlertFactory(service=service, labels=CRITICAL), AlertFactory(service=service))
    assert Incident.objects.count() == 1
    assert incident.alerts.count() == 2


@pytest.mark.parametrize("kind", [{"practice": True}, {"private": True}, {"status": "resolved"}])
def test_practice_private_and_ended_incidents_take_no_alerts_in(kind):
    service = service_with_rule()
    other = IncidentFactory(**kind)
    other.services.add(service)
    take(AlertFactory(service=service, labels=CRITICAL))
    assert Incident.objects.count() == 2
    assert not other.alerts.exists()


def test_firing_and_resolved_are_told_once_each_however_often_they_are_taken_in():
    service = service_with_rule()
    one, other = (AlertFactory(service=service, labels=CRITICAL, name=name) for name in ("One", "Other"))
    for _ in range(3):
        take(one, other)
    resolve(one)
    for occasion in range(3):
        take(one, occasion=str(occasion))
    incident = Incident.objects.get()
    assert texts(incident) == ["One fires", "Other fires", "One is resolved"]


def test_when_all_are_resolved_it_says_so_and_leaves_resolving_to_people():
    service = service_with_rule()
    both = [AlertFactory(service=service, labels=CRITICAL, name=name) for name in ("One", "Other")]
    take(*both)
    resolve(*both)
    take(*both, occasion="2")
    incident = Incident.objects.get()
    assert incident.is_open
    assert texts(incident)[-1] == "All 2 alerts are resolved: is the service restored?"


def test_an_alert_that_was_over_before_it_was_looked_at_wakes_nobody():
    alert = AlertFactory(service=service_with_rule(), labels=CRITICAL, status="resolved", ends_at=timezone.now())
    take(alert)
    assert not Incident.objects.exists()


def test_a_new_alert_after_the_end_declares_anew():
    service = service_with_rule()
    take(AlertFactory(service=service, labels=CRITICAL))
    transition(incident=Incident.objects.get(), to="resolved", by=PersonFactory())
    take(AlertFactory(service=service, labels=CRITICAL))
    assert Incident.objects.count() == 2


def told(n, status="firing", service="checkout", start=None):
    return AlertEvent(
        fingerprint=f"{n:016x}",
        status=status,
        starts_at=start or timezone.now(),
        ends_at=timezone.now() if status == "resolved" else None,
        name="PodDown" if n % 3 else "NodeDown",
        service_hint=service,
        labels=CRITICAL,
        group_key="storm",
    )


def test_two_thousand_alerts_in_one_batch_are_one_incident_and_one_entry(settle, django_assert_max_num_queries):
    integration = IntegrationFactory(source="alertmanager")
    service_with_rule_named("checkout")
    start = timezone.now()
    events = [told(n, start=start) for n in range(2000)]
    telemetry_alerts.take(events=events, integration=integration)
    with django_assert_max_num_queries(150):
        settle()
    incident = Incident.objects.get()
    assert incident.alerts.count() == 2000
    assert texts(incident) == ["2000 alerts fire: PodDown (1333), NodeDown (667)"]
    telemetry_alerts.take(events=events, integration=integration)
    settle()
    assert len(texts(incident)) == 1

    over = [told(n, "resolved", start=start) for n in range(2000)]
    telemetry_alerts.take(events=over, integration=integration)
    settle()
    assert texts(incident)[1:] == [
        "2000 alerts are resolved: PodDown (1333), NodeDown (667)",
        "All 2000 alerts are resolved: is the service restored?",
    ]


def test_a_thousand_messages_of_some_services_are_an_incident_each_and_an_entry_an_alert(
    settle, django_assert_max_num_queries
):
    integration = IntegrationFactory(source="alertmanager")
    names = [f"shop-{n}" for n in range(4)]
    for name in names:
        service_with_rule_named(name)
    for n in range(200):
        event = replace(told(n, service=names[n % 4]), group_key=f"group {n}")
        telemetry_alerts.take(events=[event], integration=integration)
    with django_assert_max_num_queries(600):
        settle()
    assert sorted(incident.services.get().slug for incident in Incident.objects.all()) == names
    for incident in Incident.objects.all():
        assert incident.alerts.count() == len(texts(incident)) == 50


def test_an_alert_told_in_a_crowd_is_not_told_again_alone():
    service = service_with_rule()
    crowd = [AlertFactory(service=service, labels=CRITICAL) for _ in range(25)]
    take(*crowd)
    take(crowd[3], occasion="2")
    assert len(texts(Incident.objects.get())) == 1


def service_with_rule_named(slug):
    service = ServiceFactory(slug=slug, name=slug.title())
    AlertRuleFactory(service=service, labels=CRITICAL, incident_severity="sev2")
    return service


@pytest.mark.django_db(transaction=True)
def test_batches_of_one_service_at_the_same_moment_declare_one_incident():
    service = service_with_rule()
    alerts = [AlertFactory(service=service, labels=CRITICAL) for _ in range(6)]

    def run(n):
        try:
            from django.db import transaction

            with transaction.atomic():
                take(alerts[n], group=f"group {n}", occasion=str(n))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(6)))
    assert Incident.objects.get().alerts.count() == 6
