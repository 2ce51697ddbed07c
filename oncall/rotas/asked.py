"""Which stretches of somebody's duty are asked to be covered, when what they should be has changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oncall.rotas.coverage import Interval


@dataclass(slots=True)
class Asking:
    """What to do with requests that stand (by row): some move, some are no longer needed; and which to add."""

    move: dict[int, Interval] = field(default_factory=dict)
    drop: list[int] = field(default_factory=list)
    add: list[Interval] = field(default_factory=list)


def reconcile(wanted: Iterable[Interval], standing: Mapping[int, Interval]) -> Asking:
    """From the requests that stand to exactly `wanted`, whose intervals are disjoint.

    One that is right stays; one that overlaps what is wanted moves there, so that a link to it stays good.
    """
    left = sorted(wanted)
    found = Asking()
    waiting = {}
    for row, interval in standing.items():
        if interval in left:
            left.remove(interval)
        else:
            waiting[row] = interval
    for row, interval in waiting.items():
        near = next((one for one in left if one.start < interval.end and one.end > interval.start), None)
        if near is None:
            found.drop.append(row)
        else:
            left.remove(near)
            found.move[row] = near
    found.add = left
    return found
