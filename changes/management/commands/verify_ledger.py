"""`manage.py verify_ledger`: does the ledger say what it said when it was sealed?"""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from changes.seals import seal_stragglers
from changes.verification import Noted, verify

EVERY = 20_000  # seals between two words of progress
DIGEST = re.compile(r"[0-9a-f]{12,64}")


class Command(BaseCommand):
    help = (
        "Check the chain of seals over the ledger of changes. Names the first entry that does not fit and exits 1. "
        "Note the digest it prints somewhere else, and give it with --head next time: that shows whether the end of "
        "the ledger was cut off, or all of it made anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", help="a digest noted earlier, or its first 12 characters or more")
        parser.add_argument("--number", type=int, help="the number of the seal that it was noted of")

    def handle(self, *args: Any, **options: Any) -> None:
        noted = _noted(options["head"], options["number"])
        while seal_stragglers():
            continue  # in batches, until none waits
        verdict = verify(noted=noted, progress=self._progress)
        if verdict.flaw:
            raise CommandError(f"{verdict.flaw} The {verdict.sealed} before it fit.")
        self.stdout.write(f"All {verdict.sealed} entries fit. The last digest is {verdict.head}.")

    def _progress(self, seals: int) -> None:
        if seals % EVERY == 0:
            self.stderr.write(f"{seals} entries fit so far …")


def _noted(head: str | None, number: int | None) -> Noted | None:
    if head is None and number is None:
        return None
    digest = (head or "").strip().lower()
    if not DIGEST.fullmatch(digest):
        raise CommandError(f"--head {digest!r} is no digest: give 12 to 64 hexadecimal digits, as this command prints.")
    if number is not None and number < 1:
        raise CommandError(f"--number {number} is no seal: they are counted from 1.")
    return Noted(digest, number)
