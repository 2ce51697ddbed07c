"""What a function of the dispatch table is given, and how an answer goes out: as a delivery, never from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from notifications.deliveries import enqueue
from notifications.errors import Forbidden
from notifications.models import Delivery
from oncall.models import Person
from slack.blocks import Block, Message
from slack.grammar import Command
from slack.payloads import Told

NOTHING = Command("")


@dataclass(frozen=True)
class Ask:
    """One request: what was told, its key in the inbox, who speaks where we know them, and the command as parsed."""

    told: Told
    key: str
    person: Person | None
    command: Command = NOTHING
    number: int | None = None

    @property
    def speaker(self) -> Person:
        """Who speaks. Raises Forbidden where we do not know them."""
        if self.person is None:
            raise Forbidden(
                "Andon does not know you: no account has the e-mail address of your Slack profile. "
                f"Have an administrator add you at {settings.ANDON_BASE_URL}. You may declare incidents all the same."
            )
        return self.person


def answer(ask: Ask, message: Message) -> None:
    """Send it to the speaker alone: where they asked, else in their conversation with Andon."""
    text, blocks = message
    shown: dict[str, Any] = {"text": text, "blocks": blocks}
    if ask.told.response_url:
        shown |= {"response_type": "ephemeral", "replace_original": False}
    _enqueue(ask, "answer", ask.told.response_url or ask.told.user_id, {"text": text, "slack": shown})


def open_form(ask: Ask, view: Block) -> None:
    """Open a form before the speaker. A trigger that has run out is refused for good."""
    slack = {"method": "views.open", "trigger_id": ask.told.trigger_id, "view": view}
    _enqueue(ask, "form", ask.told.user_id, {"text": "", "slack": slack})


def _enqueue(ask: Ask, what: str, address: str, message: dict[str, Any]) -> None:
    """People wait for it, so it goes with the pages."""
    enqueue(
        dedup_key=f"slack:{what}:{ask.key}"[:200],
        about=f"slack:{ask.told.user_id}",
        channel="slack",
        address=address,
        message=message,
        queue=Delivery.Queue.PAGES,
    )
