"""Final shifts as iCalendar: read by a real library they are what the API says, and programs can follow changes."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import recurring_ical_events
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from notifications.errors import Forbidden
from oncall import calendars, services
from oncall.definition import parse_definition
from oncall.models import Shift
from oncall.rotas.coverage import Interval, union
from tests.factories import PersonFactory
from tests.oncall.personas import api, browser
from tests.oncall.random_rotas import random_definition

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)  # clocks go back within the 180 days, and forth again
DAY = timedelta(days=1)


@pytest.fixture
def clock(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def people(clock):
    return [PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo", "cy", "di", "eve")]


def save(definition, schedule=None):
    return services.save_schedule(
        slug="shop", name="Shop; crème, und so", definition=parse_definition(definition), schedule=schedule
    )


def weekly(*names):
    layer = {"kind": "weekly", "start": "2026-09-28T09:00", "participants": [[f"{n}@example.com"] for n in names]}
    return {"timezone": "UTC", "seats": [{"name": "dev", "layers": [layer]}]}


def fetch(reader, path="schedules/shop.ics", **query):
    headers = query.pop("headers", {})
    return Client().get(f"/api/v1/{path}", {"key": calendars.key_of(reader)} | query, headers=headers)


def events(answer):
    assert answer.status_code == 200, answer.content
    return Calendar.from_ical(answer.content).events


def uids(answer):
    return {event["UID"]: (event.start, event.end) for event in events(answer)}


def told_by_feed(answer, since, until):
    """By seat and name, when they are on duty, as a calendar program understands it."""
    found = defaultdict(list)
    calendar = Calendar.from_ical(answer.content)
    for event in recurring_ical_events.of(calendar).between(since, until):
        name, _, rest = str(event["SUMMARY"]).partition(": ")
        start, end = max(event.start, since), min(event.end, until)
        if start < end:
            found[rest.split(" ")[0], name].append(Interval(start, end))
    return {key: union(spans) for key, spans in found.items()}


def told_by_api(reader, since, until):
    answer = api(person=reader).get(
        "/api/v1/schedules/shop/shifts", {"since": since.isoformat(), "until": until.isoformat()}
    )
    assert answer.status_code == 200, answer.content
    found = defaultdict(list)
    for seat, rota in answer.json()["seats"].items():
        for shift in rota["shifts"]:
            for email in shift["people"]:
                name = email.split("@")[0].title()
                span = Interval(*(datetime.fromisoformat(shift[edge]) for edge in ("start", "end")))
                found[seat, name].append(span)
    return {key: union(spans) for key, spans in found.items()}


@pytest.mark.parametrize("seed", range(12))
def test_the_feed_of_a_random_rota_says_what_the_api_says(people, clock, seed):
    random = Random(seed)
    emails = [person.email for person in people]
    schedule = save(random_definition(random, emails, NOW))
    clock.shift(timedelta(days=20, hours=5))
    save(random_definition(random, emails, NOW), schedule)
    now = NOW + timedelta(days=20, hours=5)
    since, until = now - 30 * DAY, now + 180 * DAY
    feed = told_by_feed(fetch(people[0]), since, until)
    assert feed == told_by_api(people[0], since, until)
    assert len(feed) > 1


def test_people_who_are_on_together_have_an_event_each(people):
    definition = weekly("ana")
    definition["seats"][0]["layers"][0]["participants"] = [["ana@example.com", "bo@example.com"]]
    save(definition)
    assert {str(event["SUMMARY"]) for event in events(fetch(people[0]))} == {
        "Ana: dev on Shop; crème, und so",
        "Bo: dev on Shop; crème, und so",
    }


def test_my_own_feed_has_my_shifts_on_every_schedule(people):
    save(weekly("ana", "bo"))
    services.save_schedule(slug="till", name="Till", definition=parse_definition(weekly("bo", "cy")))
    mine = {str(event["SUMMARY"]) for event in events(fetch(people[1], "people/me.ics"))}
    assert mine == {"Bo: dev on Shop; crème, und so", "Bo: dev on Till"}


def test_a_shift_keeps_its_uid_when_its_end_moves_and_says_that_it_changed(people, clock):
    schedule = save(weekly("ana", "bo"))
    first = {event["UID"]: event for event in events(fetch(people[0]))}
    clock.shift(timedelta(hours=1))
    services.add_override(
        seat=schedule.seats.get(), people=[people[2]], start=NOW + 2 * DAY, end=NOW + 3 * DAY, by=people[0]
    )
    then = {event["UID"]: event for event in events(fetch(people[0]))}
    both = first.keys() & then.keys()
    moved = {uid for uid in both if first[uid].end != then[uid].end}
    [cut] = [uid for uid in moved if first[uid].start == NOW]
    before, after = first[cut], then[cut]
    assert after.end == NOW + 2 * DAY
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.LAST_MODIFIED > before.LAST_MODIFIED
    assert after.DTSTAMP > before.DTSTAMP
    assert len(both - moved) > 20
    assert all(first[uid].to_ical() == then[uid].to_ical() for uid in both - moved)


def test_a_shift_whose_row_is_made_anew_keeps_its_uid(people):
    schedule = save(weekly("ana", "bo"))
    before = uids(fetch(people[0]))
    save(weekly("cy", "di"), schedule)
    save(weekly("ana", "bo"), schedule)
    Shift.objects.filter(during__startswith__gt=NOW).delete()
    save(weekly("ana", "bo"), schedule)
    assert uids(fetch(people[0])) == before


def test_two_fetches_are_the_same_text(people, clock):
    save(weekly("ana", "bo"))
    first = fetch(people[0])
    clock.shift(timedelta(minutes=7))
    assert fetch(people[0]).content == first.content


def test_no_two_events_share_a_uid(people):
    save(random_definition(Random(5), [person.email for person in people], NOW))
    found = [event["UID"] for event in events(fetch(people[0]))]
    assert len(found) == len(set(found)) > 50


def test_it_says_how_often_to_look_again(people):
    save(weekly("ana", "bo"))
    text = fetch(people[0]).content.decode()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT30M\r\n" in text
    assert "X-PUBLISHED-TTL:PT30M\r\n" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


@pytest.mark.parametrize(
    ("asked", "rings"),
    [
        ("15m", [timedelta(minutes=-15)]),
        ("30", [timedelta(minutes=-30)]),
        ("2H", [timedelta(hours=-2)]),
        (["1d", "15m"], [-DAY, timedelta(minutes=-15)]),
        ("0", [timedelta()]),
        ("", []),
    ],
)
def test_alarms_are_an_option(people, asked, rings):
    save(weekly("ana", "bo"))
    for event in events(fetch(people[0], alarm=asked)):
        assert [alarm.TRIGGER for alarm in event.walk("VALARM")] == rings
        assert all(alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"] for alarm in event.walk("VALARM"))


@pytest.mark.parametrize("asked", ["soon", "-5m", "15s", "99d", "1e9", "15m,5m", ["1", "2", "3", "4", "5", "6"]])
def test_an_alarm_that_cannot_be_is_refused_with_what_to_write(people, asked):
    save(weekly("ana"))
    answer = fetch(people[0], alarm=asked)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"]["alarm"]


def test_a_feed_of_one_seat(people):
    definition = weekly("ana")
    definition["seats"].append({"name": "ops", "layers": weekly("bo")["seats"][0]["layers"]})
    save(definition)
    assert {str(e["SUMMARY"]).split(":")[0] for e in events(fetch(people[0], seat="ops"))} == {"Bo"}
    answer = fetch(people[0], seat="night\x00")
    assert answer.status_code == 400
    assert "is no seat of Shop" in answer.json()["detail"]


def test_a_program_that_polls_is_told_when_nothing_changed(people, clock):
    schedule = save(weekly("ana", "bo"))
    first = fetch(people[0])
    clock.shift(timedelta(minutes=30))
    again = fetch(people[0], headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    save(weekly("ana", "cy"), schedule)
    changed = fetch(people[0], headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert fetch(people[0], alarm="5m")["ETag"] != changed["ETag"]


def test_a_feed_takes_as_many_queries_for_one_shift_as_for_a_thousand(people):
    schedule = save(weekly("ana"))
    with CaptureQueriesContext(connection) as few:
        fetch(people[0])
    definition = weekly("ana", "bo", "cy")
    definition["seats"][0]["layers"][0] |= {"kind": "hourly", "every": 4}
    save(definition, schedule)
    with CaptureQueriesContext(connection) as many:
        assert len(events(fetch(people[0]))) > 1000
    assert len(many) == len(few) <= 4


def test_an_address_given_out_before_keys_could_be_reset_still_works(people):
    save(weekly("ana"))
    assert calendars.key_of(people[0]).split(":")[0] == str(people[0].pk)
    assert calendars.key_of(people[0]).count(":") == 1
    assert fetch(people[0]).status_code == 200


def test_after_a_reset_the_old_addresses_are_refused_at_once(people):
    save(weekly("ana"))
    ana = people[0]
    old = calendars.key_of(ana)
    answer = api(person=ana).post("/api/v1/people/me/calendar/reset/")
    assert answer.status_code == 200
    for path in ("schedules/shop.ics", "people/me.ics"):
        assert Client().get(f"/api/v1/{path}", {"key": old}).status_code == 403
    told = answer.json()
    for address in (told["mine"], told["schedules"]["shop"]):
        assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
    ana.refresh_from_db()
    second = calendars.key_of(ana)
    services.reset_calendar(person=ana, by=ana)
    assert calendars.reader_of(second) is None


def test_an_administrator_may_reset_for_others_and_is_not_told_the_address(people):
    boss = api()
    answer = boss.post(f"/api/v1/people/{people[0].email}/calendar/reset/")
    assert (answer.status_code, answer.content) == (204, b"")
    people[0].refresh_from_db()
    assert people[0].calendar_version == 1


def test_nobody_else_may(people):
    with pytest.raises(Forbidden, match="administrator"):
        services.reset_calendar(person=people[0], by=people[1])
    assert api(person=people[1]).post(f"/api/v1/people/{people[0].pk}/calendar/reset/").status_code == 403
    assert browser(person=people[1]).post(f"/people/{people[0].pk}/calendar/reset/").status_code == 403


def test_the_page_of_a_person_has_a_button_for_it(people):
    ana = browser(person=people[0])
    old = calendars.key_of(people[0])
    assert f"/people/{people[0].pk}/calendar/reset/" in ana.get(f"/people/{people[0].pk}/").content.decode()
    answer = ana.post(f"/people/{people[0].pk}/calendar/reset/", follow=True)
    assert "those given out before are refused" in answer.content.decode()
    assert old not in answer.content.decode()


@pytest.mark.parametrize("key", ["", "1", "1:forged", "x:y:z", "1:1:1", "-1:x"])
def test_a_key_that_is_not_ours_is_refused(people, key):
    assert Client().get("/api/v1/people/me.ics", {"key": key}).status_code == 403


def test_the_key_of_somebody_who_left_is_refused(people):
    people[0].is_active = False
    people[0].save()
    assert fetch(people[0], "people/me.ics").status_code == 403
