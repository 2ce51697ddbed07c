"""Reading strangers' JSON, times and fields: a value that can be stored, or one clear error."""

import contextlib
import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import (
    Fields,
    MalformedPayload,
    body_digest,
    delivery_key,
    read_json,
    read_object,
    read_time,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def refusal(body: bytes) -> str:
    with pytest.raises(MalformedPayload) as caught:
        read_json(body)
    return str(caught.value)


def test_json_is_read_with_or_without_a_byte_order_mark() -> None:
    assert read_json(b'{"a": [1, 2.5, null, "x"]}') == {"a": [1, 2.5, None, "x"]}
    assert read_json(b"\xef\xbb\xbf[]") == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "JSON (Expecting value at character 0)"),
        (b"{", "JSON (Expecting property name"),
        (b"\xff\xfe", "UTF-8 (byte 0 is not)"),
        (b"[NaN]", "JSON, which has no such number"),
        (b"[-Infinity]", "JSON, which has no such number"),
        (b"[1e999]", "numbers that fit a double"),
        (b"[" + b"9" * 5000 + b"]", "integers of reasonable length"),
        (b"[" * 10_000 + b"]" * 10_000, "at most 100 levels of nesting"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "at most 100 levels of nesting"),
        (b"[" * 102 + b"]" * 102, "at most 100 levels of nesting"),
    ],
)
def test_what_is_not_json_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    assert reason in refusal(body)


def test_text_that_a_database_cannot_keep_is_marked_and_not_refused() -> None:
    assert read_json(rb'{"a\u0000": "\ud800 \ud83d\ude00"}') == {"a\ufffd": "\ufffd 😀"}


