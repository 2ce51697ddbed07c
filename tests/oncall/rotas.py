"""Rotas for the tests of the schedule, and a way to read their shifts at a glance."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.rotas.clockwindow import EVERY_DAY, ClockWindow
from oncall.rotas.layer import Advance, Layer, Shift
from oncall.rotas.rotation import Kind, Rotation
from oncall.rotas.schedule import Override, Seat, resolve

CHICAGO = ZoneInfo("America/Chicago")
WEEKDAYS = frozenset(range(5))


def moment(text: str) -> datetime:
    """2026-06-01T09:00 as a wall time; with Z or an offset, as an instant."""
    return datetime.fromisoformat(text)


def window(opens: str = "00:00", closes: str = "24:00", weekdays: frozenset[int] = EVERY_DAY) -> ClockWindow:
    return ClockWindow(weekdays, _minutes(opens), _minutes(closes))


def rota(
    kind: str,
    start: str,
    *people: str,
    zone: ZoneInfo = CHICAGO,
    every: int = 1,
    duration: timedelta | None = None,
    until: str | None = None,
    priority: int = 1,
    advance: str = "handoff",
    first: int = 0,
    restrict: Iterable[ClockWindow] = (),
) -> Layer:
    """A layer; people who are on duty together are joined by a plus, as in "cy+di"."""
    return Layer(
        Rotation(Kind(kind), moment(start), zone, every, duration, moment(until) if until else None),
        tuple(tuple(group.split("+")) for group in people),
        priority,
        Advance(advance),
        first,
        tuple(restrict),
    )


def override(start: str, end: str, people: str) -> Override:
    return Override(moment(start), moment(end), tuple(people.split("+")))


def seat(*layers: Layer, overrides: Iterable[Override] = ()) -> Seat:
    return Seat("dev", layers, tuple(overrides))


def shifts(what: Layer | Seat, since: str, until: str, zone: ZoneInfo = CHICAGO) -> list[str]:
    """The final shifts between two wall times, as in "Mon 06-01 09:00 – Mon 06-08 09:00 ana"."""
    whole = what if isinstance(what, Seat) else seat(what)
    start, end = (moment(edge).replace(tzinfo=zone).astimezone(UTC) for edge in (since, until))
    return [told(shift, zone) for shift in resolve(whole, start, end)]


def told(shift: Shift, zone: ZoneInfo = CHICAGO) -> str:
    start, end = (edge.astimezone(zone).strftime("%a %m-%d %H:%M") for edge in (shift.start, shift.end))
    return f"{start} – {end} {'+'.join(shift.people)}"


def on_call(found: Iterable[Shift], at: datetime) -> tuple[str, ...]:
    """Who has the seat at an instant; nobody in a gap."""
    return next((shift.people for shift in found if shift.start <= at < shift.end), ())


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
