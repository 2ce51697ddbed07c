"""Senders of alerts, as the inbox knows them (`notifications.inbox.Sender`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notifications import signatures
from notifications.inbox import Sender
from notifications.models import InboundMessage
from telemetry import alerts
from telemetry.events import AlertEvent
from telemetry.senders import alertmanager


def _verify(secrets: Sequence[str], body: bytes, headers: Mapping[str, str]) -> bool:
    """Alertmanager's `http_config.authorization`, or its `basic_auth` with the secret as the password."""
    return signatures.bearer(secrets, headers) or signatures.basic(secrets, headers)


def _apply(message: InboundMessage, told: Sequence[AlertEvent]) -> str:
    [outcome] = _apply_many([(message, told)])
    return outcome


def _apply_many(messages: Sequence[tuple[InboundMessage, Sequence[AlertEvent]]]) -> list[str]:
    told = [events for _, events in messages]
    news = alerts.take_many(told=told, integration=messages[0][0].integration)
    return [f"{len(events)} alerts, {len(ids)} of them news" for events, ids in zip(told, news, strict=True)]


ALERTMANAGER = Sender(
    verify=_verify,
    key=lambda headers, body: None,  # it repeats itself without an identity: alerts are told apart by their state
    parse=alertmanager.parse,
    apply=_apply,
    apply_many=_apply_many,
)
