"""What an edit of a schedule changes, before it is saved; and stored rows read as a rota."""

from datetime import UTC, datetime

import pytest

from oncall.definition import parse_definition
from oncall.rota import stored_rota
from oncall.rotas.coverage import Interval
from oncall.rotas.effects import compare, with_override
from oncall.rotas.schedule import Override
from tests.factories import PersonFactory, ScheduleFactory, SeatFactory, ShiftFactory


def at(day, hour=0):
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def rota(*people, seat="dev"):
    layer = {"kind": "daily", "start": "2026-06-01T00:00", "participants": [[person] for person in people]}
    return parse_definition({"timezone": "UTC", "seats": [{"name": seat, "layers": [layer]}]})


def test_an_override_takes_from_one_what_it_gives_to_another():
    before = rota("ana", "bo")
    after = with_override(before, "dev", Override(at(1, 12), at(2, 12), ("eve",)))
    [effect] = compare(before, after, at(1), at(3))
    assert {change.person: (change.gained, change.lost) for change in effect.changes} == {
        "ana": ([], [Interval(at(1, 12), at(2))]),
        "bo": ([], [Interval(at(2), at(2, 12))]),
        "eve": ([Interval(at(1, 12), at(2, 12))], []),
    }
    assert effect.gaps == []


def test_whoever_keeps_a_shift_is_not_named():
    [effect] = compare(rota("ana"), rota("ana"), at(1), at(3))
    assert effect.changes == []


def test_a_seat_that_goes_takes_its_shifts_and_leaves_no_gap():
    gone, new = compare(rota("ana"), rota("bo", seat="ops"), at(1), at(2))
    assert (gone.name, gone.after, gone.gaps) == ("dev", [], [])
    assert [change.lost for change in gone.changes] == [[Interval(at(1), at(2))]]
    assert (new.name, new.before) == ("ops", [])


def test_a_schedule_that_begins_later_leaves_a_gap_before():
    [effect] = compare(None, rota("ana"), datetime(2026, 5, 31, tzinfo=UTC), at(2))
    assert effect.gaps == [Interval(datetime(2026, 5, 31, tzinfo=UTC), at(1))]


@pytest.mark.django_db
def test_rows_of_people_on_duty_together_are_one_shift_until_one_of_them_leaves():
    seat = SeatFactory(schedule=ScheduleFactory(resolved_until=at(4)))
    ana, bo = PersonFactory(email="ana@example.com"), PersonFactory(email="bo@example.com")
    ShiftFactory(seat=seat, person=ana, during=(at(1), at(3)))
    ShiftFactory(seat=seat, person=bo, during=(at(1), at(2)))
    [dev] = stored_rota(seat.schedule, at(1), at(5)).seats
    assert [(shift.start, shift.end, set(shift.people)) for shift in dev.shifts] == [
        (at(1), at(2), {ana.email, bo.email}),
        (at(2), at(3), {ana.email}),
    ]
    assert dev.gaps == [Interval(at(3), at(4))]  # what is not resolved yet is not known to be empty


@pytest.mark.django_db
def test_before_the_first_shift_nobody_was_to_be_on_call():
    seat = SeatFactory(schedule=ScheduleFactory(resolved_until=at(4)))
    ShiftFactory(seat=seat, during=(at(2), at(4)))
    [dev] = stored_rota(seat.schedule, at(1), at(4)).seats
    assert dev.gaps == []
