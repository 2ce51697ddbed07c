"""The pages of alerts and of their rules."""

import pytest

from tests.factories import (
    AlertFactory,
    PersonFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db

RULES = "/services/checkout/alert-rules/"


@pytest.fixture
def responder(client):
    client.force_login(PersonFactory())
    return client


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def seen(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/alerts/", RULES])
def test_a_stranger_is_asked_to_sign_in(client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


class TestAlerts:
    def test_an_empty_list_says_what_to_do_next(self, responder):
        assert "Connect Alertmanager" in seen(responder, "/alerts/")

    def test_the_list_narrows_by_status_and_service(self, responder, checkout):
        AlertFactory(name="DiskFull", service=checkout)
        AlertFactory(name="SlowAnswers", status="resolved")
        assert "SlowAnswers" in seen(responder, "/alerts/")
        assert "SlowAnswers" not in seen(responder, "/alerts/", status="firing")
        assert "DiskFull" in seen(responder, "/alerts/", service="checkout")

    def test_an_unknown_service_is_said_to_be_so(self, responder):
        AlertFactory(service=None, service_hint="basket")
        assert "basket (unknown)" in seen(responder, "/alerts/")


class TestRules:
    def form(self, *rules):
        form = {"rules-TOTAL_FORMS": len(rules), "rules-INITIAL_FORMS": 0}
        for place, (labels, severity) in enumerate(rules):
            form |= {f"rules-{place}-labels": labels, f"rules-{place}-incident_severity": severity}
        return form

    def test_the_default_rules_are_shown_as_such(self, responder, checkout):
        page = seen(responder, RULES)
        assert "severity=critical" in page
        assert "no rules of its own" in page

    def test_saving_makes_them_its_own(self, responder, checkout):
        answer = responder.post(RULES, self.form(("severity=critical, team=payments", "sev1"), ("", "")))
        assert answer.headers["Location"] == RULES
        assert [(rule.labels, rule.incident_severity) for rule in checkout.alert_rules.all()] == [
            ({"severity": "critical", "team": "payments"}, "sev1")
        ]

    def test_a_label_without_a_value_is_refused(self, responder, checkout):
        answer = responder.post(RULES, self.form(("severity", "sev1")))
        assert answer.status_code == 422
        assert "“severity” is no label" in answer.content.decode()

    def test_a_viewer_is_told_that_it_takes_a_responder(self, client, checkout):
        client.force_login(PersonFactory(role="viewer"))
        answer = client.post(RULES, self.form(("severity=critical", "sev1")))
        assert answer.status_code == 422
        assert "This takes a responder" in answer.content.decode()
        assert not checkout.alert_rules.exists()
