"""API tokens: stored hashed, shown once."""

from __future__ import annotations

from django.db import transaction

from notifications.errors import Forbidden
from oncall.models import ApiToken, Person
from oncall.services.findings import Findings


@transaction.atomic
def create_token(*, person: Person, name: str = "", by: Person | None = None) -> tuple[ApiToken, str]:
    """A token with which programs act as this person, and its text, which cannot be shown again."""
    _require_owner(person, by)
    findings = Findings()
    name = findings.text("name", name, 100, required=False)
    if not person.is_active:
        findings.add("person", f"{person} is no longer active and cannot have tokens.")
    findings.raise_if_any()
    return ApiToken.objects.create(user=person, name=name)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Person | None = None) -> None:
    """The token no longer works."""
    _require_owner(token.user, by)
    token.delete()


def _require_owner(person: Person, by: Person | None) -> None:
    if by is not None and by != person and not by.is_administrator:
        raise Forbidden("A token belongs to its person; an administrator may act for others.")
