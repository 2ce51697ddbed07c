"""The daily check: is there somebody to page, at every instant of the next two weeks?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from oncall.checks.watch import AHEAD, warnings

MOST_DAYS = 180


class Command(BaseCommand):
    help = (
        "Say what would lose a page: seats that stand empty, people on call who cannot be reached or are away, steps "
        "of policies and services that reach nobody, shifts that need cover. Exits with 1 where there is anything to "
        "mend, so that a job can tell; teams hear of it every morning without one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=AHEAD.days, help=f"How far to look ahead (1 to {MOST_DAYS}).")
        parser.add_argument("--json", action="store_true", help="Print an object with `concerns`, for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"--days {days} does not do; give from 1 to {MOST_DAYS}.", returncode=2)
        found = warnings(ahead=timedelta(days=days))
        if options["json"]:
            self.stdout.write(json.dumps({"days": days, "concerns": [asdict(concern) for concern in found]}, indent=2))
        else:
            for concern in found:
                self.stdout.write(f"{concern.about}: {concern.text}")
        if found:
            raise CommandError(f"{len(found)} to mend.")
        if not options["json"]:
            self.stdout.write("Every seat is filled and everybody on call can be reached.")
