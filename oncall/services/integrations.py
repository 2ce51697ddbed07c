"""Integrations: senders we accept messages from. A secret is shown when it is made, and never again."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications import outbox
from notifications.errors import Conflict, InvalidInput
from notifications.links import absolute
from notifications.models import Integration, IntegrationSecret
from oncall.mapping import MOST_RULES, Rule, complaints, read_rules
from oncall.models import Person, Service
from oncall.permissions import require_administrator
from oncall.services.findings import Findings

NOT_MADE_HERE = {"line", "slack", "issues"}  # the one-line form of `event`; set up by environment; Trackers
MOST_LIVE = 2
SHORTEST_SECRET, LONGEST_SECRET = 16, 200
MOST_NAMES = 2_000
LONGEST_NAME = 200
NO_SERVICE = "There is no service “{}”; create it first, or correct the name."


@transaction.atomic
def create_integration(
    *,
    source: str,
    name: str,
    service: str = "",
    mapping: Mapping[str, str] | None = None,
    rules: Iterable[Rule] = (),
    by: Person | None = None,
) -> tuple[Integration, str]:
    """A new integration and its secret. `service` is a slug, `mapping` from the sender's names to slugs.

    Raises InvalidInput.
    """
    require_administrator(by)
    findings = Findings()
    integration = Integration(source=findings.choice("source", source, sources()))
    _fill(integration, findings, name=name, service=service, mapping=mapping or {}, rules=rules)
    integration.save()
    return integration, _new_secret(integration)


@transaction.atomic
def update_integration(
    *,
    integration: Integration,
    name: str | None = None,
    service: str | None = None,
    mapping: Mapping[str, str] | None = None,
    rules: Iterable[Rule] | None = None,
    by: Person | None = None,
) -> Integration:
    """Change what is given, and leave the rest. What waits for a service is looked at again. Raises InvalidInput."""
    require_administrator(by)
    integration = Integration.objects.select_for_update().get(pk=integration.pk)
    _fill(
        integration,
        Findings(),
        name=integration.name if name is None else name,
        service=integration.service if service is None else service,
        mapping=integration.mapping if mapping is None else mapping,
        rules=read_rules(integration.rules) if rules is None else rules,
    )
    integration.save(update_fields=["name", "service", "mapping", "rules"])
    outbox.emit("integration.mapped", {"integration": integration.pk})
    return integration


@transaction.atomic
def rotate_secret(*, integration: Integration, secret: str = "", by: Person | None = None) -> str:
    """A second secret; the first stays good until it is retired. Raises Conflict where two are live.

    `secret` is given where the sender makes its own (PagerDuty, Sentry). Raises InvalidInput.
    """
    require_administrator(by)
    secret = secret.strip()
    if secret and not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        length = (
            f"This has {len(secret)} characters; a secret has {SHORTEST_SECRET} to {LONGEST_SECRET}. Copy all of it."
        )
        raise InvalidInput(secret=length)
    integration = Integration.objects.select_for_update().get(pk=integration.pk)
    if live_secrets(integration).count() >= MOST_LIVE:
        raise Conflict("Two secrets are live already; retire the older one before you make another.")
    return _new_secret(integration, secret)


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


@transaction.atomic
def enable_integration(*, integration: Integration, by: Person | None = None) -> Integration:
    """Its address takes messages again, with the secrets that were live."""
    require_administrator(by)
    integration.disabled_at = None
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


def _fill(
    integration: Integration,
    findings: Findings,
    *,
    name: str,
    service: str,
    mapping: Mapping[str, str],
    rules: Iterable[Rule],
) -> None:
    """Put these into the row, or raise InvalidInput with all that is wrong."""
    integration.name = findings.text("name", name, 100)
    twins = Integration.objects.filter(source=integration.source, name=integration.name).exclude(pk=integration.pk)
    if twins.exists():
        taken = f"There is a {integration.source} integration “{integration.name}” already; choose another name."
        findings.add("name", taken)
    integration.service, integration.mapping = service or "", dict(mapping)
    given = [replace(rule, field=rule.field.strip(), pattern=rule.pattern.strip()) for rule in rules]
    integration.rules = [asdict(rule) for rule in given] or None
    known = _known({integration.service, *integration.mapping.values(), *(rule.service for rule in given)})
    if integration.service and integration.service not in known:
        findings.add("service", NO_SERVICE.format(integration.service))
    _check_mapping(findings, integration.mapping, known)
    _check_rules(findings, given, known)
    findings.raise_if_any()


def _known(slugs: Collection[str]) -> set[str]:
    return set(Service.objects.filter(slug__in=slugs).values_list("slug", flat=True))


def _check_mapping(findings: Findings, mapping: Mapping[str, str], known: Collection[str]) -> None:
    if len(mapping) > MOST_NAMES:
        findings.add("mapping", f"These are {len(mapping)} names; {MOST_NAMES} at most. Rules say more in one line.")
    for name, slug in mapping.items():
        if not name.strip() or len(name) > LONGEST_NAME:
            findings.add("mapping", f"“{name[:40]}” is no name; it has 1 to {LONGEST_NAME} characters.")
        if slug not in known:
            findings.add("mapping", NO_SERVICE.format(slug[:60]))


def _check_rules(findings: Findings, rules: Sequence[Rule], known: Collection[str]) -> None:
    if len(rules) > MOST_RULES:
        findings.add("rules", f"These are {len(rules)} rules; {MOST_RULES} at most. A pattern with * stands for many.")
    for place, rule in enumerate(rules[:MOST_RULES]):
        for part, sentence in complaints(rule, known):
            findings.add(f"rules[{place}].{part}", sentence)


def _new_secret(integration: Integration, given: str = "") -> str:
    secret = given or (_standard_secret() if integration.source == "event" else secrets.token_urlsafe(32))
    IntegrationSecret.objects.create(integration=integration, secret=secret)
    return secret


def _standard_secret() -> str:
    """As Standard Webhooks has them, of letters and figures alone, since it stands in the address of the one line."""
    while not (text := b64encode(secrets.token_bytes(30)).decode()).isalnum():
        pass
    return f"whsec_{text}"
