"""What a message says that tells of many pages: how many, the first by name, and one button for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from notifications.links import absolute
from oncall.models import Bundle, Page, PageNotice
from oncall.paging import links
from oncall.paging.messages import page_url

BY_NAME = 20
MINUTE = 60.0


def message_of_bundle(bundle: Bundle, notices: Sequence[PageNotice]) -> dict[str, Any]:
    """To a person: the pages of these notices, each once. Nothing is asked of somebody who only learns beside them.

    `pages` has the first of them for channels that draw a list: `page`, `subject`, `service`, `urgency`, `url`. What a
    webhook is told, which no person reads, has all of them.
    """
    pages = sorted((notice.page for notice in notices), key=lambda page: (page.urgency == Page.Urgency.LOW, page.pk))
    asked = any(not notice.shadow for notice in notices)
    every = [_named(page) for page in pages]
    named = every[:BY_NAME]
    head = f"{len(pages)} more pages {_within(pages)}" + ("" if asked else ": you are shadowing, nothing is asked")
    more = [f"and {len(pages) - len(named)} more"] if len(pages) > len(named) else []
    value = links.bundle_token(bundle)
    answer = {"id": "bundle.acknowledge", "label": "Acknowledge all", "value": value, "style": "primary"}
    all_pages = {"id": "open", "label": "All pages", "url": absolute("/pages/")}
    return {
        "kind": "bundle",
        "bundle": bundle.pk,
        "count": len(pages),
        "pages": named,
        "subject": f"{len(pages)} more pages: {pages[0].subject}, …",
        "text": "\n".join([f"{head}:", *(_line(one) for one in named), *more]),
        "url": links.bundle_url(bundle) if asked else all_pages["url"],
        "facts": [],
        "actions": [answer, all_pages] if asked else [all_pages],
        "webhook": {"bundle": {"id": bundle.pk, "count": len(pages), "pages": every}},
    }


def _named(page: Page) -> dict[str, Any]:
    return {
        "page": page.pk,
        "subject": page.subject,
        "service": page.service.name if page.service else "",
        "urgency": page.urgency,
        "url": absolute(page.url) if page.url else page_url(page),
    }


def _line(named: dict[str, Any]) -> str:
    service = f" ({named['service']})" if named["service"] and named["service"] not in named["subject"] else ""
    return f"· {named['subject']}{service} {named['url']}"


def _within(pages: Sequence[Page]) -> str:
    """In how many minutes they came, by the clock: `in the last minute`, `in the last 3 minutes`."""
    passed = (timezone.now() - min(page.created_at for page in pages)).total_seconds()
    minutes = int(-(-passed // MINUTE))
    return "in the last minute" if minutes <= 1 else f"in the last {minutes} minutes"
