"""Swaps, leave, overrides, cover and shadows through the API: what is answered, what is refused, and to whom."""

import pytest
import time_machine

from oncall.models import Leave, Override, Shadow, Swap
from tests.factories import PersonFactory
from tests.oncall.personas import api
from tests.oncall.rotation_of_three import MONDAY, everybody, saved, weekly, worked

TUESDAY = "2026-06-02T09:00:00Z"
WEDNESDAY = "2026-06-03T09:00:00Z"
NIGHT = {"schedule": "shop", "seat": "dev", "start": TUESDAY, "end": WEDNESDAY}
HERE = {name: NIGHT[name] for name in ("seat", "start", "end")}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def people(db):
    return everybody()


@pytest.fixture
def dev(people):
    return saved(weekly("ana", "bo", "cy")).seats.get()


@pytest.fixture
def ana(people, dev):
    return api(person=people["ana"])


@pytest.fixture
def bo(people, dev):
    return api(person=people["bo"])


def test_a_swap_is_offered_listed_taken_and_given_back(ana, bo, dev):
    made = ana.post("/api/v1/swaps/", NIGHT | {"note": "Concert"})
    assert made.status_code == 201
    swap = made.json()
    assert swap | NIGHT == swap
    assert (swap["person"], swap["state"], swap["reason"], swap["taken_by"]) == (
        "ana@example.com",
        "open",
        "offer",
        None,
    )
    assert swap["url"].endswith(f"/schedules/shop/swaps/{swap['id']}/")
    assert bo.get("/api/v1/swaps/?takeable=true&schedule=shop").json()["results"] == [swap]
    taken = bo.post(f"/api/v1/swaps/{swap['id']}/take/")
    assert (taken.status_code, taken.json()["taken_by"], taken.json()["also_on_call"]) == (200, "bo@example.com", [])
    assert ("Bo", 24, 48) in worked(dev, 7)
    assert bo.get("/api/v1/swaps/?takeable=true").json()["results"] == []
    assert bo.get("/api/v1/swaps/?state=taken&person=ana@example.com").json()["count"] == 1
    back = bo.post(f"/api/v1/swaps/{swap['id']}/give-back/")
    assert (back.status_code, back.json()["state"]) == (200, "open")
    assert ana.post(f"/api/v1/swaps/{swap['id']}/take-back/").json()["state"] == "withdrawn"


def test_the_taker_hears_what_else_they_are_on_call_for_then(dev, ana, bo):
    saved(weekly("ana", "cy"), weekly("bo", "cy", seat="ops"), schedule=dev.schedule)
    swap = ana.post("/api/v1/swaps/", NIGHT).json()
    taken = bo.post(f"/api/v1/swaps/{swap['id']}/take/").json()
    assert [(one["schedule"], one["seat"]) for one in taken["also_on_call"]] == [("shop", "ops")]


