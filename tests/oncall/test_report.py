"""Coverage, burden and pages of a schedule by week, through the functions and through the API."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from oncall import services
from oncall.definition import parse_definition
from oncall.models import Page, PageNotice
from oncall.report import balance, weekly, weeks_of
from tests.factories import ContactMethodFactory, PersonFactory, ServiceFactory
from tests.oncall.rotas import CHICAGO, moment

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
CY_IS_AWAY_AT_WEEKENDS = [{"weekdays": ["mon", "tue", "wed", "thu", "fri"]}]


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def schedule(db, clock):
    """Ana and Bo take turns by week on dev; Cy has ops on weekdays."""
    for name in ("ana", "bo", "cy"):
        ContactMethodFactory(person=PersonFactory(email=f"{name}@example.com", name=name.title()))
    start = "2026-06-01T00:00"
    dev = {"kind": "weekly", "start": start, "participants": [["ana@example.com"], ["bo@example.com"]]}
    ops = {"kind": "weekly", "start": start, "participants": [["cy@example.com"]], "restrict": CY_IS_AWAY_AT_WEEKENDS}
    seats = [{"name": "dev", "layers": [dev]}, {"name": "ops", "layers": [ops]}]
    definition = parse_definition({"timezone": "UTC", "seats": seats})
    return services.save_schedule(slug="shop", name="Shop", definition=definition)


def told(schedule, at, seat, *, answered_after=None, **fields):
    """A page of one of the schedule's services, of which the person on this seat was told at `at`."""
    service = schedule.services.first() or ServiceFactory(schedule=schedule)
    page = Page.objects.create(
        subject="Slow",
        dedup_key=str(Page.objects.count()),
        service=service,
        created_at=at,
        acknowledged_at=answered_after and at + answered_after,
    )
    person = schedule.seats.get(name=seat).shifts.at(at).get().person
    for step in range(2):
        PageNotice.objects.create(page=page, seat=seat, step=step, round=0, at=at, **{"person": person} | fields)


def test_coverage_is_the_share_of_the_week_and_its_gaps_are_listed(schedule):
    first, second = weekly(schedule, MONDAY, MONDAY + 2 * WEEK)
    assert (first.name, second.name) == ("2026-W23", "2026-W24")
    dev, ops = first.seats
    assert (dev.coverage, dev.gaps) == (1, [])
    assert ops.coverage == pytest.approx(5 / 7)
    assert ops.gaps == [(MONDAY + 5 * DAY, MONDAY + 7 * DAY)]
    assert [(one.person.name, one.load.hours) for one in second.people] == [("Bo", 168), ("Cy", 120)]


def test_a_gap_over_the_end_of_a_week_is_shared_by_both(schedule):
    first, second = weekly(schedule, MONDAY + 6 * DAY, MONDAY + 8 * DAY)
    assert [week.seats[1].coverage for week in (first, second)] == [0, 1]
    assert first.time == (MONDAY + 6 * DAY, MONDAY + 7 * DAY)


def test_a_week_before_the_schedule_began_has_no_coverage_to_tell(schedule):
    (week,) = weekly(schedule, MONDAY - WEEK, MONDAY)
    assert [seat.coverage for seat in week.seats] == [None, None]


def test_pages_are_counted_once_a_seat_by_day_and_by_night(schedule):
    told(schedule, MONDAY + timedelta(hours=10), "dev")
    told(schedule, MONDAY + timedelta(hours=23), "dev")
    told(schedule, MONDAY + timedelta(hours=26), "ops")
    told(schedule, MONDAY + timedelta(hours=27), "ops", shadow=True)
    told(schedule, MONDAY + timedelta(hours=24 * 8), "ops")
    first, second = weekly(schedule, MONDAY, MONDAY + 2 * WEEK)
    assert [(seat.pages_by_day, seat.pages_by_night) for seat in first.seats] == [(1, 1), (0, 1)]
    assert [(seat.pages_by_day, seat.pages_by_night) for seat in second.seats] == [(0, 0), (0, 1)]


def test_the_time_to_acknowledge_is_a_median_and_is_hidden_below_five(schedule):
    for minutes in (1, 2, 3, 60):
        told(schedule, MONDAY + timedelta(hours=minutes), "dev", answered_after=timedelta(minutes=minutes))
    told(schedule, MONDAY + timedelta(hours=7), "dev")
    (week,) = weekly(schedule, MONDAY, MONDAY + WEEK)
    assert (week.acknowledged, week.time_to_acknowledge) == (4, None)
    told(schedule, MONDAY + timedelta(hours=9), "dev", answered_after=timedelta(minutes=9))
    (week,) = weekly(schedule, MONDAY, MONDAY + WEEK)
    assert (week.acknowledged, week.time_to_acknowledge) == (5, timedelta(minutes=3))


