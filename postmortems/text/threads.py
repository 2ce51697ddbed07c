"""The discussion of a post-mortem as it is read: threads by section, and whether the words they quote still stand."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from postmortems.models import Comment, Postmortem, Section
from postmortems.text import rendering

_TAG = re.compile(r"<[^>]*>")


@dataclass
class Thread:
    """A first comment with its replies, in their order. `stands`: the quoted words are in the text as it is now."""

    first: Comment
    replies: list[Comment] = field(default_factory=list)
    stands: bool = True

    @property
    def comments(self) -> list[Comment]:
        return [self.first, *self.replies]

    @property
    def is_told(self) -> bool:
        """Whether anything is left that was not taken back."""
        return any(one.withdrawn_at is None for one in self.comments)


@dataclass
class Discussion:
    """The threads on one section: those that wait for somebody, and those that are settled."""

    section: Section
    open: list[Thread] = field(default_factory=list)
    resolved: list[Thread] = field(default_factory=list)


def discussions(postmortem: Postmortem, *sections: Section) -> dict[str, Discussion]:
    """By the key of the section; of all of them unless some are named. One query for comments, however many."""
    chosen = sections or postmortem.sections.all()
    found = {section.pk: Discussion(section) for section in chosen}
    comments = list(Comment.objects.filter(section__in=list(found)).select_related("by", "resolved_by"))
    for one in comments:
        one.section = found[one.section_id].section
    threads = {one.pk: Thread(one) for one in comments if one.thread_id is None}
    for one in comments:
        if one.thread_id is not None:
            threads[one.thread_id].replies.append(one)
    for thread in filter(lambda thread: thread.is_told, threads.values()):
        discussion = found[thread.first.section_id]
        thread.stands = not thread.first.quote or stands(thread.first.quote, discussion.section.body)
        (discussion.resolved if thread.first.resolved_at else discussion.open).append(thread)
    return {discussion.section.key: discussion for discussion in found.values()}


def open_threads(postmortem: Postmortem) -> list[Discussion]:
    """The sections on which something waits for somebody."""
    return [discussion for discussion in discussions(postmortem).values() if discussion.open]


def stands(quote: str, body: str) -> bool:
    """Whether these words are in a Markdown text: as it is read, or as it is written. Spaces do not count."""
    wanted = _squeezed(quote)
    return wanted in _squeezed(body) or wanted in _squeezed(_as_read(body))


def _as_read(body: str) -> str:
    return html.unescape(_TAG.sub("", rendering.to_html(body, images=False)))


def _squeezed(text: str) -> str:
    return "".join(text.split())
