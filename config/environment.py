"""Reading the environment strictly: a malformed value stops the start with one line that names it.

Each reader returns the value, or the default where the variable is unset or empty. `stop` ends the process
without a traceback, whoever asked: manage.py, the web server, the worker. Passwords in URLs are not repeated.
"""

import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ
import psycopg
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from psycopg.conninfo import conninfo_to_dict, make_conninfo

env = environ.Env()
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def stop(sentence: str) -> NoReturn:
    raise SystemExit(f"andon: {sentence}")


def malformed(name: str, value: str, expected: str) -> NoReturn:
    stop(f"{name}={re.sub(r'(?<=:)[^:/@]+(?=@)', '***', value)} is malformed: expected {expected}.")


def text(name: str, default: str = "") -> str:
    return str(env.str(name, default)).strip() or default


def words(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def word(name: str, *, example: str) -> str:
    """One word of letters, digits, dots, dashes and underscores."""
    value = text(name)
    if value and not re.fullmatch(r"[\w.-]{1,100}", value, re.ASCII):
        malformed(name, value, example)
    return value


def private_key(name: str) -> str:
    """An RSA private key in PEM, given itself (its line breaks may be written \\n) or as the path of a file with it."""
    value = text(name).replace("\\n", "\n")
    if not value:
        return ""
    try:
        pem = value if value.startswith("-----BEGIN") else Path(value).expanduser().read_text().strip()
        key = load_pem_private_key(pem.encode(), password=None)
    except OSError as error:
        stop(f"{name} names a file that cannot be read ({error.strerror}): give its path, or the key itself in PEM.")
    except (ValueError, TypeError, UnsupportedAlgorithm):
        stop(f"{name} is malformed: expected an RSA private key in PEM, without a password.")
    if not isinstance(key, RSAPrivateKey):
        stop(f"{name} is malformed: expected an RSA private key in PEM, not another kind of key.")
    return pem


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value and value not in TRUE | FALSE:
        malformed(name, value, "1 or 0")
    return value in TRUE if value else default


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    return value if value in options else malformed(name, value, " or ".join(options))


def url(name: str, *, schemes: tuple[str, ...] = ("http", "https"), example: str, default: str = "") -> str:
    """An absolute URL with a host, without a trailing slash."""
    value = text(name, default)
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not close
        whole = False
    if not whole or re.search(r"\s", value):
        malformed(name, value, f"a URL such as {example}")
    return value.rstrip("/")


def broker(name: str) -> str:
    """A broker's URL, or "" for the embedded one."""
    if text(name) == "memory://":
        return "memory://"  # tests
    schemes = ("amqp", "amqps", "redis", "rediss", "sentinel")
    return url(name, schemes=schemes, example="amqp://user:password@host:5672/ or redis://host:6379/0")


def database(name: str) -> dict[str, Any] | None:
    """An entry for Django's DATABASES from a libpq URL, None where the variable is unset."""
    value = text(name)
    if not value:
        return None
    expected = "a URL such as postgresql://user:password@host:5432/name"
    if not value.startswith(("postgresql://", "postgres://")):
        malformed(name, value, expected)
    try:
        parts = conninfo_to_dict(value)
    except psycopg.Error:
        malformed(name, value, expected)
    port = str(parts.pop("port", ""))
    if not parts.get("dbname") or not all(each.isdigit() for each in port.split(",") if each):
        malformed(name, value, expected)
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    settings = {ours: str(parts.pop(theirs, "")) for ours, theirs in known.items()}
    return {"ENGINE": "django.db.backends.postgresql", **settings, "PORT": port, "OPTIONS": parts}


def conninfo(database: dict[str, Any]) -> str:
    """The libpq keyword string of an entry of Django's DATABASES, for what connects without Django."""
    words = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {theirs: database[ours] for theirs, ours in words.items() if database.get(ours)}
    return make_conninfo(**given, **database.get("OPTIONS", {}))


def email(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings, {} where the variable is unset."""
    value = text(name)
    if not value:
        return {}
    expected = "a URL such as smtp+tls://user:password@host:587 or consolemail://"
    try:
        settings = dict(env.email_url_config(value))
    except (ValueError, environ.ImproperlyConfigured):
        malformed(name, value, expected)
    if value.startswith("smtp") and not settings["EMAIL_HOST"]:
        malformed(name, value, expected)
    return {key: setting for key, setting in settings.items() if setting is not None}


def secret(name: str, data_dir: Path, *, production: bool) -> str:
    """The secret key; outside production one is made and kept in the data folder where none is given."""
    value = text(name)
    if production and (len(value) < 50 or len(set(value)) < 5 or value.startswith("django-insecure-")):
        stop(
            f"{name} is {'too weak' if value else 'not set'}. In production set it to at least 50 random "
            "characters, for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return value or _kept_secret(data_dir / "secret_key")


def _kept_secret(path: Path) -> str:
    """Read the secret, or make it; several processes may do so at once and all get the same."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
            try:
                Path(path).hardlink_to(draft)
            except FileExistsError:
                pass
            finally:
                Path(draft).unlink()
        return path.read_text().strip()
    except OSError as error:
        stop(
            f"{path} cannot be used: {error.strerror}. Set ANDON_DATA_DIR to a folder that can be written, "
            "or ANDON_SECRET_KEY."
        )
