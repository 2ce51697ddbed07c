"""`heartbeats/` of the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from telemetry.models import Heartbeat
from tests.factories import AlertRuleFactory, HeartbeatFactory, ServiceFactory
from tests.oncall.personas import api

pytestmark = pytest.mark.django_db

URL = "/api/v1/heartbeats/"


@pytest.fixture(autouse=True)
def checkout():
    return ServiceFactory(slug="checkout")


def add(client, **changes):
    return client.post(URL, {"service": "checkout", "name": "Backup", "every": 1440} | changes, format="json")


def test_a_responder_adds_one_and_its_address_can_be_called(client):
    answer = add(api("responder"))
    assert answer.status_code == 201
    told = answer.json()
    assert (told["service"], told["every"], told["grace"], told["severity"]) == ("checkout", 1440, 1, "critical")
    assert (told["state"], told["last_at"], told["due_at"], told["declares"]) == ("new", None, None, "sev2")
    path = told["url"].partition("/heartbeats/")[2]
    assert client.get(f"/heartbeats/{path}").status_code == 200
    after = api("responder").get(f"{URL}{told['id']}/").json()
    assert after["state"] == "well"
    assert after["due_at"] > after["last_at"]


def test_the_address_can_be_read_again_but_not_by_viewers():
    heartbeat = HeartbeatFactory()
    assert api("responder").get(f"{URL}{heartbeat.pk}/").json()["url"] == heartbeat.url
    assert api("viewer").get(f"{URL}{heartbeat.pk}/").json()["url"] is None


def test_viewers_change_nothing():
    heartbeat, viewer = HeartbeatFactory(), api("viewer")
    address = f"{URL}{heartbeat.pk}/"
    answers = [
        add(viewer),
        viewer.patch(address, {"every": 5}, format="json"),
        viewer.post(f"{address}pause/"),
        viewer.post(f"{address}resume/"),
        viewer.delete(address),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"service": "basket"}, "service", "There is no service “basket”"),
        ({"service": None}, "service", "No service is named"),
        ({"every": 0}, "every", "0 s does not do; give 1 minute to 30 days."),
        ({"every": "P31D"}, "every", "31 d does not do"),
        ({"every": 10**15}, "every", "give 30 days at most"),
        ({"every": "daily"}, "every", "daily"),
        ({"grace": -1}, "grace", "does not do; give 0 minutes to 30 days."),
        ({"name": ""}, "name", "blank"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_adds_nothing(changes, field, words):
    answer = add(api("responder"), **changes)
    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0]
    assert not Heartbeat.objects.exists()


def test_what_is_given_is_changed_and_the_address_and_service_stay(checkout):
    AlertRuleFactory(service=checkout, labels={"severity": "critical"}, incident_severity="sev1")
    heartbeat, client = HeartbeatFactory(service=checkout, name="Backup"), api("responder")
    told = client.patch(f"{URL}{heartbeat.pk}/", {"every": "PT2H", "severity": "info"}, format="json").json()
    assert (told["every"], told["name"], told["url"], told["declares"]) == (120, "Backup", heartbeat.url, "")
    ServiceFactory(slug="search")
    moved = client.patch(f"{URL}{heartbeat.pk}/", {"service": "search"}, format="json")
    assert "which stays" in moved.json()["errors"]["service"][0]


def test_it_is_paused_resumed_and_deleted():
    heartbeat, client = HeartbeatFactory(last_at=timezone.now()), api("responder")
    assert client.post(f"{URL}{heartbeat.pk}/pause/").json()["state"] == "paused"
    resumed = client.post(f"{URL}{heartbeat.pk}/resume/").json()
    assert (resumed["state"], resumed["paused_at"]) == ("well", None)
    assert client.delete(f"{URL}{heartbeat.pk}/").status_code == 204
    assert not Heartbeat.objects.exists()


def test_the_list_narrows_by_service_and_state(checkout):
    new = HeartbeatFactory(service=checkout)
    missing = HeartbeatFactory(missing_since=timezone.now(), last_at=timezone.now() - timedelta(days=2))
    client = api("viewer")
    assert [row["id"] for row in client.get(URL, {"service": "checkout"}).json()["results"]] == [new.pk]
    assert [row["id"] for row in client.get(URL, {"state": "missing"}).json()["results"]] == [missing.pk]
