"""What an edit would change, as a page shows it before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from oncall.definition import Definition
from oncall.drawing import WEEKS, Cast, Window, draw, lane, title_of
from oncall.models import Person, Seat
from oncall.rotas.coverage import Interval
from oncall.rotas.effects import SeatEffect, compare, with_override
from oncall.rotas.layer import Shift
from oncall.rotas.schedule import Override
from oncall.rotas.substitution import AlreadyThere, substitute
from oncall.standing import shifts_of
from oncall.stored_definition import load_worked

MOST_NAMED = 3
FURTHEST = timedelta(days=400)  # an override may last longer; what it changes is looked at no further


def shown(effects: list[SeatEffect], window: Window, *definitions: Definition | None) -> dict[str, Any]:
    """Effects as the preview shows them: bars before and after over the window, what is gained strong, and whose
    shifts alter."""
    names: dict[str, str] = {}
    for definition in definitions:
        names |= names_of(definition) if definition else {}
    cast, rows = Cast(names), []
    for effect in effects:
        title = title_of(effect.name)
        if effect.before:
            rows.append(lane(f"{title}, now", effect.name, effect.before, cast))
        then = lane(f"{title}, then", effect.name, effect.after, cast, gaps=effect.gaps, strong=_gained_in(effect))
        rows.append(then)
    changes = [
        {
            "seat": effect.name,
            "person": names.get(change.person, change.person),
            "gained": in_words(change.gained),
            "lost": in_words(change.lost),
        }
        for effect in effects
        for change in effect.changes
    ]
    return {"svg": draw(rows, window, "Preview"), "changes": changes, "gaps": [e for e in effects if e.gaps]}


def in_words(intervals: list[Interval]) -> str:
    """The first of these intervals in the viewer's zone, and how many more."""
    spans = [f"{_moment(one.start)} – {_moment(one.end)}" for one in intervals[:MOST_NAMED]]
    more = len(intervals) - len(spans)
    return "; ".join(spans) + (f" and {more} more" if more else "")


def _gained_in(effect: SeatEffect) -> Callable[[Shift], bool]:
    """Whether somebody gains some of a shift; on a seat that is new nothing stands out."""

    def gained(shift: Shift) -> bool:
        return any(
            change.person in shift.people
            and any(one.start < shift.end and one.end > shift.start for one in change.gained)
            for change in effect.changes
        )

    return gained


def when_it_differs(effects: Sequence[SeatEffect], weeks: int = 4) -> Window:
    """The weeks on show: from the day before the first change on, or from today, where nothing changes."""
    edges = [one.start for effect in effects for change in effect.changes for one in (*change.gained, *change.lost)]
    first = timezone.localdate(min(edges)) - timedelta(days=1) if edges else timezone.localdate()
    return Window(max(first, timezone.localdate()), weeks)


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %b, %H:%M}"


def if_covered(seat: Seat, person: Person, taker: Person, start: datetime, end: datetime) -> dict[str, Any]:
    """What a page shows of `taker` standing where `person` stands: `previewed`, or in `refused` why it cannot be."""
    try:
        found = substitute(shifts_of(seat, start, end), person.email, taker.email, start, end)
    except AlreadyThere:
        return {"refused": f"{taker} is on call there already, together with {person}."}
    if not found:
        return {"refused": f"{person} is not on call on {seat.name} in that time."}
    return {"previewed": if_overridden(seat, found)}


def if_overridden(seat: Seat, overrides: Sequence[Override]) -> dict[str, Any]:
    """What these overrides would change, from now on: the past is a record."""
    before = after = load_worked(seat.schedule)
    for override in overrides:
        after = with_override(after, seat.name, override)
    window = _around(overrides[0].start, overrides[-1].end)
    since = max(timezone.now(), window.since)
    effects = compare(before, after, since, min(max(window.until, overrides[-1].end), since + FURTHEST))
    return shown([effect for effect in effects if effect.name == seat.name], window, before, after)


def names_of(definition: Definition) -> dict[str, str]:
    """Names by e-mail address, of everybody a definition names."""
    emails = {
        email for seat in definition.seats for layer in seat.layers for group in layer.participants for email in group
    }
    emails |= {email for seat in definition.seats for override in seat.overrides for email in override.people}
    return dict(Person.objects.filter(email__in=emails).values_list("email", "name"))


def _around(start: datetime, end: datetime) -> Window:
    """The weeks on show: those of an interval, from the day before it or from today on."""
    first = max(timezone.localdate(start) - timedelta(days=1), timezone.localdate())
    days = (timezone.localdate(end) - first).days + 1
    return Window(first, next((weeks for weeks in WEEKS if days < weeks * 7), WEEKS[-1]))
