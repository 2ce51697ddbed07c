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
    news = alerts.take(events=told, integration=message.integration)
    return f"{len(told)} alerts, {len(news)} of them news"


ALERTMANAGER = Sender(
    verify=_verify,
    key=lambda headers, body: None,  # it repeats itself without an identity: alerts are told apart by their state
    parse=alertmanager.parse,
    apply=_apply,
)
