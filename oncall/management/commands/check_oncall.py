"""The daily check: is there somebody to page, at every instant of the next two weeks?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oncall.watch import warnings


class Command(BaseCommand):
    help = (
        "Say what would lose a page within two weeks: seats that stand empty, people on call who cannot be reached, "
        "services nobody answers for. Exits with 1 where there is anything to mend, so that a daily job can tell."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = warnings()
        for warning in found:
            self.stdout.write(f"{warning.about}: {warning.text}")
        if found:
            raise CommandError(f"{len(found)} to mend.")
        self.stdout.write("Every seat is filled and everybody on call can be reached.")
