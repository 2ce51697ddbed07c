"""Integrations: senders we accept messages from. A secret is shown when it is made, and never again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications.errors import Conflict
from notifications.links import absolute
from notifications.models import Integration, IntegrationSecret
from oncall.models import Person, Service
from oncall.permissions import require_administrator
from oncall.services.findings import Findings

NOT_MADE_HERE = {"line", "slack"}  # the one-line form of `event`; set up by environment
MOST_LIVE = 2


@transaction.atomic
def create_integration(
    *,
    source: str,
    name: str,
    service: str = "",
    mapping: Mapping[str, str] | None = None,
    by: Person | None = None,
) -> tuple[Integration, str]:
    """A new integration and its secret. `service` is a slug, `mapping` from the sender's names to slugs.

    Raises InvalidInput.
    """
    require_administrator(by)
    findings = Findings()
    source = findings.choice("source", source, sources())
    name = findings.text("name", name, 100)
    if Integration.objects.filter(source=source, name=name).exists():
        findings.add("name", f"There is a {source} integration “{name}” already; choose another name.")
    findings.one("service", service, Service.objects.all())
    for slug in (mapping or {}).values():
        findings.one("mapping", slug, Service.objects.all())
    findings.raise_if_any()
    integration = Integration.objects.create(
        source=source, name=name, service=service or "", mapping=dict(mapping or {})
    )
    return integration, _new_secret(integration)


@transaction.atomic
def rotate_secret(*, integration: Integration, by: Person | None = None) -> str:
    """A second secret; the first stays good until it is retired. Raises Conflict where two are live."""
    require_administrator(by)
    integration = Integration.objects.select_for_update().get(pk=integration.pk)
    if live_secrets(integration).count() >= MOST_LIVE:
        raise Conflict("Two secrets are live already; retire the older one before you make another.")
    return _new_secret(integration)


@transaction.atomic
def retire_secret(*, secret: IntegrationSecret, by: Person | None = None) -> IntegrationSecret:
    """The secret is no longer accepted. Raises Conflict for the last live one."""
    require_administrator(by)
    integration = Integration.objects.select_for_update().get(pk=secret.integration_id)
    if not live_secrets(integration).exclude(pk=secret.pk).exists():
        raise Conflict("This is the only live secret; make another first, or disable the integration.")
    secret.retired_at = secret.retired_at or timezone.now()
    secret.save(update_fields=["retired_at"])
    return secret


@transaction.atomic
def disable_integration(*, integration: Integration, by: Person | None = None) -> Integration:
    """Its address answers 404 from now on; what it sent is kept."""
    require_administrator(by)
    integration.disabled_at = integration.disabled_at or timezone.now()
    integration.save(update_fields=["disabled_at"])
    return integration


def sources() -> list[str]:
    """The sources an integration can be made for."""
    return sorted(set(import_string(settings.SENDERS)) - NOT_MADE_HERE)


def live_secrets(integration: Integration) -> Any:
    """The secrets that are accepted, the oldest first."""
    return integration.secrets.filter(retired_at=None).order_by("created_at")


def urls(integration: Integration, secret: str = "") -> dict[str, str]:
    """Where the sender posts: `url`; for `event`, with its secret in hand, also `line`, where one line is enough."""
    found = {"url": absolute(integration.path)}
    if integration.source == "event" and secret:
        found["line"] = absolute(f"/e/{secret}")
    return found


def _new_secret(integration: Integration) -> str:
    secret = secrets.token_urlsafe(32)
    IntegrationSecret.objects.create(integration=integration, secret=secret)
    return secret
