"""Panels as programs see them: what is stored for any window, and the panels of every service."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from telemetry import snapshots
from telemetry.models import PanelTemplate, Snapshot
from tests.factories import (
    AdministratorFactory,
    ChangeFactory,
    PanelFactory,
    PanelTemplateFactory,
    PersonFactory,
    ServiceFactory,
)
from tests.telemetry.prometheus_server import Answers, matrix, serving

pytestmark = pytest.mark.django_db
PANELS = "/api/v1/services/checkout/panels/"
TEMPLATES = "/api/v1/panel-templates/"


def api(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def checkout():
    checkout = ServiceFactory(slug="checkout")
    PanelFactory(service=checkout, name="Errors", unit="%", query="up")
    return checkout


def test_what_is_not_there_yet_is_asked_for_and_there_later(checkout, settings):
    answers, client = Answers(), api(PersonFactory(role="viewer"))
    answers.answer = matrix(({}, [(1000, "1.5")]))
    asked = client.get(PANELS).json()
    assert (asked["service"], asked["state"], asked["panels"][0]["state"]) == ("checkout", "waiting", "waiting")
    with serving(answers) as settings.PROMETHEUS_URL:
        snapshots.fetch_due()
    told = client.get(PANELS).json()
    (panel,) = told["panels"]
    assert (told["state"], panel["state"]) == ("ready", "stored")
    assert panel == panel | {"name": "Errors", "unit": "%", "query": "up", "source": "prometheus", "error": ""}
    assert (panel["series"], panel["week_before"]) == ([{"label": "value", "points": [[1000, 1.5]]}], [])


def test_any_window_may_be_asked_for(checkout):
    end = timezone.now() - timedelta(days=2)
    change = ChangeFactory(service=checkout, started_at=end - timedelta(minutes=20), revision="4f2a1c9")
    told = api(PersonFactory()).get(PANELS, {"since": "2026-06-01T11:00:00 02:00", "until": "2026-06-01T10:00:00Z"})
    assert (told.json()["since"], told.json()["until"]) == ("2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z")
    assert told.json()["marks"] == []
    window = {"since": (end - timedelta(hours=1)).isoformat(), "until": end.isoformat()}
    (mark,) = api(PersonFactory()).get(PANELS, window).json()["marks"]
    assert mark["kind"] == "change"
    assert "4f2a1c9" in mark["label"]
    assert mark["url"].endswith(f"/changes/{change.pk}/")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"window": "1000y"}, "window"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-06-01T09:00:00"}, "since"),
        ({"since": "2026-06-01T09:00:00Z", "until": "2026-06-01T09:00:00Z"}, "until"),
        ({"since": "2999-06-01T09:00:00Z", "until": "2999-06-02T09:00:00Z"}, "until"),
        ({"since": "1971-06-01T09:00:00Z"}, "since"),
        ({"until": "2026-06-01T09:00:00Z"}, "since"),
    ],
)
def test_a_window_that_cannot_be_is_refused_by_field(checkout, query, field):
    refused = api(PersonFactory()).get(PANELS, query)
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert set(refused.json()["errors"]) == {field}
    assert not Snapshot.objects.exists()


def test_a_service_that_is_not_there_is_not_found():
    assert api(PersonFactory()).get(PANELS).status_code == 404


class TestTemplates:
    SENT = {"name": "Traffic", "source": "loki", "query": '{app="{service}"}', "unit": "", "position": 3}

    def test_administrators_make_change_and_delete_them(self):
        client = api(AdministratorFactory())
        made = client.post(TEMPLATES, self.SENT, format="json")
        assert (made.status_code, made.json()) == (201, self.SENT | {"id": made.json()["id"]})
        address = f"{TEMPLATES}{made.json()['id']}/"
        assert client.patch(address, {"unit": "1/s"}, format="json").json() == made.json() | {"unit": "1/s"}
        assert client.delete(address).status_code == 204
        assert not PanelTemplate.objects.exists()

    def test_everybody_else_reads_them(self):
        template, client = PanelTemplateFactory(), api(PersonFactory())
        assert [one["name"] for one in client.get(TEMPLATES).json()["results"]] == [template.name]
        assert client.post(TEMPLATES, self.SENT, format="json").status_code == 403
        assert client.delete(f"{TEMPLATES}{template.pk}/").status_code == 403

    def test_what_is_wrong_is_said_by_field(self):
        PanelTemplateFactory(name="traffic")
        sent = {"name": "Traffic", "query": " ", "source": "graphite", "position": -1}
        errors = api(AdministratorFactory()).post(TEMPLATES, sent, format="json").json()["errors"]
        assert set(errors) >= {"query", "source"}
        sent |= {"query": "up", "source": "loki"}
        errors = api(AdministratorFactory()).post(TEMPLATES, sent, format="json").json()["errors"]
        assert set(errors) == {"name", "position"}
