"""Outgoing webhooks: who is told of what. A secret is shown when it is made, and never again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from notifications.models import Webhook, WebhookMessage
from notifications.outgoing import replay, subscriptions
from oncall.models import Person
from oncall.permissions import require_administrator
from oncall.services.findings import Findings

BY_HAND = "Disabled by {by}."


def create_webhook(*, name: str, url: str, events: Iterable[str] = (), by: Person | None = None) -> tuple[Webhook, str]:
    """A new webhook and its secret. `events`: types, or families such as `incident.*`; none is all of them.

    Raises InvalidInput, and Conflict where there are as many as there may be.
    """
    require_administrator(by)
    fields = _read(name=name, url=url, events=events)
    with transaction.atomic():
        _one_at_a_time()
        if Webhook.objects.count() >= subscriptions.MOST:
            raise Conflict(f"There are {subscriptions.MOST} webhooks already; delete one that nobody needs.")
        _require_free(fields["name"])
        secret = subscriptions.new_secret()
        return Webhook.objects.create(**fields, secret=secret, created_by=by), secret


def change_webhook(
    *,
    webhook: Webhook,
    name: str | None = None,
    url: str | None = None,
    events: Iterable[str] | None = None,
    by: Person | None = None,
) -> Webhook:
    """What is given is changed; what waits goes to the new address. Raises InvalidInput."""
    require_administrator(by)
    fields = _read(name=name, url=None if url == webhook.url else url, events=events)
    with transaction.atomic():
        _one_at_a_time()
        if "name" in fields:
            _require_free(fields["name"], own=webhook)
        held = _locked(webhook)
        for field, value in fields.items():
            setattr(held, field, value)
        held.save(update_fields=list(fields))
    return held


@transaction.atomic
def rotate_webhook(*, webhook: Webhook, by: Person | None = None) -> str:
    """A new secret; the former one signs too until it is retired. Raises Conflict where two sign already."""
    require_administrator(by)
    webhook = _locked(webhook)
    if webhook.former_secret:
        raise Conflict("Two secrets sign already; retire the former one before you make another.")
    webhook.former_secret, webhook.secret = webhook.secret, subscriptions.new_secret()
    webhook.save(update_fields=["secret", "former_secret"])
    return webhook.secret


@transaction.atomic
def retire_former_secret(*, webhook: Webhook, by: Person | None = None) -> Webhook:
    """From now on the new secret signs alone. Raises Conflict where it does so already."""
    require_administrator(by)
    webhook = _locked(webhook)
    if not webhook.former_secret:
        raise Conflict("Only one secret signs; there is no former one to retire.")
    webhook.former_secret = ""
    webhook.save(update_fields=["former_secret"])
    return webhook


@transaction.atomic
def disable_webhook(*, webhook: Webhook, by: Person | None = None) -> Webhook:
    """Nothing more is sent to it; what waits has failed, and can be replayed."""
    require_administrator(by)
    webhook = _locked(webhook)
    if not webhook.disabled_at:
        subscriptions.disable(webhook=webhook, why=BY_HAND.format(by=by or "Andon"))
    return webhook


@transaction.atomic
def enable_webhook(*, webhook: Webhook, by: Person | None = None) -> Webhook:
    """It is told of what happens from now on."""
    require_administrator(by)
    webhook = _locked(webhook)
    webhook.disabled_at, webhook.disabled_why, webhook.failing_since = None, "", None
    webhook.save(update_fields=["disabled_at", "disabled_why", "failing_since"])
    return webhook


@transaction.atomic
def delete_webhook(*, webhook: Webhook, by: Person | None = None) -> None:
    """It and its log are gone."""
    require_administrator(by)
    Webhook.objects.select_for_update().get(pk=webhook.pk).delete()  # held first, as whoever sends to it does


@transaction.atomic
def test_webhook(*, webhook: Webhook, by: Person | None = None) -> WebhookMessage:
    """A test message is on its way. Raises Conflict for a disabled one."""
    require_administrator(by)
    return replay.send_test(webhook=webhook)


@transaction.atomic
def replay_message(*, message: WebhookMessage, by: Person | None = None) -> WebhookMessage:
    """It is sent again under the same id. Raises Conflict where the webhook is disabled, or it became private."""
    require_administrator(by)
    return replay.replay(message=message)


@transaction.atomic
def replay_failed(*, webhook: Webhook, since: datetime | None = None, by: Person | None = None) -> int:
    """All that failed since then, by default within a week, is sent again; how many. Raises Conflict where disabled."""
    require_administrator(by)
    return replay.replay_failed(webhook=webhook, since=since or timezone.now() - timedelta(days=7))


def _read(*, name: str | None, url: str | None, events: Iterable[str] | None) -> dict[str, Any]:
    """What is given, as it is kept. Raises InvalidInput."""
    findings = Findings()
    fields: dict[str, Any] = {}
    if name is not None:
        fields["name"] = findings.text("name", name, 100)
    if url is not None:
        fields["url"] = findings.read("url", subscriptions.read_url, url, "")
    if events is not None:
        fields["events"] = findings.read("events", subscriptions.read_types, events, list[str]())
    findings.raise_if_any()
    return fields


def _require_free(name: str, own: Webhook | None = None) -> None:
    others = Webhook.objects.exclude(pk=own.pk) if own else Webhook.objects.all()
    if others.filter(name=name).exists():
        raise InvalidInput(name=f"There is a webhook “{name}” already; choose another name.")


def _one_at_a_time() -> None:
    """Until the transaction ends, so that two at once do not take the last place or the same name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('oncall.services.webhooks', 0))")


def _locked(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
