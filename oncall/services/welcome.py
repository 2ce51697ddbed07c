"""The first administrator: a signed link, good once, on a database where nobody is."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from notifications.errors import Forbidden, InvalidInput
from notifications.links import absolute
from oncall.models import Person
from oncall.services.people import create_person

VALID = timedelta(days=1)
SALT = "oncall.welcome"
FIRST = "the first administrator"
ONE_AT_A_TIME = 7_310_001  # an advisory lock of ours


def first_sign_in_link() -> str | None:
    """Where the first administrator signs up, for a day; None once there is anybody."""
    if Person.objects.exists():
        return None
    return absolute(f"/welcome/{signing.dumps(FIRST, salt=SALT)}/")


def check(token: str) -> None:
    """Raises Forbidden, with a sentence to show, for a link that is forged, too old, or used."""
    try:
        if signing.loads(token, salt=SALT, max_age=VALID) != FIRST:
            raise signing.BadSignature
    except signing.SignatureExpired as error:
        raise Forbidden("This link is older than a day; start Andon again to get another.") from error
    except signing.BadSignature as error:
        raise Forbidden("This link is not one of ours, or was cut short; open the whole link.") from error
    if Person.objects.exists():
        raise Forbidden("This link was used already; sign in instead.")


@transaction.atomic
def redeem(token: str, email: str, name: str, password: str) -> Person:
    """Make the first administrator. Of two at the same time, one is refused. Raises Forbidden or InvalidInput."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    check(token)
    try:
        validate_password(password, Person(email=email, name=name))
    except ValidationError as error:
        raise InvalidInput({"password": list(error.messages)}) from error
    return create_person(email=email, name=name, password=password, role=Person.Role.ADMINISTRATOR)
