"""`manage.py verify_ledger`: does the ledger say what it said when it was sealed?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from changes.seals import seal_due, verify


class Command(BaseCommand):
    help = (
        "Check the chain of seals over the ledger of changes. Names the first entry that does not fit and exits 1. "
        "Note the digest it prints somewhere else: it shows later whether the end of the ledger was cut off."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        while seal_due():
            continue  # in batches, until none waits
        verdict = verify()
        if verdict.flaw:
            raise CommandError(f"{verdict.flaw} The {verdict.sealed} before it fit.")
        self.stdout.write(f"All {verdict.sealed} entries fit. The last digest is {verdict.head}.")
