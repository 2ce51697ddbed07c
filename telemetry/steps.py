"""Steps in a series: moments at which its level shifts and stays shifted. No Django here.

The method is the moving two-window test of change-point detection, made robust: at each point the median of the window
after it is held against the median of the window before it, and their difference is told in units of the noise, which
is the median absolute deviation (MAD) from those two medians, times 1.4826 so that it estimates a standard deviation
(Hampel 1974; Rousseeuw & Croux 1993). Medians do not see spikes of a few points. Known alternatives are CUSUM (Page
1954), which needs to be told the level and the drift to look for, and Pettitt's rank test (1979), which finds one step.

A shift is a step where it is
- large: `_least_score` times the noise, about 4, and more where the windows hold few points to know the noise by. A
  steady slope comes to 2.7 whatever its steepness and the length of the windows, so that no season of the day is a
  step; noise is taken as at least 2 % of the level, so that a series without any has to shift by nearly a tenth;
- unusual: `UNUSUAL` times what adjoining windows of the series differ by ordinarily, so that one that wanders does not
  step again and again;
- clean: of either window seven points in eight lie on their side of the middle, so that a count that is now 0, now 1,
  does not step whenever its median flips;
- seen: at least `FEWEST` points on either side, and no gap that is longer than a window between them.
"""

import math
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

WINDOW = 600.0  # seconds on either side
FEWEST, USUAL, MOST = 5, 12, 40  # points of a window: at the edges of a series, at least, at most
UNUSUAL = 4.0
TOLERANCE = 0.02  # of the level: less is noise, however quiet the series
_TO_SIGMA = 1.4826
_STRAY = 8  # one point in so many may be on the wrong side
_WEEK = 7 * 86_400.0

