"""What a team reads every morning: who is on call today, who hands over to whom, and what is to mend. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

MOST_CONCERNS = 10


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who has a seat now, and until when; nobody has an empty one."""

    schedule: str
    seat: str
    people: tuple[str, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Who comes on a seat today; nobody where it falls empty."""

    at: datetime
    schedule: str
    seat: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Morning:
    """One team's day in one zone. `concerns` are sentences."""

    team: str
    now: datetime
    zone: ZoneInfo
    on_call: Sequence[OnCall]
    handoffs: Sequence[Handoff] = ()
    concerns: Sequence[str] = ()

    @property
    def subject(self) -> str:
        return f"{self.team}: on call on {self._local(self.now):%a %-d %b}"

    @property
    def text(self) -> str:
        """Plain lines, with times in the zone, which is named once."""
        parts = [
            [f"On call for {self.team}, {self._local(self.now):%A %-d %B} (times in {self.zone.key})."],
            [self._seat(seat) for seat in self.on_call],
            ["Handoffs today:", *map(self._handoff, self.handoffs)] if self.handoffs else ["No handoffs today."],
            ["To mend:", *self._mend()] if self.concerns else [],
        ]
        return "\n".join(line for part in parts for line in part)

    def _seat(self, seat: OnCall) -> str:
        where = f"{seat.seat.capitalize()} on {seat.schedule}"
        if not seat.people:
            return f"• {where}: nobody"
        until = f", until {self._moment(seat.until)}" if seat.until else ""
        return f"• {where}: {' and '.join(seat.people)}{until}"

    def _handoff(self, handoff: Handoff) -> str:
        who = " and ".join(handoff.people) or "nobody"
        return f"• {self._local(handoff.at):%H:%M} {handoff.seat.capitalize()} on {handoff.schedule}: {who}"

    def _mend(self) -> list[str]:
        shown = [f"• {sentence}" for sentence in self.concerns[:MOST_CONCERNS]]
        more = len(self.concerns) - len(shown)
        return [*shown, f"• and {more} more: manage.py check_oncall lists all"] if more else shown

    def _moment(self, moment: datetime) -> str:
        local = self._local(moment)
        today = local.date() == self._local(self.now).date()
        return f"{local:%H:%M}" if today else f"{local:%a %-d %b %H:%M}"

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)
