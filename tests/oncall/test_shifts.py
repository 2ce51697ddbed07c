"""Stored shifts: made ahead, replaced from a moment on, read in one query."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from notifications.models import Event
from oncall import services, shifts
from oncall.definition import parse_definition, to_json
from oncall.models import Shift
from tests.factories import PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def people():
    return {name: PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo", "cy")}


def weekly(*names, seat="dev", **fields):
    groups = [[f"{name}@example.com" for name in group.split("+")] for group in names]
    layer = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": groups} | fields
    return parse_definition({"timezone": "UTC", "seats": [{"name": seat, "layers": [layer]}]})


def save(definition, schedule=None):
    return services.save_schedule(slug="shop", name="Shop", definition=definition, schedule=schedule)


def stored(schedule, **wanted):
    rows = Shift.objects.filter(seat__schedule=schedule, **wanted).select_related("person")
    return [(str(r.person), r.during.lower, r.during.upper) for r in rows.order_by("during")]


def test_shifts_stand_for_180_days_from_the_first_save(people):
    schedule = save(weekly("ana", "bo"))
    rows = stored(schedule)
    assert rows[0] == ("Ana", MONDAY, MONDAY + timedelta(weeks=1))
    assert rows[1][0] == "Bo"
    assert rows[-1][2] == MONDAY + timedelta(days=180) == schedule.resolved_until
    assert not Event.objects.filter(type="shift.changed").exists()


def test_the_definition_comes_back_as_it_was_saved(people):
    definition = weekly("ana", "bo+cy", restrict=[{"weekdays": ["mon", "tue"], "from": "08:00", "to": "20:00"}])
    assert to_json(services.load_definition(save(definition))) == to_json(definition)
