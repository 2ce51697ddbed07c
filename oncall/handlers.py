"""Reactions to what became of deliveries and shifts (config/reactions.py). Each is carried out once an event."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from notifications import deliveries
from notifications.links import absolute
from notifications.models import Event
from oncall import fallback, pagelog
from oncall.models import PageNotice, Person, Schedule
from oncall.reach import methods_of
from oncall.way_words import words_of_method, words_of_place

log = structlog.get_logger(__name__)

WORDS = {
    "delivery.sent": ("delivered", "{what} went out"),
    "delivery.delayed": ("delayed", "{what} is late and is tried again: {reason}"),
    "delivery.failed": ("refused", "{what} was refused: {reason}"),
}


def log_delivery(event: Event) -> None:
    """What came of a delivery, in the log of every page it was for."""
    notices = _notices(event)
    kind, words = WORDS[event.type]
    more = f" about {count} pages" if (count := len({notice.page_id for notice in notices})) > 1 else ""
    reason = event.payload.get("reason", "")
    pagelog.write(
        [
            pagelog.Line(
                notice.page, kind, words.format(what=_what(notice) + more, reason=reason), notice.seat, notice.person
            )
            for notice in notices
        ]
    )
    pagelog.follow([notice.page for notice in notices])


def try_next_method(event: Event) -> None:
    """A message was refused for good: the person's next method at once, or the next step where there is none."""
    if notices := _notices(event):
        fallback.go_on(notices)


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


def _notices(event: Event) -> list[PageNotice]:
    """The notices a delivery was made for, one for each page; none where it was no page."""
    notices = PageNotice.objects.filter(delivery=event.payload["delivery"])
    return list(notices.select_related("page", "person", "delivery", "method").defer("delivery__message"))


def _what(notice: PageNotice) -> str:
    if notice.place:
        return f"The message to {words_of_place(notice.place)}"
    channel = notice.delivery.get_channel_display() if notice.delivery else ""
    return f"{words_of_method(notice.method) if notice.method else channel} to {notice.person}"


def _told(head: str, notes: list[dict[str, str]], person: Person) -> str:
    zone = ZoneInfo(person.timezone)
    lines = [f"· {note['seat']}, {_local(note['start'], zone)} – {_local(note['end'], zone)}" for note in notes]
    return "\n".join([head, *lines, f"(times in {person.timezone})"]) if notes else ""


def _local(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%a %d %b %Y %H:%M}"
