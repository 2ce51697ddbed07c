"""`/oncall`: who is on, now and next, Dev and Ops; my shifts; a call."""

from __future__ import annotations

from django.utils import timezone

from notifications.errors import InvalidInput
from notifications.links import absolute
from oncall import paging, shifts
from oncall.models import Person, Service, Shift, Team
from slack import blocks
from slack.asking import Ask
from slack.blocks import Message, SeatFacts, ServiceOnCall, done, oncall_answer
from slack.blocks.oncall import MOST_SERVICES
from slack.commands.work import target_of
from slack.facts import person

SHOWN_SHIFTS = 10


def now(ask: Ask) -> Message:
    """Every service that has a schedule; or one service, or those of a team."""
    services = _services(ask)
    on_call = shifts.on_call(services)
    answer = [
        ServiceOnCall(service.name, absolute(f"/services/{service.slug}/"), _seats(service, on_call[service.pk]))
        for service in services
    ]
    return oncall_answer(answer, url=absolute("/schedules/"))


def _services(ask: Ask) -> list[Service]:
    visible = Service.objects.visible_to(ask.speaker)
    slug = ask.command.target
    if slug is None:
        return list(visible.exclude(schedule=None).order_by("tier", "name")[:MOST_SERVICES])
    found = list(visible.filter(slug=slug)) or list(visible & Service.objects.of_team(slug))
    if not found:
        raise InvalidInput(target=f"There is no service or team {slug}: /oncall shows all services with a schedule.")
    return found


def _seats(service: Service, on_call: dict[str, list[Person]]) -> list[SeatFacts]:
    following = shifts.next_on_call(service)
    return [
        SeatFacts(
            name=seat,
            now=_named(people),
            next=_named(following[seat]["people"]) if seat in following else (),
            next_at=f"{following[seat]['start']:%a %d %b %H:%M} UTC" if seat in following else "",
        )
        for seat, people in on_call.items()
    ]


def _named(people: list[Person]) -> list[blocks.Person]:
    return [shown for one in people if (shown := person(one))]


def mine(ask: Ask) -> Message:
    """My shifts, the one that holds now included."""
    coming = Shift.objects.filter(person=ask.speaker, during__endswith__gt=timezone.now())
    lines = [
        f"{shift.seat.name} of {shift.seat.schedule.name}: "
        f"{shift.during.lower:%a %d %b %H:%M} to {shift.during.upper:%a %d %b %H:%M} UTC"
        for shift in coming.select_related("seat__schedule").order_by("during")[:SHOWN_SHIFTS]
    ]
    return done("\n".join(lines) or "You have no shifts ahead.", url=absolute("/schedules/"))


def page(ask: Ask) -> Message:
    """Call a service, a team or a person, without an incident."""
    if not ask.command.target and not ask.command.person:
        raise InvalidInput(target="Say whom, as in /oncall page checkout.")
    target = target_of(ask)
    made = paging.page(
        subject=f"{ask.speaker} asks for you in Slack",
        dedup_key=f"slack:{ask.key}"[:200],
        url=absolute("/pages/"),
        service=target if isinstance(target, Service) else None,
        team=target if isinstance(target, Team) else None,
        person=target if isinstance(target, Person) else None,
        by=ask.speaker,
    )
    return done(f"{target} called: {made}", url=absolute("/pages/"))
