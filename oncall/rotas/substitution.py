"""One person in another's place on a seat: the overrides that say so, and how they are undone. Pure.

A partner who shares the duty stays; nobody else's time changes, and the seat is covered exactly as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from oncall.rotas.coverage import Interval, union
from oncall.rotas.layer import Shift
from oncall.rotas.schedule import Override


class AlreadyThere(ValueError):
    """The taker stands on the seat with the person already, over `part`."""

    def __init__(self, part: Interval) -> None:
        self.part = part
        super().__init__(f"both stand there from {part.start} until {part.end}")


def duties(shifts: Iterable[Shift], person: str, start: datetime, end: datetime) -> list[Interval]:
    """When this person stands on the seat within [start, end)."""
    cut = (Interval(max(shift.start, start), min(shift.end, end)) for shift in shifts if person in shift.people)
    return union(cut)


def substitute(shifts: Iterable[Shift], person: str, taker: str, start: datetime, end: datetime) -> list[Override]:
    """Overrides that put `taker` wherever `person` stands within [start, end), partners staying; in order.

    `shifts` are the final shifts of one seat: sorted and disjoint. Raises AlreadyThere where both stand at once.
    """
    found: list[Override] = []
    for shift in shifts:
        part = Interval(max(shift.start, start), min(shift.end, end))
        if person not in shift.people or part.start >= part.end:
            continue
        if taker in shift.people:
            raise AlreadyThere(part)
        people = tuple(taker if one == person else one for one in shift.people)
        last = found[-1] if found else None
        if last and last.end == part.start and set(last.people) == set(people):
            found[-1] = replace(last, end=part.end)
        else:
            found.append(Override(part.start, part.end, people))
    return found


def handed_back(override: Override, taker: str, person: str, part: Interval) -> list[Override]:
    """An override that was made of a later substitution, now that `person` has `part` back from `taker`.

    Where the taker stood in it as the partner of somebody else, the person stands again.
    """
    inside = Interval(max(override.start, part.start), min(override.end, part.end))
    if taker not in override.people or person in override.people or inside.start >= inside.end:
        return [override]
    people = tuple(person if one == taker else one for one in override.people)
    pieces = [
        replace(override, end=inside.start),
        replace(override, start=inside.start, end=inside.end, people=people),
        replace(override, start=inside.end),
    ]
    return [piece for piece in pieces if piece.start < piece.end]