def test_the_balance_names_holidays_of_a_persons_country_and_who_was_paired_with_whom(schedule):
    ana = schedule.seats.get(name="dev").shifts.at(MONDAY).get().person
    ana.country = "IE"  # the first Monday of June
    ana.save()
    found = balance(schedule, MONDAY, MONDAY + 4 * WEEK)
    assert [(one.person.name, one.load.hours, one.load.weekends, one.load.holidays) for one in found.people] == [
        ("Cy", 480, 0, 0),
        ("Ana", 336, 2, 1),
        ("Bo", 336, 2, 0),
    ]
    assert [(p.one, p.other, p.times, p.hours) for p in found.pairings] == [
        ("ana@example.com", "cy@example.com", 2, 240),
        ("bo@example.com", "cy@example.com", 2, 240),
    ]


def test_weeks_are_those_of_the_zone_and_cut_to_the_window():
    weeks = list(weeks_of(CHICAGO, moment("2026-03-04T00:00Z"), moment("2026-03-17T00:00Z")))
    assert weeks == [
        (moment("2026-03-04T00:00Z"), moment("2026-03-09T05:00Z")),  # the clocks changed on the 8th
        (moment("2026-03-09T05:00Z"), moment("2026-03-16T05:00Z")),
        (moment("2026-03-16T05:00Z"), moment("2026-03-17T00:00Z")),
    ]


def test_the_number_of_queries_does_not_grow_with_the_weeks(schedule, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        assert len(weekly(schedule, MONDAY, MONDAY + 20 * WEEK)) == 20


WINDOW = {"since": "2026-06-01T00:00Z", "until": "2026-06-08T00:00Z"}


def test_the_api_gives_the_balance(schedule, api):
    answer = api(PersonFactory()).get("/api/v1/schedules/shop/balance/", WINDOW).json()
    assert answer["people"][0] == {
        "person": {"email": "ana@example.com", "name": "Ana"},
        "hours": 168,
        "nights": 7,
        "weekends": 1,
        "holidays": 0,
    }
    assert answer["pairings"] == [{"dev": "ana@example.com", "ops": "cy@example.com", "times": 1, "hours": 120}]


def test_the_api_gives_the_report_as_json_and_as_lines(schedule, api):
    client = api(PersonFactory())
    (week,) = client.get("/api/v1/schedules/shop/report/", WINDOW).json()["weeks"]
    assert (week["week"], week["since"], week["until"]) == ("2026-W23", "2026-06-01T00:00:00Z", "2026-06-08T00:00:00Z")
    assert week["seats"][1] == {
        "seat": "ops",
        "coverage": 0.7143,
        "gaps": [{"start": "2026-06-06T00:00:00Z", "end": "2026-06-08T00:00:00Z"}],
        "pages_by_day": 0,
        "pages_by_night": 0,
    }
    answer = client.get("/api/v1/schedules/shop/report/", WINDOW | {"format": "csv"})
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(line["kind"], line["name"]) for line in lines] == [
        ("pages", ""),
        ("seat", "dev"),
        ("seat", "ops"),
        ("person", "ana@example.com"),
        ("person", "cy@example.com"),
    ]
    assert (lines[2]["coverage"], lines[2]["gap_hours"], lines[3]["hours"]) == ("0.7143", "48.0", "168.0")


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ({"since": "yesterday"}, "since", "“yesterday” is not a time"),
        (WINDOW | {"until": "2026-05-01T00:00Z"}, "until", "is not after since"),
        (WINDOW | {"until": "2028-05-01T00:00Z"}, "until", "at most 400 days"),
    ],
)
def test_a_window_that_does_not_do_is_refused_by_name(api, schedule, query, field, told):
    answer = api(PersonFactory()).get("/api/v1/schedules/shop/balance/", query)
    assert answer.status_code == 400
    assert told in str(answer.json()["errors"][field])


def test_another_format_is_refused(schedule, api):
    answer = api(PersonFactory()).get("/api/v1/schedules/shop/report/", WINDOW | {"format": "xlsx"})
    assert answer.status_code == 400
    assert "choose json or csv" in str(answer.json())
