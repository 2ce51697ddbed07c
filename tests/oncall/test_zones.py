"""Times are in the viewer's zone on pages, and in UTC for programs."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.factories import IncidentFactory, PersonFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def browser_in(zone):
    browser = Client()
    browser.force_login(PersonFactory(timezone=zone))
    return browser


@pytest.mark.parametrize(
    ("zone", "noon", "half_past_five"),
    [("UTC", "12:00", "05:30"), ("Europe/Berlin", "13:00", "04:30"), ("America/Chicago", "06:00", "11:30")],
)
def test_a_page_shows_and_reads_times_in_the_viewers_zone(zone, noon, half_past_five):
    incident = IncidentFactory(started_at=NOON)
    browser, url = browser_in(zone), f"{incident.get_absolute_url()}edit/"
    assert f'value="2026-01-15T{noon}"' in browser.get(url).content.decode()
    given = {"title": incident.title, "started_at": "2026-01-15T05:30", "detected_at": f"2026-01-15T{noon}"}
    browser.post(url, given)
    incident.refresh_from_db()
    assert f"{incident.started_at:%H:%M}" == half_past_five


def test_a_program_gets_utc_though_its_person_lives_elsewhere():
    incident = IncidentFactory(started_at=NOON)
    answer = browser_in("America/Chicago").get(f"/api/v1/incidents/{incident.number}/")
    assert answer.json()["started_at"].startswith("2026-01-15T12:00:00")
