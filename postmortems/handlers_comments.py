"""Telling those whom a comment concerns, once each: who spoke in its thread, and who leads the conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from notifications.models import Event
from oncall.models import Person
from oncall.tell import tell_person
from postmortems.models import Comment, Postmortem

SHOWN = 300


def tell_of_comment(event: Event) -> None:
    """Tell them, but not who wrote it, nor who may not see the post-mortem; nothing of what was taken back since."""
    comment = Comment.objects.select_related("by", "section__postmortem").get(pk=event.payload["comment"])
    if comment.withdrawn_at:
        return
    postmortem = comment.section.postmortem
    for person in _concerned(comment, postmortem):
        if not Postmortem.objects.visible_to(person).filter(pk=postmortem.pk).exists():
            continue
        tell_person(
            person,
            key=f"comment:{comment.pk}:{person.pk}",
            about=f"postmortem:{postmortem.number}",
            subject=f"{comment.by} {'answered' if comment.thread_id else 'commented'} on {postmortem.title}",
            text=f"{comment.section.title}: {comment.body[:SHOWN]}",
            url=f"{postmortem.get_absolute_url()}#comment-{comment.pk}",
        )


def _concerned(comment: Comment, postmortem: Postmortem) -> Iterable[Person]:
    """Who leads it, or else who opened it; and those who spoke in the thread before."""
    first = comment.thread_id or comment.pk
    before = Comment.objects.filter(Q(pk=first) | Q(thread=first), withdrawn_at=None, pk__lt=comment.pk)
    people = {one.by_id: one.by for one in before.select_related("by")}
    lead = postmortem.facilitator or postmortem.opened_by
    people |= {lead.pk: lead} if lead else {}
    people.pop(comment.by_id, None)
    return people.values()
