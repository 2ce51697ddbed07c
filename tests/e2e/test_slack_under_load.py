"""Slack hears from Andon within its three seconds while the database is busy, and its repeated request acts once."""

import threading
import time
import urllib.request
from contextlib import contextmanager

import psycopg
import pytest

from config.embedded import Postgres
from tests.running import andon as running_andon
from tests.running import send
from tests.slack.conftest import SECRET, TOKEN, command, sign

pytestmark = pytest.mark.processes

CONNECTIONS = 16
LOAD = "UPDATE busy SET n = n + 1 WHERE id = 1 + (random() * 999)::int"


@pytest.fixture(scope="module")
def connected(tmp_path_factory):
    slack = {"SLACK_SIGNING_SECRET": SECRET, "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": "http://127.0.0.1:9/api"}
    with running_andon(tmp_path_factory.mktemp("slack") / "var", **slack) as running:
        yield running


@contextmanager
def busy(andon):
    """Sixteen connections that write as fast as they can, to the database of Andon."""
    conninfo, over = Postgres(andon.data).conninfo, threading.Event()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE busy AS SELECT id, 0 AS n FROM generate_series(1, 1000) AS id")

    def write():
        with psycopg.connect(conninfo, autocommit=True) as connection:
            while not over.is_set():
                connection.execute(LOAD)

    writers = [threading.Thread(target=write) for _ in range(CONNECTIONS)]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        over.set()
        for writer in writers:
            writer.join()


def ask(andon, body, **headers):
    """Seconds until a slash command is answered; its answer must be a 200."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{andon.url}/slack/commands"
    began = time.perf_counter()
    send(urllib.request.Request(url, data=body.encode(), headers=sign(body) | kind | headers))
    return time.perf_counter() - began


def test_commands_are_answered_in_time_while_the_database_is_busy_and_have_one_effect(connected):
    with busy(connected):
        waits = []
        for number in range(30):
            body = command(f"Checkout {number} is down", trigger=f"1.{number}.a")
            waits.append(ask(connected, body))
            waits.append(ask(connected, body, **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}))
    assert max(waits) < 3
    until = time.monotonic() + 40
    while (count := connected.call("GET", "incidents/")["count"]) < 30:
        assert time.monotonic() < until, f"{count} of 30 incidents within 40 s"
        time.sleep(0.2)
    titles = [incident["title"] for incident in connected.call("GET", "incidents/?page_size=500")["results"]]
    assert sorted(titles) == sorted(f"Checkout {number} is down" for number in range(30))
