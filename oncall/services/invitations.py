"""Letting somebody in: a signed link that an administrator hands over, with which a person chooses a password.

Good for a week and once: it names the password it replaces, so that choosing one ends every link made before.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Person
from oncall.permissions import require_administrator

VALID = timedelta(days=7)
SALT = "oncall.invitation"


def invitation_link(*, person: Person, by: Person | None = None) -> str:
    """Where `person` chooses a password and is signed in. Raises Forbidden; Conflict for somebody deactivated."""
    require_administrator(by)
    if not person.is_active:
        raise Conflict(f"{person} is deactivated; reactivate them first.")
    return f"{settings.ANDON_BASE_URL}/join/{signing.dumps([person.pk, _mark(person)], salt=SALT)}/"


def invited(token: str) -> Person:
    """Whom a link lets in. Raises Forbidden, with a sentence to show, for one that is forged, too old, or used."""
    try:
        pk, mark = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.SignatureExpired as error:
        raise Forbidden("This link is older than a week; ask an administrator for another.") from error
    except signing.BadSignature as error:
        raise Forbidden("This link is not one of ours, or was cut short; open the whole link.") from error
    person = Person.objects.active().filter(pk=pk).first()
    if person is None or not constant_time_compare(mark, _mark(person)):
        raise Forbidden("This link was used already; sign in instead, or ask an administrator for another.")
    return person


@transaction.atomic
def accept_invitation(token: str, password: str) -> Person:
    """Set the password. Of two at the same time, one is refused. Raises Forbidden or InvalidInput."""
    Person.objects.select_for_update(no_key=True).filter(pk=invited(token).pk).first()
    person = invited(token)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput({"password": list(error.messages)}) from error
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def _mark(person: Person) -> str:
    return salted_hmac(SALT, f"{person.pk} {person.password}").hexdigest()[:16]
