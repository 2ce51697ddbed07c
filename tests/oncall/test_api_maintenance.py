"""`maintenance/` of the API."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from oncall.models import Maintenance
from tests.factories import ServiceFactory
from tests.oncall.personas import api

pytestmark = pytest.mark.django_db

URL = "/api/v1/maintenance/"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    ServiceFactory(slug="checkout")
    ServiceFactory(slug="search")
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def plan(client, **changes):
    body = {"services": ["checkout"], "end": "2026-11-23T14:00:00Z", "reason": "New disks"} | changes
    return client.post(URL, body, format="json")


def test_a_responder_plans_it_from_now_on():
    client = api("responder")
    answer = plan(client)
    assert answer.status_code == 201
    assert answer.json() | {"id": 0} == {
        "id": 0,
        "services": ["checkout"],
        "start": "2026-11-23T12:00:00Z",
        "end": "2026-11-23T14:00:00Z",
        "reason": "New disks",
        "state": "current",
        "created_by": {"email": client.person.email, "name": client.person.name},
        "created_at": "2026-11-23T12:00:00Z",
    }


def test_the_same_key_plans_it_once():
    client = api("responder")
    for _ in range(2):
        client.post(
            URL,
            {"services": ["checkout"], "end": "2026-11-23T14:00:00Z", "reason": "Disks"},
            format="json",
            headers={"Idempotency-Key": "a"},
        )
    assert Maintenance.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"services": ["basket"]}, "services", "There is no service “basket”"),
        ({"services": []}, "services", "No service is named"),
        ({"end": "2026-11-23T12:00:00Z"}, "end", "2026-11-23 12:00 UTC has passed"),
        ({"start": "2026-11-24T12:00:00Z"}, "end", "is not after the start"),
        ({"end": "2027-11-23T12:00:00Z"}, "end", "30 d is the longest"),
        ({"reason": ""}, "reason", "blank"),
        ({"end": "2026-11-23T14:00:00"}, "end", "offset"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_plans_nothing(changes, field, words):
    answer = plan(api("responder"), **changes)
    assert answer.status_code == 400
    assert words in answer.json()["errors"][field][0]
    assert not Maintenance.objects.exists()


def test_viewers_read_and_change_nothing():
    pk = plan(api("responder")).json()["id"]
    viewer = api("viewer")
    assert [row["id"] for row in viewer.get(URL).json()["results"]] == [pk]
    assert plan(viewer).status_code == 403
    assert viewer.patch(f"{URL}{pk}/", {"reason": "x"}, format="json").status_code == 403
    assert viewer.delete(f"{URL}{pk}/").status_code == 403


def test_the_list_narrows_by_service_and_state(clock):
    client = api("responder")
    past = plan(client, end="2026-11-23T12:30:00Z").json()["id"]
    clock.shift(timedelta(minutes=30))
    current = plan(client, services=["search", "checkout"]).json()["id"]
    upcoming = plan(client, services=["search"], start="2026-11-24T00:00:00Z", end="2026-11-24T01:00:00Z").json()["id"]

    def found(**query):
        return [row["id"] for row in client.get(URL, query).json()["results"]]

    assert found() == [past, current, upcoming]
    assert (found(state="current"), found(state="upcoming"), found(state="over")) == ([current], [upcoming], [past])
    assert found(service="search") == [current, upcoming]
    assert found(service="search", state="upcoming") == [upcoming]
    assert client.get(URL, {"state": "someday"}).status_code == 400


def test_what_is_given_is_changed_and_the_rest_stays():
    client = api("responder")
    pk = plan(client).json()["id"]
    answer = client.patch(f"{URL}{pk}/", {"services": ["search"], "end": "2026-11-23T13:00:00Z"}, format="json")
    told = answer.json()
    assert (told["services"], told["end"], told["reason"]) == (["search"], "2026-11-23T13:00:00Z", "New disks")
    late = client.patch(f"{URL}{pk}/", {"start": "2026-11-23T12:30:00Z"}, format="json")
    assert late.status_code == 409
    assert "its start stays" in late.json()["detail"]


def test_deleting_ends_what_holds_and_cancels_what_has_not_begun(clock):
    client = api("responder")
    current = plan(client).json()["id"]
    upcoming = plan(client, start="2026-11-23T13:00:00Z").json()["id"]
    clock.shift(timedelta(minutes=5))
    assert [client.delete(f"{URL}{pk}/").status_code for pk in (current, upcoming)] == [204, 204]
    assert Maintenance.objects.get().end == NOON + timedelta(minutes=5)
    again = client.delete(f"{URL}{current}/")
    assert again.status_code == 409
    assert "is over" in again.json()["detail"]
