"""Senders of alerts, as the inbox knows them (`notifications.inbox.Sender`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from notifications import signatures
from notifications.inbox import Sender
from notifications.models import InboundMessage
from notifications.payloads import delivery_key
from telemetry import alerts
from telemetry.events import AlertEvent
from telemetry.senders import alertmanager, datadog, grafana, pagerduty, sentry

Headers = Mapping[str, str]
Told = Sequence[AlertEvent]
Secrets = Sequence[str]
Verify = Callable[[Secrets, bytes, Headers], bool]
Key = Callable[[Headers, bytes], str | None]
Parse = Callable[[Headers, bytes, datetime], list[AlertEvent]]


def _apply(message: InboundMessage, told: Told) -> str:
    [outcome] = _apply_many([(message, told)])
    return outcome


def _apply_many(messages: Sequence[tuple[InboundMessage, Told]]) -> list[str]:
    told = [events for _, events in messages]
    news = alerts.take_many(told=told, integration=messages[0][0].integration)
    return [_outcome(len(events), len(ids)) for events, ids in zip(told, news, strict=True)]


def _outcome(told: int, news: int) -> str:
    return f"{told} alert{'' if told == 1 else 's'}, {news} of them news"


def _token(secrets: Secrets, body: bytes, headers: Headers) -> bool:
    """A bearer token, or basic authentication with the secret as the password."""
    return signatures.bearer(secrets, headers) or signatures.basic(secrets, headers)


def _grafana(secrets: Secrets, body: bytes, headers: Headers) -> bool:
    return _token(secrets, body, headers) or signatures.grafana(secrets, body, headers)


def _pagerduty(secrets: Secrets, body: bytes, headers: Headers) -> bool:
    """`v1=` and the HMAC; while a secret is rotated there are several, of which any may match."""
    return signatures.hmac_sha256_hex(secrets, body, headers, "X-PagerDuty-Signature", "v1=")


def _sentry(secrets: Secrets, body: bytes, headers: Headers) -> bool:
    return signatures.hmac_sha256_hex(secrets, body, headers, "Sentry-Hook-Signature")


def _without_identity(headers: Headers, body: bytes) -> None:
    """It repeats itself, or says the same twice: its alerts are told apart by their state."""


def _dated(verify: Verify, key: Key, parse: Parse) -> Sender:
    """A sender whose messages may lack a time: what they tell is then of when they arrived, also where they are used
    hours later or again.
    """

    def check(headers: Headers, body: bytes) -> Told:
        return parse(headers, body, timezone.now())

    def apply(message: InboundMessage, _: Told) -> str:
        return _apply(message, parse(message.headers, bytes(message.body), message.received_at))

    return Sender(verify=verify, key=key, parse=check, apply=apply)


ALERTMANAGER = Sender(
    verify=_token, key=_without_identity, parse=alertmanager.parse, apply=_apply, apply_many=_apply_many
)
PAGERDUTY = Sender(verify=_pagerduty, key=pagerduty.key, parse=pagerduty.parse, apply=_apply)
GRAFANA = _dated(_grafana, _without_identity, grafana.parse)
SENTRY = _dated(_sentry, lambda headers, body: delivery_key("sentry", headers), sentry.parse)
DATADOG = _dated(_token, _without_identity, datadog.parse)
