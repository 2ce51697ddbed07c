"""Checking what was given: every error by its field, told at once, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db.models import Model, ProtectedError, QuerySet

from notifications.errors import Conflict, InvalidInput
from oncall.definition import values
from oncall.models import Person

CHANNEL = re.compile(r"#[^\s#@]{1,79}|[CG][A-Z0-9]{6,20}")  # a name as people write it, or Slack's id

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class Findings:
    """Errors found so far; `raise_if_any()` turns them into one InvalidInput."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def add(self, field: str, sentence: str) -> None:
        self.errors.setdefault(field, []).append(sentence)

    def read(self, field: str, reader: Callable[[Any], T], value: object, otherwise: T) -> T:
        """`reader(value)`; what it refuses with ValueError is noted, and reads as `otherwise`."""
        try:
            return reader(value)
        except ValueError as error:
            self.add(field, str(error))
            return otherwise

    def text(self, field: str, value: object, most: int, *, required: bool = True) -> str:
        """Text without blanks around it, at most so long."""
        found = str(value or "").strip()
        if required and not found:
            self.add(field, "This is empty; fill it in.")
        if len(found) > most:
            self.add(field, f"“{found[:40]}…” has {len(found)} characters; use {most} at most.")
        return found

    def slug(self, field: str, value: object, taken: QuerySet[Any], *, own: Model | None = None, most: int = 50) -> str:
        """A short name for addresses, that nothing in `taken` has but its own row."""
        found = self.text(field, value, most)
        try:
            if found:
                validate_slug(found)
        except ValidationError:
            self.add(field, f"“{found}” does not do; use letters, digits, hyphens and underscores.")
        others = taken.exclude(pk=own.pk) if own else taken
        if found and others.filter(slug=found).exists():
            self.add(field, f"“{found}” is taken; choose another.")
        return found

    def channel(self, field: str, value: object) -> str:
        """A Slack channel as people write it, or by its id; empty for none."""
        found = self.text(field, value, 80, required=False)
        if found and not CHANNEL.fullmatch(found):
            self.add(field, f"“{found}” is not a channel; write #name, or its id such as C0123456789.")
        return found

    def choice(self, field: str, value: object, known: Collection[str]) -> str:
        if value not in known:
            self.add(field, f"“{value}” is not known; use {', '.join(known)}.")
        return str(value)

    def one(self, field: str, slug: object, among: QuerySet[M]) -> M | None:
        """The object with this slug; None for an empty one."""
        if slug in (None, ""):
            return None
        if found := among.filter(slug=slug).first():
            return found
        noun = among.model._meta.verbose_name
        self.add(field, f"There is no {noun} “{slug}”; create it first, or correct the name.")
        return None

    def many(self, field: str, slugs: Iterable[object], among: QuerySet[M]) -> list[M]:
        """The objects with these slugs, each once, in that order."""
        wanted = list(dict.fromkeys(slugs))
        known = {row.slug: row for row in among.filter(slug__in=wanted)}  # type: ignore[attr-defined]
        noun = among.model._meta.verbose_name
        for slug in wanted:
            if slug not in known:
                self.add(field, f"There is no {noun} “{slug}”; create it first, or correct the name.")
        return [known[slug] for slug in wanted if slug in known]

    def people(self, field: str, emails: Iterable[str]) -> list[Person]:
        """The active people with these e-mail addresses, in that order."""
        wanted = list(dict.fromkeys(str(email).strip().lower() for email in emails))
        known = {person.email.lower(): person for person in Person.objects.active() if person.email.lower() in wanted}
        for email in wanted:
            if email not in known:
                self.add(field, f"Nobody active here has the address “{email}”; create the person, or correct it.")
        return [known[email] for email in wanted if email in known]

    def raise_if_any(self) -> None:
        if self.errors:
            raise InvalidInput(self.errors)


def email(value: object) -> str:
    """An e-mail address, in lower case."""
    found = str(value or "").strip().lower()
    try:
        validate_email(found)
    except ValidationError as error:
        raise ValueError(f"“{found}” is not an e-mail address; write one such as ana@example.com.") from error
    return found


def zone(value: object) -> str:
    """The name of an IANA time zone."""
    return values.zone(value).key


def write(row: M, fields: Mapping[str, Any]) -> M:
    """Store these fields in a row, new or old."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def delete(row: Model) -> None:
    """Delete a row, or raise Conflict with what still stands on it."""
    try:
        row.delete()
    except ProtectedError as error:
        users = sorted({f"{held._meta.verbose_name} “{held}”" for held in error.protected_objects})
        more = f" and {len(users) - 5} more" if len(users) > 5 else ""
        raise Conflict(f"“{row}” is still used by {', '.join(users[:5])}{more}; change these first.") from error
