"""Adding, changing, ordering and removing the ways to reach a person.

What a person enters is not used before the code sent there was entered (`codes.py`). It is vouched for, and used at
once, where an administrator entered it for them, and where it is the address they sign in with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from notifications import deliveries
from notifications.errors import Conflict, InvalidInput
from notifications.models import ContactMethod
from oncall.models import Person
from oncall.permissions import require_self_or_administrator
from oncall.services.contact.codes import send_code
from oncall.services.contact.reading import Given, read
from oncall.services.findings import Findings

MOST = 20
REMOVED = "the contact method was removed"
CHANGED = "the contact method has another address now"


@transaction.atomic
def add_contact_method(
    *,
    person: Person,
    kind: str,
    address: str,
    label: str = "",
    by: Person | None = None,
    vouched: bool | None = None,
) -> ContactMethod:
    """Add a way to reach a person, to be tried after those they have; a code is sent there unless it is vouched for.

    `vouched`: whether `by` answers for it being theirs; left out, an administrator does for everybody else.
    Raises InvalidInput, and Conflict where too many codes were sent lately.
    """
    require_self_or_administrator(person, by)
    _lock(person)
    findings = Findings()
    given = read(findings, "", kind, address)
    label = findings.text("label", label, 60, required=False)
    _refuse_twice(findings, person, given)
    if person.contact_methods.count() >= MOST:
        findings.add("address", f"They have {MOST} contact methods already; remove one first.")
    findings.raise_if_any()
    last = person.contact_methods.order_by("-position").first()
    position = last.position + 1 if last else 0
    return create(person, given, label=label, position=position, by=by, vouched=vouched)


@transaction.atomic
def change_contact_method(
    *,
    method: ContactMethod,
    address: str | None = None,
    label: str | None = None,
    by: Person | None = None,
    vouched: bool | None = None,
) -> ContactMethod:
    """Give a method another address or label; another address is as new: it waits for its code.

    What waits to be sent to the old address goes on by the person's next method. Raises InvalidInput, Conflict.
    """
    require_self_or_administrator(method.person, by)
    _lock(method.person)
    findings = Findings()
    if label is not None:
        method.label = findings.text("label", label, 60, required=False)
    if address is None or address in (method.address, method.known_as):
        findings.raise_if_any()
        method.save(update_fields=["label"])
        return method
    given = read(findings, "", method.kind, address)
    _refuse_twice(findings, method.person, given)
    findings.raise_if_any()
    verified_at = _verified_at(method.person, given, by, vouched)
    if verified_at is None:
        _refuse_losing_last(method, "add the new address first, and enter its code")
    deliveries.give_up(method=method, reason=CHANGED)
    method.address, method.shown, method.verified_at = given.address, given.shown, verified_at
    method.code, method.code_sent_at, method.refused_at, method.refusal = "", None, None, ""
    method.save()
    if verified_at is None:
        send_code(method=method, by=by)
    return method


@transaction.atomic
def move_contact_method(*, method: ContactMethod, position: int, by: Person | None = None) -> list[ContactMethod]:
    """Try this method as the `position`-th, counted from 0; returns all in their new order. Raises InvalidInput."""
    require_self_or_administrator(method.person, by)
    _lock(method.person)
    methods = [one for one in method.person.contact_methods.all() if one != method]
    if not 0 <= position <= len(methods):
        raise InvalidInput(position=f"“{position}” is no place among these; use 0 to {len(methods)}.")
    methods.insert(position, method)
    for place, one in enumerate(methods):
        one.position = place
    ContactMethod.objects.bulk_update(methods, ["position"])
    return methods


@transaction.atomic
def remove_contact_method(*, method: ContactMethod, by: Person | None = None) -> None:
    """Remove a way to reach a person with the rules that name it; not the last one that works.

    What waits to be sent there goes on by their next method.
    """
    require_self_or_administrator(method.person, by)
    _lock(method.person)
    if not method.person.contact_methods.exclude(pk=method.pk).exists():
        raise Conflict("This is the only way to reach them; add another before you remove it.")
    _refuse_losing_last(method, "enter the code of another before you remove it")
    drop(method)


def replace_methods(person: Person, wanted: Sequence[Given], *, by: Person | None) -> None:
    """Make these a person's contact methods, in this order; those that stay keep what is known of them.

    Administrators vouch for all that they name here. Raises InvalidInput where nothing verified would be left.
    """
    vouched = by is None or by.is_administrator
    rows = {(row.kind, row.address): row for row in person.contact_methods.all()}
    keys = [(given.kind, given.address) for given in wanted]
    kept = [row for key, row in rows.items() if key in keys]
    if not vouched and any(row.verified_at for row in rows.values()) and not any(row.verified_at for row in kept):
        sentence = "None of these can be used before its code is entered: keep one that is verified until then."
        raise InvalidInput(contact_methods=sentence)
    for row in rows.values():
        if row not in kept:
            drop(row)
    for position, given in enumerate(wanted):
        if (given.kind, given.address) in rows:
            row = rows[given.kind, given.address]
            row.position, row.verified_at = position, row.verified_at or _verified_at(person, given, by, vouched)
            row.save(update_fields=["position", "verified_at"])
        else:
            create(person, given, position=position, by=by, vouched=vouched)


def create(
    person: Person, given: Given, *, position: int, by: Person | None, vouched: bool | None, label: str = ""
) -> ContactMethod:
    """The row, and a code on its way there unless it is vouched for."""
    method = ContactMethod.objects.create(
        person=person,
        kind=given.kind,
        address=given.address,
        shown=given.shown,
        label=label,
        position=position,
        verified_at=_verified_at(person, given, by, vouched),
    )
    if method.verified_at is None:
        send_code(method=method, by=by)
    return method


def drop(method: ContactMethod) -> None:
    """Delete it, after what waits to be sent there was given up."""
    deliveries.give_up(method=method, reason=REMOVED)
    method.delete()


def _verified_at(person: Person, given: Given, by: Person | None, vouched: bool | None) -> datetime | None:
    if vouched is None:
        vouched = by is None or (by.is_administrator and by != person)
    own = given.kind == ContactMethod.Kind.EMAIL and given.address == person.email.lower()
    return timezone.now() if vouched or own else None


def _refuse_twice(findings: Findings, person: Person, given: Given) -> None:
    if person.contact_methods.filter(kind=given.kind, address=given.address).exists():
        findings.add("address", f"“{given.shown or given.address}” is one of their contact methods already.")


def _refuse_losing_last(method: ContactMethod, instead: str) -> None:
    verified = method.person.contact_methods.exclude(verified_at=None)
    if method.verified_at and not verified.exclude(pk=method.pk).exists():
        raise Conflict(f"This is the only verified way to reach them; {instead}.")


def _lock(person: Person) -> None:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
