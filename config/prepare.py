"""Bring database and static files up to date, before the others start: `python -m config.prepare`.

Prints progress on standard error. On standard output, what its caller shows when all is up: a one-time sign-in link
where nobody can sign in yet, or how to sign in to the sample organisation, which `--demo` loads.
"""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config import environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from oncall.services import first_sign_in_link

    try:
        migrate()
    except OperationalError as error:
        environment.stop(f"the database cannot be reached: {str(error).splitlines()[0]}. Look at DATABASE_URL.")
    if settings.CELERY_BROKER_URL.startswith("pgmq"):
        call_command("install_broker", stdout=sys.stderr)
    collect_static()
    if "--demo" in sys.argv:
        from config import demo

        demo.load(say)
        print("Sign in as {} with the password {}".format(*demo.SIGN_IN))  # noqa: T201
    if link := first_sign_in_link():
        print(f"Sign in for the first time, once, at {link}")  # noqa: T201


def migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Preparing the database ({len(plan)} migrations) …")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Collect, hash and compress, unless nothing changed since the last time: the slowest part of a start."""
    stamp, now = Path(settings.STATIC_ROOT) / ".collected", fingerprint()
    if not stamp.exists() or stamp.read_text() != now:
        say("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0)  # never cleared: others may serve from it
        stamp.write_text(now)


def fingerprint() -> str:
    """Changes whenever a file of ours or a locked dependency does."""
    files = [settings.BASE_DIR / "requirements.txt", *settings.STATICFILES_DIRS]
    for folder in settings.STATICFILES_DIRS:
        files += sorted(Path(folder).rglob("*"))
    seen = [f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files if file.exists()]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
