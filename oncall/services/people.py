"""People: who they are, and what they may do. How they are reached is in `contact/`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from notifications.errors import Conflict
from oncall.cover import forget_holidays
from oncall.models import Person
from oncall.permissions import require_administrator
from oncall.rotas.public_holidays import country
from oncall.services.contact.methods import replace_methods
from oncall.services.contact.reading import Method, read_all
from oncall.services.departures import let_go, take_up_again
from oncall.services.findings import Findings, email, zone


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    timezone: str = "UTC",
    role: str = Person.Role.RESPONDER,
    slack_id: str = "",
    country: str = "",
    password: str | None = None,
    contact_methods: Sequence[Method] | None = None,
    by: Person | None = None,
) -> Person:
    """Add a person; without contact methods they are reached at their own e-mail address. Raises InvalidInput."""
    require_administrator(by)
    findings = Findings()
    given = {"email": email, "name": name, "timezone": timezone, "role": role, "slack_id": slack_id, "country": country}
    fields = _read(findings, None, **given)
    methods = read_all(findings, contact_methods or [{"kind": "email", "address": fields["email"]}])
    findings.raise_if_any()
    person = Person.objects.create_user(password=password, **fields)
    replace_methods(person, methods, by=by)
    return person


@transaction.atomic
def update_person(*, person: Person, by: Person | None = None, **changed: Any) -> Person:
    """Change `email`, `name`, `timezone`, `country`, `role`, `slack_id`, `is_active` or `contact_methods`.

    Everybody may change their own name, zone, country and contact methods; the rest takes an administrator. Who is no
    longer active leaves their shifts empty, and everybody concerned is told.
    """
    if by != person or {"role", "email", "is_active"} & {k for k, v in changed.items() if v != getattr(person, k, v)}:
        require_administrator(by)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    methods = changed.pop("contact_methods", None)
    active = changed.pop("is_active", person.is_active)
    known = ("email", "name", "timezone", "role", "slack_id", "country")
    findings = Findings()
    fields = _read(findings, person, **({name: getattr(person, name) for name in known} | changed))
    checked = None if methods is None else read_all(findings, methods, person.contact_methods.all())
    findings.raise_if_any()
    _refuse_losing_last_administrator(person, fields["role"], active)
    was_active, lived_in = person.is_active, person.country
    for name, value in (fields | {"is_active": active}).items():
        setattr(person, name, value)
    person.save()
    if person.country != lived_in:
        forget_holidays(person)
    if was_active and not active:
        let_go(person, by)
    elif active and not was_active:
        take_up_again(person, by)
    if checked is not None:
        replace_methods(person, checked, by=by)
    return person


def deactivate_person(*, person: Person, by: Person | None = None) -> Person:
    """They can no longer sign in, use tokens or be paged; what they did keeps their name."""
    require_administrator(by)
    return update_person(person=person, by=by, is_active=False)


@transaction.atomic
def save_contact_methods(*, person: Person, methods: Sequence[Method], by: Person | None = None) -> Person:
    """Replace a person's contact methods by these, in the order to try them."""
    return update_person(person=person, by=by, contact_methods=methods)


def _read(findings: Findings, person: Person | None, **given: Any) -> dict[str, Any]:
    fields = {
        "email": findings.read("email", email, given.pop("email"), ""),
        "name": findings.text("name", given.pop("name"), 100),
        "timezone": findings.read("timezone", zone, given.pop("timezone"), "UTC"),
        "role": findings.choice("role", given.pop("role"), Person.Role.values),
        "slack_id": findings.text("slack_id", given.pop("slack_id"), 30, required=False),
        "country": findings.read("country", country, given.pop("country"), ""),
    }
    for name in given:
        findings.add(name, f"“{name}” cannot be changed here; leave it out.")
    others = Person.objects.exclude(pk=person.pk if person else None)
    if fields["email"] and others.filter(email__iexact=fields["email"]).exists():
        findings.add("email", f"Somebody has the address “{fields['email']}” already; give another.")
    return fields


def _refuse_losing_last_administrator(person: Person, role: str, active: bool) -> None:
    if not person.is_administrator or (role == Person.Role.ADMINISTRATOR and active):
        return
    others = Person.objects.active().filter(role=Person.Role.ADMINISTRATOR).exclude(pk=person.pk)
    if person.is_active and not others.exists():
        raise Conflict(f"{person} is the last administrator; make somebody else one first.")
