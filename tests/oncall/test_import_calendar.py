"""Importing a calendar through the service, the API and the page: all of it or nothing, and only what was previewed."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall import calendars, services
from oncall.definition import parse_definition
from oncall.models import Layer, Override, Schedule, Shift
from oncall.services.calendar_import import import_calendar
from tests.factories import PersonFactory
from tests.oncall.calendars import GOOGLE, GRAFANA, PAGERDUTY, calendar, event
from tests.oncall.personas import api, browser
from tests.oncall.random_rotas import random_definition

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ADDRESS = "/api/v1/schedules/shop/import/"
PAGE = "/schedules/shop/import/"
ZOE = calendar(event("DTSTART:20260602T090000Z", "DTEND:20260603T090000Z", summary="Zoe"))


@pytest.fixture
def clock(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def people(clock):
    named = {"ana": "Ana Silva", "bo": "Bo Berg", "cy": "Cy"}
    return {key: PersonFactory(email=f"{key}@example.com", name=name) for key, name in named.items()}


@pytest.fixture
def schedule(people):
    layer = {"kind": "weekly", "start": "2026-05-25T09:00", "participants": [["cy@example.com"]], "priority": 3}
    definition = {"timezone": "UTC", "seats": [{"name": "dev", "layers": [layer]}, {"name": "ops", "layers": []}]}
    return services.save_schedule(slug="shop", name="Shop", definition=parse_definition(definition))


def take(schedule, text, as_="overrides", seat="dev", **options):
    options = {"people": {}, "by": None} | options
    return import_calendar(schedule=schedule, seat=schedule.seats.get(name=seat), text=text, as_=as_, **options)


def on_call(seat="dev"):
    rows = Shift.objects.filter(seat__name=seat).select_related("person").order_by("during")
    return [f"{r.during.lower:%m-%d %H} – {r.during.upper:%m-%d %H} {r.person.email.split('@')[0]}" for r in rows]


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Override, Layer, Shift, Schedule)]


def test_overrides_take_the_seat_from_whoever_was_due(schedule):
    made = take(schedule, PAGERDUTY)
    assert len(made.overrides) == 2
    assert on_call()[:3] == ["06-01 00 – 06-01 09 cy", "06-01 09 – 06-08 09 ana", "06-08 09 – 06-15 09 bo"]
    assert {override.reason for override in Override.objects.all()} == {"Imported from a calendar"}


def test_layers_stand_above_those_that_are_there(schedule):
    take(schedule, GRAFANA, as_="layer")
    assert [layer.priority for layer in Layer.objects.order_by("position")] == [3, 4, 4]
    assert "06-01 00 – 06-01 12 ana" in on_call()
    assert "06-01 12 – 06-02 00 cy" in on_call()
    assert "06-02 00 – 06-02 12 bo" in on_call()


@pytest.mark.parametrize("as_", ["overrides", "layer"])
def test_the_same_file_again_makes_nothing_again(schedule, as_):
    options = {"as_": as_, "until": NOW + 60 * DAY}
    take(schedule, GOOGLE, **options)
    before = everything()
    made = take(schedule, GOOGLE, **options)
    assert (made.overrides, made.layers) == ((), ())
    assert everything() == before


@pytest.mark.parametrize("text", ["hello", ZOE, "", calendar(event("DTSTART:20260602T090000Z", "RRULE:FREQ=DAILY"))])
def test_what_is_refused_leaves_nothing_behind(schedule, text):
    before = everything()
    with pytest.raises(InvalidInput):
        take(schedule, text)
    assert everything() == before


def test_beside_an_exclusive_override_it_is_refused_whole(schedule, people):
    seat = schedule.seats.get(name="dev")
    times = {"start": NOW + 8 * DAY, "end": NOW + 9 * DAY}
    services.add_override(seat=seat, people=[people["cy"]], by=None, exclusive=True, **times)
    before = everything()
    with pytest.raises(Conflict, match="exclusive"):
        take(schedule, PAGERDUTY)
    assert everything() == before


def test_viewers_may_not(schedule):
    viewer = PersonFactory(role="viewer")
    with pytest.raises(Forbidden):
        take(schedule, PAGERDUTY, by=viewer)
    assert api(person=viewer).post(ADDRESS, {"text": PAGERDUTY, "seat": "dev", "as": "overrides"}).status_code == 403
    assert browser(person=viewer).get(PAGE).status_code == 403


def test_a_thousand_events_are_stored_in_few_statements(schedule, django_assert_max_num_queries):
    events = [
        event(
            f"DTSTART:{NOW + n * DAY / 8:%Y%m%dT%H%M%SZ}",
            "DURATION:PT3H",
            uid=str(n),
            summary="Cy" if n % 2 else "Bo Berg",
        )
        for n in range(1000)
    ]
    with django_assert_max_num_queries(60):
        assert len(take(schedule, calendar(*events)).overrides) == 1000


@pytest.mark.parametrize("seed", range(6))
def test_what_was_exported_and_is_imported_as_overrides_gives_equal_shifts(people, clock, seed):
    emails = [person.email for person in people.values()]
    definition = parse_definition(random_definition(Random(seed), emails, NOW))
    services.save_schedule(slug="from", name="From", definition=definition)
    empty = parse_definition({"timezone": "UTC", "seats": [{"name": name, "layers": []} for name in ("dev", "ops")]})
    schedule = services.save_schedule(slug="to", name="To", definition=empty)
    key = calendars.key_of(people["ana"])
    for seat in ("dev", "ops"):
        feed = Client().get("/api/v1/schedules/from.ics", {"key": key, "seat": seat}).content.decode()
        take(schedule, feed, seat=seat)
    assert _shifts("to") == _shifts("from")


def _shifts(slug):
    window = {"since": NOW.isoformat(), "until": (NOW + 180 * DAY).isoformat()}
    seats = api().get(f"/api/v1/schedules/{slug}/shifts", window).json()["seats"]
    for seat in seats.values():
        for shift in seat["shifts"]:
            shift["people"] = sorted(shift["people"])
    return seats


# Through the API.


def test_the_api_takes_text_and_says_what_it_made(schedule):
    answer = api("responder").post(ADDRESS, {"text": GOOGLE, "seat": "dev", "as": "layer"})
    assert answer.status_code == 201
    told = answer.json()
    assert told["layers"][0] == {
        "kind": "weekly", "every": 2, "start": "2026-06-01T09:00", "priority": 4, "timezone": "Europe/Berlin",
        "participants": [["ana@example.com"]], "advance": "handoff", "duration": "P7D", "until": "2026-06-08T09:00",
    }  # fmt: skip
    assert [one["people"] for one in told["overrides"]] == [["bo@example.com"], ["bo@example.com", "ana@example.com"]]


def test_the_api_takes_a_file(schedule):
    file = SimpleUploadedFile("shop.ics", b"\xef\xbb\xbf" + ZOE.encode(), "text/calendar")
    body = {"file": file, "seat": "ops", "as": "overrides", "people": json.dumps({"Zoe": "cy@example.com"})}
    answer = api("responder").post(ADDRESS, body, format="multipart")
    assert answer.status_code == 201, answer.content
    assert on_call("ops") == ["06-02 09 – 06-03 09 cy"]


def test_a_dry_run_stores_nothing_and_says_whose_shifts_alter(schedule):
    before = everything()
    answer = api("responder").post(ADDRESS, {"text": PAGERDUTY, "seat": "dev", "as": "overrides", "dry_run": True})
    assert answer.status_code == 200
    assert [change["person"] for change in answer.json()["changes"]] == [
        "ana@example.com",
        "bo@example.com",
        "cy@example.com",
    ]
    assert answer.json()["changes"][0]["gained"] == [{"start": "2026-06-01T09:00:00Z", "end": "2026-06-08T09:00:00Z"}]
    assert everything() == before


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"text": ZOE}, "people", "“Zoe”"),
        ({"text": ZOE, "dry_run": True}, "people", "“Zoe”"),
        ({"text": "hello"}, "text", "not iCalendar"),
        ({"text": PAGERDUTY, "seat": "night"}, "seat", "“night” is no seat of shop"),
        ({"text": PAGERDUTY, "as": "magic"}, "as", "overrides, layer"),
        ({"text": PAGERDUTY, "people": ["Ana"]}, "people", "object of e-mail addresses"),
        ({"text": PAGERDUTY, "people": {"Zoe": "who@example.com"}}, "people", "“who@example.com”"),
        ({"text": PAGERDUTY, "until": "2026-06-05T00:00"}, "until", "no offset"),
        ({"text": PAGERDUTY, "until": "2036-06-05T00:00Z"}, "until", "within three years"),
        ({}, "text", "one of the two"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_field(schedule, body, field, said):
    before = everything()
    answer = api("responder").post(ADDRESS, {"seat": "dev", "as": "overrides"} | body)
    assert answer.status_code == 400
    assert said in " ".join(answer.json()["errors"][field])
    assert everything() == before


def test_ten_megabytes_are_refused_before_they_are_read(schedule):
    big = "BEGIN:VCALENDAR\r\n" + "X" * 10_000_000
    client = api("responder")
    for answer in (
        client.post(ADDRESS, {"text": big, "seat": "dev", "as": "overrides"}),
        client.post(
            ADDRESS,
            {"file": SimpleUploadedFile("a.ics", big.encode()), "seat": "dev", "as": "overrides"},
            format="multipart",
        ),
        client.post(
            ADDRESS,
            {"file": SimpleUploadedFile("a.ics", big[:1_100_000].encode()), "seat": "dev", "as": "overrides"},
            format="multipart",
        ),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
        assert "1 MB" in answer.json()["errors"]["text"][0]


def test_the_same_idempotency_key_imports_once(schedule):
    client, body = api("responder"), {"text": PAGERDUTY, "seat": "dev", "as": "overrides"}
    first = client.post(ADDRESS, body, headers={"Idempotency-Key": "one"})
    again = client.post(ADDRESS, body, headers={"Idempotency-Key": "one"})
    assert first.json() == again.json()
    assert Override.objects.count() == 2


# On the page.


def upload(client, text=ZOE, **fields):
    file = SimpleUploadedFile("shop.ics", text.encode() if isinstance(text, str) else text)
    return client.post(PAGE, {"file": file, "seat": "dev", "as_": "overrides", "step": "preview"} | fields)


def fields_of(answer):
    """What the form that was answered would send."""
    return {field.name: field.value() or "" for field in answer.context["form"] if field.name != "file"}


def test_the_page_asks_for_names_then_shows_what_changes_then_saves(schedule):
    client = browser("responder")
    assert "Import a calendar into Shop" in client.get(PAGE).content.decode()
    asked = upload(client)
    assert asked.status_code == 200
    assert "“Zoe” is" in asked.content.decode()
    assert asked.context["plan"] is None
    previewed = client.post(PAGE, fields_of(asked) | {"person_0": "ana@example.com", "step": "preview"})
    assert "This makes 1 override." in previewed.content.decode()
    assert "Ana Silva" in previewed.content.decode()
    assert not Override.objects.exists()
    saved = client.post(PAGE, fields_of(previewed) | {"step": "save"}, follow=True)
    assert saved.redirect_chain == [("/schedules/shop/", 302)]
    assert "Imported: 1 override." in saved.content.decode()
    assert "06-02 09 – 06-03 09 ana" in on_call()


def test_names_may_be_left_out_on_the_page(schedule):
    client = browser("responder")
    asked = upload(client)
    previewed = client.post(PAGE, fields_of(asked) | {"step": "preview"})
    assert "This makes nothing." in previewed.content.decode()


FOR_EVER = calendar(event("DTSTART:20260602T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", summary="Cy"))


def test_a_file_that_is_not_text_is_refused_in_words(schedule):
    file = SimpleUploadedFile("a.ics", b"\xff\xfe\x00")
    answer = api("responder").post(ADDRESS, {"file": file, "seat": "dev", "as": "overrides"}, format="multipart")
    assert answer.json()["errors"] == {"file": ["This file is not text in UTF-8; export it as .ics."]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "not iCalendar"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        ("X" * 1_000_001, "1.0 MB; use 1 MB at most"),
        (FOR_EVER, "repeats for ever"),
    ],
)
def test_the_page_says_what_is_wrong_at_the_file(schedule, text, said):
    answer = upload(browser("responder"), text)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["file"])


def test_without_a_file_the_page_asks_for_one(schedule):
    answer = browser("responder").post(PAGE, {"seat": "dev", "as_": "overrides"})
    assert answer.status_code == 422
    assert "Choose the file" in answer.content.decode()
