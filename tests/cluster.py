"""One PostgreSQL for a whole run of pytest, in a temporary folder.

A plugin that pyproject.toml names with `-p`, because settings are read before conftest.py. DATABASE_URL_TEST
points the tests at another server. Whatever else Andon reads from the environment is taken away first, so
that no test is changed by a developer's own settings. The workers of xdist inherit what is set here; each makes
its own database in the same cluster.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.embedded import Postgres

IGNORED = ("ANDON_", "CELERY_", "DATABASE_URL", "EMAIL_URL", "LOKI_URL", "OIDC_", "PROMETHEUS_", "SLACK_")
KEPT = ("ANDON_CI", "DATABASE_URL_TEST")
in_charge = "PYTEST_XDIST_WORKER" not in os.environ

if in_charge:
    for name in [name for name in os.environ if name.startswith(IGNORED) and name not in KEPT]:
        del os.environ[name]
    os.environ["ANDON_ENV"] = "test"
    os.environ["ANDON_DATA_DIR"] = tempfile.mkdtemp(prefix="andon-test-")
    atexit.register(shutil.rmtree, os.environ["ANDON_DATA_DIR"], ignore_errors=True)
    if url := os.environ.get("DATABASE_URL_TEST"):
        os.environ["DATABASE_URL"] = url

cluster = Postgres(Path(os.environ["ANDON_DATA_DIR"]), durable=False)
embedded = in_charge and "DATABASE_URL" not in os.environ


def pytest_configure() -> None:
    if embedded:
        cluster.ensure()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if embedded:
        cluster.stop()
