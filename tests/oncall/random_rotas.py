"""Random definitions of schedules, from a seed: every kind of rotation, groups, windows, priorities, overrides."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

ZONES = ("UTC", "Europe/London", "America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu")
EVERY = {"hourly": (5, 12), "daily": (1, 3), "weekly": (1, 2), "monthly": (1, 1)}
WINDOWS = (
    {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "18:00"},
    {"from": "20:00", "to": "06:00"},
    {"weekdays": ["sat", "sun"]},
)


def random_definition(random: Random, people: list[str], around: datetime) -> dict[str, Any]:
    """A joint schedule as the API takes it: one to three layers a seat, and overrides near `around` (UTC)."""
    return {
        "timezone": random.choice(ZONES),
        "seats": [
            {"name": name, "layers": [_layer(random, people, around) for _ in range(random.randint(1, 3))]}
            for name in ("dev", "ops")
        ],
        "overrides": [_override(random, people, around) for _ in range(random.randint(0, 4))],
    }


def _layer(random: Random, people: list[str], around: datetime) -> dict[str, Any]:
    kind = random.choice(list(EVERY))
    start = around - timedelta(days=random.randint(0, 60), hours=random.randint(0, 23))
    layer: dict[str, Any] = {
        "kind": kind,
        "every": random.randint(*EVERY[kind]),
        "start": start.strftime("%Y-%m-%dT%H:00"),
        "priority": random.randint(1, 2),
        "participants": [_group(random, people) for _ in range(random.randint(1, 4))],
        "advance": random.choice(["handoff", "active"]),
    }
    if random.random() < 0.4:
        layer["restrict"] = [random.choice(WINDOWS)]
    if random.random() < 0.2:
        layer["duration"] = "PT4H"
    return layer


def _override(random: Random, people: list[str], around: datetime) -> dict[str, Any]:
    start = around + timedelta(hours=random.randint(-100, 3000))
    end = start + timedelta(hours=random.randint(1, 60))
    return {
        "seat": random.choice(["dev", "ops"]),
        "people": _group(random, people),
        "start": start.strftime("%Y-%m-%dT%H:%MZ"),
        "end": end.strftime("%Y-%m-%dT%H:%MZ"),
    }


def _group(random: Random, people: list[str]) -> list[str]:
    return random.sample(people, random.choice([1, 1, 1, 2]))
