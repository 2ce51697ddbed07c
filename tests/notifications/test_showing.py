"""What a sender sent, as people may look at it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.showing import LONGEST, MASK, shown_body, shown_events, shown_headers


def test_json_is_set_out_line_by_line():
    shown = shown_body(b'{"a":{"b":[1,2]},"c":"\xc3\xa9"}')
    assert shown.kind == "json"
    assert shown.text == json.dumps({"a": {"b": [1, 2]}, "c": "é"}, indent=2, ensure_ascii=False)


@pytest.mark.parametrize("body", [b"deployed 4f2a1c", b"{not json", b"[" * 10_000])
def test_what_is_no_json_is_text(body):
    assert (shown_body(body).kind, shown_body(body).text) == ("text", body.decode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"api_key": "hunter2"}',
        b'{"x": [{"Private-Token": "hunter2"}]}',
        b'{"passwords": ["hunter2", "hunter2"]}',
        b'{"url": "https://ana:hunter2@example.com/"}',
        b'{"text": "the key hunter2 is live"}',
        b'broken {"client_secret": "hunter2", "x": 1',
        b'broken {"client_secret": "hunter2',
        b'broken {"Authorization": "Bearer hunter2", "x": 1',
        b"token=hunter2&service=web",
        b"deployed with ACCESS_TOKEN=hunter2",
    ],
)
def test_secrets_are_masked_wherever_they_stand(body):
    shown = shown_body(body, ["hunter2"] if b"is live" in body else [])
    assert "hunter2" not in shown.text
    assert MASK in shown.text


def test_what_is_no_secret_stays():
    body = b'{"tokens": 0, "secret": null, "service": "web", "tokenizer": {"name": "plain"}}'
    assert json.loads(shown_body(body).text) == json.loads(body)


def test_a_large_body_is_cut_and_says_so():
    shown = shown_body(json.dumps({"text": "x" * 100_000}).encode())
    assert len(shown.text) == LONGEST
    assert shown.note == "The first 64 KB of it; all of it are 100,012 bytes."


def test_a_huge_body_is_not_read_and_its_secrets_are_masked_all_the_same():
    shown = shown_body(b'{"token": "hunter2", "text": "' + "é".encode() * 2_000_000 + b'"}')
    assert (shown.kind, len(shown.text)) == ("text", LONGEST)
    assert "hunter2" not in shown.text


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n\x00", b"a\x00b", b"\xff\xfe", bytes(range(256)) * 10])
def test_what_is_no_text_is_shown_in_bytes(body):
    shown = shown_body(body)
    assert shown.kind == "binary"
    assert shown.text.startswith("000000  ")
    assert f"of {len(body):,} bytes" in shown.note


@given(st.binary(max_size=300))
def test_any_body_is_shown(body):
    assert "\x00" not in shown_body(body).text


def test_headers_are_shown_by_name_without_their_secrets():
    headers = {"X-Thing": "1", "authorization": "Bearer hunter2", "Idempotency-Key": "7", "X-Other": "hunter2"}
    assert shown_headers(headers, ["hunter2"]) == [
        ("authorization", MASK),
        ("Idempotency-Key", "7"),
        ("X-Other", MASK),
        ("X-Thing", "1"),
    ]


@dataclass(frozen=True)
class ThingEvent:
    name: str = ""
    at: datetime = datetime(2026, 6, 1, 9, tzinfo=UTC)
    labels: dict[str, str] = field(default_factory=dict)
    absent: str | None = None


def test_events_are_shown_by_what_they_say():
    told = [ThingEvent("web", labels={"team": "payments", "api_key": "hunter2"}), ThingEvent()]
    assert shown_events(told) == [
        ("Thing", [("name", "web"), ("at", "2026-06-01 09:00:00+00:00"), ("labels", f"team=payments, api_key={MASK}")]),
        ("Thing", [("at", "2026-06-01 09:00:00+00:00")]),
    ]


def test_a_time_that_nobody_named_is_when_the_message_came():
    came = datetime(2026, 5, 1, tzinfo=UTC)
    [(_, fields)] = shown_events([ThingEvent("hunter2")], ["hunter2"], read_at=ThingEvent().at, came_at=came)
    assert fields == [("name", MASK), ("at", "2026-05-01 00:00:00+00:00")]
