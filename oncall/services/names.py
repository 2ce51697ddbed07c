"""What senders call our services."""

from __future__ import annotations

from django.db import transaction

from notifications import outbox
from notifications.models import Integration
from oncall.models import Person, Service
from oncall.permissions import require_administrator


@transaction.atomic
def map_name(*, integration: Integration, name: str, service: Service, by: Person | None = None) -> Integration:
    """From now on this sender means `service` when it says `name`. Raises Forbidden."""
    require_administrator(by)
    locked = Integration.objects.select_for_update().get(pk=integration.pk)
    locked.mapping = {known: slug for known, slug in locked.mapping.items() if known.casefold() != name.casefold()}
    locked.mapping[name] = service.slug
    locked.save(update_fields=["mapping"])
    outbox.emit("integration.mapped", {"integration": locked.pk})
    return locked


@transaction.atomic
def tell_of_service(service: Service, former: str = "") -> None:
    """Say that a service is called something else than before: what waits for one of that name is placed.

    Where its short name was `former`, integrations that name it so name it as it is called now.
    """
    if former and former != service.slug:
        for integration in Integration.objects.select_for_update().order_by("pk"):
            _rename(integration, former, service.slug)
    outbox.emit("service.named", {"service": service.slug})


def _rename(integration: Integration, former: str, slug: str) -> None:
    def renamed(known: str) -> str:
        return slug if known == former else known

    integration.service = renamed(integration.service)
    integration.mapping = {name: renamed(known) for name, known in integration.mapping.items()}
    if integration.rules:
        integration.rules = [rule | {"service": renamed(rule["service"])} for rule in integration.rules]
    integration.save(update_fields=["service", "mapping", "rules"])
