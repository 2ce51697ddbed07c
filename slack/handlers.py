"""What Slack shows of what happened (see config/reactions.py): announcements and page messages, kept current.

Handlers write deliveries. Without SLACK_BOT_TOKEN they do nothing, and a private incident is told to no channel.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from incidents.models import Incident, Update
from notifications.deliveries import enqueue, withdraw
from notifications.durations import words
from notifications.models import Delivery, Event
from oncall.models import Page, PageNotice
from slack import blocks
from slack.facts import incident_facts, person, url_of
from slack.models import Announcement
from slack.recall import known_to_all
from slack.rendering import page_facts
from slack.services import workspace


def announce(event: Event) -> None:
    """Tell the announcement channel that an incident was declared."""
    incident = _public_incident(event)
    if incident is None or Announcement.objects.filter(incident=incident).exists():
        return
    message = blocks.announcement(incident_facts(incident), known_to_all(incident))
    Announcement.objects.create(incident=incident, delivery=_post(incident, message, f"announce:{incident.number}"))


def refresh_announcement(event: Event) -> None:
    """Bring the announcement in line with the incident."""
    found = Announcement.objects.filter(incident__number=event.payload["incident"])
    if announcement := found.select_related("incident", "delivery").first():
        _refresh(announcement, event)


def announce_resolution(event: Event) -> None:
    """Tell those who heard of the incident that it is over."""
    incident = _public_incident(event)
    if incident is None or incident.status != "resolved" or event.payload.get("to") != "resolved":
        return
    if Announcement.objects.filter(incident=incident).exists() and incident.resolved_at:
        lasted = words((incident.resolved_at - incident.started_at).total_seconds())
        _post(incident, blocks.resolution(incident_facts(incident), lasted=lasted), f"resolution:{event.pk}")


def post_update(event: Event) -> None:
    """Tell the announcement channel what stakeholders are told."""
    incident = _public_incident(event)
    if incident is None:
        return
    update = Update.objects.select_related("posted_by").get(pk=event.payload["update"])
    due = f"by {update.next_due_at:%H:%M} UTC" if update.next_due_at else ""
    author = person(update.posted_by) or blocks.Person("Andon")
    message = blocks.stakeholder_update(incident_facts(incident), update.text, author=author, next_update=due)
    _post(incident, message, f"update:{update.pk}")


def refresh_page_messages(event: Event) -> None:
    """Take the buttons out of the messages of a page that was answered, and say who answered."""
    for notice in _asked_in_slack().filter(page=event.payload["page"]):
        _settle(notice, event)


def catch_up(event: Event) -> None:
    """A message that went out late is brought up to date: what it speaks of may have changed meanwhile."""
    sent = event.payload["delivery"]
    for announcement in Announcement.objects.filter(delivery=sent).select_related("incident", "delivery"):
        _refresh(announcement, event)
    for notice in _asked_in_slack().filter(delivery=sent):
        _settle(notice, event)


def _asked_in_slack() -> QuerySet[PageNotice]:
    """Notices whose message asks for an answer to one page: not those of shadows, nor of a bundle."""
    asked = PageNotice.objects.filter(delivery__channel="slack", shadow=False, bundle=None)
    return asked.select_related("page", "delivery")


def _public_incident(event: Event) -> Incident | None:
    if not settings.SLACK_BOT_TOKEN:
        return None
    return Incident.objects.filter(number=event.payload["incident"], private=False).first()


def _post(incident: Incident, message: blocks.Message, occasion: str) -> Delivery:
    text, shown = message
    return enqueue(
        dedup_key=f"slack:{occasion}",
        about=incident.subject,
        channel="slack",
        address=workspace().announce_channel,
        message={"subject": text, "text": text, "url": url_of(incident), "slack": {"text": text, "blocks": shown}},
    )


def _refresh(announcement: Announcement, event: Event) -> None:
    incident = announcement.incident
    current = blocks.announcement(incident_facts(incident), known_to_all(incident))
    hidden = blocks.done("This incident was made private: those who take part see it in Andon.")
    _update(announcement.delivery, hidden if incident.private else current, event)


def _settle(notice: PageNotice, event: Event) -> None:
    if notice.delivery and (message := _settled(notice, notice.delivery)):
        _update(notice.delivery, message, event)


def _settled(notice: PageNotice, told: Delivery) -> blocks.Message | None:
    """What the message of a page becomes; None while its side waits for an answer."""
    page, facts = notice.page, page_facts(told.message)
    if page.state == Page.State.RESOLVED and page.resolved_at:
        return blocks.page_resolved(facts, f"{page.resolved_at:%H:%M} UTC")
    side = page.escalations.filter(seat=notice.seat).select_related("acknowledged_by").first()
    if side is None or side.acknowledged_at is None:
        return None
    by = person(side.acknowledged_by) or blocks.Person("somebody")
    return blocks.page_acknowledged(facts, by, f"{side.acknowledged_at:%H:%M} UTC")


def _update(sent: Delivery, message: blocks.Message, event: Event) -> None:
    """Change a message that was sent, unless it says so already. One not yet sent is caught up with once it is."""
    if not settings.SLACK_BOT_TOKEN or not sent.receipt.get("ts"):
        return
    text, shown = message
    about = f"slack:message:{sent.pk}"
    last = Delivery.objects.filter(about=about).exclude(state=Delivery.State.WITHDRAWN).order_by("-pk").first()
    if (last or sent).message.get("slack", {}).get("blocks") == shown:
        return
    withdraw(about=about)
    enqueue(
        dedup_key=f"slack:message:{sent.pk}:{event.pk}",
        about=about,
        channel="slack",
        address=sent.receipt["channel"],
        message={
            "text": text,
            "slack": {"method": "chat.update", "ts": sent.receipt["ts"], "text": text, "blocks": shown},
        },
        queue=sent.queue,
    )
