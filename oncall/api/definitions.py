"""The shapes of schedule definitions and of what they come to, as the schema of the API tells them (contracts.md)."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TIME = {"type": "string", "description": "Wall time in the zone, or an instant with an offset or Z."}
INSTANT = {"type": "string", "format": "date-time"}
NAMES = {"type": "array", "items": {"type": "string"}}


def _object(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


RESTRICTION = _object(
    [],
    weekdays={
        "type": "array",
        "items": {"type": "string", "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
    },
    **{"from": {"type": "string", "example": "08:00"}, "to": {"type": "string", "example": "20:00"}},
)
LAYER = _object(
    ["kind", "start", "participants"],
    kind={"type": "string", "enum": ["hourly", "daily", "weekly", "monthly"]},
    every={"type": "integer", "default": 1},
    start=TIME,
    priority={"type": "integer", "default": 1},
    participants=_list(NAMES),
    advance={"type": "string", "enum": ["handoff", "active"], "default": "handoff"},
    first={"type": "integer", "default": 0},
    duration={"type": "string", "description": "ISO 8601: each shift ends early."},
    until=TIME,
    timezone={"type": "string", "description": "Where this layer has a zone of its own."},
    restrict=_list(RESTRICTION),
)
SEAT = _object(["name", "layers"], name={"type": "string", "example": "dev"}, layers=_list(LAYER))
OVERRIDE = _object(
    ["seat", "people", "start", "end"],
    seat={"type": "string"},
    people=NAMES,
    start=TIME,
    end=TIME,
    exclusive={"type": "boolean", "description": "No other override may overlap it."},
    swap={"type": "integer", "description": "The taken swap it came of; what becomes of it is decided in swaps/."},
)
_DEFINITION = {
    "timezone": {"type": "string", "example": "America/Chicago"},
    "seats": _list(SEAT),
    "overrides": _list(OVERRIDE),
}
SCHEDULE = _object(
    ["slug", "name", "timezone", "seats"],
    slug={"type": "string"},
    name={"type": "string"},
    **_DEFINITION,
)
SCHEDULE_CHANGE = {"type": "object", "properties": SCHEDULE["properties"]}
SCHEDULES = _object(
    ["count", "results"],
    count={"type": "integer"},
    next={"type": "string", "nullable": True},
    previous={"type": "string", "nullable": True},
    results=_list(SCHEDULE),
)
PREVIEW = _object(["timezone", "seats", "since", "until"], **_DEFINITION, since=TIME, until=TIME)
SHIFT = _object(["start", "end", "people"], start=INSTANT, end=INSTANT, people=NAMES)
GAP = _object(["start", "end"], start=INSTANT, end=INSTANT)
ROTA = _object(
    ["seats"],
    seats={
        "type": "object",
        "additionalProperties": _object(["shifts", "gaps"], shifts=_list(SHIFT), gaps=_list(GAP)),
    },
)
ROSTER_CHANGE = _object(
    ["saved", "from", "definition", "changes"],
    saved={"type": "boolean"},
    definition=SCHEDULE,
    changes=_list(
        _object(
            ["seat", "person", "gained", "lost"],
            seat={"type": "string"},
            person={"type": "string"},
            gained=_list(GAP),
            lost=_list(GAP),
        )
    ),
    **{"from": INSTANT},
)
IMPORTED = _object(
    ["overrides", "layers", "left_out"],
    overrides=_list(_object(["people", "start", "end"], people=NAMES, start=INSTANT, end=INSTANT)),
    layers=_list(LAYER),
    left_out={"type": "array", "items": {"type": "string"}, "description": "Events that were left out, and why."},
    changes={
        "type": "array",
        "items": _object(["person"], person={"type": "string"}, gained=_list(GAP), lost=_list(GAP)),
        "description": "With `dry_run`: whose shifts alter.",
    },
)
