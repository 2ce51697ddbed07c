"""Alerts and their rules as programs see them."""

import pytest
from rest_framework.test import APIClient

from tests.factories import AlertFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

RULES = "/api/v1/services/checkout/alert-rules/"
DECLARES = {"action": "declare", "urgency": "high"}


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(PersonFactory())
    return client


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def test_alerts_narrow_by_service_and_status(api, checkout):
    AlertFactory(service=checkout, name="Firing")
    AlertFactory(service=checkout, name="Over", status="resolved")
    AlertFactory(name="Elsewhere")

    def names(**query):
        return sorted(alert["name"] for alert in api.get("/api/v1/alerts/", query).json()["results"])

    assert names() == ["Elsewhere", "Firing", "Over"]
    assert names(service="checkout", status="firing") == ["Firing"]
    assert api.get("/api/v1/alerts/", {"status": "loud"}).status_code == 400


def test_each_alert_says_what_became_of_it_and_they_narrow_by_that(api):
    paged = AlertFactory(name="Paged", outcome="Paged Checkout by rule 1 (page 3)")
    AlertFactory(name="Nothing", outcome="Nothing: no rule asks for anything")
    AlertFactory(name="Flaps", outcome="Joined incident 4; it is flapping", flapping_since=paged.starts_at)
    answer = {key: api.get("/api/v1/alerts/", {"became": key}).json()["results"] for key in ("paged", "flapping")}
    assert [(alert["name"], alert["outcome"]) for alert in answer["paged"]] == [("Paged", paged.outcome)]
    assert [alert["name"] for alert in answer["flapping"]] == ["Flaps"]
    assert api.get("/api/v1/alerts/", {"became": "lost"}).status_code == 400
    assert api.get(f"/api/v1/alerts/{paged.pk}/").json()["fingerprint"] == paged.fingerprint


def test_rules_that_page_or_only_attach_are_kept_as_told(api, checkout):
    rules = [
        {"labels": {"team": "pay*"}, "action": "page", "urgency": "low", "incident_severity": ""},
        {"labels": {}, "action": "attach", "urgency": "high", "incident_severity": ""},
    ]
    assert api.put(RULES, {"rules": rules}).json()["rules"] == rules
    refused = api.put(RULES, {"rules": [{"labels": {}, "action": "shout"}]})
    assert refused.status_code == 400
    assert "shout" in str(refused.json())


def test_a_service_without_rules_shows_the_default_ones(api, checkout):
    answer = api.get(RULES).json()
    assert answer["default"] is True
    assert DECLARES | {"labels": {"severity": "critical"}, "incident_severity": "sev2"} in answer["rules"]


def test_rules_are_replaced_and_an_empty_list_brings_the_default_back(api, checkout):
    rules = [{"labels": {"team": "payments"}, "incident_severity": "sev1"}, {"labels": {}, "incident_severity": ""}]
    answer = api.put(RULES, {"rules": rules})
    kept = [DECLARES | rule for rule in rules]
    assert answer.json() == api.get(RULES).json() == {"rules": kept, "default": False}
    assert api.put(RULES, {"rules": []}).json()["default"] is True


def test_a_severity_that_does_not_exist_is_refused(api, checkout):
    answer = api.put(RULES, {"rules": [{"labels": {}, "incident_severity": "sev9"}]})
    assert answer.status_code == 400
    assert "sev9" in answer.json()["errors"]["rules[0].incident_severity"][0]


def test_there_are_no_rules_of_a_service_that_does_not_exist(api):
    assert api.get(RULES).status_code == 404