def test_an_object_is_asked_for_and_nothing_else_will_do() -> None:
    with pytest.raises(MalformedPayload, match="body is a list; expected a JSON object"):
        read_object(b"[]")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-06-01T09:00:00Z", (2026, 6, 1, 9)),
        ("2026-06-01t09:00:00z", (2026, 6, 1, 9)),
        ("2026-06-01T04:00:00-05:00", (2026, 6, 1, 9)),
        ("2026-06-01T09:00:00.407120015Z", (2026, 6, 1, 9, 0, 0, 407120)),
        ("2026-06-01T09:00:00.5Z", (2026, 6, 1, 9, 0, 0, 500000)),
        ("2021-04-28 21:50:00 +0200", (2021, 4, 28, 19, 50)),
        ("2021-04-28 21:50:00 UTC", (2021, 4, 28, 21, 50)),
        ("2016-12-31T23:59:60Z", (2016, 12, 31, 23, 59, 59)),
        (1780304400, (2026, 6, 1, 9)),
        (1780304400000, (2026, 6, 1, 9)),
        (1780304400.25, (2026, 6, 1, 9, 0, 0, 250000)),
        ("1780304400", (2026, 6, 1, 9)),
        (0, (1970, 1, 1)),
    ],
)
def test_every_form_of_time_our_senders_use_is_read_in_utc(value: object, moment: tuple[int, ...]) -> None:
    read = read_time(value)
    assert read == datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]
    assert read is not None and read.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize("value", [None, "", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00 UTC"])
def test_no_time_and_gos_zero_time_are_none(value: object) -> None:
    assert read_time(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "yesterday", "2026-06-01", "2026-06-01T09:00:00", "2026-02-30T09:00:00Z", "2026-06-01T25:00:00Z",
        "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "2026-06-01T09:00:00+99:00",
        "٢٠٢٦-06-01T09:00:00Z", "-5", "²", True, [], {},
        10**400, -(10**40), math.nan, math.inf,
    ],
)  # fmt: skip
def test_what_is_not_a_time_is_refused_by_name(value: object) -> None:
    with pytest.raises(MalformedPayload, match=r"started_at is .*; expected a time such as"):
        read_time(value, "started_at")


@given(st.text() | json_values | st.datetimes().map(str) | st.integers() | st.floats())
def test_no_value_makes_reading_a_time_fail_otherwise(value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        read = read_time(value)
        assert read is None or read.tzinfo is UTC


@given(st.datetimes(min_value=datetime(2, 1, 2), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis adds the zone
def test_what_python_writes_as_rfc_3339_is_read_back(moment: datetime) -> None:
    whole = moment.astimezone(UTC)
    assert read_time(whole.isoformat()) == whole


@given(st.binary())
def test_no_bytes_make_reading_json_fail_otherwise(body: bytes) -> None:
    with contextlib.suppress(MalformedPayload):
        json.dumps(read_json(body), allow_nan=False, ensure_ascii=False).encode()


@given(json_values)
def test_json_that_can_be_stored_comes_back_unchanged(value: object) -> None:
    body = json.dumps(value).encode()
    if "\\u0000" not in body.decode():
        assert read_json(body) == value


def test_fields_are_read_by_type_with_their_defaults() -> None:
    fields = Fields({"a": "x", "n": 3, "id": 7, "o": {"k": "v"}, "list": [{"z": 1}], "none": None})
    assert (fields.text("a"), fields.text("none"), fields.text("gone", "default")) == ("x", "", "default")
    assert (fields.integer("n"), fields.identifier("id"), fields.texts("o")) == (3, "7", {"k": "v"})
    assert [item.integer("z") for item in fields.objects("list")] == [1]
    assert fields.object("gone").object("deeper").text("a") == ""
    assert "a" in fields and "none" not in fields and fields.objects("none") == []


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda f: f.text("n"), "n is 3; expected text"),
        (lambda f: f.required_text("blank"), "blank is ' '; expected text that is not empty"),
        (lambda f: f.required_text("gone"), "gone is missing; expected text that is not empty"),
        (lambda f: f.integer("a"), "a is 'x'; expected a whole number of at most 64 bits"),
        (lambda f: f.integer("yes"), "yes is True; expected a whole number of at most 64 bits"),
        (lambda f: f.identifier("huge"), "huge is 1000"),
        (lambda f: f.identifier("o"), "o is an object; expected an id (text or number)"),
        (lambda f: f.object("a"), "a is 'x'; expected an object"),
        (lambda f: f.object("o").text("k"), "o.k is 1.5; expected text"),
        (lambda f: f.objects("o"), "o is an object; expected a list of objects"),
        (lambda f: f.objects("list"), "list[1] is 5; expected an object"),
        (lambda f: f.objects("deep")[0].texts("labels"), "deep[0].labels.pod is 1; expected text"),
        (lambda f: f.required_time("gone"), "gone is missing; expected a time"),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_what_was_expected(ask, message: str) -> None:  # type: ignore[no-untyped-def]
    fields = Fields(
        {
            "n": 3, "a": "x", "blank": " ", "yes": True, "huge": 10**100, "o": {"k": 1.5}, "list": [{}, 5],
            "deep": [{"labels": {"pod": 1}}],
        }
    )  # fmt: skip
    with pytest.raises(MalformedPayload) as caught:
        ask(fields)
    assert str(caught.value).startswith(message)


def test_a_long_value_is_shortened_in_its_error() -> None:
    assert len(str(MalformedPayload("f", "x" * 10_000, "less"))) < 100


def test_a_delivery_is_known_by_its_senders_own_id() -> None:
    assert delivery_key("github", {"x-github-delivery": "72d3162e"}) == "72d3162e"
    assert delivery_key("event", {"webhook-id": "msg_1"}) == "msg_1"
    assert delivery_key("event", {"Idempotency-Key": "k", "webhook-id": "msg_1"}) == "k"
    assert delivery_key("cdevents", {"ce-source": "/ci", "ce-id": "1"}) == "/ci 1"


def test_a_sender_without_delivery_ids_leaves_the_choice_to_the_intake() -> None:
    assert delivery_key("alertmanager", {"X-GitHub-Delivery": "72d3162e"}) is None
    assert delivery_key("cdevents", {"ce-id": "1"}) is None
    assert delivery_key("github", {}) is None
    assert len(body_digest(b"")) == 64


def test_a_huge_delivery_id_is_kept_short_and_still_tells_deliveries_apart() -> None:
    keys = {delivery_key("github", {"X-GitHub-Delivery": "x" * 5000 + end}) for end in "ab"}
    assert len(keys) == 2 and all(key is not None and len(key) <= 200 for key in keys)
