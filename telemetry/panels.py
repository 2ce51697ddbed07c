"""Panels as `static/js/panels.js` draws them, and the marks that stand on their time axis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from telemetry.models import Alert, Snapshot
from telemetry.series import Line


class Mark(TypedDict):
    """A vertical line: `t` in epoch seconds, `kind` change, alert or status."""

    t: float
    kind: str
    label: str


class PanelJson(TypedDict):
    """One panel; `before` is a point list of a window to compare with, or None."""

    name: str
    unit: str
    series: list[Line]
    before: list[list[float | None]] | None
    marks: list[Mark]


def panels_json(
    snapshots: Iterable[Snapshot], *, changes: Iterable[Mark] = (), alerts: Iterable[Alert] = ()
) -> list[PanelJson]:
    """What the page gets by `json_script`. `changes` are marks of any kind that the caller brings."""
    marks = sorted([*changes, *map(alert_mark, alerts)], key=lambda mark: mark["t"])
    return [
        PanelJson(
            name=snapshot.name,
            unit=snapshot.unit,
            series=snapshot.series,
            before=None,
            marks=[mark for mark in marks if _within(mark, snapshot)],
        )
        for snapshot in snapshots
    ]


def mark(at: datetime, kind: str, label: str) -> Mark:
    """A mark at an aware moment."""
    return Mark(t=at.timestamp(), kind=kind, label=label)


def alert_mark(alert: Alert) -> Mark:
    """Where an alert began to fire."""
    return mark(alert.starts_at, "alert", alert.name)


def _within(mark: Mark, snapshot: Snapshot) -> bool:
    end = snapshot.covers_until or snapshot.until
    return snapshot.since.timestamp() <= mark["t"] and (end is None or mark["t"] <= end.timestamp())
