"""The report on a schedule: coverage by week, who bore it, who was paired with whom."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories import PersonFactory, ScheduleFactory, SeatFactory, ShiftFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def shop():
    """Ana on Dev for the last week but one hour of it, Bo on Ops for all of it."""
    schedule = ScheduleFactory(slug="shop", name="Shop", resolved_until=NOW + timedelta(days=180))
    dev, ops = (SeatFactory(schedule=schedule, name=name) for name in ("dev", "ops"))
    week = NOW - timedelta(days=7)
    ana, bo = PersonFactory(name="Ana"), PersonFactory(name="Bo")
    ShiftFactory(seat=dev, person=ana, during=(week, NOW - 3 * HOUR))
    ShiftFactory(seat=dev, person=ana, during=(NOW - 2 * HOUR, NOW))
    ShiftFactory(seat=ops, person=bo, during=(week, NOW))
    return schedule


def test_a_gap_lowers_coverage_and_is_said(shop):
    page = browser("viewer").get("/schedules/shop/report/?weeks=4")
    latest = page.context["weeks"][0]
    assert latest["name"] == "2026-W25"
    assert [seat["percent"] for seat in latest["seats"]] == ["88.8%", "100%"]
    assert "15 Jun, 06:00" in page.text
    assert page.context["stats"][0] == {"label": "hours uncovered", "value": "1"}


def test_it_says_who_bore_how_much_and_who_met(shop):
    page = browser().get("/schedules/shop/report/?weeks=4")
    ana = next(one for one in page.context["balance"].people if one.person.name == "Ana")
    assert (ana.load.hours, ana.load.nights, ana.load.weekends) == (167.0, 7, 1)
    pairs = page.context["pairs"]
    assert pairs.columns == ["Bo"]
    assert [(name, [cell.hours for cell in cells]) for name, cells in pairs.rows] == [("Ana", [167.0])]


def test_the_same_is_had_as_csv(shop):
    client = browser()
    page = client.get("/schedules/shop/report/")
    answer = client.get(page.context["csv_url"])
    assert answer["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(answer.text.splitlines()))
    assert {line["name"] for line in lines if line["kind"] == "seat"} == {"dev", "ops"}


@pytest.mark.parametrize("query", ["", "?weeks=4", "?weeks=26", "?weeks=1000000", "?weeks=x"])
def test_any_period_is_answered(shop, query):
    assert browser().get(f"/schedules/shop/report/{query}").status_code == 200


def test_a_schedule_without_a_past_says_so():
    ScheduleFactory(slug="new")
    page = browser().get("/schedules/new/report/").text
    assert "Nobody was on call" in page
    assert "A pair is a Dev and an Ops on call at the same time" in page
