"""Alerts of Grafana, PagerDuty, Sentry and Datadog through the real intake: signed, repeated, in any order."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.db import connection
from django.test import Client

from notifications import inbox
from notifications.models import Event, InboundMessage
from notifications.signatures import sign_hex
from telemetry.models import Alert
from tests.factories import IntegrationFactory, ServiceFactory

pytestmark = pytest.mark.django_db

deliveries = count(1)


def grafana(status="firing"):
    alert = {"status": status, "labels": {"alertname": "Slow", "service": "checkout"}, "fingerprint": "f1"}
    times = {"startsAt": "2026-06-01T09:00:00Z", "endsAt": "2026-06-01T09:30:00Z"}
    return {"groupKey": "g", "alerts": [alert | times]}


def pagerduty(status="triggered", at="09:00:00", kind=""):
    data = {"id": "Q1", "type": "incident", "status": status, "title": "Slow", "service": {"summary": "checkout"}}
    kind = f"incident.{kind or status}"
    event = {"id": f"E{at}{kind}", "event_type": kind, "occurred_at": f"2026-06-01T{at}Z", "data": data}
    return {"event": event}


def sentry(action="critical"):
    alert = {"id": "7", "title": "Slow", "projects": ["checkout"], "date_started": "2026-06-01T09:00:00Z"}
    return {"action": action, "data": {"metric_alert": alert}}


def datadog(transition="Triggered", cycle="c1", date=1780304400000, **fields):
    told = {"alert_transition": transition, "alert_cycle_key": cycle, "monitor_id": "4", "title": "Slow"}
    return told | {"tags": "service:checkout", "date": date, "alert_type": "error"} | fields


FIRING = {"grafana": grafana(), "pagerduty": pagerduty(), "sentry": sentry(), "datadog": datadog()}
OVER = {
    "grafana": grafana("resolved"),
    "pagerduty": pagerduty("resolved", "09:30:00"),
    "sentry": sentry("resolved"),
    "datadog": datadog("Recovered", date=1780306200000),
}
every_source = pytest.mark.parametrize("source", sorted(FIRING))


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def headers(source, body, secret, delivery):
    return {
        "grafana": {"X-Grafana-Alerting-Signature": sign_hex(secret, body)},
        "pagerduty": {
            "X-PagerDuty-Signature": f"v1={sign_hex('before', body)},v1={sign_hex(secret, body)}",
            "X-Webhook-Id": delivery,
        },
        "sentry": {
            "Sentry-Hook-Signature": sign_hex(secret, body),
            "Sentry-Hook-Resource": "metric_alert",
            "Request-ID": delivery,
        },
        "datadog": {"Authorization": f"Bearer {secret}"},
    }[source]


def post(integration, message, *, delivery="", secret=""):
    body = json.dumps(message).encode()
    secret = secret or integration.secrets.first().secret
    sent = headers(integration.source, body, secret, delivery or f"delivery-{next(deliveries)}")
    return Client().post(integration.path, body, content_type="application/json", headers=sent)


def arrive(integration, *messages):
    for message in messages:
        assert post(integration, message).status_code == 202
        inbox.process_due()
    return list(Alert.objects.order_by("starts_at"))


def news():
    return Event.objects.filter(type="alerts.received").count()


@every_source
def test_an_alert_fires_and_is_over(checkout, source):
    integration = IntegrationFactory(source=source)
    [alert] = arrive(integration, FIRING[source])
    assert (alert.status, alert.service, alert.name) == ("firing", checkout, "Slow")
    [alert] = arrive(integration, OVER[source])
    assert alert.status == "resolved"
    assert alert.ends_at > alert.starts_at
    assert news() == 2


@every_source
def test_repeated_with_other_deliveries_it_is_news_once(checkout, source):
    arrive(IntegrationFactory(source=source), *[FIRING[source]] * 3, *[OVER[source]] * 3)
    assert (Alert.objects.count(), news()) == (1, 2)


@pytest.mark.parametrize("source", ["datadog", "grafana", "pagerduty"])  # Sentry's messages here bear no time
def test_an_end_that_comes_first_is_kept_and_not_begun_again(checkout, source):
    [alert] = arrive(IntegrationFactory(source=source), OVER[source], FIRING[source])
    assert (alert.status, news()) == ("resolved", 1)


@every_source
def test_a_wrong_signature_is_401_and_keeps_nothing(source):
    assert post(IntegrationFactory(source=source), FIRING[source], secret="wrong").status_code == 401
    assert not InboundMessage.objects.exists()


@every_source
def test_either_of_two_live_secrets_will_do(checkout, source):
    integration = IntegrationFactory(source=source)
    integration.secrets.create(secret="another one")
    assert post(integration, FIRING[source], secret="another one").status_code == 202


@every_source
@pytest.mark.parametrize("body", [[], {"nothing": 1}, {"event": {"event_type": "pagey.ping"}}])
def test_an_authentic_stranger_is_never_an_error_of_ours(source, body):
    assert post(IntegrationFactory(source=source), body).status_code in (202, 400)


@pytest.mark.parametrize("source", ["pagerduty", "sentry"])
def test_a_delivery_that_comes_again_is_the_same_message(checkout, source):
    integration = IntegrationFactory(source=source)
    for _ in range(3):
        assert post(integration, FIRING[source], delivery="same").status_code == 202
    assert InboundMessage.objects.count() == 1


@every_source
@pytest.mark.django_db(transaction=True)
def test_five_times_at_once_has_one_effect(source):
    ServiceFactory(slug="checkout")
    integration = IntegrationFactory(source=source)
    secret = integration.secrets.get().secret

    def send(_):
        try:
            status = post(integration, FIRING[source], delivery="same", secret=secret).status_code
            inbox.process_due()
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(5))) == {202}
    inbox.process_due()
    assert (Alert.objects.count(), news()) == (1, 1)


def test_a_reopened_incident_of_pagerduty_fires_anew_and_ends_again(checkout):
    integration = IntegrationFactory(source="pagerduty")
    again = pagerduty("triggered", "10:00:00", kind="reopened")
    first, second = arrive(integration, pagerduty(), OVER["pagerduty"], again, pagerduty("acknowledged", "10:01:00"))
    assert (first.status, second.status) == ("resolved", "firing")
    first, second = arrive(integration, pagerduty("resolved", "10:10:00"))
    assert second.status == "resolved"


def test_a_priority_that_is_raised_is_news(checkout):
    integration = IntegrationFactory(source="pagerduty")
    raised = pagerduty("triggered", "09:05:00", kind="priority_updated")
    raised["event"]["data"]["priority"] = {"summary": "P1"}
    [alert] = arrive(integration, pagerduty(), raised)
    assert (alert.severity, alert.labels["severity"], news()) == ("critical", "critical", 2)


def test_a_warning_that_becomes_critical_is_news_and_its_end_keeps_the_severity(checkout):
    [alert] = arrive(IntegrationFactory(source="sentry"), sentry("warning"), sentry("critical"), sentry("resolved"))
    assert (alert.severity, alert.status, news()) == ("critical", "resolved", 3)


def test_the_next_cycle_of_a_monitor_ends_the_one_whose_recovery_was_lost(checkout):
    integration = IntegrationFactory(source="datadog")
    first, second = arrive(integration, datadog(), datadog(cycle="c2", date=1780308000000))
    assert (first.status, second.status) == ("resolved", "firing")
    assert first.fingerprint == second.fingerprint
    assert first.ends_at == second.starts_at


def test_every_time_a_rule_of_sentry_is_met_is_news_until_its_issue_is_resolved(checkout):
    integration = IntegrationFactory(source="sentry")

    def met(event):
        error = {"event_id": event, "issue_id": "9", "title": "Boom", "project": "checkout", "release": "4f2a1c"}
        body = json.dumps({"action": "triggered", "data": {"event": error, "triggered_rule": "Errors"}}).encode()
        return send(body, "event_alert", event)

    def send(body, resource, delivery):
        sent = headers("sentry", body, integration.secrets.get().secret, delivery) | {"Sentry-Hook-Resource": resource}
        answer = Client().post(integration.path, body, content_type="application/json", headers=sent)
        inbox.process_due()
        return answer.status_code

    assert [met("e1"), met("e1"), met("e2")] == [202, 202, 202]
    assert [alert.status for alert in Alert.objects.order_by("starts_at")] == ["resolved", "firing"]
    assert {alert.release for alert in Alert.objects.all()} == {"4f2a1c"}
    resolved = {"action": "resolved", "data": {"issue": {"id": "9", "title": "Boom", "project": {"slug": "checkout"}}}}
    assert send(json.dumps(resolved).encode(), "issue", "r1") == 202
    assert not Alert.objects.firing().exists()


def test_a_rule_of_the_integration_says_which_service_by_a_tag(checkout):
    rules = [{"field": "tag", "pattern": "team:shop*", "service": "checkout"}]
    [alert] = arrive(IntegrationFactory(source="datadog", rules=rules), datadog(tags="team:shop-web"))
    assert alert.service == checkout
