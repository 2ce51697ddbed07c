"""What this room does when others, or its own services, tell that something happened (see config/reactions.py).

Each handler runs once for each event, in a transaction of its own; running it again would change nothing.
"""

from __future__ import annotations

from incidents import timeline
from incidents.models import Incident
from incidents.severity import severity
from notifications.models import Event
from oncall.tell import tell_person
from postmortems.finding.seen_before import certain_errors, first_line
from postmortems.models import Action, Postmortem, Problem
from postmortems.services import open_postmortem


def enter_known_errors(event: Event) -> None:
    """Enter the known errors that the incident is like on its timeline, with the workaround's first line.

    Those of its services, and those that its title speaks of. What has something private behind it is left out, for
    everybody in the room reads the timeline.
    """
    incident = _incident(event)
    for problem in certain_errors(incident, Problem.objects.open_to_all()):
        timeline.add(
            incident=incident,
            kind="link",
            text=f"Known error {problem}: {first_line(problem.workaround) or 'no workaround is known yet'}",
            data={"problem": problem.number, "url": problem.get_absolute_url()},
            dedup_key=f"known-error:{problem.number}",
        )


def open_where_required(event: Event) -> None:
    """Open a post-mortem once a grave enough incident is resolved; not for practice, nor where it is exempted."""
    incident = _incident(event)
    if event.payload["to"] != "resolved" or incident.practice or incident.merged_into_id:
        return
    required = severity(incident.severity).post_mortem_required
    settled = hasattr(incident, "exemption") or incident.postmortems.exists()
    if required and not settled:
        open_postmortem(incidents=[incident])


def enter_on_timelines(event: Event) -> None:
    """Enter on each incident's timeline that its post-mortem was opened, published or reopened.

    Without its title, which may come from another incident that not everybody may see.
    """
    postmortem = Postmortem.objects.get(number=event.payload["postmortem"])
    what = event.type.partition(".")[2]
    reason = event.payload.get("reason", "")
    for incident in postmortem.incidents.all():
        timeline.add(
            incident=incident,
            kind="link",
            text=f"Post-mortem {postmortem.number} {what}" + (f": {reason}" if reason else ""),
            at=event.at,
            data={"postmortem": postmortem.number, "url": postmortem.get_absolute_url()},
            dedup_key=f"postmortem:{postmortem.number}:{event.pk}",
        )


def ask_reviewers(event: Event) -> None:
    """Tell those who are asked to sign off, once it is in review: each time anew when the text has changed."""
    postmortem = Postmortem.objects.get(number=event.payload["postmortem"])
    if postmortem.status != Postmortem.Status.IN_REVIEW:
        return
    changed = "It has changed since you signed it off. " if event.payload.get("changed") else ""
    waiting = postmortem.reviews.filter(signed_off_at=None).select_related("person")
    for review in waiting:
        if not Postmortem.objects.visible_to(review.person).filter(pk=postmortem.pk).exists():
            continue
        tell_person(
            review.person,
            key=f"review:{review.pk}:{review.asked_at.isoformat()}",
            about=f"postmortem:{postmortem.number}",
            subject=f"Please review: {postmortem.title}",
            text=f"{changed}You are asked to read it and sign it off for {review.get_side_display()}.",
            url=postmortem.get_absolute_url(),
        )


def tell_owner(event: Event) -> None:
    """Tell somebody that an action is theirs."""
    action = Action.objects.select_related("owner").get(number=event.payload["action"])
    if action.owner is None or not Action.objects.visible_to(action.owner).filter(pk=action.pk).exists():
        return
    tell_person(
        action.owner,
        key=f"action:{action.number}:owner:{action.owner.pk}",
        about=f"action:{action.number}",
        subject=f"An action is yours: {action.title}",
        text=f"It is due on {action.due_on:%-d %B %Y}. Say so if it should be somebody else's, or another date.",
        url="/actions/",
    )


def _incident(event: Event) -> Incident:
    return Incident.objects.get(number=event.payload["incident"])
