"""What was agreed beside a schedule's rotations: overrides, swaps, and people who learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from oncall.drawing import Window
from oncall.models import Override, Schedule, Shadow, Swap

SHOWN = (Swap.State.OPEN, Swap.State.EXPIRED, Swap.State.TAKEN)


@dataclass(frozen=True)
class Agreed:
    """Overrides, swaps that were taken or are up for taking, shadows."""

    overrides: Sequence[Override] = ()
    swaps: Sequence[Swap] = ()
    shadows: Sequence[Shadow] = ()

    @classmethod
    def of(cls, schedule: Schedule, window: Window) -> Agreed:
        """Of this window, and all that is still to come. Four queries."""
        since = min(window.since, timezone.now())
        of_schedule = Q(seat__schedule=schedule, seat__retired_at=None)
        overrides = Override.objects.filter(of_schedule, end__gt=since)
        swaps = Swap.objects.filter(of_schedule, end__gt=since, state__in=SHOWN)
        shadows = Shadow.objects.filter(Q(end=None) | Q(end__gt=since), of_schedule)
        return cls(
            list(overrides.select_related("seat", "created_by").prefetch_related("people").order_by("start")),
            [swap for swap in swaps.select_related("seat__schedule", "person", "taken_by") if not is_over(swap)],
            list(shadows.select_related("seat", "person")),
        )

    def up_for_taking(self) -> list[Swap]:
        return [swap for swap in self.swaps if swap.state != Swap.State.TAKEN]

    def lists(self) -> dict[str, list[Any]]:
        """What the page lists: overrides in the window and to come; of the rest only what is not over."""
        now = timezone.now()
        return {
            "overrides": [override for override in self.overrides if not override.swap_id],
            "up_for_taking": self.up_for_taking(),
            "taken": [swap for swap in self.swaps if swap.state == Swap.State.TAKEN and swap.end > now],
            "shadows": [shadow for shadow in self.shadows if not shadow.end or shadow.end > now],
        }


def is_over(swap: Swap) -> bool:
    """Whether nobody can take it any longer: it ended untaken."""
    return swap.state != Swap.State.TAKEN and swap.end <= timezone.now()
