"""What senders call our services."""

from __future__ import annotations

from django.db import transaction

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
    return locked
