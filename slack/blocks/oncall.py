"""Who is on call, now and next, Dev and Ops: the answer to `/oncall`."""

from collections.abc import Sequence
from dataclasses import dataclass

from .text import Message, Person, clip, context, link, one_line, people, section

MOST_SERVICES = 40
SIDES = {"dev": "◆ Dev", "ops": "● Ops"}


@dataclass(frozen=True)
class SeatFacts:
    """A seat such as `dev` or `ops`: who sits there now, who next, and from when, in words."""

    name: str
    now: Sequence[Person] = ()
    next: Sequence[Person] = ()
    next_at: str = ""


@dataclass(frozen=True)
class ServiceOnCall:
    service: str
    url: str
    seats: Sequence[SeatFacts] = ()


def oncall_answer(services: Sequence[ServiceOnCall], *, url: str) -> Message:
    """A paragraph for each service; nobody is notified by it. An empty seat says so."""
    if not services:
        return "No schedules yet.", [section("No schedules yet."), context(link(url, "Set one up"))]
    paragraphs = [section(_service(one)) for one in services[:MOST_SERVICES]]
    more = f" · {len(services) - MOST_SERVICES} more" if len(services) > MOST_SERVICES else ""
    return f"On call for {len(services)} service{'s' if len(services) != 1 else ''}", [
        *paragraphs,
        context(link(url, "Schedules") + more),
    ]


def _service(one: ServiceOnCall) -> str:
    seats = [_seat(seat) for seat in one.seats[:4]] or ["no seats"]
    return "\n".join([f"*{link(one.url, one.service)}*", *seats])


def _seat(seat: SeatFacts) -> str:
    name = SIDES.get(seat.name, clip(one_line(seat.name), 40))
    now = people(seat.now, 3) or "*nobody*"
    after = f" from {clip(one_line(seat.next_at), 60)}" if seat.next_at else ""
    return f"{name}: {now}" + (f" · next {people(seat.next, 3)}{after}" if seat.next else "")
