"""The floor: a bare Django, served as Andon is. It checks an HMAC, parses JSON and commits one INSERT; or renders rows.

`python -m tests.bench.floor FD CONNINFO` serves on the socket that the benchmark opened.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

import uvicorn
from a2wsgi import WSGIMiddleware

SECRET = b"floor"
TEMPLATE = "<ol>{% for row in rows %}<li>{{ row.0 }} {{ row.1 }}</li>{% endfor %}</ol>"


def main() -> None:
    import django
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(sys.argv[2])
    settings.configure(
        SECRET_KEY="floor",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": given["dbname"],
                "USER": given["user"],
                "HOST": given["host"],
                "CONN_MAX_AGE": None,
            }
        },
    )
    django.setup()
    urlpatterns.extend(_urls())
    config = uvicorn.Config(WSGIMiddleware(get_wsgi_application(), workers=10), log_config=None, access_log=False)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


def _urls() -> list:  # type: ignore[type-arg]
    from django.db import connection
    from django.http import HttpResponse, JsonResponse
    from django.template import engines
    from django.urls import path

    template = engines["django"].from_string(TEMPLATE)

    def hook(request):  # type: ignore[no-untyped-def]
        signature = hmac.new(SECRET, request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, request.headers.get("X-Signature", "")):
            return HttpResponse(status=401)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_floor (body) VALUES (%s)", [json.dumps(json.loads(request.body))])
        return JsonResponse({"ok": True}, status=202)

    def rows(request):  # type: ignore[no-untyped-def]
        with connection.cursor() as cursor:
            cursor.execute("SELECT n, 'entry ' || n FROM generate_series(1, 200) n")
            return HttpResponse(template.render({"rows": cursor.fetchall()}))

    return [path("hook", hook), path("rows", rows)]


urlpatterns: list = []  # type: ignore[type-arg]


@contextmanager
def serving(conninfo: str, *, processes: int = 2) -> Iterator[str]:
    """The floor's URL, while it runs in as many processes as Andon's web has."""
    import psycopg

    from tests.running import ROOT, wait_for

    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_floor (id bigserial PRIMARY KEY, body jsonb NOT NULL)")
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    fd = listening.fileno()
    command = [sys.executable, "-m", "tests.bench.floor", str(fd), conninfo]
    children = [Popen(command, cwd=ROOT, pass_fds=[fd]) for _ in range(processes)]
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        wait_for(f"{url}/rows", children[0])
        yield url
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(30)
        listening.close()


if __name__ == "__main__":
    main()
