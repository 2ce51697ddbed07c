"""Joining and leaving a rotation on the web, seen before it is saved."""

from datetime import UTC, datetime

import pytest
import time_machine

from oncall.definition import parse_definition
from oncall.models import LayerParticipant, Shift
from oncall.services import save_schedule
from tests.factories import PersonFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
PATH = "/schedules/shop/rotations/"


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    return {name: PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo", "eve")}


@pytest.fixture
def shop(people):
    """Ana and Bo take turns of a week."""
    turns = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": [["ana@example.com"], ["bo@example.com"]]}
    definition = {"timezone": "UTC", "seats": [{"name": "dev", "layers": [turns]}]}
    return save_schedule(slug="shop", name="Shop", definition=parse_definition(definition))


@pytest.fixture
def client():
    return browser("responder")


def post(client, schedule, person, act="join", step="save", **changed):
    layer = schedule.seats.get().layers.get()
    fields = {"act": act, "layer": layer.pk, "person": person.pk, "beside": "", "at": "", "step": step}
    return client.post(PATH, fields | changed)


def on_duty(day):
    return [str(shift.person) for shift in Shift.objects.at(datetime(2026, 6, day, 12, tzinfo=UTC))]


def test_the_rotations_are_named_by_those_who_take_turns(client, shop):
    assert "Dev: Ana, Bo" in client.get(PATH).text


def test_whoever_joins_is_seen_before_it_is_saved(client, shop, people):
    page = post(client, shop, people["eve"], step="preview").text
    assert "It counts from the handoff on <strong>Mon 8 Jun 2026, 09:00</strong>" in page
    assert "gains 22 Jun, 09:00 – 29 Jun, 09:00" in page
    assert "lanes__bar--mine" in page  # the weeks in which it differs are drawn
    assert not LayerParticipant.objects.filter(person=people["eve"]).exists()
    assert post(client, shop, people["eve"]).url == "/schedules/shop/"
    assert [on_duty(day) for day in (3, 9, 16, 23)] == [["Ana"], ["Bo"], ["Ana"], ["Eve"]]


def test_one_may_share_the_turns_of_another(client, shop, people):
    post(client, shop, people["eve"], beside=people["bo"].pk)
    assert sorted(on_duty(9)) == ["Bo", "Eve"]
    assert on_duty(16) == ["Ana"]


def test_whoever_leaves_keeps_what_was_agreed_before_the_day(client, shop, people):
    post(client, shop, people["bo"], act="leave", at="2026-06-12T00:00")
    assert [on_duty(day) for day in (9, 16, 23)] == [["Bo"], ["Ana"], ["Ana"]]


@pytest.mark.parametrize(
    "mistake",
    [("join", "ana", "takes turns in this rotation already"), ("leave", "eve", "eve@example.com")],
)
def test_what_does_not_fit_is_said_at_the_person(client, shop, people, mistake):
    act, name, said = mistake
    for step in ("preview", "save"):
        page = post(client, shop, people[name], act=act, step=step)
        assert page.status_code == 422
        assert said in page.context["form"].errors["person"][0]


def test_a_day_that_has_passed_is_refused_at_its_field(client, shop, people):
    page = post(client, shop, people["eve"], at="2026-06-01T00:00")
    assert page.status_code == 422
    assert "has passed" in page.context["form"].errors["at"][0]


def test_a_day_years_ahead_is_previewed_around_its_handoff(client, shop, people):
    page = post(client, shop, people["eve"], at="2180-06-01T00:00", step="preview")
    assert "Jun 2180" in page.text
    assert "Eve" in page.text


def test_viewers_change_no_rotation(shop, people):
    assert post(browser("viewer"), shop, people["eve"]).status_code == 403
