"""Panels as they are drawn: what `templates/telemetry/_drawing.html` says of each, and what `static/js/panels.js` gets.

All panels of a drawing share one time axis, and the marks that stand on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NotRequired, TypedDict

from telemetry.compare import Comparison, compare
from telemetry.models import Alert, Snapshot
from telemetry.series import Line, shifted, thinned
from telemetry.table import rows

WEEK = timedelta(days=7)
POINTS_OF_A_PANEL = 3000  # over the wire, shared by its lines
FEWEST_POINTS, MOST_POINTS = 60, 500  # of one line
MOST_COMPARED = 5  # lines: with more of them, those of a week before would be a thicket
LINES_SHOWN = 100  # of a log, unless all are asked for
SHAPES = {"change": "◆", "alert": "▲", "status": "●", "incident": "■"}


class Mark(TypedDict):
    """A moment on the axis: `t` in epoch seconds, `kind` change, alert, status or incident, where it leads."""

    t: float
    kind: str
    label: str
    url: NotRequired[str]


class PanelJson(TypedDict):
    """A panel for panels.js. `week_before`: the same lines a week earlier, moved to now."""

    name: str
    unit: str
    series: list[Line]
    week_before: list[Line]


@dataclass(frozen=True)
class Told:
    """One line of a list: a mark of the axis, or a line of a log whose stream is its label."""

    at: datetime
    label: str
    kind: str = ""
    text: str = ""
    url: str = ""

    @property
    def shape(self) -> str:
        return SHAPES.get(self.kind, "|")


@dataclass(frozen=True)
class DrawnPanel:
    """One panel: `chart` for the script, and the same in words and as a table. Without any data `chart` is None."""

    snapshot: Snapshot
    name: str
    chart: PanelJson | None
    index: int
    since: datetime
    until: datetime
    comparisons: list[tuple[Comparison, str]] = field(default_factory=list)
    logs: list[Told] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        return [line["label"] for line in self.chart["series"]] if self.chart else []

    @property
    def rows(self) -> list[tuple[datetime, list[str]]]:
        """The table: when each stretch begins, and what every line was in it."""
        stretches = rows(self.snapshot.series, since=self.since.timestamp(), until=self.until.timestamp())
        return [(_moment(row.at), row.cells) for row in stretches]

    @property
    def more_lines(self) -> int:
        """Lines of the log that are kept and not shown."""
        return len(self.snapshot.log_lines or ()) - len(self.logs)


@dataclass(frozen=True)
class Drawing:
    """Panels on the axis from `since` to `until`; `key` makes the ids of the page."""

    key: str
    since: datetime
    until: datetime
    panels: list[DrawnPanel]
    marks: list[Mark]

    @property
    def drawn(self) -> list[DrawnPanel]:
        """Those with a chart."""
        return [panel for panel in self.panels if panel.chart]

    @property
    def logs(self) -> list[DrawnPanel]:
        """Those with lines of a log."""
        return [panel for panel in self.panels if panel.logs]

    @property
    def charts(self) -> list[PanelJson]:
        return [panel.chart for panel in self.panels if panel.chart]

    @property
    def told(self) -> list[Told]:
        """The marks as a list, the earliest first."""
        return [
            Told(_moment(mark["t"]), mark["label"], kind=mark["kind"], url=mark.get("url", "")) for mark in self.marks
        ]

    @property
    def axis(self) -> dict[str, Any]:
        """What panels.js needs besides the charts."""
        return {"from": self.since.timestamp(), "to": self.until.timestamp(), "marks": self.marks}


@dataclass(frozen=True)
class Trouble:
    """What is compared: before `began`, until `ended` (None: it goes on), and after."""

    began: datetime
    ended: datetime | None


def draw(
    snapshots: Sequence[Snapshot],
    *,
    key: str,
    since: datetime,
    until: datetime,
    marks: Iterable[Mark] = (),
    trouble: Trouble | None = None,
    all_lines: bool = False,
) -> Drawing:
    """Snapshots that have data, drawn from what is stored. Where they are of several services, names say of which."""
    shown = [snapshot for snapshot in snapshots if snapshot.has_data]
    several = len({snapshot.service_id for snapshot in shown}) > 1
    panels: list[DrawnPanel] = []
    for snapshot in shown:
        name = f"{snapshot.name} · {snapshot.service}" if several else snapshot.name
        chart = _chart(snapshot, name) if snapshot.series else None
        panels.append(
            DrawnPanel(
                snapshot,
                name,
                chart,
                index=sum(panel.chart is not None for panel in panels),
                since=since,
                until=until,
                comparisons=_compared(snapshot, trouble) if trouble else [],
                logs=_logs(snapshot, None if all_lines else LINES_SHOWN),
            )
        )
    within = [one for one in marks if since.timestamp() <= one["t"] <= until.timestamp()]
    return Drawing(key, since, until, panels, sorted(within, key=lambda one: one["t"]))


def mark(at: datetime, kind: str, label: str, url: str = "") -> Mark:
    """A mark at an aware moment."""
    return Mark(t=at.timestamp(), kind=kind, label=label, url=url)


def alert_mark(alert: Alert) -> Mark:
    """Where an alert began to fire."""
    return mark(alert.starts_at, "alert", alert.name)


def _chart(snapshot: Snapshot, name: str) -> PanelJson:
    many = len(snapshot.series)
    most = max(FEWEST_POINTS, min(MOST_POINTS, POINTS_OF_A_PANEL // max(1, many)))
    before = snapshot.week_before or [] if many <= MOST_COMPARED else []
    return PanelJson(
        name=name,
        unit=snapshot.unit,
        series=_thinned(snapshot.series, most),
        week_before=_thinned(shifted(before, WEEK.total_seconds()), most),
    )


def _thinned(lines: Iterable[Line], most: int) -> list[Line]:
    return [Line(label=line["label"], points=thinned(line["points"], most)) for line in lines]


def _compared(snapshot: Snapshot, trouble: Trouble) -> list[tuple[Comparison, str]]:
    """Each line's medians, with the sentence that says them."""
    found = compare(
        snapshot.series,
        since=snapshot.since.timestamp(),
        began=trouble.began.timestamp(),
        ended=trouble.ended.timestamp() if trouble.ended else None,
    )
    return [(one, one.words(snapshot.unit)) for one in found]


def _logs(snapshot: Snapshot, most: int | None) -> list[Told]:
    """The lines of a log, the newest first."""
    newest_first = (snapshot.log_lines or [])[::-1]
    return [Told(_moment(at), stream, text=text) for at, stream, text in newest_first[:most]]


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
