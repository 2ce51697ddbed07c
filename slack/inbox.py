"""Slack's requests, as the inbox knows them (`notifications.inbox.Sender`)."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.inbox import Sender
from notifications.models import InboundMessage
from slack import dispatch, identity, payloads
from slack.signature import is_authentic


def _prepare(told: Sequence[payloads.Told]) -> None:
    """Ask Slack who people are whom we meet for the first time; not where a form waits to be opened."""
    for one in told:
        if not payloads.opens_form(one):
            identity.link(identity.named_in(one))


def _apply(message: InboundMessage, told: Sequence[payloads.Told]) -> str:
    return "; ".join(dispatch.carry_out(one, key=message.key) for one in told)


SLACK = Sender(verify=is_authentic, key=payloads.key, parse=payloads.parse, apply=_apply, prepare=_prepare)
