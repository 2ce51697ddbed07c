"""Schedules on the web: seen, made, changed with a preview, overridden and given back."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine

from notifications.models import ContactMethod
from oncall.models import Override, Person, Schedule, Shift
from tests.factories import ContactMethodFactory, PersonFactory, SeatFactory, ServiceFactory, ShiftFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
ANA, BO, EVE = "ana@example.com", "bo@example.com", "eve@example.com"
FORM = {
    "name": "Shop",
    "slug": "shop",
    "timezone": "Europe/London",
    "dev_rotation": "weekly",
    "dev_day": "0",
    "dev_time": "09:00",
    "dev_people": f"{ANA}\nBo",
    "ops_rotation": "daily",
    "ops_day": "0",
    "ops_time": "08:00",
    "ops_people": EVE,
}


@pytest.fixture(autouse=True)
def wednesday_with_people():
    with time_machine.travel(NOW, tick=False):
        for email in (ANA, BO, EVE):
            person = PersonFactory(email=email, name=email.split("@")[0].title())
            ContactMethodFactory(person=person)
        yield


@pytest.fixture
def client():
    return browser("responder")


def post(client, path, step="save", **fields):
    return client.post(path, fields | {"step": step})


@pytest.fixture
def shop(client):
    assert post(client, "/schedules/new/", **FORM).status_code == 302
    return Schedule.objects.get(slug="shop")


def on_duty(schedule, seat, at):
    return [str(s.person) for s in Shift.objects.at(at).filter(seat__schedule=schedule, seat__name=seat)]


def test_a_new_schedule_is_previewed_and_nothing_is_saved(client):
    page = post(client, "/schedules/new/", step="preview", **FORM)
    assert page.status_code == 200
    assert "What this changes" in page.text
    assert 'value="save"' in page.text
    assert not Schedule.objects.exists()


def test_a_new_schedule_begins_at_the_last_handoff(shop):
    assert on_duty(shop, "dev", NOW) == ["Ana"]
    assert on_duty(shop, "dev", datetime(2026, 6, 8, 7, 59, tzinfo=UTC)) == ["Ana"]
    assert on_duty(shop, "dev", datetime(2026, 6, 8, 8, tzinfo=UTC)) == ["Bo"]  # 09:00 in London in summer
    assert on_duty(shop, "ops", NOW) == ["Eve"]


def test_a_name_nobody_has_is_said_at_the_field(client):
    page = post(client, "/schedules/new/", **FORM | {"dev_people": "Zed\nAna"})
    assert page.status_code == 422
    assert "Nobody here is called “Zed”" in page.text
    assert not Schedule.objects.exists()


def test_an_unknown_zone_is_said_with_what_was_meant(client):
    page = post(client, "/schedules/new/", **FORM | {"timezone": "Europe/Londn"})
    assert page.status_code == 422
    assert "did you mean “Europe/London”?" in page.text


def test_adding_somebody_keeps_whoever_is_on_duty(client, shop):
    post(client, "/schedules/shop/edit/", **FORM | {"dev_people": "Bo\nEve\nAna"})
    assert on_duty(shop, "dev", NOW) == ["Ana"]
    assert on_duty(shop, "dev", datetime(2026, 6, 10, tzinfo=UTC)) == ["Bo"]


def test_the_form_comes_back_as_it_was_filled_in(client, shop):
    page = client.get("/schedules/shop/edit/").text
    assert f"{ANA}\n{BO}" in page
    assert 'value="09:00"' in page


def test_saving_it_again_changes_no_shift(client, shop):
    before = list(Shift.objects.values_list("pk", "person", "during"))
    post(client, "/schedules/shop/edit/", **FORM | {"name": "The shop"})
    assert list(Shift.objects.values_list("pk", "person", "during")) == before
    assert Schedule.objects.get().name == "The shop"


def test_what_the_form_cannot_show_is_edited_as_json(client, shop):
    page = client.get("/schedules/shop/edit/?as=json")
    definition = page.context["form"].initial["definition_json"]
    layered = json.loads(definition)
    layered["seats"][0]["layers"].append(layered["seats"][0]["layers"][0] | {"priority": 2, "kind": "daily"})
    fields = {"name": "Shop", "slug": "shop", "definition_json": json.dumps(layered)}
    assert post(client, "/schedules/shop/edit/?as=json", **fields).status_code == 302
    assert "definition_json" in client.get("/schedules/shop/edit/").context["form"].fields


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "This is not JSON"),
        ('{"timezone": "UTC", "seats": [{"name": "dev", "layers": [{"kind": "x"}]}]}', "seats[0].layers[0].kind"),
    ],
)
def test_errors_in_json_say_where(client, text, said):
    page = post(client, "/schedules/new/?as=json", name="S", slug="s", definition_json=text)
    assert page.status_code == 422
    assert said in page.text


def test_the_page_draws_three_timelines_and_a_table(client, shop):
    page = client.get("/schedules/shop/?weeks=2&since=2026-06-01").text
    assert len(re.findall('class="lanes"', page)) == 2  # no override yet
    assert "None in these weeks" in page
    assert '<th scope="col">Who</th>' in page
    assert "Ana" in page


def test_a_gap_leads_to_the_form_that_fills_it(client):
    seat = SeatFactory(schedule__slug="bare", name="ops")
    ShiftFactory(seat=seat, during=(NOW, datetime(2026, 6, 4, tzinfo=UTC)))
    Schedule.objects.update(resolved_until=datetime(2026, 9, 1, tzinfo=UTC))
    page = client.get("/schedules/bare/")
    assert "/schedules/bare/override/?seat=ops&amp;start=2026-06-04T00%3A00%3A00%2B00%3A00" in page.text


@pytest.mark.parametrize("query", ["?weeks=7", "?since=nonsense", "?since=0001-01-01", "?weeks=4&since=2026-10-20"])
def test_any_window_is_answered(client, shop, query):
    assert client.get(f"/schedules/shop/{query}").status_code == 200


def test_times_are_the_viewers_and_the_schedules_zone_is_named(client, shop):
    assert "Times in your zone, UTC; handoffs follow Europe/London." in client.get("/schedules/shop/").text
    client.person.timezone = "Europe/London"
    client.person.save()
    assert "Times and handoffs in Europe/London." in client.get("/schedules/shop/").text


def test_ones_own_bars_stand_out_and_each_person_has_a_shade(client, shop):
    ana = browser(person=Person.objects.get(email=ANA))
    page = ana.get("/schedules/shop/?weeks=2").text
    assert 'class="lanes__bar lanes__bar--dev lanes__bar--shade0 lanes__bar--mine"' in page
    assert 'class="lanes__bar lanes__bar--dev lanes__bar--shade1"' in page
    assert "lanes__bar--mine" not in client.get("/schedules/shop/").text


def override(client, step, **changed):
    eve = client.person
    fields = {"seat": "dev", "person": eve.pk, "start": "2026-06-04T00:00", "end": "2026-06-05T00:00", "reason": "away"}
    return post(client, "/schedules/shop/override/", step=step, **fields | changed)


def test_an_override_says_who_gains_and_who_gives_up_before_it_is_saved(client, shop):
    page = override(client, "preview")
    assert page.status_code == 200
    assert "gains 4 Jun, 00:00 – 5 Jun, 00:00" in page.text
    assert "gives up 4 Jun, 00:00 – 5 Jun, 00:00" in page.text
    assert not Override.objects.exists()


def test_an_override_is_saved_and_given_back(client, shop):
    noon = datetime(2026, 6, 4, 12, tzinfo=UTC)
    assert override(client, "save").status_code == 302
    assert on_duty(shop, "dev", noon) == ["Responder"]
    assert "away" in client.get("/schedules/shop/").text
    client.post(f"/schedules/shop/override/{Override.objects.get().pk}/remove/")
    assert on_duty(shop, "dev", noon) == ["Ana"]


def test_times_of_an_override_are_the_viewers(client, shop):
    client.person.timezone = "Asia/Tokyo"
    client.person.save()
    override(client, "save")
    assert Override.objects.get().start == datetime(2026, 6, 3, 15, tzinfo=UTC)


def test_an_override_that_ends_before_it_starts_is_refused(client, shop):
    page = override(client, "save", end="2026-06-03T00:00")
    assert page.status_code == 422
    assert "is not after the start" in page.text


def test_a_person_on_call_whom_nothing_reaches_is_a_warning(client, shop):
    assert "no working contact method" not in client.get("/schedules/shop/").text
    refused = ContactMethod.objects.get(person__email=ANA)
    refused.refused_at = NOW
    refused.save()
    assert "Ana is on call soon and has no working contact method" in client.get("/schedules/shop/").text


def test_the_list_says_who_is_on_now_and_next(client, shop):
    page = client.get("/schedules/").text
    assert page.index("Ana") < page.index("then")
    assert "Eve" in page


def test_a_schedule_in_use_is_not_deleted(client, shop):
    service = ServiceFactory(schedule=shop)
    assert service.slug in client.post("/schedules/shop/delete/", follow=True).text
    service.delete()
    client.post("/schedules/shop/delete/")
    assert not Schedule.objects.exists()


def test_shifts_are_read_by_calendar_programs(client, shop):
    page = client.get("/schedules/shop/")
    address = page.context["calendar_url"].split("/", 3)[3]
    text = browser("anonymous").get(f"/{address}").text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART:20260608T080000Z" in text
    assert browser("anonymous").get("/api/v1/schedules/shop.ics?key=1").status_code == 403
