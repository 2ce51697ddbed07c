"""The key in the addresses of a person's calendars."""

from __future__ import annotations

from django.db import transaction

from notifications.errors import Forbidden
from oncall.models import Person


@transaction.atomic
def reset_calendar(*, person: Person, by: Person | None) -> Person:
    """Every calendar address given out for this person is refused from now on; new ones take their place.

    Raises Forbidden for all but themselves and administrators.
    """
    if by is not None and by != person and not by.is_administrator:
        raise Forbidden("Only they themselves, or an administrator, may reset somebody's calendar addresses.")
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.calendar_version += 1
    person.save(update_fields=["calendar_version"])
    return person
