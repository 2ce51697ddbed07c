"""Who may do what: viewers read, declare and answer for pages sent to them; responders do all but Settings.

`None` stands for Andon itself: a command on the machine, an alert, a sample loaded.
"""

from __future__ import annotations

from typing import Any

from notifications.errors import Forbidden
from oncall.models import Person


def require_responder(person: Any) -> None:
    """Raises Forbidden for viewers, and for those who are no longer active."""
    _require(person, {Person.Role.RESPONDER, Person.Role.ADMINISTRATOR}, "a responder")


def require_administrator(person: Any) -> None:
    """Raises Forbidden for all but administrators."""
    _require(person, {Person.Role.ADMINISTRATOR}, "an administrator")


def require_self_or_administrator(person: Person, by: Person | None) -> None:
    """Raises Forbidden for those who may not change how this person is reached."""
    if by is not None and by != person and not by.is_administrator:
        raise Forbidden("Only they themselves, or an administrator, may change how somebody is reached.")


def _require(person: Any, roles: set[Person.Role], wanted: str) -> None:
    if person is None or (person.is_active and (person.is_superuser or person.role in roles)):
        return
    role = person.get_role_display().lower() if person.is_active else "no longer active"
    raise Forbidden(f"This takes {wanted}; you are {role}. Ask an administrator.")
