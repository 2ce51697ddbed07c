"""Senders of changes, as the inbox knows them (`notifications.inbox.Sender`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from changes import ledger, pipelines
from changes.events import AlertReport, ChangeEvent, Note, PipelineRun
from changes.senders import event as generic
from changes.senders import github
from notifications import outbox, signatures
from notifications.inbox import Sender
from notifications.models import InboundMessage
from notifications.payloads import delivery_key

Headers = Mapping[str, str]
Told = ChangeEvent | PipelineRun | AlertReport | Note


def _apply(message: InboundMessage, told: Sequence[Told]) -> str:
    """Make each thing true that a message says; alerts and notes are for other rooms, who are told."""
    for one in told:
        match one:
            case ChangeEvent():
                ledger.record(event=one, source=message.source, integration=message.integration)
            case PipelineRun():
                pipelines.record(run=one, integration=message.integration)
            case AlertReport():
                outbox.emit("event.alert", _payload(message, one))
            case Note():
                outbox.emit("event.note", _payload(message, one))
    return _outcome(told)


def _payload(message: InboundMessage, report: AlertReport | Note) -> dict[str, Any]:
    """The report's fields, its time in ISO 8601, and whose integration it came through."""
    fields = asdict(report) | {"occurred_at": report.occurred_at.isoformat()}
    return fields | {"integration": message.integration_id}


def _outcome(told: Sequence[Told]) -> str:
    words = {ChangeEvent: "change", PipelineRun: "pipeline run", AlertReport: "alert", Note: "note"}
    counted = Counter(words[type(one)] for one in told)
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counted.items()) or "nothing"


def _verify_event(secrets: Sequence[str], body: bytes, headers: Headers) -> bool:
    """A bearer token, or a signature as Standard Webhooks has it."""
    return signatures.bearer(secrets, headers) or signatures.standard_webhooks(
        secrets, body, headers, now=timezone.now()
    )


def _parse_event(headers: Headers, body: bytes) -> Sequence[Told]:
    """For the sender's sake alone; what is applied is read again with the time of arrival."""
    return generic.parse(headers, body, timezone.now())


def _apply_event(message: InboundMessage, _: Sequence[Told]) -> str:
    """An event without a time happened when it arrived, also where it is processed hours later or again."""
    return _apply(message, generic.parse(message.headers, bytes(message.body), message.received_at))


GITHUB = Sender(
    verify=signatures.github,
    key=lambda headers, body: delivery_key("github", headers),
    parse=github.parse,
    apply=_apply,
)
EVENT = Sender(
    verify=_verify_event,
    key=lambda headers, body: delivery_key("event", headers),
    parse=_parse_event,
    apply=_apply_event,
)
LINE = Sender(  # the token in its address is its secret, which `notifications.intake.one_line` has looked up
    verify=lambda secrets, body, headers: signatures.bearer(secrets, headers),
    key=lambda headers, body: delivery_key("event", headers),
    parse=_parse_event,
    apply=_apply_event,
)
