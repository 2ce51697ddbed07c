"""Schedules, their shifts, previews and who is on call now, through the API."""

from datetime import UTC, datetime

import pytest
import time_machine

from oncall.models import Schedule
from tests.factories import PersonFactory, ServiceFactory
from tests.oncall.personas import api

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
ANA, BO, EVE = "ana@example.com", "bo@example.com", "eve@example.com"
OVERRIDE = {"seat": "dev", "people": [EVE], "start": "2026-06-03T00:00:00Z", "end": "2026-06-04T00:00:00Z"}
SHOP = {
    "slug": "shop",
    "name": "Shop",
    "timezone": "UTC",
    "seats": [
        {
            "name": "dev",
            "layers": [
                {
                    "kind": "weekly",
                    "every": 1,
                    "start": "2026-06-01T09:00",
                    "priority": 1,
                    "participants": [[ANA], [BO]],
                    "advance": "handoff",
                }
            ],
        },
        {"name": "ops", "layers": []},
    ],
    "overrides": [OVERRIDE],
}


@pytest.fixture(autouse=True)
def monday_with_people():
    with time_machine.travel(NOW, tick=False):
        for email in (ANA, BO, EVE):
            PersonFactory(email=email, name=email.split("@")[0].title())
        yield


@pytest.fixture
def client():
    return api("responder")


@pytest.fixture
def shop(client):
    assert client.post("/api/v1/schedules/", SHOP, format="json").status_code == 201
    return Schedule.objects.get(slug="shop")


def test_a_schedule_is_given_back_as_it_was_sent(client):
    made = client.post("/api/v1/schedules/", SHOP, format="json")
    assert made.status_code == 201
    assert made.json() == SHOP == client.get("/api/v1/schedules/shop/").json()
    assert client.get("/api/v1/schedules/").json()["results"] == [SHOP]


def test_a_change_of_name_leaves_the_rest(client, shop):
    changed = client.patch("/api/v1/schedules/shop/", {"name": "The shop"}, format="json")
    assert changed.json() == SHOP | {"name": "The shop"}


def test_a_schedule_of_the_same_slug_is_refused(client, shop):
    refused = client.post("/api/v1/schedules/", SHOP, format="json")
    assert refused.status_code == 400
    assert "“shop” is taken" in refused.json()["errors"]["slug"][0]


def test_errors_of_a_definition_are_told_by_path(client):
    layer = {"kind": "fortnightly", "start": "2026-06-01T09:00", "participants": [[ANA]]}
    wrong = SHOP | {"seats": [{"name": "dev", "layers": [layer]}]}
    refused = client.post("/api/v1/schedules/", wrong, format="json")
    assert refused.status_code == 400
    assert "fortnightly" in refused.json()["errors"]["seats[0].layers[0].kind"][0]
    assert not Schedule.objects.exists()


