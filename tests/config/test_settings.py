"""Settings come from the environment: what is malformed stops the start with one line that names it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.changes import github_server

ROOT = Path(__file__).resolve().parents[2]
GOOD_SECRET = secrets.token_urlsafe(50)
PRODUCTION = {
    "ANDON_ENV": "production",
    "ANDON_SECRET_KEY": GOOD_SECRET,
    "ANDON_BASE_URL": "https://andon.example.com",
}


def start(program: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program under exactly these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**kept, "ANDON_DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, data_dir: Path, **environment: str) -> str:
    started = start(f"from config import settings; print(settings.{name})", data_dir, **environment)
    assert started.returncode == 0, started.stderr
    return started.stdout.strip()


def refusal(data_dir: Path, **environment: str) -> str:
    started = start("import config.settings", data_dir, **environment)
    assert started.returncode == 1
    assert len(started.stderr.splitlines()) == 1, started.stderr
    return started.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/andon"),
        ("DATABASE_URL", "postgresql://localhost:port/andon"),
        ("DATABASE_URL", "postgresql://localhost/"),
        ("DATABASE_URL", "andon"),
        ("CELERY_BROKER_URL", "rabbit"),
        ("CELERY_BROKER_URL", "sqs://key@"),
        ("ANDON_BASE_URL", "andon.example.com"),
        ("ANDON_BASE_URL", "https://andon.example.com:99999"),
        ("ANDON_ENV", "prod"),
        ("ANDON_DEBUG", "maybe"),
        ("ANDON_SIGNUP", "2"),
        ("ANDON_TRUST_PROXY", "x"),
        ("GITHUB_API_URL", "api.github.com"),
        ("GITHUB_APP_ID", "47 11"),
        ("PROMETHEUS_URL", "prometheus:9090"),
        ("LOKI_URL", "http://"),
        ("SLACK_API_URL", "slack"),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "smtp://user:pw@host:port"),
        ("EMAIL_URL", "smtp://"),
        ("ANDON_DEADMAN_URL", "ftp://example.com/x"),
        ("OIDC_URL", "login"),
    ],
)
def test_a_malformed_value_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    line = refusal(tmp_path, **{name: value})
    assert name in line
    assert "expected" in line


def test_a_password_in_a_malformed_url_is_not_repeated(tmp_path: Path) -> None:
    line = refusal(tmp_path, DATABASE_URL="mysql://andon:hunter2@db/andon")
    assert "hunter2" not in line
    assert "andon:***@db" in line


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"ANDON_SECRET_KEY": ""}, "ANDON_SECRET_KEY is not set"),
        ({"ANDON_SECRET_KEY": "short"}, "ANDON_SECRET_KEY is too weak"),
        ({"ANDON_SECRET_KEY": "a" * 60}, "ANDON_SECRET_KEY is too weak"),
        ({"ANDON_SECRET_KEY": "django-insecure-" + GOOD_SECRET}, "ANDON_SECRET_KEY is too weak"),
        ({"ANDON_DEBUG": "1"}, "ANDON_DEBUG"),
        ({"ANDON_BASE_URL": ""}, "ANDON_BASE_URL"),
        ({"ANDON_BASE_URL": "http://andon.example.com"}, "ANDON_BASE_URL"),
        ({"ANDON_ALLOWED_HOSTS": "*"}, "ANDON_ALLOWED_HOSTS"),
        ({"SLACK_PRACTICE_URL": "http://127.0.0.1:8001"}, "SLACK_PRACTICE_URL"),
    ],
)
def test_production_refuses_what_is_insecure(tmp_path: Path, changed: dict[str, str], named: str) -> None:
    assert named in refusal(tmp_path, **{**PRODUCTION, **changed})


def test_production_has_no_secret_of_its_own_and_serves_one_host(tmp_path: Path) -> None:
    assert setting("SECRET_KEY", tmp_path, **PRODUCTION) == GOOD_SECRET
    assert setting("ALLOWED_HOSTS", tmp_path, **PRODUCTION) == "['andon.example.com']"
    assert list(tmp_path.iterdir()) == []


def test_the_deployment_check_is_clean_in_production(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['manage.py', 'check', '--deploy', '--fail-level', 'WARNING']; import manage\n"
        "manage.main()"
    )
    checked = start(program, tmp_path, **PRODUCTION)
    assert checked.returncode == 0, checked.stderr


def test_in_development_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = setting("SECRET_KEY", tmp_path)
    assert len(first) >= 50
    assert setting("SECRET_KEY", tmp_path) == first
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("secret_key", 0o600)]


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    line = refusal(tmp_path / "file" / "data")
    assert str(tmp_path / "file" / "data") in line
    assert "ANDON_DATA_DIR" in line


def test_a_database_url_may_hold_anything_that_libpq_understands(tmp_path: Path) -> None:
    url = "postgresql://an%40don:p%2Fw%40rd@one,two:6432/name?sslmode=require&application_name=a%20b"
    database = setting("DATABASES['default']", tmp_path, DATABASE_URL=url)
    assert "'USER': 'an@don', 'PASSWORD': 'p/w@rd', 'HOST': 'one,two'" in database
    assert "'sslmode': 'require'" in database


def test_a_socket_folder_may_be_the_databases_host(tmp_path: Path) -> None:
    url = "postgresql:///andon?host=/run/my%20postgres"
    assert setting("DATABASES['default']['HOST']", tmp_path, DATABASE_URL=url) == "/run/my postgres"


def test_the_embedded_database_and_broker_are_the_default_without_being_started(tmp_path: Path) -> None:
    data_dir = tmp_path / "a folder"
    assert setting("CELERY_BROKER_URL", data_dir) == "pgmq://localhost"
    assert "dbname=andon" in setting("CELERY_BROKER_TRANSPORT_OPTIONS['conn_string']", data_dir)
    assert not (data_dir / "postgres").exists()


def test_manage_says_in_one_line_that_the_embedded_database_is_not_running(tmp_path: Path) -> None:
    program = "import sys; sys.argv = ['manage.py', 'clearsessions']; import manage; manage.main()"
    started = start(program, tmp_path)
    assert started.returncode == 1
    assert "bin/up" in started.stderr
    assert len(started.stderr.splitlines()) == 1, started.stderr


GITHUB_KEY = "-----BEGIN RSA PRIVATE KEY-----\\nMIIC\\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize("value", [GITHUB_KEY, "/nowhere/app.pem"])
def test_a_key_of_the_github_app_that_cannot_be_used_stops_the_start_and_is_not_repeated(tmp_path, value):
    said = refusal(tmp_path, GITHUB_APP_ID="4711", GITHUB_APP_PRIVATE_KEY=value)
    assert "GITHUB_APP_PRIVATE_KEY" in said
    assert "MIIC" not in said


def test_the_key_of_the_github_app_may_be_a_file_and_belongs_to_an_id(tmp_path):
    file = tmp_path / "app.pem"
    file.write_text(github_server.PRIVATE_KEY)
    given = {"GITHUB_APP_PRIVATE_KEY": str(file)}
    assert setting("GITHUB_APP_PRIVATE_KEY", tmp_path, GITHUB_APP_ID="4711", **given) == file.read_text().strip()
    inline = {"GITHUB_APP_PRIVATE_KEY": github_server.PRIVATE_KEY.replace("\n", "\\n")}
    assert setting("GITHUB_APP_PRIVATE_KEY", tmp_path, GITHUB_APP_ID="Iv1.8a61", **inline) == file.read_text().strip()
    assert "must be set together" in refusal(tmp_path, **given)
