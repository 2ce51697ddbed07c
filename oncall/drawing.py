"""Schedules drawn: the window on show, its axis, and lanes of shifts and gaps in the viewer's zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString

from notifications.charts import Block, Lane, lanes
from oncall.coverage import Interval
from oncall.layer import Shift

WEEKS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days in the viewer's zone: `weeks` of them from `first` on."""

    first: date
    weeks: int

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        return _midnight(self.first + timedelta(weeks=self.weeks))

    @property
    def previous(self) -> date:
        return self.first - timedelta(weeks=self.weeks)

    @property
    def following(self) -> date:
        return self.first + timedelta(weeks=self.weeks)

    def ticks(self) -> list[tuple[datetime, str]]:
        """A line for each day; words as many as there is room for."""
        days = [self.first + timedelta(days=number) for number in range(self.weeks * 7)]
        return [(_midnight(day), self._words(day)) for day in days]

    def _words(self, day: date) -> str:
        if self.weeks <= 2:
            return f"{day:%a %-d}"
        return f"{day:%-d %b}" if day.weekday() == 0 else ""


def read_window(given: Mapping[str, str]) -> Window:
    """The window a page was asked for (`weeks`, `since`); from today on, for what cannot be read."""
    weeks = next((number for number in WEEKS if given.get("weeks") == str(number)), 2)
    try:
        first = date.fromisoformat(given.get("since", ""))
        first = first if 1971 <= first.year <= 2190 else timezone.localdate()
    except ValueError:
        first = timezone.localdate()
    return Window(first, weeks)


def draw(rows: Sequence[Lane], window: Window, label: str) -> SafeString:
    """Lanes on the window's axis, with its days and the now-line."""
    now = timezone.localtime()
    return lanes(rows, since=window.since, until=window.until, label=label, ticks=window.ticks(), now=now)


def lane(
    title: str,
    side: str,
    shifts: Iterable[Shift],
    names: Mapping[str, str],
    *,
    gaps: Iterable[Interval] = (),
    fill: Callable[[Interval], str] | None = None,
) -> Lane:
    """Shifts as bars that name their people, gaps as bars that say nobody; `fill` is where a gap's link leads."""
    kind = side if side in ("dev", "ops") else ""
    bars = [
        Block(
            timezone.localtime(shift.start),
            timezone.localtime(shift.end),
            " & ".join(names.get(person, person) for person in shift.people),
            f"{kind} swap".strip() if shift.overridden else kind,
        )
        for shift in shifts
    ]
    holes = [
        Block(timezone.localtime(gap.start), timezone.localtime(gap.end), "Nobody", "gap", fill(gap) if fill else None)
        for gap in gaps
    ]
    return Lane(title, [*bars, *holes])


def title_of(side: str) -> str:
    """A seat's name as a heading: Dev, Ops, Second line."""
    return side.replace("-", " ").replace("_", " ").capitalize()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
