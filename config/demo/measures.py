"""What Prometheus and Loki would have answered: there are none in the demonstration."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from telemetry.kept_steps import kept_steps
from telemetry.models import Snapshot

WEEK = timedelta(days=7)
COMPLAINTS = (
    "upstream answered 504 after 30.0 s",
    "pool exhausted: 40 of 40 connections are taken, 12 wait",
    "giving up after 3 tries",
    "request took 8.2 s, slower than its budget",
)


@dataclass(frozen=True)
class Trouble:
    """When it began, when it was mended (None: not yet), and until when it was looked at."""

    began: datetime
    mended: datetime | None
    end: datetime


def show(snapshot: Snapshot, trouble: Trouble, usual: float, at_worst: float, label: str) -> None:
    """Store what the snapshot's source would have said, and of metrics also what it would have a week before."""
    noise = random.Random(f"{snapshot.about} {snapshot.name}")  # noqa: S311 - a picture, not a secret
    if snapshot.source == "loki":
        snapshot.log_lines = [*_log(snapshot.since, trouble, noise, label)]
    else:
        curve = _curve(snapshot.since, trouble, noise)
        week = WEEK.total_seconds()
        points = [[t, max(0.0, usual + (at_worst - usual) * v)] for t, v in curve]
        snapshot.series = [{"label": label, "points": points}]
        calm = [[t - week, usual * (1 + noise.gauss(0, 0.03))] for t, _ in points]
        snapshot.week_before = [{"label": label, "points": calm}]
        snapshot.steps = kept_steps(snapshot.series, snapshot.week_before)
    snapshot.state, snapshot.error, snapshot.next_at = Snapshot.State.STORED, "", None
    snapshot.until = snapshot.covers_until = trouble.end
    snapshot.save()


def _curve(since: datetime, trouble: Trouble, noise: random.Random) -> Iterator[tuple[int, float]]:
    """(epoch seconds, 0 as usual … 1 in trouble) every 30 s, rising within minutes and falling as it is mended."""
    moment = since
    while moment <= trouble.end:
        yield int(moment.timestamp()), _level(moment, trouble) + noise.gauss(0, 0.025)
        moment += timedelta(seconds=30)


def _level(moment: datetime, trouble: Trouble) -> float:
    into = (moment - trouble.began).total_seconds()
    level = 1 / (1 + math.exp(-(into - 90) / 40))
    if trouble.mended and moment > trouble.mended:
        level *= math.exp(-(moment - trouble.mended).total_seconds() / 240)
    return level


def _log(since: datetime, trouble: Trouble, noise: random.Random, label: str) -> Iterator[list[float | str]]:
    """Errors now and then as usual, and many in trouble: [epoch seconds, stream, text]."""
    moment = since
    while moment <= trouble.end:
        if noise.random() < 0.02 + 0.5 * _level(moment, trouble):
            where = noise.randint(1, 3)
            yield [moment.timestamp(), f"pod={label}-{where}", f'level=error msg="{noise.choice(COMPLAINTS)}"']
        moment += timedelta(seconds=30)
