"""A check in a few words."""

from __future__ import annotations

from changes.models import GateCheck
from changes.revisions import short


def about(check: GateCheck) -> str:
    """Such as `deploy of 4f2a1c9 to Checkout (production)`, or `rollback of Checkout (production)`."""
    kind = "rollback" if check.rollback else check.get_kind_display()
    where = check.service.name if check.service else f"“{check.service_hint}”"
    what = f"{kind} of {short(check.revision)} to" if check.revision else f"{kind} {'of' if check.rollback else 'on'}"
    return f"{what} {where} ({check.environment})"
