"""Asking Prometheus: the step, the query's blanks, the answer and its refusals."""

import contextlib
import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.http import Client
from telemetry.prometheus import PrometheusError, Series, parse_matrix, query_range, step
from telemetry.queries import fill

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def matrix(*series: Any) -> bytes:
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": list(series)}}).encode()


@contextmanager
def prometheus(status: int, body: bytes) -> Iterator[tuple[str, list[tuple[str, dict[str, list[str]]]]]]:
    """A server that gives one answer and remembers the questions."""
    asked: list[tuple[str, dict[str, list[str]]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked.append((self.path, parse_qs(self.rfile.read(length).decode())))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A test's output is no place for an access log."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(base_url: str) -> list[Series]:
    with Client(allow_private=True) as client:
        return query_range(client, base_url, "up", START, START + timedelta(hours=5))


@pytest.mark.parametrize(("window", "seconds"), [(0, 15), (3600, 15), (7500, 15), (18000, 36), (86400, 172.8)])
def test_the_step_keeps_a_chart_under_five_hundred_points(window: float, seconds: float) -> None:
    assert step(window) == seconds


def test_series_come_with_labels_and_points_of_floats() -> None:
    body = matrix({"metric": {"job": "checkout"}, "values": [[1795409918, "0.5"], [1795409933.781, "1e3"]]})
    assert parse_matrix(body) == [Series({"job": "checkout"}, [(1795409918.0, 0.5), (1795409933.781, 1000.0)])]


def test_infinity_and_nan_are_values_too() -> None:
    [series] = parse_matrix(matrix({"metric": {}, "values": [[1, "+Inf"], [2, "-Inf"], [3, "NaN"]]}))
    values = [value for _, value in series.points]
    assert values[:2] == [math.inf, -math.inf] and math.isnan(values[2])


def test_no_more_than_twenty_series_are_kept() -> None:
    assert len(parse_matrix(matrix(*[{"metric": {}, "values": []}] * 30))) == 20


def test_a_series_of_histograms_alone_has_no_points() -> None:
    assert parse_matrix(matrix({"metric": {"a": "b"}, "histograms": []})) == [Series({"a": "b"}, [])]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "JSON"),
        (b'{"status": "success", "data": {"resultType": "vector"}}', "matrix (a query over a range)"),
        (matrix({"metric": {}, "values": 3}), "a list of points"),
        (matrix({"metric": {}, "values": [[1, 2]]}), "points of a time and a value in text"),
        (matrix({"metric": {}, "values": [[1, "many"]]}), "numbers"),
        (matrix({"metric": {}, "values": [[10**400, "1"]]}), "numbers"),
        (matrix({"metric": {}, "values": [[1e300, "1"]]}), "points of a time and a value in text"),
        (matrix({"metric": {}, "values": [[True, "1"]]}), "points of a time and a value in text"),
        (matrix({"metric": {"a": 1}, "values": []}), "text"),
    ],
)
def test_an_answer_nobody_can_read_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(PrometheusError) as caught:
        parse_matrix(body)
    assert caught.value.kind == "unreadable" and reason in str(caught.value)


def test_an_error_keeps_its_kind_and_words() -> None:
    with pytest.raises(PrometheusError) as caught:
        parse_matrix(b'{"status": "error", "errorType": "bad_data", "error": "parse error"}')
    assert (caught.value.kind, caught.value.message) == ("bad_data", "parse error")


@given(st.binary() | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(lambda v: matrix({"values": v})))
def test_no_bytes_make_it_fail_otherwise(body: bytes) -> None:
    with contextlib.suppress(PrometheusError):
        parse_matrix(body)


def test_a_query_is_asked_with_its_window_step_and_limit() -> None:
    with prometheus(200, matrix()) as (url, asked):
        assert ask(url + "/") == []
    path, form = asked[0]
    assert path == "/api/v1/query_range"
    assert form == {
        "query": ["up"], "start": ["1780304400.000"], "end": ["1780322400.000"], "step": ["36.000"],
        "timeout": ["10s"], "limit": ["20"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (
            400,
            b'{"status":"error","errorType":"bad_data","error":"unexpected end"}',
            "bad_data",
            "unexpected end",
        ),
        (422, b'{"status":"error","errorType":"execution","error":"deadline"}', "execution", "deadline"),
        (503, b'{"status":"error","errorType":"timeout","error":"timed out"}', "timeout", "timed out"),
        (503, b"upstream is away", "unavailable", "answered 503"),
    ],
)
def test_a_refusal_says_what_prometheus_said(status: int, body: bytes, kind: str, words: str) -> None:
    with prometheus(status, body) as (url, _), pytest.raises(PrometheusError) as caught:
        ask(url)
    assert caught.value.kind == kind and words in caught.value.message


def test_a_prometheus_that_is_away_is_unavailable() -> None:
    with prometheus(200, b"") as (url, _):
        gone = url
    with pytest.raises(PrometheusError) as caught:
        ask(gone)
    assert caught.value.kind == "unavailable"


def test_a_query_is_filled_with_service_and_environment_and_nothing_else() -> None:
    template = 'rate(errors{service="{service}",env="{environment}",pod=~".{3}"}[5m])'
    assert fill(template, service="checkout", environment="{service}") == (
        'rate(errors{service="checkout",env="{service}",pod=~".{3}"}[5m])'
    )


@given(st.text())
def test_no_value_can_end_its_quotes(value: str) -> None:
    for quote in "\"'`":
        inside = fill(quote + "{service}" + quote, service=value, environment="")[1:-1]
        assert quote not in inside and "\n" not in inside
        assert inside.encode("ascii", "ignore").decode("unicode_escape") == "".join(c for c in value if c.isascii())
