"""How the messages of other rooms look in Slack. Pure: it runs in the threads that send."""

from __future__ import annotations

from typing import Any

from slack.blocks import Block, BundleFacts, ListedPage, PageFacts, bundle_message, clip, page_message
from slack.blocks.text import FALLBACK, SECTION, context, link, section

Rendered = dict[str, str | list[Block]]


def render(message: dict[str, Any]) -> Rendered:
    """`text` and `blocks` of a message as `notifications` keeps it."""
    match message.get("kind"):
        case "page":
            text, blocks = page_message(page_facts(message))
        case "bundle":
            text, blocks = bundle_message(bundle_facts(message))
        case _:
            text, blocks = _plain(message)
    return {"text": text, "blocks": blocks}


def page_facts(message: dict[str, Any]) -> PageFacts:
    """What the message of a page says (`oncall.paging.messages.message_of`); the buttons carry its signed value."""
    facts = {str(label): str(value) for label, value in message.get("facts", [])}
    actions = {action["id"]: action for action in message.get("actions", [])}
    _, _, body = message.get("text", "").partition("\n")
    return PageFacts(
        id=actions.get("page.acknowledge", {}).get("value", ""),
        subject=message.get("subject", "").removeprefix("Page: "),
        url=actions.get("open", {}).get("url") or message.get("url", ""),
        service=facts.get("Service", ""),
        urgency=facts.get("Urgency", ""),
        body=body,
    )


def bundle_facts(message: dict[str, Any]) -> BundleFacts:
    """What the message of many pages says (`oncall.paging.bundle_messages`)."""
    actions = {action["id"]: action for action in message.get("actions", [])}
    return BundleFacts(
        id=actions.get("bundle.acknowledge", {}).get("value", ""),
        count=message["count"],
        pages=[ListedPage(page["subject"], page["url"], page["service"]) for page in message["pages"]],
        url=message["url"],
    )


def _plain(message: dict[str, Any]) -> tuple[str, list[Block]]:
    subject, text, url = (str(message.get(name) or "").strip() for name in ("subject", "text", "url"))
    told = text or subject or "(no words)"
    bold = f"*{clip(subject, 300)}*\n" if subject and text and subject != text else ""
    paragraph = section(bold + clip(told, SECTION - len(bold)))
    return clip(subject or told, FALLBACK), [paragraph, *([context(link(url, "Open"))] if url else [])]
