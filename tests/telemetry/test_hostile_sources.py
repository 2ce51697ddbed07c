"""A Prometheus and a Loki that are slow, lie, redirect, flood or are gone: an error in words each time, soon enough."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from notifications.http import Client
from telemetry import loki, prometheus
from telemetry.answers import QueryError
from telemetry.asking import LARGEST_ANSWER
from telemetry.series import lines
from tests.telemetry.hostile_server import answering, http

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOURCES = {"prometheus": prometheus, "loki": loki}
PATIENCE = 0.4  # seconds


@pytest.fixture(params=SOURCES)
def source(request, monkeypatch):
    module = SOURCES[request.param]
    monkeypatch.setattr(module, "TIMEOUT", PATIENCE)
    return module


def ask(source, url, max_bytes=LARGEST_ANSWER):
    with Client(timeout=PATIENCE, max_bytes=max_bytes, allow_private=True) as client:
        return source.query_range(client, url, "up", NOW - timedelta(hours=1), NOW)


def refusal(source, *pieces, max_bytes=LARGEST_ANSWER, **pace):
    """The error it comes to, in less than a few times our patience."""
    began = time.monotonic()
    with answering(*pieces, **pace) as (url, _), pytest.raises(QueryError) as caught:
        ask(source, url, max_bytes)
    assert time.monotonic() - began < 10 * PATIENCE
    assert str(caught.value).startswith(f"{source.__name__.rpartition('.')[2].capitalize()} could not answer")
    assert len(str(caught.value)) < 400
    return caught.value


def answer(result, kind="matrix"):
    return http(json.dumps({"status": "success", "data": {"resultType": kind, "result": result}}).encode())


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n"


@pytest.mark.parametrize(
    ("pieces", "drop"),
    [((), b""), ((b"HTTP/1.1 200 OK\r\nX: ",), b"."), ((HEAD,), b" ")],
    ids=["never answers", "drips its head", "drips its body"],
)
def test_one_that_is_slow_is_not_waited_for(source, pieces, drop):
    error = refusal(source, *pieces, pause=0.02, for_ever=drop)
    assert error.kind == "unavailable"
    assert error.is_absence


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Please sign in</body></html>",
        b"",
        b"\xff\xfe\x00",
        b"[" * 10_000,
        b"null",
        b'"success"',
        b"{}",
        b'{"status": "success"}',
        b'{"status": "success", "data": []}',
        b'{"status": "success", "data": {"resultType": "vector", "result": []}}',
        b'{"status": "success", "data": {"resultType": "matrix", "result": {"a": 1}}}',
        b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [["x", "1"]]}]}}',
        b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[1, 1]]}]}}',
        b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": [[NaN, "1"]]}]}}',
        b'{"status": "success", "data": {"resultType": "matrix", "result": [{"values": [[1e400, "1"]]}]}}',
        b'{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {"a": 1}, "values": []}]}}',
    ],
)
def test_one_that_lies_about_its_answer_is_not_believed(source, body):
    error = refusal(source, http(body))
    assert error.kind in ("unreadable", "unknown")
    assert not error.is_absence


def test_a_compressed_answer_is_not_unpacked(source):
    bomb = http(b"\x1f\x8b" + b"\x00" * 1000, "200 OK", "Content-Encoding: gzip")
    assert "compresses its answer" in str(refusal(source, bomb))


def test_fifty_megabytes_are_cut_at_the_limit(source):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"
    error = refusal(source, head, max_bytes=200_000, for_ever=b" " * 65_536, pause=0.001)
    assert "more than 200000 bytes" in str(error)


def test_a_redirect_to_another_host_is_not_followed(source):
    with answering(answer([])) as (elsewhere, asked):
        moved = http(b"", "302 Found", f"Location: {elsewhere.replace('127.0.0.1', 'localhost')}/api")
        assert "redirects to" in str(refusal(source, moved))
    assert asked == []


def test_of_ten_thousand_series_twenty_are_taken(source):
    many = [{"metric": {"pod": f"p{n}"}, "values": [[1795435200, "1"]]} for n in range(10_000)]
    with answering(answer(many)) as (url, _):
        found = ask(source, url)
    assert len(getattr(found, "series", found)) == 20


def test_labels_and_reasons_of_any_size_are_cut(source):
    endless = {"metric": {"pod": "x" * 100_000, "y" * 100_000: "z"}, "values": [[1795435200, "NaN"]]}
    with answering(answer([endless])) as (url, _):
        found = ask(source, url)
    (line,) = lines(getattr(found, "series", found))
    assert len(line["label"]) == 200
    assert line["points"] == [[1795435200, None]]
    refusal(source, http(json.dumps({"errorType": "x" * 9999, "error": "y" * 9999}).encode(), "400 Bad Request"))


def test_a_proxy_that_answers_for_one_that_is_gone_is_not_quoted(source):
    error = refusal(source, http(b"<html>502 Bad Gateway</html>", "502 Bad Gateway"))
    assert (error.kind, "html" in str(error)) == ("unavailable", False)
    assert "127.0.0.1 answered 502" in str(error)


def test_one_that_is_stopped_could_not_be_reached(source):
    with answering() as (url, _):
        pass
    with pytest.raises(QueryError, match="could not be reached"):
        ask(source, url)
