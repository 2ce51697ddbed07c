"""From the JSON of contracts.md to a `Definition`, or to everything that is wrong with it."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from oncall.definition import values
from oncall.definition.problems import Fields, Problems, shown
from oncall.definition.types import Definition
from oncall.rotas.clockwindow import EVERY_DAY, MINUTES_OF_DAY, ClockWindow
from oncall.rotas.layer import Advance, Layer
from oncall.rotas.rotation import Kind, Rotation
from oncall.rotas.schedule import Override, Seat
from oncall.rotas.walltime import instant_of

UTC_ZONE = ZoneInfo("UTC")
NOBODY: values.Group = ()
NO_GROUPS: tuple[values.Group, ...] = (NOBODY,)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time, in whatever zone the layer has
DEFINITION = ("timezone", "seats", "overrides")
SEAT = ("name", "layers")
LAYER = (
    "kind", "every", "start", "priority", "participants", "advance", "first", "duration", "until", "restrict",
    "timezone",
)  # fmt: skip
WINDOW = ("weekdays", "from", "to")
OVERRIDE = ("seat", "people", "start", "end", "exclusive", "swap")


def parse_definition(data: object) -> Definition:
    """Read a schedule definition; raises `InvalidDefinition` with every error by its path."""
    problems = Problems()
    fields = Fields(data, "", problems, DEFINITION)
    zone = fields.required("timezone", values.zone, UTC_ZONE)
    seats = fields.items("seats", partial(_seat, zone, problems))
    if fields.is_object and fields.data.get("seats") in (None, []):
        fields.wrong("seats", "No seat is defined; list at least one.")
    overrides = fields.items("overrides", partial(_override, zone, problems))
    _check_names(seats, overrides, problems)
    _check_exclusive(overrides, problems)
    problems.raise_if_any()
    return Definition(zone, tuple(_with_overrides(seat, overrides) for seat in seats))


@dataclass(frozen=True, slots=True)
class _Placed:
    """An override, and the seat it names."""

    seat: str
    path: str
    override: Override


def _seat(zone: ZoneInfo, problems: Problems, data: object, path: str) -> Seat:
    fields = Fields(data, path, problems, SEAT)
    name = fields.required("name", values.name, "")
    return Seat(name, fields.items("layers", partial(_layer, zone, problems)))


def _layer(schedule_zone: ZoneInfo, problems: Problems, data: object, path: str) -> Layer:
    fields = Fields(data, path, problems, LAYER)
    participants = fields.required("participants", values.participants, NO_GROUPS)
    first = fields.optional("first", values.first, 0)
    if participants != NO_GROUPS and first >= len(participants):
        fields.wrong("first", f"{first} is nobody here; counted from 0 the last is {len(participants) - 1}.")
    return Layer(
        rotation=_rotation(fields, fields.optional("timezone", values.zone, schedule_zone)),
        participants=participants,
        priority=fields.optional("priority", values.priority, 1),
        advance=fields.optional("advance", partial(values.one_of, Advance), Advance.HANDOFF),
        first=first,
        restrict=fields.items("restrict", partial(_window, problems)),
    )


def _rotation(fields: Fields, zone: ZoneInfo) -> Rotation:
    start = fields.required("start", values.moment, EPOCH)
    until = fields.optional("until", values.moment, None)
    if until and instant_of(until, zone) <= instant_of(start, zone):
        fields.wrong("until", f"{shown(fields.data['until'])} is not after start; give a later time.")
    return Rotation(
        kind=fields.required("kind", partial(values.one_of, Kind), Kind.DAILY),
        start=start,
        zone=zone,
        every=fields.optional("every", values.every, 1),
        duration=fields.optional("duration", values.duration, None),
        until=until,
    )


def _window(problems: Problems, data: object, path: str) -> ClockWindow:
    fields = Fields(data, path, problems, WINDOW)
    return ClockWindow(
        weekdays=fields.optional("weekdays", values.weekdays, EVERY_DAY),
        opens=fields.optional("from", values.opening, 0),
        closes=fields.optional("to", values.clock, MINUTES_OF_DAY),
    )


def _override(zone: ZoneInfo, problems: Problems, data: object, path: str) -> _Placed:
    fields = Fields(data, path, problems, OVERRIDE)
    seat = fields.required("seat", values.name, "")
    people = fields.required("people", values.people, NOBODY)
    start = instant_of(fields.required("start", values.moment, EPOCH), zone)
    end = instant_of(fields.required("end", values.moment, EPOCH), zone)
    if end <= start and {"start", "end"} <= fields.data.keys():
        fields.wrong("end", f"{shown(fields.data['end'])} is not after start; give a later time.")
    exclusive = fields.optional("exclusive", values.flag, False)
    swap = fields.optional("swap", values.number, None)
    return _Placed(seat, path, Override(start, end, people, exclusive, swap))


def _check_exclusive(overrides: tuple[_Placed, ...], problems: Problems) -> None:
    """An exclusive override stands beside no other on its seat; those of a taken swap stand beside any."""
    own = [placed for placed in overrides if placed.override.swap is None]
    for alone in (placed for placed in own if placed.override.exclusive):
        for other in own:
            if other is not alone and other.seat == alone.seat and _overlap(other.override, alone.override):
                message = f"It overlaps {other.path}, and an exclusive override stands alone; change the times of one."
                problems.add(f"{alone.path}.exclusive", message)


def _overlap(one: Override, other: Override) -> bool:
    return one.start < other.end and one.end > other.start


def _check_names(seats: tuple[Seat, ...], overrides: tuple[_Placed, ...], problems: Problems) -> None:
    names = [seat.name for seat in seats]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            problems.add(f"seats[{index}].name", f"{shown(name)} is another seat already; use another name.")
    for placed in overrides:
        if placed.seat and placed.seat not in names:
            known = ", ".join(filter(None, dict.fromkeys(names))) or "none"
            problems.add(f"{placed.path}.seat", f"{shown(placed.seat)} is no seat of this schedule; use {known}.")


def _with_overrides(seat: Seat, overrides: tuple[_Placed, ...]) -> Seat:
    return replace(seat, overrides=tuple(placed.override for placed in overrides if placed.seat == seat.name))
