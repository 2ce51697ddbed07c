"""The words of the taxonomy of contributing factors, as administrators edit them. Findings keep theirs."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_administrator
from postmortems.models import Factor
from postmortems.services.common import locked, words


@transaction.atomic
def save_factor(*, factor: Factor | None = None, name: str, description: str = "", by: Person | None) -> Factor:
    """Add a factor, or describe one anew; its key never changes, for trends go by it. Raises `InvalidInput`."""
    require_administrator(by)
    name, description = words("name", name, most=60), words("description", description, most=500, required=False)
    if Factor.objects.filter(name__iexact=name).exclude(pk=factor.pk if factor else 0).exists():
        raise InvalidInput(name=f"There is a factor {name!r} already: choose another name, or restore that one.")
    factor = locked(factor) if factor else Factor(key=_key(name))
    factor.name, factor.description = name, description
    factor.save()
    return factor


@transaction.atomic
def retire_factor(*, factor: Factor, by: Person | None) -> Factor:
    """Offer it no more; what it was found in keeps it, and trends go on counting it."""
    require_administrator(by)
    factor = locked(factor)
    factor.retired_at = factor.retired_at or timezone.now()
    factor.save(update_fields=["retired_at"])
    return factor


@transaction.atomic
def restore_factor(*, factor: Factor, by: Person | None) -> Factor:
    """Offer it again."""
    require_administrator(by)
    factor = locked(factor)
    factor.retired_at = None
    factor.save(update_fields=["retired_at"])
    return factor


def _key(name: str) -> str:
    """A key that no factor has yet."""
    base = slugify(name)[:36] or "factor"
    number, key = 1, base
    while Factor.objects.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return key
