"""Joining and leaving a stored rotation: through the services, and through the API with a preview."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Event
from oncall import services
from oncall.definition import parse_definition, to_json
from oncall.models import Shift
from tests.factories import PersonFactory

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
URL = "/api/v1/schedules/shop/rotations/"


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY + 2 * DAY, tick=False) as clock:
        yield clock


@pytest.fixture
def people(db, clock):
    return {name: PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo", "cy", "di")}


@pytest.fixture
def schedule(people):
    return save("ana", "bo", "cy")


def save(*groups, schedule=None, **fields):
    named = [[f"{name}@example.com" for name in group.split("+")] for group in groups]
    layer = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": named} | fields
    definition = parse_definition({"timezone": "UTC", "seats": [{"name": "dev", "layers": [layer]}]})
    return services.save_schedule(slug="shop", name="Shop", definition=definition, schedule=schedule)


def layer_of(schedule, index=0):
    return schedule.seats.get().layers.all()[index]


def weeks(schedule, many=7):
    found = Shift.objects.filter(seat__schedule=schedule, during__endswith__gt=MONDAY).order_by("during")
    return [shift.person.name for shift in found[:many]]


def told():
    return {event.payload["person"] for event in Event.objects.filter(type="shift.changed")}


def test_a_joiner_comes_after_everybody_else_and_what_is_under_way_stands(schedule, people):
    assert weeks(schedule) == ["Ana", "Bo", "Cy", "Ana", "Bo", "Cy", "Ana"]
    services.join_rotation(layer=layer_of(schedule), person=people["di"], by=people["ana"])
    assert weeks(schedule) == ["Ana", "Bo", "Cy", "Ana", "Di", "Bo", "Cy"]
    assert told() == {person.pk for person in people.values()}


def test_a_leaver_is_passed_over_from_the_date_on_and_only_whose_shifts_change_are_told(schedule, people):
    services.leave_rotation(layer=layer_of(schedule), person=people["cy"], at=MONDAY + 3 * WEEK, by=people["cy"])
    assert weeks(schedule) == ["Ana", "Bo", "Cy", "Ana", "Bo", "Ana", "Bo"]
    assert people["di"].pk not in told()
    assert people["cy"].pk in told()


def test_who_leaves_before_a_planned_join_is_gone_after_it_too(schedule, people):
    services.join_rotation(layer=layer_of(schedule), person=people["di"], at=MONDAY + 4 * WEEK, by=None)
    services.leave_rotation(layer=layer_of(schedule), person=people["cy"], at=MONDAY + 2 * WEEK, by=None)
    assert weeks(schedule, 8)[:2] == ["Ana", "Bo"]
    assert "Cy" not in weeks(schedule, 20)
    assert set(weeks(schedule, 20)[4:]) == {"Ana", "Bo", "Di"}


def test_who_joins_before_a_planned_leave_stays_after_it(schedule, people):
    services.leave_rotation(layer=layer_of(schedule), person=people["cy"], at=MONDAY + 4 * WEEK, by=None)
    services.join_rotation(layer=layer_of(schedule), person=people["di"], at=MONDAY + 2 * WEEK, by=None)
    assert set(weeks(schedule, 20)[5:]) == {"Ana", "Bo", "Di"}


def test_joining_beside_somebody_tells_only_the_one_who_joins(schedule, people):
    services.join_rotation(layer=layer_of(schedule), person=people["di"], beside=people["bo"], by=None)
    assert weeks(schedule, 4) == ["Ana", "Bo", "Di", "Cy"]
    assert told() == {people["di"].pk}


def test_layers_that_are_over_go_with_the_next_change(schedule, people, clock):
    services.join_rotation(layer=layer_of(schedule), person=people["di"], by=None)
    assert schedule.seats.get().layers.count() == 2
    clock.move_to(MONDAY + 2 * WEEK)
    services.leave_rotation(layer=layer_of(schedule, 1), person=people["di"], at=MONDAY + 5 * WEEK, by=None)
    definition = services.load_definition(schedule)
    assert [len(layer.participants) for layer in definition.seats[0].layers] == [4, 3]
    assert weeks(schedule) == ["Ana", "Bo", "Cy", "Ana", "Di", "Bo", "Cy"]


def test_the_last_one_cannot_leave_and_nothing_is_half_saved(people):
    schedule = save("ana")
    before = to_json(services.load_definition(schedule))
    with pytest.raises(InvalidInput, match="the only one in this rotation; let somebody join first"):
        services.leave_rotation(layer=layer_of(schedule), person=people["ana"], by=None)
    assert to_json(services.load_definition(schedule)) == before


def test_a_rotation_that_ends_before_its_next_handoff_is_not_changed(people):
    schedule = save("ana", "bo", until="2026-06-08T09:00")
    with pytest.raises(Conflict, match="ends before its next handoff"):
        services.join_rotation(layer=layer_of(schedule), person=people["cy"], by=None)


def test_what_has_passed_is_a_record(schedule, people):
    with pytest.raises(InvalidInput, match="2026-06-02 09:00 has passed"):
        services.join_rotation(layer=layer_of(schedule), person=people["di"], at=MONDAY + DAY, by=None)


def test_who_is_gone_cannot_join_and_can_leave(schedule, people):
    people["di"].is_active = False
    people["di"].save()
    with pytest.raises(InvalidInput, match="Di is no longer active"):
        services.join_rotation(layer=layer_of(schedule), person=people["di"], by=None)
    people["cy"].is_active = False
    people["cy"].save()
    services.leave_rotation(layer=layer_of(schedule), person=people["cy"], by=None)
    assert weeks(schedule, 4) == ["Ana", "Bo", "Ana", "Bo"]


def test_viewers_change_nothing(schedule, people):
    with pytest.raises(Forbidden):
        services.join_rotation(layer=layer_of(schedule), person=people["di"], by=PersonFactory(role="viewer"))


def test_the_api_tells_what_would_change_before_it_is_saved(schedule, people, api):
    client = api(people["ana"])
    asked = {"seat": "dev", "join": "di@example.com", "at": "2026-06-03T12:00Z"}
    seen = client.post(URL, asked | {"dry_run": True}, format="json").json()
    assert (seen["saved"], seen["from"]) == (False, "2026-06-08T09:00:00Z")
    di = next(change for change in seen["changes"] if change["person"] == "di@example.com")
    assert di["gained"][0] == {"start": "2026-06-29T09:00:00Z", "end": "2026-07-06T09:00:00Z"}
    assert weeks(schedule, 5) == ["Ana", "Bo", "Cy", "Ana", "Bo"]
    done = client.post(URL, asked, format="json").json()
    assert done == seen | {"saved": True}
    assert weeks(schedule, 5) == ["Ana", "Bo", "Cy", "Ana", "Di"]
    stands = client.get("/api/v1/schedules/shop/").json()
    assert stands == done["definition"]
    assert [layer["participants"] for layer in stands["seats"][0]["layers"]] == [
        [["ana@example.com"], ["bo@example.com"], ["cy@example.com"]],
        [["bo@example.com"], ["cy@example.com"], ["ana@example.com"], ["di@example.com"]],
    ]


def test_the_api_lets_somebody_leave(schedule, people, api):
    answer = api(people["ana"]).post(URL, {"seat": "dev", "layer": 0, "leave": "bo@example.com"}, format="json")
    assert answer.status_code == 200
    assert weeks(schedule, 4) == ["Ana", "Cy", "Ana", "Cy"]


def test_a_change_after_one_that_is_to_come_finds_the_rotation_that_goes_on_then(schedule, people, api):
    client = api(people["ana"])
    client.post(URL, {"seat": "dev", "join": "di@example.com", "at": "2026-06-03T12:00Z"}, format="json")
    answer = client.post(URL, {"seat": "dev", "leave": "cy@example.com", "at": "2026-06-20T12:00Z"}, format="json")
    assert answer.status_code == 200
    assert weeks(schedule, 6) == ["Ana", "Bo", "Cy", "Ana", "Di", "Bo"]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"seat": "dev"}, "join", "Name one person"),
        ({"seat": "dev", "join": "di@example.com", "leave": "bo@example.com"}, "join", "Name one person"),
        ({"seat": "dev", "leave": "bo@example.com", "beside": "cy@example.com"}, "beside", "Only who joins"),
        ({"seat": "opps", "join": "di@example.com"}, "seat", "“opps” is no seat of shop; use dev."),
        ({"seat": "dev", "layer": 1, "join": "di@example.com"}, "layer", "1 is no layer of dev"),
        ({"seat": "dev", "join": "eve@example.com"}, "join", "Nobody here has the address “eve@example.com”"),
        ({"seat": "dev", "join": "bo@example.com"}, "join", "takes turns in this rotation already"),
        ({"seat": "dev", "leave": "di@example.com"}, "leave", "takes no turns in this rotation"),
        ({"seat": "dev", "join": "di@example.com", "beside": "di@example.com"}, "join", "“di@example.com” takes no"),
        ({"seat": "dev", "join": "di@example.com", "at": "2026-06-01T09:00Z"}, "at", "has passed"),
        ({"seat": "dev", "join": "di@example.com", "at": "soon"}, "at", "soon"),
        ({"join": "di@example.com"}, "seat", "required"),
    ],
)
def test_the_api_says_what_is_wrong(schedule, people, api, *, asked, field, said):
    answer = api(people["ana"]).post(URL, asked, format="json")
    assert answer.status_code == 400
    assert said in str(answer.json()["errors"][field])
    assert weeks(schedule, 3) == ["Ana", "Bo", "Cy"]
