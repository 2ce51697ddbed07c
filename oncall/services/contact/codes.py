"""Verifying that a contact method reaches its person: six digits go there, and are entered here.

Stored is a keyed hash of the code and its address; the digits themselves stand only in the message, which is worth
nothing once they expire.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.errors import Conflict, InvalidInput
from notifications.models import ContactMethod, Delivery
from oncall.models import Person
from oncall.permissions import require_self_or_administrator
from oncall.services.contact.sending import enqueue, withdraw

GOOD_FOR = timedelta(minutes=15)
TRIES = 5
PAUSE = timedelta(minutes=1)
MOST_AN_HOUR = 5
MOST_AN_HOUR_FOR_ALL = 20  # of one person, so that nobody makes us write to many strangers
HOUR = timedelta(hours=1)


@transaction.atomic
def send_code(*, method: ContactMethod, by: Person | None = None) -> Delivery:
    """Send a new code there; the one before is no longer good. Raises Conflict: verified already, or too often."""
    require_self_or_administrator(method.person, by)
    withdraw(method, "code")
    row = ContactMethod.objects.select_for_update().get(pk=method.pk)
    if row.verified_at:
        raise Conflict("This contact method is verified already.")
    _refuse_too_often(row)
    code = f"{secrets.randbelow(10**6):06}"
    row.code, row.code_sent_at, row.code_tries = _hashed(row, code), timezone.now(), 0
    row.save(update_fields=["code", "code_sent_at", "code_tries"])
    minutes = int(GOOD_FOR.total_seconds() // 60)
    return enqueue(
        row,
        "code",
        subject=f"{code} is your code for Andon",
        text=f"Enter {code} in Andon to be paged here. It is good for {minutes} minutes. "
        "If you did not ask for it, leave it: nothing is sent here without it.",
        extra={"code": code},
    )


def verify_contact_method(*, method: ContactMethod, code: str, by: Person | None = None) -> ContactMethod:
    """Use this method from now on, if the code is the one sent there. Raises InvalidInput at `code`.

    A try is counted before it is looked at and stays counted whatever comes of it: no transaction takes it back.
    """
    require_self_or_administrator(method.person, by)
    method.refresh_from_db()
    if method.verified_at:
        return method
    if not method.code or not method.code_sent_at:
        raise InvalidInput(code="No code was sent there yet; send one first.")
    if timezone.now() >= method.code_sent_at + GOOD_FOR:
        raise InvalidInput(code="This code has expired; send a new one.")
    same = ContactMethod.objects.filter(pk=method.pk, code=method.code)
    if not same.filter(code_tries__lt=TRIES).update(code_tries=F("code_tries") + 1):
        raise InvalidInput(code="It was entered wrongly too often; send a new one.")
    method.refresh_from_db()
    given = "".join(str(code).split()).replace("-", "")
    if not constant_time_compare(_hashed(method, given), method.code):
        raise InvalidInput(code=_wrong(TRIES - method.code_tries))
    same.update(verified_at=timezone.now(), code="", code_tries=0, refused_at=None, refusal="")
    method.refresh_from_db()
    return method


def _hashed(method: ContactMethod, code: str) -> str:
    value = f"{method.pk}:{method.kind}:{method.address}:{code}"
    return salted_hmac("oncall.contact.code", value, algorithm="sha256").hexdigest()


def _wrong(left: int) -> str:
    if left <= 0:
        return "This is not the code that was sent there, for the last time; send a new one."
    return f"This is not the code that was sent there; {left} {'try is' if left == 1 else 'tries are'} left."


def _refuse_too_often(method: ContactMethod) -> None:
    now = timezone.now()
    if method.code_sent_at and now < method.code_sent_at + PAUSE:
        wait = int((method.code_sent_at + PAUSE - now).total_seconds()) + 1
        raise Conflict(f"A code is on its way there; ask for another in {wait} s.", retry_after=wait)
    sent = Delivery.objects.filter(
        about=f"contact:{method.person_id}", dedup_key__startswith="contact-code:", created_at__gt=now - HOUR
    )
    own = sent.filter(method=method).count()
    if own >= MOST_AN_HOUR or sent.count() >= MOST_AN_HOUR_FOR_ALL:
        raise Conflict("Too many codes were sent within the hour; try again later, or ask an administrator to add it.")
