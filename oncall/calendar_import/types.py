"""What an import makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from oncall.rotas.layer import Layer
from oncall.rotas.schedule import Override


class Span(NamedTuple):
    """These people, by e-mail address, are on duty over a half-open interval (UTC)."""

    start: datetime
    end: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What is to be stored, and what was left out and why."""

    overrides: tuple[Override, ...] = ()
    layers: tuple[Layer, ...] = ()
    left_out: tuple[str, ...] = field(default=())


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """The same duty as spans that do not overlap: where several hold at once, the people of all of them.

    An override beats what stands below it, so two that overlap would make one person of two.
    """
    begin: dict[datetime, list[Span]] = {}
    over: dict[datetime, list[Span]] = {}
    for span in spans:
        begin.setdefault(span.start, []).append(span)
        over.setdefault(span.end, []).append(span)
    return list(_merged(_pieces(begin, over)))


def _pieces(begin: dict[datetime, list[Span]], over: dict[datetime, list[Span]]) -> Iterator[Span]:
    held: dict[int, Span] = {}
    for start, end in pairwise(sorted({*begin, *over})):
        for span in over.get(start, ()):
            del held[id(span)]
        held |= {id(span): span for span in begin.get(start, ())}
        if held:
            people = dict.fromkeys(person for span in held.values() for person in span.people)
            yield Span(start, end, tuple(people))


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if last and last.end == span.start and set(last.people) == set(span.people):
            last = last._replace(end=span.end)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last