Points = Sequence[Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Step:
    """A shift of the level: `at` (epoch seconds) is the first point at the new one.

    `before` and `after` are medians in the unit of the series, `score` their difference in units of the noise.
    `until`: when the level went back, None while it has not. `new`: the series had not been at this level before, for
    half a window or longer, so that neither a recovery nor what comes every hour is new.
    """

    at: float
    before: float
    after: float
    score: float
    until: float | None = None
    new: bool = True


def steps(points: Points) -> list[Step]:
    """The steps of a series of `[epoch seconds, value or None]`, the earliest first.

    Raw counters (rising, and falling to less than half where their process restarts) are read as their increase.
    """
    told = sorted((at, value) for at, value in points if at is not None and value is not None and math.isfinite(value))
    if len(told) < 2 * FEWEST:
        return []
    spacing = median(later[0] - earlier[0] for earlier, later in pairwise(told))
    size = USUAL if spacing <= 0 else max(USUAL, min(MOST, round(WINDOW / spacing)))
    whole = _increases(told) if _is_counter([value for _, value in told]) else told
    return [step for unbroken in _unbroken(whole, max(WINDOW, size * spacing)) for step in _steps(unbroken, size)]


def without_usual(found: Sequence[Step], week_before: Sequence[Step]) -> list[Step]:
    """Steps, those not new that came at the same time of the week before too: what a nightly job does every night.

    The times of `week_before` may be of then, or moved to now.
    """
    return [replace(step, new=step.new and not any(_same(step, usual) for usual in week_before)) for step in found]


def _same(step: Step, usual: Step) -> bool:
    apart = abs((step.at - usual.at + _WEEK / 2) % _WEEK - _WEEK / 2)
    return apart <= WINDOW and (step.after > step.before) == (usual.after > usual.before)


def _is_counter(values: Sequence[float]) -> bool:
    """Whether it only ever rises, mostly does, and has fallen by a restart once at least."""
    if min(values) < 0:
        return False
    pairs = list(pairwise(values))
    falls = [later for earlier, later in pairs if later < earlier]
    rises = sum(later > earlier for earlier, later in pairs)
    restarts = sum(later < earlier / 2 for earlier, later in pairs)
    return 0 < len(falls) == restarts and rises > 0.8 * len(pairs)


def _increases(told: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Per second between neighbours; after a restart all of the new value, as Prometheus's `rate` counts."""
    return [
        (at, (value - past if value >= past else value) / (at - since))
        for (since, past), (at, value) in pairwise(told)
        if at > since
    ]


def _unbroken(told: Sequence[tuple[float, float]], longest_gap: float) -> Iterator[Sequence[tuple[float, float]]]:
    """The parts between gaps: what happened in a gap nobody saw."""
    begin = 0
    for place in range(1, len(told)):
        if told[place][0] - told[place - 1][0] > longest_gap:
            yield told[begin:place]
            begin = place
    yield told[begin:]


def _steps(told: Sequence[tuple[float, float]], size: int) -> list[Step]:
    values = [value for _, value in told]
    levels = _levels(values, size)
    least = UNUSUAL * _ordinary(levels, size)
    shifts: list[_Shift] = []
    for place in range(FEWEST, len(values) - FEWEST + 1):
        full = place >= size and place + size <= len(values)
        if full and abs(levels[place] - levels[place - size]) < least:
            continue
        shift = _shift(values, place, size, least)
        if shift is None:
            continue
        if shifts and place - shifts[-1].last <= size // _STRAY + 1 and shifts[-1].goes_up == shift.goes_up:
            shifts[-1] = shifts[-1].or_rather(shift)
        else:
            shifts.append(shift)
    return [_step(told, values, levels, shift, size) for shift in shifts]


@dataclass(frozen=True, slots=True)
class _Shift:
    """A shift at a place; of those next to one another the one whose two windows are the quietest is the step."""

    place: int
    last: int
    before: float
    after: float
    score: float
    unrest: float

    @property
    def goes_up(self) -> bool:
        return self.after > self.before

    def or_rather(self, other: "_Shift") -> "_Shift":
        quieter = other if other.unrest < self.unrest else self
        return replace(quieter, last=other.last)


def _levels(values: Sequence[float], size: int) -> list[float]:
    """The median of each full window, by the place it begins at."""
    window = sorted(values[:size])
    levels = [_middle(window)] if len(window) == size else []
    for place in range(size, len(values)):
        del window[bisect_left(window, values[place - size])]
        insort(window, values[place])
        levels.append(_middle(window))
    return levels


def _middle(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _ordinary(levels: Sequence[float], size: int) -> float:
    """What adjoining windows differ by, in the middle case; 0 of a series too short for a step to be the exception."""
    apart = [abs(later - earlier) for earlier, later in zip(levels, levels[size:], strict=False)]
    return median(apart) if len(apart) >= 2 * size else 0.0


def _shift(values: Sequence[float], place: int, size: int, least: float) -> _Shift | None:
    """The shift at a place, None where it is too small or not clean."""
    past, coming = values[max(0, place - size) : place], values[place : place + size]
    before, after = _middle(sorted(past)), _middle(sorted(coming))
    wanted, tolerated = _least_score(min(len(past), len(coming))), TOLERANCE * max(abs(before), abs(after))
    apart = abs(after - before)
    if not 0 < apart < math.inf or apart < least or apart < wanted * tolerated:
        return None
    strays = sorted([*(abs(value - before) for value in past), *(abs(value - after) for value in coming)])
    score = apart / max(_TO_SIGMA * _middle(strays), tolerated)
    if score < wanted or not _is_clean(past, coming, before, after):
        return None
    return _Shift(place, place, before, after, score, sum(strays) / len(strays))


def _least_score(points: int) -> float:
    return 3.5 + 15 / points


def _is_clean(past: Sequence[float], coming: Sequence[float], before: float, after: float) -> bool:
    middle, up = before / 2 + after / 2, after > before
    early = sum((value > middle) == up and value != middle for value in past)
    late = sum((value < middle) == up or value == middle for value in coming)
    return early <= len(past) // _STRAY and late <= len(coming) // _STRAY


def _step(
    told: Sequence[tuple[float, float]], values: Sequence[float], levels: Sequence[float], shift: _Shift, size: int
) -> Step:
    middle, up = shift.before / 2 + shift.after / 2, shift.goes_up
    back = next((place for place in range(shift.place, len(levels)) if (levels[place] < middle) == up), None)
    earlier = levels[: max(0, shift.place - size + 1)]
    return Step(
        at=told[shift.place][0],
        before=shift.before,
        after=shift.after,
        score=round(shift.score, 1),
        until=None if back is None else told[back + size // 2][0],
        new=not any((level > middle) == up and level != middle for level in earlier),
    )
