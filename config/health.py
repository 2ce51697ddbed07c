"""`/health/live`: the process runs. `/health/ready`: Andon can do its work, or the reason why not."""

from collections.abc import Callable
from functools import cache
from math import isfinite

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from notifications.health import sweeper_age

SWEEPER_SECONDS = 30  # it sweeps every 2 s


class Unwell(Exception):
    """The reason why a check fails."""


def database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise Unwell(str(error).strip().splitlines()[0]) from error


@cache  # only the good news is kept: what has been migrated stays so while this process runs
def migrations() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    missing = [str(migration) for migration, _ in plan]
    if missing:
        raise Unwell(f"{len(missing)} not applied, first {missing[0]}; run manage.py migrate")


def sweeper() -> None:
    age = sweeper_age()
    if age > SWEEPER_SECONDS:
        last = f"last ran {age:.0f} s ago" if isfinite(age) else "has never run"
        raise Unwell(f"{last}; is the scheduler running?")


CHECKS: dict[str, Callable[[], None]] = {"database": database, "migrations": migrations, "sweeper": sweeper}


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200, or 503 with the first reason; what is checked later depends on what is checked before."""
    for name, check in CHECKS.items():
        try:
            check()
        except Unwell as reason:
            return JsonResponse({"status": "unwell", "check": name, "reason": str(reason)}, status=503)
    return JsonResponse({"status": "ok"})
