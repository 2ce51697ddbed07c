"""The list of alerts, the page of one, and the rules of a service in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.services import declare
from telemetry.rules import rules_of
from telemetry.severity import Rule
from tests.factories import AlertFactory, AlertRuleFactory, IntegrationFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

RULES = "/services/checkout/alert-rules/"


@pytest.fixture
def responder(client):
    client.force_login(PersonFactory())
    return client


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", name="Checkout")


def seen(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def lines(*rules):
    """What the form sends for these rules."""
    fields = {"rules-TOTAL_FORMS": len(rules), "rules-INITIAL_FORMS": 0}
    return fields | {f"rules-{place}-{name}": value for place, rule in enumerate(rules) for name, value in rule.items()}


class TestTheList:
    def test_it_says_what_became_of_each_and_narrows_by_that(self, responder):
        AlertFactory(name="DiskFull", outcome="Declared incident 42 by rule 1")
        AlertFactory(name="SlowAnswers", outcome="Nothing: no rule asks for anything")
        assert '<a href="/incidents/42/">incident 42</a>' in seen(responder, "/alerts/")
        narrowed = seen(responder, "/alerts/", became="nothing")
        assert "SlowAnswers" in narrowed
        assert "DiskFull" not in narrowed

    def test_what_a_sender_wrote_is_no_markup(self, responder):
        AlertFactory(service=None, outcome="Unknown service: none named “<b>x</b>” is known")
        assert "<b>x</b>" not in seen(responder, "/alerts/")

    def test_one_that_flaps_is_marked(self, responder):
        now = timezone.now()
        AlertFactory(flapping_since=now)
        held = AlertFactory(flapping_since=now, held_at=now)
        shown = seen(responder, "/alerts/")
        assert f"flapping, held until {held.starts_at + timedelta(minutes=5):%-d %b, %H:%M}" in shown
        assert "maintenance" not in shown.split("</form>")[-1].split("</table>")[0]


class TestAPage:
    def test_all_that_is_known_of_an_alert(self, responder, checkout):
        integration = IntegrationFactory(source="grafana", name="Our Grafana")
        now = timezone.now()
        same = {"integration": integration, "fingerprint": "f", "service": checkout, "name": "DiskFull"}
        AlertFactory(**same, status="resolved", starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))
        alert = AlertFactory(
            **same,
            labels={"host": "web-1"},
            annotations={"panelURL": "https://grafana.example/d/1", "note": "javascript:alert(1)"},
            release="4f2a1c",
            url="https://grafana.example/rule",
            outcome="Paged Checkout by rule 1 (page 3)",
            starts_at=now - timedelta(minutes=5),
        )
        shown = seen(responder, alert.get_absolute_url())
        for text in ("web-1", "4f2a1c", "Our Grafana", "https://grafana.example/rule", "It has fired 2 times", "5 min"):
            assert text in shown
        assert '<a href="https://grafana.example/d/1" rel="noreferrer">' in shown
        assert 'href="javascript' not in shown
        assert '<a href="/pages/3/">page 3</a>' in shown

    def test_one_without_a_service_or_a_name_has_one_too(self, responder):
        alert = AlertFactory(service=None, service_hint="basket", name="")
        assert "basket (unknown)" in seen(responder, alert.get_absolute_url())

    def test_there_is_none_of_an_alert_that_does_not_exist(self, responder):
        assert responder.get("/alerts/999999/").status_code == 404


class TestRules:
    def test_each_says_in_words_what_it_does(self, responder, checkout):
        AlertRuleFactory(service=checkout, labels={"team": "shop|pay*"}, action="page", incident_severity="")
        shown = seen(responder, RULES)
        assert "team=shop|pay*" in shown
        assert "pages the service with high urgency, without an incident" in shown

    def test_they_are_tried_out_on_labels(self, responder, checkout):
        AlertRuleFactory(service=checkout, labels={"team": "shop"}, incident_severity="sev3")
        assert "Rule 1 decides: an alert with these labels declares a SEV3 incident" in seen(
            responder, RULES, labels='{team="shop", severity="info"}'
        )
        assert "No rule fits" in seen(responder, RULES, labels="team=payments")
        assert "“team” is no label" in seen(responder, RULES, labels="team")

    def test_what_is_chosen_is_saved(self, responder, checkout):
        chosen = lines(
            {"labels": "team=pay*", "action": "page", "urgency": "low", "incident_severity": ""},
            {"labels": "", "action": "attach"},
            {"labels": "severity=critical", "incident_severity": "sev1"},
            {"labels": "", "action": "declare", "incident_severity": "", "urgency": "high"},
        )
        assert responder.post(RULES, chosen).status_code == 302
        assert rules_of(checkout) == (
            Rule({"team": "pay*"}, action="page", urgency="low"),
            Rule({}, action="attach"),
            Rule({"severity": "critical"}, "sev1"),
        )


def test_the_alerts_of_an_incident_are_counted_by_name_and_narrowed_by_service(responder, checkout):
    incident, _ = declare(title="Down", services=[checkout])
    other = ServiceFactory(slug="payments")
    for number in range(3):
        incident.alerts.add(
            AlertFactory(service=checkout, name="PodDown", outcome=f"Joined incident {incident.number}")
        )
        incident.alerts.add(AlertFactory(service=other, name=f"Name {number}"))
    address = f"{incident.get_absolute_url()}alerts/"
    shown = seen(responder, address)
    assert 'href="?name=PodDown">PodDown <strong>3</strong>, 3 firing' in shown
    assert 'href="?name=Name%200"' in shown
    assert seen(responder, address, service="payments").count('<th scope="row">') == 3
    assert seen(responder, address, became="joined").count('<th scope="row">') == 3
