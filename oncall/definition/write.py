"""From a `Definition` back to the JSON of contracts.md. What has its default value is left out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.definition.types import Definition
from oncall.definition.values import WEEKDAYS
from oncall.rotas.clockwindow import EVERY_DAY, ClockWindow
from oncall.rotas.layer import Layer
from oncall.rotas.schedule import Override, Seat

Json = dict[str, object]


def to_json(definition: Definition) -> Json:
    """JSON that `parse_definition` reads as an equal definition."""
    written: Json = {
        "timezone": definition.zone.key,
        "seats": [_seat(seat, definition.zone) for seat in definition.seats],
    }
    overrides = [_override(seat, override) for seat in definition.seats for override in seat.overrides]
    return written | {"overrides": overrides} if overrides else written


def utc(instant: datetime) -> str:
    """An instant as the API writes it: 2026-06-03T00:00:00Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seat(seat: Seat, zone: ZoneInfo) -> Json:
    return {"name": seat.name, "layers": [_layer(layer, zone) for layer in seat.layers]}


def _layer(layer: Layer, zone: ZoneInfo) -> Json:
    rotation = layer.rotation
    written: Json = {
        "kind": rotation.kind.value,
        "every": rotation.every,
        "start": _moment(rotation.start),
        "priority": layer.priority,
        "participants": [list(group) for group in layer.participants],
        "advance": layer.advance.value,
    }
    rarer: Json = {
        "timezone": rotation.zone.key if rotation.zone != zone else None,
        "first": layer.first or None,
        "duration": _duration(rotation.duration) if rotation.duration else None,
        "until": _moment(rotation.until) if rotation.until else None,
        "restrict": [_window(window) for window in layer.restrict] or None,
    }
    return written | {key: value for key, value in rarer.items() if value is not None}


def _window(window: ClockWindow) -> Json:
    hours: Json = {"from": _clock(window.opens), "to": _clock(window.closes)}
    if window.weekdays == EVERY_DAY:
        return hours
    return {"weekdays": [WEEKDAYS[day] for day in sorted(window.weekdays)]} | hours


def _override(seat: Seat, override: Override) -> Json:
    written: Json = {
        "seat": seat.name,
        "people": list(override.people),
        "start": utc(override.start),
        "end": utc(override.end),
    }
    marks: Json = {"exclusive": override.exclusive or None, "swap": override.swap}
    return written | {key: value for key, value in marks.items() if value is not None}


def _moment(moment: datetime) -> str:
    if moment.tzinfo is UTC:
        return utc(moment)
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _duration(length: timedelta) -> str:
    days = f"{length.days}D" if length.days else ""
    minutes, seconds = divmod(length.seconds, 60)
    parts = ((minutes // 60, "H"), (minutes % 60, "M"), (seconds, "S"))
    clock = "".join(f"{number}{unit}" for number, unit in parts if number)
    return f"P{days}" + (f"T{clock}" if clock else "")
