"""Pages in Slack: the message that asks somebody to come, and what it becomes once somebody does."""

from collections.abc import Sequence
from dataclasses import dataclass

from .text import (
    FALLBACK,
    SECTION,
    Message,
    Person,
    actions,
    button,
    clip,
    context,
    header,
    link,
    one_line,
    people,
    quote,
    section,
)


@dataclass(frozen=True)
class PageFacts:
    """A page to one person; `id` comes back as the buttons' value, inside Slack's signed request."""

    id: str
    subject: str
    url: str
    service: str = ""
    severity: str = ""
    urgency: str = "high"
    body: str = ""
    also_paged: Sequence[Person] = ()


def page_message(page: PageFacts) -> Message:
    """The page with Acknowledge, Escalate and Open room."""
    return _text(page, "Page: "), [
        header(f"📟 {page.subject}"),
        section(_facts(page)),
        *([quote(page.body)] if page.body.strip() else []),
        *([context(f"Also paged: {people(page.also_paged)}")] if page.also_paged else []),
        actions(
            button("Acknowledge", "page.acknowledge", page.id, style="primary"),
            button("Escalate", "page.escalate", page.id),
            button("Open room", "page.open", page.id, url=page.url),
        ),
    ]


def page_acknowledged(page: PageFacts, by: Person, at: str) -> Message:
    """The same message once `by` acknowledged it; `at` is a time in words."""
    return _settled(page, f"Acknowledged by {by.named()}, {clip(one_line(at), 60)}", escalate=True)


def page_escalated(page: PageFacts, by: Person, to: Sequence[Person]) -> Message:
    return _settled(page, f"Escalated by {by.named()} to {people(to) or 'the next step'}", escalate=False)


def page_resolved(page: PageFacts, at: str) -> Message:
    return _settled(page, f"Resolved, {clip(one_line(at), 60)}", escalate=False)


def _settled(page: PageFacts, what: str, *, escalate: bool) -> Message:
    more = [button("Escalate", "page.escalate", page.id)] if escalate else []
    return _text(page, f"{what.partition(' ')[0].rstrip(',')}: "), [
        header(f"✓ {page.subject}"),
        section(_facts(page)),
        context(what),
        actions(button("Open room", "page.open", page.id, url=page.url), *more),
    ]


def _text(page: PageFacts, before: str) -> str:
    return clip(f"{before}{one_line(page.subject)}", FALLBACK)


def _facts(page: PageFacts) -> str:
    parts = (("Service", page.service), ("Severity", page.severity.upper()), ("Urgency", page.urgency))
    shown = [f"*{name}* {clip(one_line(value), SECTION // 4)}" for name, value in parts if value.strip()]
    return "\n".join([*shown, link(page.url, "Everything that is known")])
