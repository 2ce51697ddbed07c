"""An API token on the command line, for the first program that talks to us."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.services import create_person, create_token
from oncall.services.findings import email as read_email


class Command(BaseCommand):
    help = (
        "Print an API token for a person, once, alone on the last line. Use it as `Authorization: Bearer <token>`. "
        "It is stored hashed and cannot be shown again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="whose token it is")
        parser.add_argument("--name", default="", help="what it is for, as Settings shows it")
        parser.add_argument("--create", action="store_true", help="make the person where there is none")
        parser.add_argument("--role", help=f"role of a person made here: {', '.join(Person.Role.values)}")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["role"] and not options["create"]:
            raise CommandError("--role says what a new person may do; use it with --create.")
        try:
            with transaction.atomic():
                person, new = self._person(**options)
                _, token = create_token(person=person, name=options["name"])
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        if new:
            self.stdout.write(f"Made {person.email}, {person.get_role_display().lower()}.")
        self.stdout.write(token)

    def _person(self, *, email: str, create: bool, role: str | None, **options: Any) -> tuple[Person, bool]:
        try:
            address = read_email(email)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if person := Person.objects.filter(email__iexact=address).first():
            return person, False
        if not create:
            raise CommandError(f"Nobody has the address {address}; add --create to make the person.")
        name = address.partition("@")[0].replace(".", " ").replace("-", " ").title()
        return create_person(email=address, name=name, role=role or Person.Role.ADMINISTRATOR), True
