"""Alerts from a POST of Alertmanager's to rows and one event."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from notifications import inbox
from notifications.models import Event, InboundMessage
from telemetry import alerts
from telemetry.events import AlertEvent
from telemetry.models import Alert
from tests.factories import IntegrationFactory, ServiceFactory
from tests.telemetry.messages import AT, alert, delivery, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration():
    return IntegrationFactory(source="alertmanager")


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def told():
    return [event.payload["alerts"] for event in Event.objects.filter(type="alerts.received").order_by("id")]


def arrive(client, integration, *alerts):
    answer = post(client, integration, delivery(*alerts))
    assert answer.status_code == 202
    inbox.process_due()


def test_a_post_becomes_alerts_of_their_service_and_one_event(client, integration, checkout):
    arrive(client, integration, alert(1, severity="critical", version="4f2a1c"), alert(2))
    one, two = Alert.objects.order_by("fingerprint")
    assert (one.service, one.name, one.severity, one.release) == (checkout, "HighErrorRate", "critical", "4f2a1c")
    assert (one.summary, one.status, one.starts_at, one.ends_at) == ("Errors on node 1", "firing", AT, None)
    assert one.labels["instance"] == "node-1"
    assert told() == [sorted([one.pk, two.pk])]
    assert InboundMessage.objects.get().outcome == "2 alerts, 2 of them news"


def test_a_repetition_is_accepted_and_is_no_news(client, integration, checkout):
    for _ in range(5):
        arrive(client, integration, alert(1))
    assert (Alert.objects.count(), len(told())) == (1, 1)


def test_of_a_group_only_what_changed_is_news(client, integration, checkout):
    arrive(client, integration, alert(1), alert(2))
    arrive(client, integration, alert(1, "resolved"), alert(2), alert(3))
    resolved, new = Alert.objects.get(fingerprint=f"{1:016x}"), Alert.objects.get(fingerprint=f"{3:016x}")
    assert (resolved.status, resolved.ends_at) == ("resolved", AT + timedelta(minutes=5))
    assert told()[-1] == [resolved.pk, new.pk]


def test_a_late_firing_does_not_open_a_resolved_alert_again(client, integration, checkout):
    arrive(client, integration, alert(1, "resolved"))
    arrive(client, integration, alert(1, "firing"))
    assert Alert.objects.get().status == "resolved"
    assert len(told()) == 1


def test_firing_anew_is_another_alert(client, integration, checkout):
    arrive(client, integration, alert(1, "resolved"))
    arrive(client, integration, alert(1, at=AT + timedelta(hours=1)))
    assert list(Alert.objects.values_list("status", flat=True)) == ["firing", "resolved"]


def test_told_as_firing_and_resolved_in_one_post_it_is_resolved(client, integration, checkout):
    arrive(client, integration, alert(1, "resolved"), alert(1, "firing"))
    assert Alert.objects.get().status == "resolved"


def test_the_integration_says_which_service_a_strange_name_means(client, checkout):
    mapped = IntegrationFactory(source="alertmanager", mapping={"shop-frontend": "checkout"})
    arrive(client, mapped, alert(1, service="shop-frontend"))
    assert Alert.objects.get().service == checkout


def test_an_alert_of_an_unknown_service_is_kept_unmatched(client, integration):
    arrive(client, integration, alert(1, service="basket"))
    assert [(each.service, each.service_hint) for each in Alert.objects.unmatched()] == [(None, "basket")]


def test_without_a_live_secret_nothing_is_kept(client, integration):
    assert post(client, integration, delivery(alert(1)), secret="wrong").status_code == 401
    assert not InboundMessage.objects.exists()


def test_basic_authentication_will_do(client, integration):
    name_and_secret = f"alertmanager:{integration.secrets.get().secret}".encode()
    basic = "Basic " + base64.b64encode(name_and_secret).decode()
    answer = client.post(
        integration.path, delivery(alert(1)), content_type="application/json", headers={"Authorization": basic}
    )
    assert answer.status_code == 202


def test_a_malformed_post_is_refused_with_the_field(client, integration):
    broken = alert(1) | {"startsAt": "yesterday"}
    answer = post(client, integration, delivery(broken))
    assert answer.status_code == 400
    assert "alerts[0].startsAt" in answer.json()["detail"]


def test_two_thousand_alerts_in_one_post(client, integration, checkout, django_assert_max_num_queries):
    body = delivery(*(alert(number, severity="critical") for number in range(2_000)))
    assert post(client, integration, body).status_code == 202
    with django_assert_max_num_queries(30):
        inbox.process_due()
    assert Alert.objects.filter(service=checkout).count() == 2_000
    assert len(told()[0]) == 2_000


def test_names_longer_than_are_kept_are_one_alert(checkout):
    longest = "f" * 100
    events = [AlertEvent(fingerprint=longest + end, status="firing", starts_at=AT, name="High") for end in "ab"]
    assert len(alerts.take(events=events)) == Alert.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_alerts_at_once_are_news_once(checkout):
    integration = IntegrationFactory(source="alertmanager")
    events = [AlertEvent(fingerprint=f"{n}", status="firing", starts_at=AT, name="High") for n in range(50)]

    def take(number):
        try:
            return alerts.take(events=events[::-1] if number % 2 else events, integration=integration)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        news = [pk for taken in pool.map(take, range(5)) for pk in taken]
    assert len(news) == len(set(news)) == Alert.objects.count() == 50


def test_messages_that_wait_together_are_used_together_and_are_news_each_for_itself(
    client, integration, checkout, django_assert_max_num_queries
):
    for n in range(40):
        assert post(client, integration, delivery(alert(n))).status_code == 202
    assert post(client, integration, delivery(alert(3, "resolved"), alert(7))).status_code == 202
    with django_assert_max_num_queries(40):
        assert inbox.process_due() == 41
    assert Alert.objects.count() == 40
    assert Alert.objects.get(fingerprint=f"{3:016x}").status == "resolved"
    assert [len(ids) for ids in told()] == [1] * 40
    assert sorted(pk for ids in told() for pk in ids) == sorted(Alert.objects.values_list("pk", flat=True))
