"""What a definition comes to, without storing anything: the answer of `POST oncall/preview/`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from oncall.definition import values
from oncall.definition.problems import Fields, InvalidDefinition, Problems
from oncall.definition.types import Definition
from oncall.definition.write import Json, utc
from oncall.rotas.coverage import Interval
from oncall.rotas.layer import Layer, Shift
from oncall.rotas.rotation import HOURS
from oncall.rotas.schedule import Seat, merge, resolve, seat_gaps
from oncall.rotas.walltime import instant_of

LONGEST_WINDOW = timedelta(days=400)
MOST_SHIFTS = 20_000
HOURS_OF_MONTH = 28 * 24


def read_window(since: object, until: object, zone: ZoneInfo | None = None) -> Interval:
    """The window of a request, from times with an offset, or wall times where a zone is given.

    Raises `InvalidDefinition` for what is wrong.
    """
    problems = Problems()
    fields = Fields({"since": since, "until": until}, "", problems, ("since", "until"))
    read = partial(_instant_in, zone) if zone else values.instant
    unknown = datetime.min.replace(tzinfo=UTC)
    window = Interval(fields.required("since", read, unknown), fields.required("until", read, unknown))
    problems.raise_if_any()
    _check_window(window)
    return window


def preview(definition: Definition, since: datetime, until: datetime) -> Json:
    """`{"seats": {name: {"shifts": [{start, end, people}], "gaps": [{start, end}]}}}`, cut to [since, until).

    Neighbouring shifts differ in their people, or have a gap between them. Raises `InvalidDefinition` for a
    window that ends before it starts or is longer than 400 days, or holds more than 20,000 shifts.
    """
    window = Interval(since.astimezone(UTC).replace(microsecond=0), until.astimezone(UTC).replace(microsecond=0))
    _check_window(window)
    _check_size(definition, window)
    return {"seats": {seat.name: _seat(seat, window) for seat in definition.seats}}


def _instant_in(zone: ZoneInfo, value: object) -> datetime:
    return instant_of(values.moment(value), zone)


def _seat(seat: Seat, window: Interval) -> Json:
    shifts = resolve(seat, window.start, window.end)
    return {
        "shifts": [
            {"start": utc(shift.start), "end": utc(shift.end), "people": list(shift.people)}
            for shift in merge(_whoever_decided(shifts))
        ],
        "gaps": [{"start": utc(gap.start), "end": utc(gap.end)} for gap in seat_gaps(shifts, window.start, window.end)],
    }


def _whoever_decided(shifts: Iterable[Shift]) -> Iterable[Shift]:
    """The shifts as a reader of a rota sees them, for whom an override is a shift like any other."""
    return (replace(shift, overridden=False) for shift in shifts)


def _check_window(window: Interval) -> None:
    if window.end <= window.start:
        message = f"{utc(window.end)} is not after since, {utc(window.start)}; give a later time."
        raise InvalidDefinition({"until": [message]})
    if window.end - window.start > LONGEST_WINDOW:
        days = (window.end - window.start).days
        message = f"The window is {days} days long; ask for at most {LONGEST_WINDOW.days} days at once."
        raise InvalidDefinition({"until": [message]})


def _check_size(definition: Definition, window: Interval) -> None:
    shifts = sum(_most_shifts(layer, window) for seat in definition.seats for layer in seat.layers)
    if shifts > MOST_SHIFTS:
        message = f"This could make {shifts} shifts, more than {MOST_SHIFTS}; ask for a shorter window."
        raise InvalidDefinition({"until": [message]})


def _most_shifts(layer: Layer, window: Interval) -> int:
    """How many shifts a layer can have in the window: one for each handoff, one for each opening."""
    length = window.end - window.start
    turn = timedelta(hours=layer.rotation.every * HOURS.get(layer.rotation.kind, HOURS_OF_MONTH))
    openings = sum(len(restriction.weekdays) for restriction in layer.restrict)
    return length // turn + 1 + openings * (length // timedelta(weeks=1) + 1)
