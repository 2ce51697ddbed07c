"""Senders of changes, as the inbox knows them (`notifications.inbox.Sender`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from changes import code, github_app, ledger, pipelines
from changes.events import AlertReport, ChangeEvent, Note, PipelineRun, ProtectionRequest, Push
from changes.senders import argocd, cdevents, github, gitlab, jenkins
from changes.senders import event as generic
from notifications import outbox, signatures
from notifications.inbox import Sender
from notifications.models import InboundMessage
from notifications.payloads import MalformedPayload, body_digest, delivery_key

Headers = Mapping[str, str]
Told = ChangeEvent | PipelineRun | Push | ProtectionRequest | AlertReport | Note
LONGEST_KEY = 200


def _apply(message: InboundMessage, told: Sequence[Told]) -> str:
    """Make each thing true that a message says; alerts and notes are for other rooms, who are told."""
    for one in told:
        match one:
            case ChangeEvent():
                ledger.record(event=one, source=message.source, integration=message.integration)
            case PipelineRun():
                pipelines.record(run=one, integration=message.integration)
            case Push():
                dated = replace(one, pushed_at=one.pushed_at or message.received_at)
                code.record_push(push=dated, integration=message.integration)
            case ProtectionRequest():
                github_app.take(request=one, integration=message.integration)
            case AlertReport():
                outbox.emit("event.alert", _payload(message, one))
            case Note():
                outbox.emit("event.note", _payload(message, one))
    return _outcome(told)


def _apply_many(messages: Sequence[tuple[InboundMessage, Sequence[Told]]]) -> list[str]:
    """As `_apply()`, in one transaction. What is told of one thing stays in order; things are held in the same order
    by everybody, so that two workers do not wait for each other in a circle."""
    places = sorted(range(len(messages)), key=lambda place: [_subject(one) for one in messages[place][1]])
    outcomes = {place: _apply(*messages[place]) for place in places}
    return [outcomes[place] for place in range(len(messages))]


def _subject(one: Told) -> tuple[str, ...]:
    """What it is told of, by what is held for it: code comes before the changes that bring it, and the gate, which
    holds changes too, before those; runs of one pipeline share its row."""
    match one:
        case Push():
            return ("1", one.after)
        case ProtectionRequest():
            return ("2", one.repository.casefold(), one.environment.casefold(), one.external_id)
        case ChangeEvent():
            return ("3", "" if one.nameless else one.external_id)  # what has no name is told in order
        case PipelineRun():
            return ("4", one.repository, one.pipeline, one.external_id)
    return ("5", one.external_id)


def _payload(message: InboundMessage, report: AlertReport | Note) -> dict[str, Any]:
    """The report's fields, its time in ISO 8601, and whose integration it came through."""
    fields = asdict(report) | {"occurred_at": report.occurred_at.isoformat()}
    return fields | {"integration": message.integration_id}


def _outcome(told: Sequence[Told]) -> str:
    words = {
        ChangeEvent: ("change", "changes"),
        PipelineRun: ("pipeline run", "pipeline runs"),
        Push: ("push", "pushes"),
        ProtectionRequest: ("deployment that asks", "deployments that ask"),
        AlertReport: ("alert", "alerts"),
        Note: ("note", "notes"),
    }
    counted = Counter(words[type(one)] for one in told)
    return ", ".join(f"{count} {word[count > 1]}" for word, count in counted.items()) or "nothing"


def _bearer(secrets: Sequence[str], body: bytes, headers: Headers) -> bool:
    return signatures.bearer(secrets, headers)


def _bearer_or_basic(secrets: Sequence[str], body: bytes, headers: Headers) -> bool:
    """Jenkins puts what stands before the host in its endpoint's address into a basic authentication."""
    return signatures.bearer(secrets, headers) or signatures.basic(secrets, headers)


def _gitlab_token(secrets: Sequence[str], body: bytes, headers: Headers) -> bool:
    return signatures.token(secrets, headers, "X-Gitlab-Token")


def _verify_event(secrets: Sequence[str], body: bytes, headers: Headers) -> bool:
    """A bearer token, or a signature as Standard Webhooks has it."""
    return signatures.bearer(secrets, headers) or signatures.standard_webhooks(
        secrets, body, headers, now=timezone.now()
    )


def _by_state(source: str, state: Callable[[Headers, bytes], str]) -> Callable[[Headers, bytes], str]:
    """A delivery's key made of the state it tells; where it tells none, its headers' or the digest of its body."""

    def key(headers: Headers, body: bytes) -> str:
        try:
            told = state(headers, body)
        except MalformedPayload:
            return delivery_key(source, headers) or body_digest(body)
        return told if len(told) <= LONGEST_KEY else "sha256:" + body_digest(told.encode())

    return key


def _timely(
    parse: Callable[[Headers, bytes, datetime], Sequence[Told]],
    verify: Callable[[Sequence[str], bytes, Headers], bool],
    key: Callable[[Headers, bytes], str | None],
    one_body_for_each_key: bool = False,
) -> Sender:
    """A sender whose messages may name no time: such a thing happened when its message arrived.

    So what is applied is read again with that time, which stays the same hours later or when it is processed again.
    """

    def told(message: InboundMessage) -> Sequence[Told]:
        return parse(message.headers, bytes(message.body), message.received_at)

    return Sender(
        verify=verify,
        key=key,
        parse=lambda headers, body: parse(headers, body, timezone.now()),
        apply=lambda message, _: _apply(message, told(message)),
        apply_many=lambda messages: _apply_many([(message, told(message)) for message, _ in messages]),
        one_body_for_each_key=one_body_for_each_key,
    )


GITHUB = Sender(
    verify=signatures.github,
    key=lambda headers, body: delivery_key("github", headers),
    parse=github.parse,
    apply=_apply,
    apply_many=_apply_many,
)
GITLAB = _timely(
    gitlab.parse, _gitlab_token, lambda headers, body: delivery_key("gitlab", headers) or body_digest(body)
)
ARGOCD = Sender(
    verify=_bearer,
    key=_by_state("argocd", argocd.key),
    parse=argocd.parse,
    apply=_apply,
    apply_many=_apply_many,
)
JENKINS = _timely(jenkins.parse, _bearer_or_basic, _by_state("jenkins", jenkins.key))
CDEVENTS = _timely(cdevents.parse, _bearer, _by_state("cdevents", cdevents.key))
EVENT = _timely(generic.parse, _verify_event, lambda headers, body: delivery_key("event", headers), True)
# The token in its address is its secret, which `notifications.intake.one_line` has looked up.
LINE = _timely(generic.parse, _bearer, lambda headers, body: delivery_key("event", headers), True)
