"""Loki's answers: lines of logs, numbers, and refusals in plain words."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.http import Client
from telemetry.loki import LONGEST_LINE, MOST_LINES, LokiError, parse_answer, query_range
from telemetry.series import log_rows
from tests.telemetry.loki_server import Loki, serving

NOW = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def ask(loki, **range_):
    with serving(loki) as url, Client(allow_private=True) as client:
        return query_range(client, url, '{app="a"}', NOW - timedelta(hours=1), NOW, **range_)


def body(kind, result):
    return json.dumps({"status": "success", "data": {"resultType": kind, "result": result}}).encode()


def stream(values, **labels):
    return {"stream": labels, "values": values}


def test_it_asks_as_the_documentation_says():
    loki = Loki()
    assert ask(loki).logs == []
    (asked,) = loki.asked
    assert asked == {
        "query": '{app="a"}',
        "start": "1795431600250000000",
        "end": "1795435200250000000",
        "step": "15.000",
        "limit": "500",
        "direction": "backward",
    }


def test_a_name_in_the_address_is_sent_as_basic_authentication():
    loki = Loki()
    with serving(loki) as url, Client(allow_private=True) as client:
        address = url.replace("http://", "http://andon:secret@")
        query_range(client, address, "x", NOW - timedelta(hours=1), NOW)
    assert loki.headers[0]["Authorization"].startswith("Basic ")


def test_lines_of_several_streams_are_in_the_order_of_time():
    found = parse_answer(
        body("streams", [
            stream([["1795435200500000000", "third"], ["1795435198000000000", "first"]], app="a", level="error"),
            stream([["1795435199000000000", "second", {"traceID": "1"}]], app="b"),
        ])
    )  # fmt: skip
    assert log_rows(found.logs) == [
        [1795435198.0, "app=a, level=error", "first"],
        [1795435199.0, "app=b", "second"],
        [1795435200.5, "app=a, level=error", "third"],
    ]


def test_the_newest_lines_are_kept_and_long_ones_cut():
    loki = Loki()
    loki.lines({"app": "a"}, [(1_795_435_000 + n, "x" * 5000) for n in range(700)])
    logs = ask(loki).logs
    assert (len(logs), logs[-1].at) == (MOST_LINES, 1_795_435_699)
    assert all(len(line.text) == LONGEST_LINE for line in logs)


def test_numbers_are_series():
    loki = Loki()
    loki.numbers({"level": "error"}, [(1_795_435_200, "2.5"), (1_795_435_215, "NaN")])
    found = ask(loki)
    assert found.logs is None
    assert found.series[0].labels == {"level": "error"}
    assert found.series[0].points[0] == (1_795_435_200, 2.5)


@pytest.mark.parametrize(
    ("status", "said", "kind", "words"),
    [
        (400, "parse error at line 1, col 3: syntax error: unexpected $end", "bad_data", "unexpected $end"),
        (401, "no org id", "bad_data", "no org id"),
        (429, "too many outstanding requests", "bad_data", "too many"),
        (503, "Ingester not ready", "unavailable", "not ready"),
        (500, "", "unavailable", "answered 500"),
        (500, '{"code": 500, "message": "boom", "status": "error"}', "unavailable", "boom"),
        (502, "<html>Bad gateway</html>", "unavailable", "answered 502"),
    ],
)
def test_a_refusal_says_why(status, said, kind, words):
    loki = Loki()
    loki.refuse(status, said)
    with pytest.raises(LokiError) as caught:
        ask(loki)
    assert caught.value.kind == kind
    assert words in str(caught.value)


@pytest.mark.parametrize("pair", [["soon", "x"], [1795435200, "x"], ["1", 2], ["1"], "1", None, ["9" * 30, "x"]])
def test_what_is_no_line_is_refused(pair):
    with pytest.raises(LokiError, match="unreadable"):
        parse_answer(body("streams", [stream([pair])]))


@given(st.sampled_from(["streams", "matrix", "vector"]), st.lists(ANYTHING, max_size=3))
def test_whatever_comes_is_read_or_refused(kind, result):
    try:
        found = parse_answer(body(kind, result))
    except LokiError:
        return
    assert found.logs is not None or all(series.points is not None for series in found.series)


@given(st.binary(max_size=200))
def test_bytes_are_refused_in_words(raw):
    with pytest.raises(LokiError):
        parse_answer(raw)
