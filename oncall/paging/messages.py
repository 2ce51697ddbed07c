"""What a page says: to those who are asked to answer, to places that hear of it, and to those who learn beside them."""

from __future__ import annotations

from typing import Any

from notifications.links import absolute
from oncall.models import Page, Person
from oncall.paging import links
from oncall.paging.plans import names


def message_of(page: Page, person: Person, seat: str = "") -> dict[str, Any]:
    """To a person: words for every channel, a link of their own, and buttons for the channels that have them."""
    facts = [("You answer for", names([seat])), ("Urgency", page.urgency)]
    return _message(
        page,
        text=f"You are paged: {page.subject}",
        url=links.acknowledge_url(page, person),
        facts=facts,
        actions=_buttons(links.token(page, person)),
    )


def message_to_place(page: Page) -> dict[str, Any]:
    """To a channel or a webhook: whoever presses a button is known by who they are there, so no link acknowledges."""
    return _message(
        page,
        text=f"Paged: {page.subject}",
        url=page_url(page),
        facts=[("Urgency", page.urgency)],
        actions=_buttons(links.token(page, None)),
    )


def message_to_shadow(page: Page, seat: str) -> dict[str, Any]:
    """To somebody who learns beside a seat: the same news, and nothing to press."""
    beside, where = names([seat]) or "who is on call", page.service or page.team or page.person
    return _message(
        page,
        kind="shadow",
        text=f"You are shadowing {beside} on {where}: nothing is asked of you. {page.subject}",
        url=page_url(page),
        facts=[("Urgency", page.urgency)],
        actions=[],
    )


def page_url(page: Page) -> str:
    """Where everybody who may see the page finds it, once they have signed in."""
    return absolute(f"/pages/{page.pk}/")


def _message(
    page: Page,
    *,
    text: str,
    url: str,
    facts: list[tuple[str, str]],
    actions: list[dict[str, str]],
    kind: str = "page",
) -> dict[str, Any]:
    facts = [("Service", page.service.name if page.service else ""), *facts]
    room = [{"id": "open", "label": "Open room", "url": absolute(page.url)}] if page.url else []
    return {
        "kind": kind,
        "page": page.pk,
        "subject": f"Page: {page.subject}",
        "text": "\n".join(part for part in (text, page.body) if part),
        "url": url,
        "facts": [[label, fact] for label, fact in facts if fact],
        "actions": [*actions, *room],
        "webhook": {"page": _facts(page)},
    }


def _buttons(value: str) -> list[dict[str, str]]:
    return [
        {"id": "page.acknowledge", "label": "Acknowledge", "value": value, "style": "primary"},
        {"id": "page.escalate", "label": "Escalate", "value": value},
    ]


def _facts(page: Page) -> dict[str, Any]:
    """The page as programs read it, as it was when it was told."""
    return {
        "id": page.pk,
        "state": page.state,
        "urgency": page.urgency,
        "service": page.service.slug if page.service else None,
        "team": page.team.slug if page.team else None,
        "person": page.person.email if page.person else None,
        "about": page.about,
        "created_at": page.created_at.isoformat(),
        "url": page_url(page),
    }
