"""Turns of a rotation: numbered from the start, without a break between one and the next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.rotas.rotation import Kind, Rotation
from oncall.rotas.walltime import transitions
from tests.oncall.rotas import CHICAGO, moment

ZONES = ["America/Chicago", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia"]
rotations = st.builds(
    Rotation,
    kind=st.sampled_from(Kind),
    start=st.integers(0, 366 * 48).map(lambda half: moment("2011-01-01T00:00") + half * timedelta(minutes=30)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    every=st.integers(1, 13),
)


@st.composite
def rotations_near_a_change(draw: st.DrawFn) -> tuple[Rotation, datetime]:
    """A rotation, and an instant after its start, mostly within hours of a change of the clocks."""
    rotation = draw(rotations)
    since = rotation.begins
    changes = list(transitions(rotation.zone, since, since + timedelta(days=800)))
    base = draw(st.sampled_from([change.at for change in changes] or [since + timedelta(days=99)]))
    return rotation, max(since, base + draw(st.integers(-12, 12)) * timedelta(minutes=15))


@given(rotations_near_a_change())
def test_the_turn_at_an_instant_has_begun_and_the_next_has_not(drawn: tuple[Rotation, datetime]) -> None:
    rotation, instant = drawn
    number = rotation.number_at(instant)
    assert rotation.handoff(number) <= instant < rotation.handoff(number + 1)


@given(rotations_near_a_change())
def test_each_turn_begins_where_the_one_before_ends(drawn: tuple[Rotation, datetime]) -> None:
    rotation, instant = drawn
    turns = list(rotation.turns(instant, instant + timedelta(days=60)))
    assert turns[0].time.start <= instant < turns[0].time.end
    for one, following in pairwise(turns):
        assert one.time.end == following.time.start
        assert one.number < following.number


def test_a_handoff_in_a_repeated_half_hour_has_passed_in_its_second_pass() -> None:
    rotation = Rotation(Kind.HOURLY, moment("2026-11-01T00:30"), CHICAGO)
    assert rotation.number_at(moment("2026-11-01T01:15-06:00")) == 1


def test_before_the_start_there_are_no_turns() -> None:
    rotation = Rotation(Kind.DAILY, moment("2026-06-01T09:00"), CHICAGO)
    assert list(rotation.turns(moment("2026-05-01T00:00Z"), rotation.begins)) == []


@pytest.mark.parametrize(
    ("zone", "year", "changes"),
    [
        ("America/Chicago", 2026, [("03-08 08:00", 1), ("11-01 07:00", -1)]),
        ("Australia/Lord_Howe", 2026, [("04-04 15:00", -0.5), ("10-03 15:30", 0.5)]),
        ("Asia/Kathmandu", 2026, []),
        ("Pacific/Apia", 2011, [("04-02 14:00", -1), ("09-24 14:00", 1), ("12-30 10:00", 24)]),
    ],
)
def test_changes_of_the_clocks_are_found_to_the_second(zone: str, year: int, changes: list[tuple[str, float]]) -> None:
    found = transitions(ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    assert [(f"{change.at:%m-%d %H:%M}", change.jump) for change in found] == [
        (at, timedelta(hours=hours)) for at, hours in changes
    ]
