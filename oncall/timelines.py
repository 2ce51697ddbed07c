"""The three timelines of a schedule on one axis: final shifts, layers by seat, overrides.

A gap leads to the form that fills it, one's own shift to the offer of a swap, somebody else's to covering for them.
What is up for taking is drawn under its seat, dashed; who learns beside it, thin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from notifications.charts import Block, Lane
from oncall.agreed import Agreed
from oncall.definition import Definition
from oncall.drawing import Cast, Window, draw, lane, lane_of, title_of
from oncall.models import Override, Person, Schedule, Shadow, Swap
from oncall.rota import Rota, SeatRota
from oncall.rotas.layer import Shift, layer_shifts
from oncall.rotas.schedule import Seat


class Picture(NamedTuple):
    """One of the timelines; without `svg` there is nothing on it in these weeks."""

    title: str
    svg: SafeString | None


@dataclass
class Timelines:
    """A schedule over a window, as `viewer` sees it. `names`: of those in the rotations, by e-mail address."""

    schedule: Schedule
    definition: Definition
    rota: Rota
    window: Window
    viewer: Person
    names: Mapping[str, str]
    agreed: Agreed = field(default_factory=Agreed)

    def draw(self) -> list[Picture]:
        """Final shifts, layers, overrides."""
        parts = (("Final shifts", self._final()), ("Layers", self._layers()), ("Overrides", self._overrides()))
        return [
            Picture(title, draw(rows, self.window, f"{self.schedule}, {title.lower()}") if rows else None)
            for title, rows in parts
        ]

    def _final(self) -> list[Lane]:
        return [row for seat in self.rota.seats for row in (self._seat(seat), *self._beside(seat.name))]

    def _seat(self, seat: SeatRota) -> Lane:
        bars = [self._bar(seat.name, shift) for shift in seat.shifts]
        fill = (lambda gap: self._link("override", seat.name, gap.start, gap.end)) if self._may_change() else None
        return lane_of(title_of(seat.name), bars, seat.gaps, fill)

    def _bar(self, seat: str, shift: Shift) -> Block:
        """A final shift; one that comes of a swap leads to the swap."""
        swap = self._taken(seat, shift) if shift.overridden else None
        href = self._swap_url(swap) if swap else self._lead(seat, shift)
        return self._cast.block(shift, seat, href=href, instead_of=str(swap.person) if swap else "")

    def _taken(self, seat: str, shift: Shift) -> Swap | None:
        return next(
            (
                swap
                for swap in self.agreed.swaps
                if swap.seat.name == seat
                and swap.taken_by
                and swap.taken_by.email in shift.people
                and swap.start < shift.end
                and swap.end > shift.start
            ),
            None,
        )

    def _beside(self, seat: str) -> Iterable[Lane]:
        """What is drawn under a seat: shifts up for taking, and who learns."""
        up = [swap for swap in self.agreed.up_for_taking() if swap.seat.name == seat and self._shows(swap)]
        if up:
            yield Lane(f"{title_of(seat)}, up for taking", [self._offer(swap) for swap in up])
        for shadow in self.agreed.shadows:
            if shadow.seat.name == seat and self._shows(shadow):
                yield Lane(f"{title_of(seat)}, shadowed by {shadow.person}", [self._learner(shadow)], thin=True)

    def _offer(self, swap: Swap) -> Block:
        why = "" if swap.reason == Swap.Reason.OFFER else swap.get_reason_display()
        return Block(
            timezone.localtime(swap.start),
            timezone.localtime(swap.end),
            f"{swap.person}: {why or 'offered'}",
            "swap open" if not why else "swap open needs",
            self._swap_url(swap),
            shorter=(f"{swap.person.get_short_name()}: {why or 'offered'}", swap.person.get_short_name(), "⇄"),
            says="needs cover, see and take it" if why else "see and take it",
        )

    def _learner(self, shadow: Shadow) -> Block:
        end = timezone.localtime(shadow.end) if shadow.end else self.window.until
        return Block(timezone.localtime(shadow.start), end, f"{shadow.person} shadows", "shadow")

    def _layers(self) -> list[Lane]:
        since, until = self.window.since, self.window.until
        return [
            lane(_layer_title(seat, number), seat.name, layer_shifts(layer, since, until), self._cast)
            for seat in self.definition.seats
            for number, layer in enumerate(seat.layers, 1)
        ]

    def _overrides(self) -> list[Lane]:
        rows: dict[str, list[Block]] = {}
        for override in self.agreed.overrides:
            if self._shows(override):
                people = tuple(person.email for person in override.people.all())
                shift = Shift(override.start, override.end, people, overridden=True)
                rows.setdefault(override.seat.name, []).append(self._override(override, shift))
        return [Lane(title_of(seat), blocks) for seat, blocks in rows.items()]

    def _override(self, override: Override, shift: Shift) -> Block:
        block = self._cast.block(shift, override.seat.name)
        return replace(block, says="a swap that was taken" if override.swap_id else override.reason)

    @cached_property
    def _cast(self) -> Cast:
        """Names in the order of the rotations, so that neighbours differ in shade."""
        names = {email: person.name for email, person in self.rota.people.items()}
        layers = [layer for seat in self.definition.seats for layer in seat.layers]
        order = [email for layer in layers for group in layer.participants for email in group]
        extra = {person.email: person.name for one in self.agreed.overrides for person in one.people.all()}
        known = {**self.names, **extra, **names}
        return Cast({email: known.get(email, email) for email in [*order, *known]}, self.viewer.email)

    def _shows(self, one: Override | Swap | Shadow) -> bool:
        return one.start < self.window.until and (one.end is None or one.end > self.window.since)

    def _may_change(self) -> bool:
        return self.viewer.is_responder

    def _lead(self, seat: str, shift: Shift) -> str | None:
        """One's own shift leads to the offer of it, another's to covering for them; what is over leads nowhere."""
        if not self._may_change() or shift.end <= timezone.now():
            return None
        if self.viewer.email in shift.people:
            return self._link("swap-new", seat, shift.start, shift.end)
        person = self.rota.people[shift.people[0]]
        return self._link("cover", seat, shift.start, shift.end, person=person.pk)

    def _swap_url(self, swap: Swap) -> str:
        return reverse("oncall:swap", args=[self.schedule.slug, swap.pk])

    def _link(self, name: str, seat: str, start: datetime, end: datetime, **more: object) -> str:
        given = {"seat": seat, "start": start.isoformat(), "end": end.isoformat()} | more
        return f"{reverse(f'oncall:{name}', args=[self.schedule.slug])}?{urlencode(given)}"


def _layer_title(seat: Seat, number: int) -> str:
    return f"{title_of(seat.name)}, layer {number}" if len(seat.layers) > 1 else title_of(seat.name)
