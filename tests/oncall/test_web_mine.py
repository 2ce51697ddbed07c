"""My on-call: now and next, what one may give away or take, leave, and whether pages arrive."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from notifications.models import ContactMethod
from oncall.definition import parse_definition
from oncall.models import ContactRule, Leave, Swap
from oncall.services import add_shadow, offer_swap, save_schedule, take_swap
from tests.factories import ContactMethodFactory, PersonFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)  # a Wednesday
FRIDAY, SATURDAY = (datetime(2026, 6, day, 9, tzinfo=UTC) for day in (5, 6))


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    found = {name: PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo")}
    for person in found.values():
        ContactMethodFactory(person=person)
    return found


@pytest.fixture
def shop(people):
    """Ana has this week, Bo the next, and so on."""
    turns = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": [[p.email] for p in people.values()]}
    definition = {"timezone": "UTC", "seats": [{"name": "dev", "layers": [turns]}]}
    return save_schedule(slug="shop", name="Shop", definition=parse_definition(definition))


@pytest.fixture
def ana(people):
    return browser(person=people["ana"])


@pytest.fixture
def bo(people):
    return browser(person=people["bo"])


def test_it_says_whether_one_is_on_call_and_what_comes_next(shop, ana, bo):
    page = ana.get("/oncall/")
    assert "You are on call" in page.text
    assert [shift.during.lower.day for shift in page.context["next"]] == [15, 29]
    page = bo.get("/oncall/")
    assert "You are not on call now" in page.text
    assert [shift.during.lower.day for shift in page.context["next"]] == [8, 22]


def test_every_shift_can_be_offered(shop, ana):
    page = ana.get("/oncall/").text
    assert "Offer the rest" in page
    assert page.count("/schedules/shop/swaps/new/?seat=dev") == 3
    link = page.split('href="/schedules/shop/swaps/new/')[-1].split('"')[0].replace("&amp;", "&")
    assert 'value="2026-06-29T09:00"' in ana.get(f"/schedules/shop/swaps/new/{link}").text


def test_offers_of_others_on_ones_own_rotations_are_shown_until_taken(shop, ana, bo, people):
    swap = offer_swap(seat=shop.seats.get(), person=people["ana"], start=FRIDAY, end=SATURDAY, by=people["ana"])
    assert f"/schedules/shop/swaps/{swap.pk}/" in bo.get("/oncall/").text
    assert "You could take" in bo.get("/oncall/").text
    assert "You could take" not in browser("responder").get("/oncall/").text
    assert list(ana.get("/oncall/").context["given"]) == [swap]
    take_swap(swap=swap, by=people["bo"])
    page = bo.get("/oncall/")
    assert "You could take" not in page.text
    assert page.context["took"] == [swap]


def test_nothing_is_offered_to_those_who_are_away_or_viewers(shop, bo, people):
    offer_swap(seat=shop.seats.get(), person=people["ana"], start=FRIDAY, end=SATURDAY, by=None)
    Leave.objects.create(person=people["bo"], start=FRIDAY - timedelta(days=1), end=SATURDAY)
    assert "You could take" not in bo.get("/oncall/").text
    Leave.objects.all().delete()
    people["bo"].role = "viewer"
    people["bo"].save()
    assert "You could take" not in bo.get("/oncall/").text


def test_leave_is_whole_days_in_ones_own_zone_and_asks_for_cover(shop, ana, people):
    people["ana"].timezone = "Asia/Tokyo"
    people["ana"].save()
    assert (
        ana.post("/oncall/leave/", {"first": "2026-06-05", "last": "2026-06-06", "note": "Moving"}).status_code == 302
    )
    leave = Leave.objects.get()
    assert (leave.start, leave.end) == (datetime(2026, 6, 4, 15, tzinfo=UTC), datetime(2026, 6, 6, 15, tzinfo=UTC))
    page = ana.get("/oncall/").text
    assert "Fri 5 Jun 2026 – Sat 6 Jun 2026" in page
    assert "needs cover: on leave" in page
    ana.post(f"/oncall/leave/{leave.pk}/remove/")
    assert not Leave.objects.exists()
    assert not Swap.objects.takeable().exists()


def test_leave_that_ends_before_it_starts_is_refused_and_what_was_typed_stays(ana):
    page = ana.post("/oncall/leave/", {"first": "2026-06-06", "last": "2026-06-04", "note": "Moving"})
    assert page.status_code == 422
    assert "is not after the start" in page.text
    assert 'value="Moving"' in page.text
    assert not Leave.objects.exists()


@pytest.mark.parametrize("last", ["9999-12-31", "soon", "2199-01-01"])
def test_days_that_cannot_be_are_refused(ana, last):
    assert ana.post("/oncall/leave/", {"first": "2026-06-05", "last": last}).status_code == 422


def test_leave_twice_is_refused_with_the_days(ana):
    for status in (302, 409):
        answer = ana.post("/oncall/leave/", {"first": "2026-06-05", "last": "2026-06-06"})
        assert answer.status_code == status


def test_nobody_removes_the_leave_of_another(ana, people):
    leave = Leave.objects.create(person=people["bo"], start=FRIDAY, end=SATURDAY)
    assert ana.post(f"/oncall/leave/{leave.pk}/remove/").status_code == 404


def test_shadowing_is_listed(shop, people, bo):
    add_shadow(seat=shop.seats.get(), person=people["bo"], by=None)
    assert "Shadowing" in bo.get("/oncall/").text


def test_the_contact_check_says_how_one_is_reached(ana, people):
    assert "You can be reached: by E-mail." in ana.get("/oncall/").text
    slack = ContactMethodFactory(person=people["ana"], kind="slack", address="U1", position=1)
    mail = people["ana"].contact_methods.get(kind="email")
    ContactRule.objects.create(person=people["ana"], urgency="high", method=slack)
    ContactRule.objects.create(person=people["ana"], urgency="high", method=mail, delay=timedelta(minutes=5))
    people["ana"].quiet_from, people["ana"].quiet_to = time(22), time(7)
    people["ana"].save()
    page = ana.get("/oncall/").text
    assert "You can be reached: by Slack; by E-mail in 5 min unless answered." in page
    assert "Of low urgency: by E-mail; none from 22:00 to 07:00." in page


def test_the_contact_check_says_what_is_wrong(ana, people):
    method = people["ana"].contact_methods.get()
    method.refused_at, method.refusal = NOW, "mailbox full"
    method.save()
    page = ana.get("/oncall/").text
    assert "Pages do not reach you." in page
    assert "mailbox full" in page
    ContactMethod.objects.all().delete()
    assert "No contact method works, so no page arrives" in ana.get("/oncall/").text


def test_the_calendar_is_copied_with_an_alarm_or_without(shop, ana):
    page = ana.get("/oncall/")
    url = page.context["calendar_url"].split("/", 3)[3]
    assert "BEGIN:VALARM" not in browser("anonymous").get(f"/{url}").text
    assert "&amp;alarm=15m" in page.text
    assert "BEGIN:VALARM" in browser("anonymous").get(f"/{url}&alarm=15m").text
    assert f'action="/people/{ana.person.pk}/calendar/reset/"' in page.text


def test_somebody_without_shifts_is_told_what_to_do():
    page = browser("responder").get("/oncall/").text
    assert "None in the next 30 days" in page


def test_the_navigation_leads_there(ana):
    assert ana.get("/services/").text.count('href="/oncall/"') == 3  # beside the work, under the thumb, in its sheet


def test_viewers_on_a_rotation_are_not_led_where_they_may_not_go(shop, ana, people):
    people["ana"].role = "viewer"
    people["ana"].save()
    page = ana.get("/oncall/").text
    assert "You are on call" in page
    assert "/swaps/new/" not in page
    assert "Add leave" not in page
    assert ana.post("/oncall/leave/", {"first": "2026-06-05", "last": "2026-06-06"}).status_code == 403


def test_home_shows_what_one_could_take(shop, bo, people):
    assert "Shifts you could take" not in bo.get("/").text
    offer_swap(seat=shop.seats.get(), person=people["ana"], start=FRIDAY, end=SATURDAY, by=None)
    assert "Shifts you could take" in bo.get("/").text
