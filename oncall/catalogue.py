"""Which of our services a sender means."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When

from notifications.models import Integration
from oncall.models import Service


def find_service(hint: str, repository: str = "", integration: Integration | None = None) -> Service | None:
    """The integration's mapping of the sender's name first, then its fixed service; then slug, name, repository.

    Names and repositories count in any case of letters. A repository that several services share, or a name that two
    have, means none of them: we do not guess.
    """
    hint = hint.strip()
    if integration and (mapped := _mapped(integration, hint, repository)):
        return mapped
    for matching in (Q(slug__iexact=hint), Q(name__iexact=hint)) if hint else ():
        if found := _only(matching):
            return found
    return _only(Q(repositories__overlap=[repository, repository.lower()])) if repository else None


def _mapped(integration: Integration, hint: str, repository: str) -> Service | None:
    mapping = {str(name).casefold(): slug for name, slug in integration.mapping.items()}
    slugs = [mapping.get(name.casefold()) for name in (hint, repository) if name]
    wanted = [slug for slug in (*slugs, integration.service) if slug]
    order = Case(*(When(slug=slug, then=Value(rank)) for rank, slug in enumerate(wanted)), output_field=IntegerField())
    return Service.objects.filter(slug__in=wanted).order_by(order).first() if wanted else None


def _only(matching: Q) -> Service | None:
    found = list(Service.objects.filter(matching)[:2])
    return found[0] if len(found) == 1 else None
