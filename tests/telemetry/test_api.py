"""Alerts and their rules as programs see them."""

import pytest
from rest_framework.test import APIClient

from tests.factories import AlertFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

RULES = "/api/v1/services/checkout/alert-rules/"


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


def test_a_service_without_rules_shows_the_default_ones(api, checkout):
    answer = api.get(RULES).json()
    assert answer["default"] is True
    assert {"labels": {"severity": "critical"}, "incident_severity": "sev2"} in answer["rules"]


def test_rules_are_replaced_and_an_empty_list_brings_the_default_back(api, checkout):
    rules = [{"labels": {"team": "payments"}, "incident_severity": "sev1"}, {"labels": {}, "incident_severity": ""}]
    answer = api.put(RULES, {"rules": rules})
    assert answer.json() == api.get(RULES).json() == {"rules": rules, "default": False}
    assert api.put(RULES, {"rules": []}).json()["default"] is True


def test_a_severity_that_does_not_exist_is_refused(api, checkout):
    answer = api.put(RULES, {"rules": [{"labels": {}, "incident_severity": "sev9"}]})
    assert answer.status_code == 400
    assert "sev9" in answer.json()["errors"]["rules[0].incident_severity"][0]


def test_there_are_no_rules_of_a_service_that_does_not_exist(api):
    assert api.get(RULES).status_code == 404
