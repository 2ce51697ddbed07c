"""Reactions to what became of deliveries and shifts (config/reactions.py). Each is carried out once an event."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone

from notifications import deliveries
from notifications.links import absolute
from notifications.models import Delivery, Event
from notifications.nudge import nudge
from oncall import pagelog
from oncall.answers import sides_told
from oncall.climb import lock
from oncall.escalation import State
from oncall.models import Escalation, Page, PageNotice, Person, Schedule
from oncall.notify import notify
from oncall.reach import methods_of

log = structlog.get_logger(__name__)

WORDS = {
    "delivery.sent": ("delivered", "{kind} to {person} went out"),
    "delivery.delayed": ("delayed", "{kind} to {person} is late and is tried again: {reason}"),
    "delivery.failed": ("refused", "{kind} to {person} was refused: {reason}"),
}


def log_delivery(event: Event) -> None:
    """What came of a delivery, in the log of the page it was for."""
    if not (notice := _notice(event)):
        return
    kind, words = WORDS[event.type]
    text = words.format(
        kind=notice.delivery.get_channel_display(),
        person=notice.person,
        reason=event.payload.get("reason", ""),
    )
    pagelog.enter(notice.page, kind, text, seat=notice.seat, person=notice.person)


def try_next_method(event: Event) -> None:
    """A contact method refused for good: the person's next one at once, or the next step where there is none."""
    if not (notice := _notice(event)):
        return
    page, person = lock(notice.page), notice.person
    sides = list(page.escalations.open().filter(seat__in=sides_told(page, person)))
    if page.state == Page.State.RESOLVED or not sides:
        return
    at = State(notice.step, notice.round)
    same = PageNotice.objects.filter(page=page, step=at.step, round=at.round)
    tried = set(same.filter(person=person).values_list("method", flat=True))
    if method := next((method for method in methods_of(person) if method.pk not in tried), None):
        notify(page, person, method, at=at, seat=notice.seat)
        text = f"{person} is paged by {method.get_kind_display()} instead"
        pagelog.enter(page, "notified", text, seat=notice.seat, person=person, event="page.notified")
        return
    text = f"{person} could not be told: every contact method refused"
    pagelog.enter(page, "unreachable", text, seat=notice.seat, person=person)
    log.error("person_unreachable", page_id=page.pk, person_id=person.pk)
    others = same.exclude(person=person).exclude(delivery__state=Delivery.State.FAILED)
    if _is_latest(page, notice):
        _hasten([side for side in sides if not others.filter(seat=side.seat).exists()])


def tell_shift_change(event: Event) -> None:
    """Tell a person that somebody's edit changed their future shifts."""
    person = Person.objects.active().filter(pk=event.payload["person"]).first()
    schedule = Schedule.objects.filter(pk=event.payload["schedule"]).first()
    if person is None or schedule is None or not (methods := methods_of(person)):
        log.info("shift_change_untold", person_id=event.payload["person"])
        return
    parts = [
        _told(head, event.payload[name], person)
        for name, head in (("gained", "You are now on call:"), ("lost", "You are no longer on call:"))
    ]
    deliveries.enqueue(
        dedup_key=f"shift-change:{event.pk}",
        about=f"schedule:{schedule.slug}",
        channel=methods[0].kind,
        address=methods[0].address,
        message={
            "subject": f"Your shifts on {schedule} changed",
            "text": "\n".join([f"Your shifts on {schedule} changed.", *filter(None, parts)]),
            "url": absolute(f"/schedules/{schedule.slug}/"),
        },
        method=methods[0],
    )


def _notice(event: Event) -> PageNotice | None:
    """The notice a delivery was made for; none where it was no page."""
    notices = PageNotice.objects.select_related("page", "person", "delivery")
    return notices.filter(delivery=event.payload["delivery"]).first()


def _hasten(sides: list[Escalation]) -> None:
    """Nobody of these sides was told: their next step is due now."""
    for side in sides:
        if side.next_at:
            side.next_at = timezone.now()
            side.save(update_fields=["next_at"])
    nudge("oncall.tasks.escalate")


def _is_latest(page: Page, notice: PageNotice) -> bool:
    """Whether the side still waits for an answer to this very step."""
    last = PageNotice.objects.filter(page=page, seat=notice.seat).order_by("round", "step").last()
    return last is not None and (last.round, last.step) == (notice.round, notice.step)


def _told(head: str, notes: list[dict[str, str]], person: Person) -> str:
    zone = ZoneInfo(person.timezone)
    lines = [f"· {note['seat']}, {_local(note['start'], zone)} – {_local(note['end'], zone)}" for note in notes]
    return "\n".join([head, *lines, f"(times in {person.timezone})"]) if notes else ""


def _local(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%a %d %b %Y %H:%M}"
