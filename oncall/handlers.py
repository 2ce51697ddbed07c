"""Reactions to what became of deliveries and shifts (config/reactions.py). Each is carried out once an event."""

from __future__ import annotations

from notifications.models import Event
from oncall.models import PageNotice, Person, Schedule
from oncall.paging import fallback, pagelog
from oncall.paging.way_words import words_of_method, words_of_place
from oncall.rotas.coverage import Interval
from oncall.tell import span, tell

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


def try_method_beside(event: Event) -> None:
    """A message is late again and again: the person's next method as well."""
    if notices := _notices(event):
        fallback.try_beside(notices)


def tell_shift_change(event: Event) -> None:
    """Tell a person that somebody's edit changed their future shifts."""
    person, schedule = Person.objects.get(pk=event.payload["person"]), Schedule.every.get(pk=event.payload["schedule"])
    lines = []
    concerns = min(Interval.read(note).start for name in ("gained", "lost") for note in event.payload[name])
    for name, head in (("gained", "You are now on call:"), ("lost", "You are no longer on call:")):
        if notes := event.payload[name]:
            spans = [f"· {note['seat']}, {span(Interval.read(note), person)}" for note in notes]
            lines += [head, *spans, f"(times in {person.timezone})"]
    subject = f"Your shifts on {schedule} changed"
    tell(person, schedule, key=f"shift-change:{event.pk}", subject=subject, lines=lines, concerns=concerns)


def _notices(event: Event) -> list[PageNotice]:
    """The notices a delivery was made for, one for each page; none where it was no page."""
    notices = PageNotice.objects.filter(delivery=event.payload["delivery"])
    return list(notices.select_related("page", "person", "delivery", "method").defer("delivery__message"))


def _what(notice: PageNotice) -> str:
    if notice.place:
        return f"The message to {words_of_place(notice.place)}"
    channel = notice.delivery.get_channel_display() if notice.delivery else ""
    return f"{words_of_method(notice.method) if notice.method else channel} to {notice.person}"
