"""What every test may rely on; the database is started by tests/cluster.py."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate

from postmortems.builtin import ensure_builtins

hypothesis.settings.register_profile("andon", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("andon")


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_are_emptied_between_tests() -> Iterator[None]:
    """The flush after a transactional test passes over the triggers that forbid it to everybody else."""
    execute = DatabaseOperations.execute_sql_flush

    def execute_without_triggers(operations: DatabaseOperations, statements: list[str]) -> None:
        execute(operations, ["SET LOCAL session_replication_role = replica", *statements])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_without_triggers)
        yield


@pytest.fixture(autouse=True, scope="session")
def _what_migrations_brought_comes_back_after_a_flush() -> Iterator[None]:
    """Django says `post_migrate` after a flush too; workers of xdist run other tests after transactional ones."""

    def bring_back(**_: object) -> None:
        ensure_builtins(apps)

    post_migrate.connect(bring_back, sender=apps.get_app_config("postmortems"), weak=False)
    yield
    post_migrate.disconnect(bring_back, sender=apps.get_app_config("postmortems"))


@pytest.fixture
def settle() -> Callable[[], None]:
    """Let all that was told be reacted to, and what those reactions tell in turn."""

    def run() -> None:
        from notifications import outbox

        while outbox.react():
            pass

    return run


@pytest.fixture
def api() -> Callable[[Any], Any]:
    """A client of the API that asks as this person."""

    def client(person: Any) -> Any:
        from rest_framework.test import APIClient

        client = APIClient()
        client.force_authenticate(person)
        return client

    return client


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In CI (ANDON_CI=1) a test that needs a browser or an installed program may not be skipped: it fails."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    needs_program = item.get_closest_marker("tools") or item.get_closest_marker("e2e")
    if report.skipped and needs_program and os.environ.get("ANDON_CI") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"
