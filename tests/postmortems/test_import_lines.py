"""Reading a line of somebody else's file: what is meant, what is remarked, what is refused."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postmortems.importing import numbered, read_file, read_line

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DEEP = '{"title": "x", "body": ' + "[" * 100_000


def read(strict=False, **told):
    return read_line(json.dumps(told), 3, now=NOW, strict=strict)


def remarks(**told):
    return {one.field: one for one in read(**told).remarks}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_line_in_our_own_words():
    record = read(
        title="Storage unavailable",
        started_at="2017-02-28T17:37:00Z",
        resolved_at="2017-02-28T21:54:00Z",
        services=["storage"],
        body="A set of servers was removed.",
        keywords=["automation"],
    ).record
    assert (record.title, record.body) == ("Storage unavailable", "A set of servers was removed.")
    assert (record.started_at, record.resolved_at) == (at("2017-02-28T17:37"), at("2017-02-28T21:54"))
    assert (record.services, record.keywords) == (("storage",), ("automation",))


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("headline", "title"),
        ("startTime", "started_at"),
        ("Began at", "started_at"),
        ("end-date", "resolved_at"),
        ("noticed_at", "detected_at"),
        ("markdown", "body"),
        ("description", "body"),
        ("link", "source_url"),
        ("company", "services"),
        ("Categories", "keywords"),
    ],
)
def test_fields_go_by_the_names_that_others_have_for_them(name, field):
    value = {"source_url": "https://a.example/1"}.get(field, "2020-03-04")
    told = {"title": "T", "body": "B", name: value}
    if name == "headline":
        del told["title"]
    assert value[:4] in str(getattr(read(**told).record, field))


def test_times_may_stand_in_an_object_or_be_a_pair():
    for times in ({"start": "2020-01-01", "end": "2020-01-02"}, ["2020-01-01", "2020-01-02"]):
        record = read(title="T", times=times).record
        assert (record.started_at, record.resolved_at) == (at("2020-01-01"), at("2020-01-02"))


@pytest.mark.parametrize(
    "value",
    [
        "2019-06-02T18:45:00Z",
        "2019-06-02T18:45:00.123456789Z",
        "2019-06-02 18:45",
        "2019-06-02T20:45:00+02:00",
        "2019-06-02 18:45:00 UTC",
        "Sun, 02 Jun 2019 18:45:00 +0000",
        1559501100,
        1559501100000,
        "1559501100",
    ],
)
def test_a_moment_in_many_forms(value):
    assert read(title="T", started_at=value).record.started_at.replace(microsecond=0) == at("2019-06-02T18:45")


@pytest.mark.parametrize("value", ["June 2, 2019", "2 June 2019", "2 Jun 2019", "2019-06-02", "2019/06/02", "20190602"])
def test_a_date_alone_is_its_midnight(value):
    assert read(title="T", started_at=value).record.started_at == at("2019-06-02")


@pytest.mark.parametrize("value", ["", None, 0, "0001-01-01T00:00:00Z", float("nan"), " "])
def test_an_empty_time_is_not_given(value):
    read_it = read(title="T", started_at=value)
    assert read_it.record.started_at is None
    assert read_it.remarks == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1628-08-10", "1628 is before 1990"),
        (1628, "at most a year"),
        ("2031-01-01", "still to come"),
        ("soon", "no date"),
        ("2019-13-45", "no date"),
        (True, "no time"),
        (1e300, "no time"),
        ({"at": 1}, "no time"),
    ],
)
def test_an_unsound_time_is_left_out_with_a_remark_and_the_rest_is_kept(value, said):
    outcome = read(title="Vasa", body="It sank.", started_at=value, resolved_at="2020-01-01")
    [remark] = outcome.remarks
    assert (remark.line, remark.field, remark.refused) == (3, "started_at", False)
    assert said in remark.text
    assert outcome.record.body == "It sank."
    assert outcome.record.started_at is None


def test_strict_refuses_the_line_instead():
    outcome = read(strict=True, title="Vasa", started_at="1628-08-10")
    assert outcome.record is None
    assert outcome.remarks[0].refused


def test_an_end_before_its_start_leaves_both_out():
    outcome = read(title="T", started_at="2020-02-02", resolved_at="2020-02-01")
    assert (outcome.record.started_at, outcome.record.resolved_at) == (None, None)
    assert "before which it lies" in outcome.remarks[0].text


def test_detection_outside_the_incident_is_left_out():
    told = {"title": "T", "started_at": "2020-02-02", "resolved_at": "2020-02-03", "detected_at": "2020-02-01"}
    assert read(**told).record.detected_at is None
    assert "detected_at" in remarks(**told)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no json", "not JSON"),
        ('{"title": "cut', "not JSON"),
        ("[1, 2]", "a list, not an object"),
        ("null", "null, not an object"),
        ("3", "a number, not an object"),
        ('{"a": 1}', "neither a title nor a text"),
        ('{"title": "  "}', "neither a title nor a text"),
        (DEEP, "nested too deep"),
        ('{"title": ' + "9" * 5000 + "}", "not JSON"),
        (json.dumps({"title": "T", "body": "x" * 2_000_000}), "200000 at most"),
    ],
)
def test_what_is_no_write_up_is_refused_with_the_reason(line, said):
    outcome = read_line(line, 7, now=NOW)
    [remark] = outcome.remarks
    assert outcome.record is None
    assert (remark.line, remark.refused) == (7, True)
    assert said in remark.text
    assert len(remark.value) <= 81


def test_a_long_title_is_shortened_and_kept_whole_in_the_text():
    record = read(title="word " * 100, body="The text.").record
    assert len(record.title) <= 200
    assert record.body.startswith("word word")
    assert record.body.endswith("The text.")


def test_a_write_up_without_a_title_is_called_by_its_first_words():
    outcome = read(body="## The **queue** stood still\n\nAnd then it went on.")
    assert outcome.record.title == "The **queue** stood still"
    assert outcome.remarks[0].field == "title"


def test_summary_and_text_are_both_kept_once():
    assert read(title="T", summary="Short.", body="Long text.").record.body == "Short.\n\nLong text."
    assert read(title="T", summary="Long", body="Long text.").record.body == "Long text."


def test_names_are_divided_and_stand_once():
    record = read(title="T", services="Search, Mail; search", keywords=[{"name": "DNS"}, "dns", "time"]).record
    assert record.services == ("Search", "Mail")
    assert record.keywords == ("DNS", "time")


def test_severities_of_others():
    words = [read(title="T", severity=said).record.severity for said in ("SEV-1", 2, "minor", "P4")]
    assert words == ["sev1", "sev2", "sev3", "sev4"]
    assert remarks(title="T", severity="awful")["severity"].value == "awful"


def test_only_web_addresses_are_kept():
    assert read(title="T", url="https://a.example/x").record.source_url == "https://a.example/x"
    assert "source_url" in remarks(title="T", url="javascript:alert(1)")


def test_unknown_keys_are_named_and_harmless():
    assert read(title="T", shoe_size=42, colour="red").unknown == ("shoe_size", "colour")


def test_the_same_write_up_has_the_same_key_and_another_text_another():
    first, again, other = read(title="T", body="a"), read(body="a", title="T"), read(title="T", body="b")
    assert first.record.key == again.record.key != other.record.key
    assert read(id=7, title="T").record.key == read(uuid="7", title="T changed").record.key


def test_what_cannot_be_stored_is_taken_out():
    outcome = read_line(r'{"title": "a\u0000b \ud800 c", "body": "ok"}', 1, now=NOW)
    assert outcome.record.title == "ab � c"
    assert "cannot be kept" in outcome.remarks[0].text


def test_a_file_of_any_line_ends_with_a_mark_and_blank_lines():
    text, said = read_file(b'\xef\xbb\xbf{"title": "a"}\r\n\r\n{"title": "b"}\r{"title": "\xe2\x80\xa8c"}\n')
    assert [one.number for one in numbered(text)] == [1, 3, 4]
    assert said == ()


def test_bytes_that_are_not_utf_8_are_remarked_by_line():
    text, [remark] = read_file(b'{"title": "a"}\n{"title": "caf\xe9 \x00"}')
    assert remark.line == 2
    assert "caf�" in text
    assert "\x00" not in text


def test_utf_16_is_understood():
    text, said = read_file('{"title": "é"}\n'.encode("utf-16"))
    assert (text, said) == ('{"title": "é"}\n', ())


KEYS = st.sampled_from(
    ["title", "body", "times", "start", "end", "detected", "services", "tags", "url", "sev", "id", "x"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS | st.text(max_size=8), VALUES, max_size=6))
@example({"title": "\ud800"})
@example({"title": "T", "start": "9999-12-31T23:59:59-23:59"})
@example({"title": "T", "start": "0001-01-01T00:00:00+23:59"})
def test_whatever_an_object_holds_it_becomes_a_sound_record_or_a_refusal(told):
    outcome = read_line(json.dumps(told), 1, now=NOW)
    if outcome.record is None:
        assert outcome.remarks[-1].refused
        return
    record = outcome.record
    assert 0 < len(record.title) <= 200
    (record.title + record.body + "".join(record.keywords + record.services)).encode()
    for moment in (record.started_at, record.resolved_at, record.detected_at, record.mitigated_at):
        assert moment is None or 1990 <= moment.year <= 2026
    if record.started_at and record.resolved_at:
        assert record.started_at <= record.resolved_at


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw):
    text, _ = read_file(raw)
    text.encode()
    for number, line in numbered(text):
        read_line(line, number, now=NOW)
