"""Swaps on the web: offered from one's own shift, taken with one button; cover and shadows beside them."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from oncall import services
from oncall.definition import parse_definition
from oncall.models import Shadow, Shift, Swap
from oncall.services import add_leave, offer_swap, save_schedule, take_swap
from tests.factories import ContactMethodFactory, PersonFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
FRIDAY, SATURDAY = (datetime(2026, 6, day, 9, tzinfo=UTC) for day in (5, 6))
NEXT_WEEK = datetime(2026, 6, 8, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    found = {name: PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo", "eve")}
    for person in found.values():
        ContactMethodFactory(person=person)
    return found


@pytest.fixture
def shop(people):
    """Ana has this week on Dev, Bo the next; Eve has Ops."""

    def weekly(*names):
        turns = [[f"{name}@example.com"] for name in names]
        return {"kind": "weekly", "start": "2026-06-01T09:00", "participants": turns}

    seats = [{"name": "dev", "layers": [weekly("ana", "bo")]}, {"name": "ops", "layers": [weekly("eve")]}]
    return save_schedule(slug="shop", name="Shop", definition=parse_definition({"timezone": "UTC", "seats": seats}))


@pytest.fixture
def ana(people):
    return browser(person=people["ana"])


@pytest.fixture
def bo(people):
    return browser(person=people["bo"])


@pytest.fixture
def swap(shop, people):
    return offer_swap(
        seat=shop.seats.get(name="dev"), person=people["ana"], start=FRIDAY, end=SATURDAY, note="A wedding", by=None
    )


def on_duty(at, seat="dev"):
    return [str(shift.person) for shift in Shift.objects.at(at).filter(seat__name=seat)]


def at(swap, do=""):
    return f"/schedules/shop/swaps/{swap.pk}/{do}"


def test_ones_own_bar_leads_to_the_offer_of_that_shift(shop, ana):
    page = ana.get("/schedules/shop/").text
    link = "/schedules/shop/swaps/new/?" + urlencode(
        {"seat": "dev", "start": NOW.isoformat(), "end": NEXT_WEEK.isoformat()}
    )
    assert link.replace("&", "&amp;") in page
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        form = ana.get(link)
    assert 'value="2026-06-03T12:00"' in form.text  # what is over is not offered
    assert 'value="2026-06-08T09:00"' in form.text


def test_a_part_of_a_shift_is_offered(shop, ana, people):
    fields = {"seat": "dev", "start": "2026-06-05T09:00", "end": "2026-06-06T09:00", "note": "A wedding"}
    answer = ana.post("/schedules/shop/swaps/new/", fields)
    swap = Swap.objects.get()
    assert (answer.status_code, answer.url) == (302, at(swap))
    assert (swap.person, swap.start, swap.end, swap.note) == (people["ana"], FRIDAY, SATURDAY, "A wedding")
    assert on_duty(FRIDAY) == ["Ana"]


def test_what_is_not_ones_own_cannot_be_offered_and_the_form_keeps_what_was_typed(shop, bo):
    fields = {"seat": "dev", "start": "2026-06-05T09:00", "end": "2026-06-06T09:00", "note": "A wedding"}
    page = bo.post("/schedules/shop/swaps/new/", fields)
    assert page.status_code == 422
    assert "Bo is not on call on dev for all of that time." in page.text
    assert 'value="A wedding"' in page.text
    assert not Swap.objects.exists()


def test_whoever_has_no_shift_is_told_what_else_to_do(shop):
    page = browser("responder").get("/schedules/shop/swaps/new/").text
    assert "You have no shifts here to offer" in page
    assert "use Cover" in page


def test_a_swap_says_who_gains_and_who_gives_up_before_one_button_takes_it(swap, bo):
    page = bo.get(at(swap)).text
    assert "A wedding" in page
    assert "gains 5 Jun, 09:00 – 6 Jun, 09:00" in page
    assert "gives up 5 Jun, 09:00 – 6 Jun, 09:00" in page
    assert len(re.findall("answer__button", page)) == 1
    assert bo.post(at(swap, "take/")).url == at(swap)
    assert on_duty(FRIDAY) == ["Bo"]
    assert on_duty(SATURDAY) == ["Ana"]
    assert "stands in for Ana" in bo.get(at(swap)).text


def test_an_open_swap_is_drawn_dashed_under_its_seat_and_leads_to_itself(swap, bo):
    page = bo.get("/schedules/shop/").text
    assert "Dev, up for taking" in page
    assert f'<a href="{at(swap)}" aria-label="Dev, up for taking: Ana: offered, Fri 5 Jun 09:00' in page
    services.take_swap(swap=swap, by=bo.person)
    page = bo.get("/schedules/shop/").text
    assert "Dev, up for taking" not in page
    assert f'<a href="{at(swap)}" aria-label="Dev: Bo for Ana, Fri 5 Jun 09:00' in page


def test_needing_cover_says_why(shop, people, bo):
    add_leave(person=people["ana"], start=FRIDAY, end=SATURDAY, by=people["ana"])
    assert "needs cover: on leave" in bo.get("/schedules/shop/").text
    assert "Ana: on leave" in bo.get("/schedules/shop/").text


def test_it_is_taken_back_and_given_back(swap, ana, bo):
    take_swap(swap=swap, by=bo.person)
    assert "Take back" in ana.get(at(swap)).text
    assert "Give back" in bo.get(at(swap)).text
    bo.post(at(swap, "give-back/"))
    assert on_duty(FRIDAY) == ["Ana"]
    assert "answer__button" in bo.get(at(swap)).text
    ana.post(at(swap, "take-back/"))
    page = bo.get(at(swap))
    assert "answer__button" not in page.text
    assert "Ana took it back" in page.text


def test_whoever_is_slower_is_told_who_was_faster(swap, bo, people):
    take_swap(swap=swap, by=people["eve"])
    page = bo.post(at(swap, "take/"), follow=True).text
    assert "Eve took it" in page
    assert on_duty(FRIDAY) == ["Eve"]


def test_one_is_warned_of_being_on_call_elsewhere_then(swap, people):
    page = browser(person=people["eve"]).get(at(swap)).text
    assert "You are on call then already: Ops on Shop" in page
    assert "answer__button" in page


def test_nobody_takes_their_own_swap_and_viewers_take_none(swap, ana):
    assert "answer__button" not in ana.get(at(swap)).text
    viewer = browser("viewer")
    assert "answer__button" not in viewer.get(at(swap)).text
    assert viewer.post(at(swap, "take/")).status_code == 403


def test_a_swap_of_another_schedule_is_not_found_here(swap, bo):
    assert bo.get(f"/schedules/other/swaps/{swap.pk}/").status_code == 404


COVER = {"seat": "dev", "start": "2026-06-05T09:00", "end": "2026-06-06T09:00", "reason": "Ill"}


def test_cover_is_seen_before_it_is_saved(shop, bo, people):
    fields = COVER | {"person": people["ana"].pk, "by_person": people["bo"].pk}
    page = bo.post("/schedules/shop/cover/", fields | {"step": "preview"})
    assert "gains 5 Jun, 09:00 – 6 Jun, 09:00" in page.text
    assert on_duty(FRIDAY) == ["Ana"]
    assert bo.post("/schedules/shop/cover/", fields | {"step": "save"}).url == "/schedules/shop/"
    assert on_duty(FRIDAY) == ["Bo"]


def test_cover_for_somebody_who_is_not_on_call_is_refused_before_and_after(shop, bo, people):
    fields = COVER | {"person": people["eve"].pk, "by_person": people["bo"].pk}
    page = bo.post("/schedules/shop/cover/", fields | {"step": "preview"}).text
    assert "Eve is not on call on dev in that time." in page
    assert 'value="save"' not in page
    answer = bo.post("/schedules/shop/cover/", fields | {"step": "save"})
    assert answer.status_code == 422
    assert 'value="Ill"' in answer.text


def test_somebody_elses_bar_leads_to_covering_for_them(shop, bo, people):
    page = bo.get("/schedules/shop/").text
    assert "/schedules/shop/cover/?seat=dev&amp;start=2026-06-03T10%3A00%3A00%2B00%3A00" in page
    form = bo.get(f"/schedules/shop/cover/?seat=dev&person={people['ana'].pk}").text
    assert f'value="{people["ana"].pk}" selected' in form


def test_viewers_follow_no_bar(shop):
    page = browser("viewer").get("/schedules/shop/").text
    assert "/cover/?seat" not in page
    assert "/swaps/new/" not in page


def test_a_shadow_is_added_drawn_thin_and_ended(shop, bo, people):
    fields = {"seat": "dev", "person": people["eve"].pk, "start": "", "end": ""}
    assert bo.post("/schedules/shop/shadows/new/", fields).url == "/schedules/shop/"
    assert "Dev, shadowed by Eve" in bo.get("/schedules/shop/").text
    assert bo.post("/schedules/shop/shadows/new/", fields).status_code == 409
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        bo.post(f"/schedules/shop/shadows/{Shadow.objects.get().pk}/end/")
        assert "Nobody learns here now" in bo.get("/schedules/shop/").text


def test_a_shadow_that_ends_before_it_starts_is_refused_at_its_field(shop, bo, people):
    fields = {"seat": "dev", "person": people["eve"].pk, "start": "2026-06-06T09:00", "end": "2026-06-05T09:00"}
    page = bo.post("/schedules/shop/shadows/new/", fields)
    assert page.status_code == 422
    assert "is not after the start" in page.text
    assert not Shadow.objects.exists()


@pytest.mark.parametrize("page", ["override", "cover", "swaps/new", "shadows/new", "rotations"])
@pytest.mark.parametrize(
    "query",
    ["seat=none&start=x&end=9999-99-99", "start=0001-01-01T00:00%2B00:00&person=x", "end=9999-12-31T23:59-12:00"],
)
def test_forms_begin_with_something_whatever_the_address_says(shop, bo, page, query):
    assert bo.get(f"/schedules/shop/{page}/?{query}").status_code == 200


@pytest.mark.parametrize("step", ["preview", "save"])
@pytest.mark.parametrize("wrong", [{"start": "0001-01-01T00:00"}, {"end": "9999-12-31T23:59"}])
def test_times_of_other_ages_are_refused_at_their_field(shop, bo, people, step, wrong):
    fields = COVER | {"person": people["ana"].pk, "by_person": people["bo"].pk} | wrong
    answer = bo.post("/schedules/shop/cover/", fields | {"step": step})
    assert answer.status_code == 422
    assert "does not do; give one from 1971 to 2190" in answer.text


def test_an_override_of_many_years_is_previewed_all_the_same(shop, bo, people):
    fields = {"seat": "dev", "person": people["bo"].pk, "start": "2026-06-05T09:00", "end": "2180-06-05T09:00"}
    assert "gains 5 Jun, 09:00" in bo.post("/schedules/shop/override/", fields | {"step": "preview"}).text
