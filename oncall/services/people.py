"""People and the ways to reach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from notifications.errors import Conflict, Forbidden
from notifications.models import ContactMethod
from oncall.duties import refuse_while_on_duty
from oncall.models import Person
from oncall.permissions import require_administrator
from oncall.services.findings import Findings, email, zone

Method = Mapping[str, str]  # {"kind": "email", "address": "ana@example.com"}


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    timezone: str = "UTC",
    role: str = Person.Role.RESPONDER,
    slack_id: str = "",
    password: str | None = None,
    contact_methods: Sequence[Method] | None = None,
    by: Person | None = None,
) -> Person:
    """Add a person; without contact methods they are reached at their own e-mail address. Raises InvalidInput."""
    require_administrator(by)
    findings = Findings()
    fields = _read(findings, None, email=email, name=name, timezone=timezone, role=role, slack_id=slack_id)
    methods = _read_methods(findings, contact_methods or [{"kind": "email", "address": fields["email"]}])
    findings.raise_if_any()
    person = Person.objects.create_user(password=password, **fields)
    _write_methods(person, methods)
    return person


@transaction.atomic
def update_person(*, person: Person, by: Person | None = None, **changed: Any) -> Person:
    """Change `email`, `name`, `timezone`, `role`, `slack_id`, `is_active` or `contact_methods`.

    Everybody may change their own name, zone and contact methods; the rest takes an administrator.
    """
    if by != person or {"role", "email", "is_active"} & {k for k, v in changed.items() if v != getattr(person, k, v)}:
        require_administrator(by)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    methods = changed.pop("contact_methods", None)
    active = changed.pop("is_active", person.is_active)
    known = ("email", "name", "timezone", "role", "slack_id")
    findings = Findings()
    fields = _read(findings, person, **({name: getattr(person, name) for name in known} | changed))
    checked = _read_methods(findings, methods) if methods is not None else None
    findings.raise_if_any()
    _refuse_losing_last_administrator(person, fields["role"], active)
    if person.is_active and not active:
        refuse_while_on_duty(person)
    for name, value in (fields | {"is_active": active}).items():
        setattr(person, name, value)
    person.save()
    if checked is not None:
        _write_methods(person, checked)
    return person


def deactivate_person(*, person: Person, by: Person | None = None) -> Person:
    """They can no longer sign in, use tokens or be paged; what they did keeps their name."""
    require_administrator(by)
    return update_person(person=person, by=by, is_active=False)


@transaction.atomic
def save_contact_methods(*, person: Person, methods: Sequence[Method], by: Person | None = None) -> Person:
    """Replace a person's contact methods by these, in the order to try them."""
    return update_person(person=person, by=by, contact_methods=methods)


@transaction.atomic
def add_contact_method(*, person: Person, kind: str, address: str, by: Person | None = None) -> ContactMethod:
    """Add a way to reach a person, to be tried after those they have."""
    _require_self_or_administrator(person, by)
    findings = Findings()
    [(kind, address)] = _read_methods(findings, [{"kind": kind, "address": address}])
    if person.contact_methods.filter(kind=kind, address=address).exists():
        findings.add("address", f"“{address}” is one of their contact methods already.")
    findings.raise_if_any()
    last = person.contact_methods.order_by("-position").first()
    position = last.position + 1 if last else 0
    return ContactMethod.objects.create(person=person, kind=kind, address=address, position=position)


@transaction.atomic
def remove_contact_method(*, method: ContactMethod, by: Person | None = None) -> None:
    """Remove a way to reach a person; not the last one."""
    _require_self_or_administrator(method.person, by)
    if not method.person.contact_methods.exclude(pk=method.pk).exists():
        raise Conflict("This is the only way to reach them; add another before you remove it.")
    method.delete()


def _read(findings: Findings, person: Person | None, **given: Any) -> dict[str, Any]:
    fields = {
        "email": findings.read("email", email, given.pop("email"), ""),
        "name": findings.text("name", given.pop("name"), 100),
        "timezone": findings.read("timezone", zone, given.pop("timezone"), "UTC"),
        "role": findings.choice("role", given.pop("role"), Person.Role.values),
        "slack_id": findings.text("slack_id", given.pop("slack_id"), 30, required=False),
    }
    for name in given:
        findings.add(name, f"“{name}” cannot be changed here; leave it out.")
    others = Person.objects.exclude(pk=person.pk if person else None)
    if fields["email"] and others.filter(email__iexact=fields["email"]).exists():
        findings.add("email", f"Somebody has the address “{fields['email']}” already; give another.")
    return fields


def _read_methods(findings: Findings, methods: Sequence[Method]) -> list[tuple[str, str]]:
    """Kind and address of each method, checked."""
    found = []
    for index, method in enumerate(methods):
        field = f"contact_methods[{index}]"
        kind = findings.choice(f"{field}.kind", method.get("kind"), ContactMethod.Kind.values)
        address = findings.text(f"{field}.address", method.get("address"), 500)
        if kind == ContactMethod.Kind.EMAIL and address:
            address = findings.read(f"{field}.address", email, address, "")
        if kind == ContactMethod.Kind.WEBHOOK and urlsplit(address).scheme not in ("http", "https"):
            findings.add(f"{field}.address", f"“{address}” is not a URL; write one that begins with https://.")
        found.append((kind, address))
    return list(dict.fromkeys(found))


def _write_methods(person: Person, methods: Sequence[tuple[str, str]]) -> None:
    """Those that stay keep what is known of them, such as a refusal."""
    rows = {(row.kind, row.address): row for row in person.contact_methods.all()}
    for key, row in rows.items():
        if key not in methods:
            row.delete()
    for position, (kind, address) in enumerate(methods):
        ContactMethod.objects.update_or_create(
            person=person, kind=kind, address=address, defaults={"position": position}
        )


def _refuse_losing_last_administrator(person: Person, role: str, active: bool) -> None:
    if not person.is_administrator or (role == Person.Role.ADMINISTRATOR and active):
        return
    others = Person.objects.active().filter(role=Person.Role.ADMINISTRATOR).exclude(pk=person.pk)
    if person.is_active and not others.exists():
        raise Conflict(f"{person} is the last administrator; make somebody else one first.")


def _require_self_or_administrator(person: Person, by: Person | None) -> None:
    if by is not None and by != person and not by.is_administrator:
        raise Forbidden("Only they themselves, or an administrator, may change how somebody is reached.")
