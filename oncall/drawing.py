"""Schedules drawn: the window on show, its axis, and lanes of shifts and gaps in the viewer's zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString

from notifications.charts import Block, Lane, lanes
from notifications.templatetags.andon import initials
from oncall.rotas.coverage import Interval
from oncall.rotas.layer import Shift

WEEKS = (1, 2, 4)
SHADES = 6  # as static/css/tokens.css has them


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
    def last(self) -> date:
        """The last day on show."""
        return self.following - timedelta(days=1)

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


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is drawn: names by e-mail address, in the order in which they get their shades; and who looks."""

    names: Mapping[str, str]
    viewer: str = ""

    def block(
        self, shift: Shift, side: str, *, href: str | None = None, strong: bool = False, instead_of: str = ""
    ) -> Block:
        """A shift as a bar that names its people, shorter where it is narrow, in the side's colour and their shade.

        `strong` bars, and the viewer's own, stand out; `instead_of` is who would have stood there but for a swap.
        """
        names = [self.names.get(person, person) for person in shift.people]
        looks = [side if side in ("dev", "ops") else "", f"shade{self._shade(shift.people)}"]
        looks += ["swap"] * shift.overridden + ["mine"] * (strong or self.viewer in shift.people)
        whole = " & ".join(names)
        first = " & ".join(name.partition(" ")[0] for name in names)
        short = "&".join(initials(name) for name in names)
        fewest = initials(names[0]) + (f"+{len(names) - 1}" if len(names) > 1 else "")
        labels = (whole, first, short, fewest, fewest[:1])
        if instead_of:
            labels = (f"{whole} for {instead_of}", f"⇄ {first}", f"⇄{short}", f"⇄{fewest}", "⇄")
        return Block(
            timezone.localtime(shift.start),
            timezone.localtime(shift.end),
            labels[0],
            " ".join(filter(None, looks)),
            href,
            shorter=labels[1:],
        )

    def _shade(self, people: tuple[str, ...]) -> int:
        first = next((number for number, email in enumerate(self.names) if email in people), 0)
        return first % SHADES


def lane(
    title: str,
    side: str,
    shifts: Iterable[Shift],
    cast: Cast,
    *,
    gaps: Iterable[Interval] = (),
    fill: Callable[[Interval], str] | None = None,
    strong: Callable[[Shift], bool] = lambda shift: False,
) -> Lane:
    """Shifts as bars that name their people, gaps as bars that say nobody. `fill` is where a gap's link leads, `strong`
    which shifts stand out."""
    return lane_of(title, [cast.block(shift, side, strong=strong(shift)) for shift in shifts], gaps, fill)


def lane_of(
    title: str, bars: Sequence[Block], gaps: Iterable[Interval], fill: Callable[[Interval], str] | None = None
) -> Lane:
    """Bars and the gaps between them."""
    holes = [
        Block(
            timezone.localtime(gap.start),
            timezone.localtime(gap.end),
            "Nobody",
            "gap",
            fill(gap) if fill else None,
            shorter=("∅",),
            says="give it to somebody" if fill else "",
        )
        for gap in gaps
    ]
    return Lane(title, [*bars, *holes])


def title_of(side: str) -> str:
    """A seat's name as a heading: Dev, Ops, Second line."""
    return side.replace("-", " ").replace("_", " ").capitalize()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