def test_participants_must_be_people_of_ours(client):
    layer = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": [["nobody@example.com"]]}
    refused = client.post("/api/v1/schedules/", SHOP | {"seats": [{"name": "dev", "layers": [layer]}]}, format="json")
    assert refused.status_code == 400
    assert "nobody@example.com" in refused.json()["detail"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_stored_shifts_and_gaps_by_seat(client, shop, slash):
    got = client.get(f"/api/v1/schedules/shop/shifts{slash}?since=2026-06-01T10:00Z&until=2026-06-09T00:00Z")
    assert got.json() == {
        "seats": {
            "dev": {
                "shifts": [
                    {"start": "2026-06-01T10:00:00Z", "end": "2026-06-03T00:00:00Z", "people": [ANA]},
                    {"start": "2026-06-03T00:00:00Z", "end": "2026-06-04T00:00:00Z", "people": [EVE]},
                    {"start": "2026-06-04T00:00:00Z", "end": "2026-06-08T09:00:00Z", "people": [ANA]},
                    {"start": "2026-06-08T09:00:00Z", "end": "2026-06-09T00:00:00Z", "people": [BO]},
                ],
                "gaps": [],
            },
            "ops": {"shifts": [], "gaps": [{"start": "2026-06-01T10:00:00Z", "end": "2026-06-09T00:00:00Z"}]},
        }
    }


def test_people_on_duty_together_share_a_shift(client):
    layer = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": [[ANA, BO]]}
    client.post("/api/v1/schedules/", SHOP | {"seats": [{"name": "dev", "layers": [layer]}]}, format="json")
    got = client.get("/api/v1/schedules/shop/shifts?since=2026-06-02T00:00Z&until=2026-06-03T00:00Z").json()
    assert [set(shift["people"]) for shift in got["seats"]["dev"]["shifts"]] == [{ANA, BO}]


def test_stored_shifts_say_what_the_preview_says(client, shop):
    window = {"since": "2026-06-01T10:00:00Z", "until": "2026-07-20T00:00:00Z"}
    body = {name: SHOP[name] for name in ("timezone", "seats", "overrides")} | window
    previewed = client.post("/api/v1/oncall/preview/", body, format="json").json()
    stored = client.get(f"/api/v1/schedules/shop/shifts?since={window['since']}&until={window['until']}").json()
    assert stored == previewed


def test_nobody_until_the_first_shift_begins_is_a_gap(client):
    layer = {"kind": "weekly", "start": "2026-06-05T09:00", "participants": [[ANA]]}
    client.post(
        "/api/v1/schedules/", SHOP | {"seats": [{"name": "dev", "layers": [layer]}], "overrides": []}, format="json"
    )
    got = client.get("/api/v1/schedules/shop/shifts?since=2026-06-02T00:00Z&until=2026-06-06T00:00Z").json()
    assert got["seats"]["dev"]["gaps"] == [{"start": "2026-06-02T00:00:00Z", "end": "2026-06-05T09:00:00Z"}]


def test_partners_stand_in_the_order_of_the_definition_whoever_of_them_goes_on_alone(client):
    layer = {"kind": "daily", "start": "2026-06-01T09:00", "participants": [[BO], [EVE, ANA], [EVE]]}
    client.post(
        "/api/v1/schedules/", SHOP | {"seats": [{"name": "dev", "layers": [layer]}], "overrides": []}, format="json"
    )
    got = client.get("/api/v1/schedules/shop/shifts?since=2026-06-02T10:00Z&until=2026-06-03T09:00Z").json()
    assert [shift["people"] for shift in got["seats"]["dev"]["shifts"]] == [[EVE, ANA]]


def test_a_window_that_cannot_be_is_refused(client, shop):
    refused = client.get("/api/v1/schedules/shop/shifts?since=yesterday&until=2026-06-09T00:00Z")
    assert refused.status_code == 400
    assert "yesterday" in refused.json()["errors"]["since"][0]


def test_a_preview_needs_nobody_to_exist_and_stores_nothing(client):
    layer = {"kind": "daily", "start": "2026-06-01T09:00", "participants": [["x"], ["y"]]}
    body = {
        "timezone": "UTC",
        "seats": [{"name": "dev", "layers": [layer]}],
        "since": "2026-06-01T00:00Z",
        "until": "2026-06-02T09:00Z",
    }
    got = client.post("/api/v1/oncall/preview/", body, format="json")
    assert got.json()["seats"]["dev"] == {
        "shifts": [{"start": "2026-06-01T09:00:00Z", "end": "2026-06-02T09:00:00Z", "people": ["x"]}],
        "gaps": [{"start": "2026-06-01T00:00:00Z", "end": "2026-06-01T09:00:00Z"}],
    }
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("slash", ["", "/"])
def test_who_is_on_call_now_and_next(client, shop, slash):
    ServiceFactory(slug="checkout", schedule=shop)
    got = client.get(f"/api/v1/oncall/now{slash}?service=checkout").json()
    assert got == {
        "at": "2026-06-01T10:00:00Z",
        "seats": {"dev": [{"email": ANA, "name": "Ana"}], "ops": []},
        "next": {"dev": {"people": [{"email": EVE, "name": "Eve"}], "start": "2026-06-03T00:00:00Z"}},
    }


def test_who_is_on_call_at_an_instant(client, shop):
    ServiceFactory(slug="checkout", schedule=shop)
    got = client.get("/api/v1/oncall/now?service=checkout&at=2026-06-10T00:00:00Z").json()
    assert got["seats"]["dev"] == [{"email": BO, "name": "Bo"}]
    refused = client.get("/api/v1/oncall/now?service=checkout&at=soon")
    assert refused.status_code == 400
    assert "soon" in refused.json()["errors"]["at"][0]


def test_a_service_must_be_named_and_known(client):
    assert client.get("/api/v1/oncall/now").status_code == 400
    assert client.get("/api/v1/oncall/now?service=x").status_code == 404