def test_the_slower_of_two_hears_who_was_faster(ana, bo, people):
    swap = ana.post("/api/v1/swaps/", NIGHT).json()
    bo.post(f"/api/v1/swaps/{swap['id']}/take/")
    late = api(person=people["cy"]).post(f"/api/v1/swaps/{swap['id']}/take/")
    assert late.status_code == 409
    assert "Bo took it" in late.json()["detail"]
    assert late.json()["taken_by"] == "Bo"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"schedule": "shoe"}, "schedule", "no schedule “shoe”"),
        ({"seat": "front"}, "seat", "“front” is no seat of shop; use dev"),
        ({"person": "zoe@example.com"}, "person", "zoe@example.com"),
        ({"end": "2026-06-12T09:00:00Z"}, "start", "Ana has 2026-06-01 09:00 – 2026-06-08 09:00"),
        ({"end": TUESDAY}, "end", "not after the start"),
        ({"start": "2026-06-02T09:00"}, "start", "no offset"),
        ({"end": "tomorrow"}, "end", "wrong format"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_field(ana, change, field, words):
    refused = ana.post("/api/v1/swaps/", NIGHT | change)
    assert refused.status_code == 400
    assert words in refused.json()["errors"][field][0]
    assert not Swap.objects.exists()


def test_the_same_key_offers_once(ana):
    first, again = (ana.post("/api/v1/swaps/", NIGHT, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json() == again.json()
    assert Swap.objects.count() == 1


def test_leave_asks_for_cover_and_its_note_is_not_for_everybody(ana, bo, people):
    made = ana.post("/api/v1/leave/", {"start": TUESDAY, "end": WEDNESDAY, "note": "Surgery"})
    assert (made.status_code, made.json()["person"], made.json()["note"]) == (201, "ana@example.com", "Surgery")
    assert bo.get("/api/v1/leave/?person=ana@example.com").json()["results"][0]["note"] == ""
    [swap] = bo.get("/api/v1/swaps/?reason=leave").json()["results"]
    assert (swap["start"], swap["end"], swap["note"]) == (TUESDAY, WEDNESDAY, "")
    again = ana.post("/api/v1/leave/", {"start": TUESDAY, "end": WEDNESDAY})
    assert (again.status_code, "on leave then already" in again.json()["detail"]) == (409, True)
    assert ana.delete(f"/api/v1/leave/{made.json()['id']}/").status_code == 204
    assert bo.get("/api/v1/swaps/?takeable=true").json()["count"] == 0
    assert not Leave.objects.exists()


def test_an_override_is_made_listed_and_removed(ana, dev):
    made = ana.post("/api/v1/schedules/shop/overrides/", HERE | {"people": ["bo@example.com"], "reason": "Dentist"})
    assert made.status_code == 201
    assert (made.json()["people"], made.json()["exclusive"], made.json()["swap"]) == (["bo@example.com"], False, None)
    assert ana.get("/api/v1/schedules/shop/overrides/").json()["results"] == [made.json()]
    assert ana.delete(f"/api/v1/schedules/shop/overrides/{made.json()['id']}/").status_code == 204
    assert worked(dev, 7) == [("Ana", 0, 168)]


def test_exclusive_overrides_do_not_overlap_and_others_may(ana):
    there = {"people": ["bo@example.com"]}
    assert ana.post("/api/v1/schedules/shop/overrides/", HERE | there).status_code == 201
    assert ana.post("/api/v1/schedules/shop/overrides/", HERE | there).status_code == 201
    refused = ana.post("/api/v1/schedules/shop/overrides/", HERE | there | {"exclusive": True})
    assert refused.status_code == 409
    assert "Bo has dev by an override already: 2026-06-02 09:00 – 2026-06-03 09:00 UTC" in refused.json()["detail"]
    Override.objects.all().delete()
    assert ana.post("/api/v1/schedules/shop/overrides/", HERE | there | {"exclusive": True}).status_code == 201
    refused = ana.post("/api/v1/schedules/shop/overrides/", HERE | there)
    assert "That one is exclusive" in refused.json()["detail"]
    assert Override.objects.count() == 1


def test_a_definition_may_not_hold_overlapping_exclusive_overrides_and_says_which(ana):
    shop = ana.get("/api/v1/schedules/shop/").json()
    one = {"seat": "dev", "people": ["bo@example.com"], "start": TUESDAY, "end": WEDNESDAY}
    refused = ana.patch("/api/v1/schedules/shop/", {"overrides": [one, one | {"exclusive": True}]})
    assert refused.status_code == 400
    assert "It overlaps overrides[0]" in refused.json()["errors"]["overrides[1].exclusive"][0]
    window = {"since": TUESDAY, "until": WEDNESDAY, "overrides": [one | {"exclusive": True}] * 2}
    body = {"timezone": "UTC", "seats": shop["seats"]} | window
    assert ana.post("/api/v1/oncall/preview/", body).status_code == 400
    assert ana.post("/api/v1/oncall/preview/", body | {"overrides": [one, one]}).status_code == 200
    kept = ana.patch("/api/v1/schedules/shop/", {"overrides": [one | {"exclusive": True}]}).json()
    assert kept["overrides"] == [one | {"exclusive": True}]


def test_people_are_named_where_they_are_wrong(ana):
    for people, words in (([], "Nobody is named"), (["zoe@example.com"], "zoe@example.com")):
        refused = ana.post("/api/v1/schedules/shop/overrides/", HERE | {"people": people})
        assert (refused.status_code, words in refused.json()["errors"]["people"][0]) == (400, True)


def test_cover_is_arranged_at_once_and_is_a_swap(ana, dev):
    made = ana.post("/api/v1/schedules/shop/cover/", HERE | {"by_person": "bo@example.com", "reason": "Flight"})
    assert made.status_code == 201
    assert [one["people"] for one in made.json()["overrides"]] == [["bo@example.com"]]
    assert ana.get(f"/api/v1/swaps/{made.json()['swap']}/").json()["state"] == "taken"
    written = ana.get("/api/v1/schedules/shop/").json()["overrides"]
    assert written[0]["swap"] == made.json()["swap"]
    removed = ana.delete(f"/api/v1/schedules/shop/overrides/{made.json()['overrides'][0]['id']}/")
    assert (removed.status_code, "take it back there" in removed.json()["detail"]) == (409, True)


def test_a_shadow_is_added_and_ended(ana, people):
    made = ana.post("/api/v1/schedules/shop/shadows/", {"seat": "dev", "person": "di@example.com"})
    assert (made.status_code, made.json()["person"], made.json()["end"]) == (201, "di@example.com", None)
    assert ana.get("/api/v1/schedules/shop/shadows/").json()["results"] == [made.json()]
    twice = ana.post("/api/v1/schedules/shop/shadows/", {"seat": "dev", "person": "di@example.com", "start": TUESDAY})
    assert (twice.status_code, "Di shadows dev then already" in twice.json()["detail"]) == (409, True)
    assert ana.delete(f"/api/v1/schedules/shop/shadows/{made.json()['id']}/").status_code == 204
    assert not Shadow.objects.exists()


def test_viewers_read_and_change_nothing(ana, dev):
    swap = ana.post("/api/v1/swaps/", NIGHT).json()
    viewer = api("viewer")
    for address in ("swaps/", f"swaps/{swap['id']}/", "leave/", "schedules/shop/overrides/", "schedules/shop/shadows/"):
        assert viewer.get(f"/api/v1/{address}").status_code == 200
    calls = {
        "swaps/": NIGHT,
        f"swaps/{swap['id']}/take/": {},
        f"swaps/{swap['id']}/take-back/": {},
        f"swaps/{swap['id']}/give-back/": {},
        "leave/": {"start": TUESDAY, "end": WEDNESDAY},
        "schedules/shop/overrides/": HERE | {"people": ["bo@example.com"]},
        "schedules/shop/cover/": HERE | {"person": "ana@example.com", "by_person": "bo@example.com"},
        "schedules/shop/shadows/": {"seat": "dev"},
    }
    assert {address: viewer.post(f"/api/v1/{address}", body).status_code for address, body in calls.items()} == (
        dict.fromkeys(calls, 403)
    )
    assert worked(dev, 7) == [("Ana", 0, 168)]


def test_what_belongs_to_another_schedule_is_not_there(ana):
    for part in ("overrides", "shadows", "cover"):
        assert ana.post(f"/api/v1/schedules/shoe/{part}/", HERE).status_code in (400, 404)
    assert ana.get("/api/v1/schedules/shoe/overrides/").status_code == 404
    assert ana.delete("/api/v1/schedules/shop/overrides/999/").status_code == 404


def test_somebody_without_a_shift_hears_that_they_have_none(dev):
    stranger = api(person=PersonFactory(name="Zoe"))
    refused = stranger.post("/api/v1/swaps/", NIGHT)
    assert "Zoe has no shift to come there" in refused.json()["errors"]["start"][0]
