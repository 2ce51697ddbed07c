"""Random rotas around changes of the clocks, judged every quarter of an hour by an independent oracle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.rotas.clockwindow import ClockWindow
from oncall.rotas.layer import Advance, Layer, layer_shifts
from oncall.rotas.rotation import Kind, Rotation
from oncall.rotas.schedule import Override, Seat, merge, resolve, seat_gaps
from tests.oncall.oracle import STEP, Walk, people_at_each_tick, utc_midnight
from tests.oncall.rotas import on_call

DAY = timedelta(days=1)
QUARTERS_OF_DAY = 96
PEOPLE = ("ana", "bo", "cy", "di", "eve")
CLOCK_CHANGES = [
    ("America/Chicago", "2026-03-08"),
    ("America/Chicago", "2026-11-01"),
    ("Europe/London", "2026-03-29"),
    ("Europe/London", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-04"),
    ("Australia/Lord_Howe", "2026-10-03"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Casablanca", "2026-03-22"),
    ("America/St_Johns", "2026-11-01"),
    ("Africa/Cairo", "2026-04-24"),  # midnight does not occur
    ("Africa/Cairo", "2026-10-29"),
    ("America/Havana", "2026-11-01"),  # midnight occurs twice
    ("Pacific/Apia", "2011-12-30"),  # a whole day does not occur
    ("Antarctica/Troll", "2026-10-25"),  # two hours occur twice
    ("Asia/Kathmandu", "2026-06-01"),  # never changes, but stands 5:45 from UTC
]
groups = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple)
half_hours = st.integers(0, 47).map(lambda half: half * 30)
small_hours = st.integers(0, 8).map(lambda half: half * 30)
windows = st.builds(
    ClockWindow,
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    opens=half_hours | small_hours,
    closes=half_hours | small_hours | st.just(1440),
)


@st.composite
def layers(draw: st.DrawFn, zone: ZoneInfo, day: datetime, kinds: list[Kind]) -> Layer:
    start = day + timedelta(days=draw(st.integers(0, 6)), minutes=draw(half_hours | small_hours))
    kind = draw(st.sampled_from(kinds))
    lengths = st.integers(1, 60).map(lambda half: half * timedelta(minutes=30))
    return Layer(
        Rotation(
            kind=kind,
            start=start,
            zone=zone,
            every=draw(st.integers(1, 30) if kind is Kind.HOURLY else st.integers(1, 3)),
            duration=draw(st.none() | lengths),
            until=draw(st.none() | lengths.map(lambda length: start + 7 * length)),
        ),
        participants=tuple(draw(st.lists(groups, min_size=1, max_size=4))),
        priority=draw(st.integers(1, 2)),
        advance=draw(st.sampled_from(Advance)),
        first=draw(st.integers(0, 3)),
        restrict=tuple(draw(st.lists(windows, max_size=2))),
    )


@st.composite
def overrides(draw: st.DrawFn, begin: datetime) -> Override:
    start = begin + STEP * draw(st.integers(0, 10 * QUARTERS_OF_DAY))
    return Override(start, start + STEP * draw(st.integers(1, QUARTERS_OF_DAY)), draw(groups))


@st.composite
def seats(draw: st.DrawFn, kinds: list[Kind], most_layers: int) -> tuple[ZoneInfo, datetime, Seat]:
    """A seat whose layers begin in the week of a change of the clocks, and an instant before all of them."""
    name, date = draw(st.sampled_from(CLOCK_CHANGES))
    zone, begin = ZoneInfo(name), utc_midnight(date) - 8 * DAY
    day = begin.replace(tzinfo=None) + 2 * DAY
    rotas = draw(st.lists(layers(zone, day, kinds), min_size=1, max_size=most_layers))
    return zone, begin, Seat("dev", tuple(rotas), tuple(draw(st.lists(overrides(begin), max_size=3))))


def judge(zone: ZoneInfo, begin: datetime, seat: Seat, length: timedelta) -> None:
    """Compare on the days after `begin`; the oracle looks two days further, to know when windows close."""
    walk = Walk(zone, begin, length + 2 * DAY)
    expected = people_at_each_tick(seat, walk)
    until = begin + length
    found = resolve(seat, begin, until)
    for shift in found:
        assert (shift.start - begin) % STEP == (shift.end - begin) % STEP == timedelta()
        assert begin <= shift.start < shift.end <= until
    for one, following in pairwise(found):
        assert one.end <= following.start
    at = 0
    for tick, people in zip(walk.ticks, expected, strict=True):
        if tick >= until:
            break
        while at < len(found) and found[at].end <= tick:
            at += 1
        on_duty = found[at].people if at < len(found) and found[at].start <= tick else ()
        assert frozenset(on_duty) == people, tick.astimezone(zone)
    empty = sum((gap.end - gap.start for gap in seat_gaps(found, begin, until)), timedelta())
    assert empty == STEP * sum(not people for people in expected[: length // STEP])


@settings(max_examples=150)
@given(seats([Kind.HOURLY, Kind.DAILY, Kind.WEEKLY], most_layers=1))
def test_a_rotation_agrees_with_the_clock_on_the_wall(drawn: tuple[ZoneInfo, datetime, Seat]) -> None:
    judge(*drawn, length=18 * DAY)


@settings(max_examples=50)
@given(seats([Kind.HOURLY, Kind.DAILY, Kind.WEEKLY], most_layers=3))
def test_layers_and_overrides_agree_with_the_clock_on_the_wall(
    drawn: tuple[ZoneInfo, datetime, Seat],
) -> None:
    judge(*drawn, length=14 * DAY)


@settings(max_examples=15)
@given(seats([Kind.MONTHLY], most_layers=1))
def test_monthly_rotations_agree_with_the_clock_on_the_wall(drawn: tuple[ZoneInfo, datetime, Seat]) -> None:
    judge(*drawn, length=100 * DAY)


@settings(max_examples=60)
@given(seats(list(Kind), most_layers=1), st.integers(20 * 24, 500 * 24))
def test_a_late_look_finds_what_counting_from_the_start_finds(
    drawn: tuple[ZoneInfo, datetime, Seat], hours: int
) -> None:
    _, begin, seat = drawn
    since, until = begin + timedelta(hours=hours), begin + timedelta(hours=hours, days=5)
    (endless,) = seat.layers
    layer = replace(endless, rotation=replace(endless.rotation, until=None))
    from_the_start = [shift for shift in layer_shifts(layer, begin, until) if shift.end > since]
    late = layer_shifts(layer, since, until)
    assert [(shift.end, shift.people) for shift in late] == [(s.end, s.people) for s in from_the_start]


@settings(max_examples=60)
@given(seats(list(Kind), most_layers=3), st.integers(0, 14 * 24))
def test_a_window_looked_at_in_two_parts_is_the_window(drawn: tuple[ZoneInfo, datetime, Seat], hours: int) -> None:
    _, begin, seat = drawn
    middle, end = begin + timedelta(hours=hours), begin + 14 * DAY
    parts = resolve(seat, begin, middle) + resolve(seat, middle, end) if begin < middle else resolve(seat, middle, end)
    assert merge(parts) == resolve(seat, begin, end)


def test_the_oracle_itself_knows_an_autumn_hour() -> None:
    zone = ZoneInfo("America/Chicago")
    start = datetime(2026, 11, 1)  # noqa: DTZ001 - a wall time
    layer = Layer(Rotation(Kind.HOURLY, start, zone), (("ana",), ("bo",), ("cy",)))
    walk = Walk(zone, datetime(2026, 11, 1, tzinfo=UTC), DAY)
    ticks = zip(walk.ticks, people_at_each_tick(Seat("dev", (layer,)), walk), strict=True)
    assert sum(people == {"bo"} for tick, people in ticks if tick.hour in (6, 7)) == 8
    assert on_call(resolve(Seat("dev", (layer,)), walk.ticks[0], walk.ticks[-1]), walk.ticks[30]) == ("bo",)
