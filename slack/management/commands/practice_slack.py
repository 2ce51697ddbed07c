"""`manage.py practice_slack`: the practice workspace as a process of its own, for the demo."""

import json
import os
import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from slack import practice
from slack.sandbox import PracticeSlack


class Command(BaseCommand):
    help = "Run the practice Slack workspace until SIGTERM; nothing in it leaves this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8065, help="where it listens on this machine (8065)")
        parser.add_argument("--token", default="xoxb-practice", help="the bot token it accepts")
        parser.add_argument("--signing-secret", default="practice", help="what it signs its requests with")
        parser.add_argument("--andon", default="http://127.0.0.1:8000", help="Andon's address")
        parser.add_argument(
            "--users",
            type=Path,
            help="a JSON file: a list of {id, name, email}; without one, everybody in the database",
        )
        parser.add_argument("--store", type=Path, help="a file that keeps the workspace across restarts")

    def handle(self, **options: Any) -> None:
        if os.environ.get("ANDON_ENV") == "production":
            raise CommandError("practice_slack does not run under ANDON_ENV=production: it is for demo and tests.")
        people = read_people(options["users"]) if options["users"] else practice.people()
        connection.close()
        try:
            workspace = PracticeSlack(
                options["port"],
                token=options["token"],
                signing_secret=options["signing_secret"],
                andon_url=options["andon"],
                store=options["store"],
                shortcuts=practice.shortcuts(),
                people=[(person["id"], person["name"], person["email"]) for person in people],
            )
        except OSError as problem:
            raise CommandError(f"Port {options['port']} cannot be used: {problem.strerror}.") from problem
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        with workspace:
            self.stdout.write(f"Practice workspace: {workspace.url}")
            self.stdout.flush()
            stopping.wait()


def read_people(path: Path) -> list[dict[str, str]]:
    """People from a file. Raises CommandError that says what is wrong with it."""
    try:
        people = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise CommandError(f"--users {path}: {problem}") from problem
    if not isinstance(people, list) or not all({"id", "name", "email"} <= set(person) for person in people):
        raise CommandError(f"--users {path}: expected a list of objects with id, name and email.")
    return people
