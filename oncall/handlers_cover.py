"""Reactions to swaps, shifts that need cover, gaps and shadows (config/reactions.py): those concerned are told.

Whoever did it is not told what they did; nobody is told the same thing twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from notifications.models import Event
from oncall.candidates import candidates, leads_of
from oncall.models import Person, Schedule, Shadow, Shift, Swap
from oncall.rotas.coverage import Interval
from oncall.tell import span, spans, tell

WHY = {
    Swap.Reason.OFFER: "{person} offers a shift of {seat} on {schedule}",
    Swap.Reason.LEAVE: "{person} is on leave and needs cover for {seat} on {schedule}",
    Swap.Reason.HOLIDAY: "{person} has a public holiday and needs cover for {seat} on {schedule}",
}


def ask_for_cover(event: Event) -> None:
    """Those who could take it are asked; the person is told what was asked in their name."""
    swaps = list(_swaps().filter(pk__in=event.payload["swaps"], state=Swap.State.OPEN).order_by("start"))
    if not swaps:
        return
    first, payload = swaps[0], event.payload
    askable: dict[Person, list[Swap]] = {}
    for swap in swaps:
        for person in candidates(swap):
            askable.setdefault(person, []).append(swap)
    for person, offered in askable.items():
        if person.pk not in (payload["by"], payload.get("but")):
            _say(person, offered[0], f"swap-offered:{event.pk}", _why(offered[0]), _listed(offered, person))
    if payload["by"] != first.person_id:
        asked = ", ".join(person.get_short_name() for person in askable) or "nobody: there is nobody to ask"
        lines = [*_listed(swaps, first.person), f"Asked: {asked}.", "Take it back if you want to keep it."]
        subject = f"Cover is asked for your shift of {first.seat.name} on {first.seat.schedule}"
        _say(first.person, first, f"swap-asked:{event.pk}", subject, lines)


def tell_taken(event: Event) -> None:
    """The person no longer has it; the taker has, which they are told unless they took it themselves."""
    swap, payload = _swaps().get(pk=event.payload["swap"]), event.payload
    taker = Person.objects.get(pk=payload["taker"])
    where, key = f"of {swap.seat.name} on {swap.seat.schedule}", f"swap-taken:{event.pk}"
    if payload["by"] != swap.person_id:
        _say(swap.person, swap, key, f"{taker} has your shift {where}", _listed([swap], swap.person))
    if payload["by"] != taker.pk:
        _say(taker, swap, key, f"You have the shift of {swap.person} {where}", _listed([swap], taker))


def tell_returned(event: Event) -> None:
    """Whoever has it now, and whoever no longer has, unless it was their own doing."""
    swap, payload = _swaps().get(pk=event.payload["swap"]), event.payload
    where, key = f"of {swap.seat.name} on {swap.seat.schedule}", f"swap-returned:{event.pk}"
    taker, rest = Person.objects.get(pk=payload["taker"]), [Interval.read(payload)]
    if payload["by"] != swap.person_id:
        asked = ", unless somebody else takes it" if payload["how"] == "given back" else ""
        lines = [*spans(rest, swap.person), f"You are on call again{asked}."]
        _say(swap.person, swap, key, f"{taker} no longer has your shift {where}", lines)
    if payload["by"] != taker.pk:
        lines = [*spans(rest, taker), "You are no longer on call for it."]
        _say(taker, swap, key, f"{swap.person} has the shift {where} again", lines)


def tell_expired(event: Event) -> None:
    """It begins and nobody took it: the person has it. Who is away needs their leads to know."""
    swap = _swaps().get(pk=event.payload["swap"])
    if swap.end <= timezone.now() or swap.state != Swap.State.EXPIRED:
        return
    where, key = f"of {swap.seat.name} on {swap.seat.schedule}", f"swap-expired:{event.pk}"
    lines = [*_listed([swap], swap.person), "You are on call. The rest of it can still be taken."]
    _say(swap.person, swap, key, f"Nobody took your shift {where}", lines)
    if swap.reason == Swap.Reason.OFFER:
        return
    for lead in leads_of(swap.seat.schedule_id).exclude(pk=swap.person_id):
        subject = f"Nobody covers for {swap.person} {where}, who is {swap.get_reason_display()}"
        _say(lead, swap, key, subject, _listed([swap], lead))


def tell_of_gaps(event: Event) -> None:
    """Somebody is gone and leaves gaps: everybody on that schedule hears of it, and the leads of its teams."""
    payload = event.payload
    schedule, gone = Schedule.every.get(pk=payload["schedule"]), Person.objects.get(pk=payload["person"])
    ahead = Shift.objects.filter(seat__schedule=schedule, during__endswith__gt=timezone.now())
    concerned = Q(pk__in=ahead.values("person")) | Q(pk__in=leads_of(schedule.pk))
    gaps = [(gap["seat"], Interval.read(gap)) for gap in payload["gaps"]]
    subject = f"Nobody is on call for {payload['count']} shifts of {schedule}: {gone} is gone"
    if payload["now"]:
        subject = f"Nobody is on call NOW for {', '.join(payload['now'])} of {schedule}: {gone} is gone"
    for person in Person.objects.active().filter(concerned):
        lines = [f"· {seat}: {span(interval, person)}" for seat, interval in gaps]
        more = payload["count"] - len(gaps)
        lines += [f"· and {more} more"] if more > 0 else []
        lines += [f"(times in {person.timezone})", "Give their turns to somebody, or make an override."]
        tell(person, schedule, key=f"gaps:{event.pk}", subject=subject, lines=lines, concerns=gaps[0][1].start)


def tell_shadow(event: Event) -> None:
    """Somebody else made them a shadow."""
    shadow = Shadow.objects.select_related("seat__schedule", "person").filter(pk=event.payload["shadow"]).first()
    if shadow is None or event.payload["by"] == shadow.person_id:
        return
    schedule = shadow.seat.schedule
    tell(
        shadow.person,
        schedule,
        key=f"shadow:{event.pk}",
        subject=f"You shadow {shadow.seat.name} on {schedule}",
        lines=["You are told of its pages, to learn. You need not acknowledge any."],
        concerns=shadow.start,
    )


def _swaps() -> QuerySet[Swap]:
    return Swap.objects.select_related("seat__schedule", "person", "taken_by")


def _say(person: Person, swap: Swap, key: str, subject: str, lines: Iterable[str]) -> None:
    schedule = swap.seat.schedule
    path = reverse("oncall:swap", args=[schedule.slug, swap.pk])
    tell(person, schedule, key=key, subject=subject, lines=lines, concerns=swap.start, path=path)


def _why(swap: Swap) -> str:
    words = WHY[Swap.Reason(swap.reason)]
    return words.format(person=swap.person, seat=swap.seat.name, schedule=swap.seat.schedule)


def _listed(swaps: list[Swap], person: Person) -> list[str]:
    note = [f"“{swaps[0].note}”"] if swaps[0].note else []
    return [*spans((Interval.of(swap) for swap in swaps), person), *note]
