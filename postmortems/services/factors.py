"""Contributing factors and what limited the harm: several, never one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import Factor, FactorFinding, Postmortem
from postmortems.services.common import choice, locked, prose, tell
from postmortems.services.reviews import withdraw_sign_offs
from postmortems.services.sections import writable


@transaction.atomic
def add_factor(
    *, postmortem: Postmortem, factor: Factor | str, by: Person | None, kind: str = "contributing", note: str = ""
) -> FactorFinding:
    """Say that a factor (a row, or its key) contributed, or with `kind` "mitigating" that it limited the harm.

    One that stands there gets the new note. In review it withdraws the sign-offs. Raises `InvalidInput`, `Conflict`.
    """
    require_responder(by)
    postmortem = writable(postmortem)
    kind, note = choice("kind", kind, FactorFinding.Kind.values), prose("note", note).strip()
    chosen = _factor(factor)
    if chosen.retired_at and not FactorFinding.objects.filter(postmortem=postmortem, factor=chosen, kind=kind).exists():
        raise InvalidInput(factor=f"{chosen.name!r} is retired from the taxonomy: choose another factor.")
    finding, new = FactorFinding.objects.get_or_create(
        postmortem=postmortem, factor=chosen, kind=kind, defaults={"note": note}
    )
    if not new and note and note != finding.note:
        finding.note = note
        finding.save(update_fields=["note"])
    if new:
        withdraw_sign_offs(postmortem)
    tell(postmortem)
    return finding


@transaction.atomic
def edit_factor(
    *, finding: FactorFinding, by: Person | None, note: str | None = None, fixed: bool | None = None
) -> FactorFinding:
    """Change its note, or say that it contributes no more (or does again): also after publishing."""
    require_responder(by)
    finding = locked(finding)
    if note is not None:
        finding.note = prose("note", note).strip()
    if fixed is not None:
        finding.fixed_at = (finding.fixed_at or timezone.now()) if fixed else None
    finding.save(update_fields=["note", "fixed_at"])
    tell(finding.postmortem)
    return finding


@transaction.atomic
def remove_factor(*, finding: FactorFinding, by: Person | None) -> Postmortem:
    """Take a factor back. In review it withdraws the sign-offs. Raises `Conflict` once published."""
    require_responder(by)
    postmortem = writable(finding.postmortem)
    finding.delete()
    withdraw_sign_offs(postmortem)
    tell(postmortem)
    return postmortem


def _factor(factor: Factor | str) -> Factor:
    if isinstance(factor, Factor):
        return factor
    found = Factor.objects.filter(key=factor).first()
    if found is None:
        known = ", ".join(Factor.objects.filter(retired_at=None).order_by("key").values_list("key", flat=True))
        raise InvalidInput(factor=f"{factor!r} is no factor: choose one of {known}.")
    return found
