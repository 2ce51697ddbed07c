"""`manage.py import_incidents FILE`: write-ups of the past, from a file of JSON lines."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.errors import InvalidInput
from postmortems.import_report import as_csv, in_lines, in_words
from postmortems.models import Import
from postmortems.services.importing import start_import, work_through

WIDTH = 40


class Command(BaseCommand):
    help = (
        "Import incident write-ups from a file of JSON lines: each an object with title, times, services, body, "
        "keywords and the like, under any of the usual names. Each becomes a published post-mortem and, where its "
        "start and end are known, a closed incident. Nobody is told. The same file again changes nothing. "
        "Ends with 1 if a line was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON lines in UTF-8; - reads standard input")
        parser.add_argument("--strict", action="store_true", help="refuse lines with times that cannot be used")
        parser.add_argument("--create-services", action="store_true", help="make the services that nobody knows")
        parser.add_argument("--report", metavar="CSV", help="write what was not understood to this file too")

    def handle(self, *args: Any, file: str, report: str | None = None, **options: Any) -> None:
        began = monotonic()
        try:
            row = start_import(
                name="standard input" if file == "-" else Path(file).name,
                raw=_content(file),
                by=None,
                strict=options["strict"],
                create_services=options["create_services"],
            )
        except InvalidInput as refusal:
            raise CommandError(str(refusal)) from refusal
        work_through(row.pk, watch=self._show)
        self.stderr.write("")
        row.refresh_from_db()
        seconds = monotonic() - began
        for line in in_lines(row):
            self.stdout.write(line)
        self.stdout.write(f"{in_words(row)}, in {seconds:.1f} s ({row.total / seconds:.0f} lines a second).")
        if report:
            Path(report).write_text(as_csv(row), encoding="utf-8")
        if row.refused:
            sys.exit(1)

    def _show(self, row: Import) -> None:
        """The bar, drawn over itself on a terminal."""
        filled = WIDTH * row.position // row.total
        bar = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {row.position} of {row.total}"
        terminal = self.stderr.isatty()
        self.stderr.write(f"\r{bar}" if terminal else bar, ending="" if terminal else "\n")


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file!r} cannot be read: {error.strerror}.") from error
