"""Reading a schedule definition, naming everything that is wrong with it, and writing it back."""

from copy import deepcopy
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.definition import Definition, InvalidDefinition, parse_definition, to_json
from oncall.rotas.clockwindow import ClockWindow
from oncall.rotas.layer import Advance, Layer
from oncall.rotas.rotation import Kind, Rotation
from oncall.rotas.schedule import Override, Seat
from tests.oncall.rotas import CHICAGO, moment

DOCUMENT: dict[str, Any] = {
    "timezone": "America/Chicago",
    "seats": [
        {
            "name": "dev",
            "layers": [
                {
                    "kind": "weekly",
                    "every": 1,
                    "start": "2026-06-01T09:00",
                    "priority": 1,
                    "participants": [["ana"], ["bo"], ["cy", "di"]],
                    "advance": "handoff",
                    "restrict": [{"weekdays": ["mon", "tue"], "from": "08:00", "to": "20:00"}],
                }
            ],
        }
    ],
    "overrides": [{"seat": "dev", "people": ["eve"], "start": "2026-06-03T00:00Z", "end": "2026-06-04T00:00Z"}],
}
LAYER = "seats[0].layers[0]"


def with_layer(**fields: object) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    document["seats"][0]["layers"][0].update(fields)
    return document


def errors(document: object) -> dict[str, list[str]]:
    with pytest.raises(InvalidDefinition) as caught:
        parse_definition(document)
    return caught.value.errors


def layer_of(document: dict[str, Any]) -> Layer:
    return parse_definition(document).seats[0].layers[0]


def test_the_definition_of_the_contract_is_read() -> None:
    rotation = Rotation(Kind.WEEKLY, moment("2026-06-01T09:00"), CHICAGO)
    hours = ClockWindow(frozenset({0, 1}), 8 * 60, 20 * 60)
    layer = Layer(rotation, (("ana",), ("bo",), ("cy", "di")), 1, Advance.HANDOFF, 0, (hours,))
    eve = Override(moment("2026-06-03T00:00Z"), moment("2026-06-04T00:00Z"), ("eve",))
    assert parse_definition(DOCUMENT) == Definition(CHICAGO, (Seat("dev", (layer,), (eve,)),))


def test_the_definition_of_the_contract_is_written_as_it_was_read() -> None:
    document = deepcopy(DOCUMENT)
    document["overrides"][0] |= {"start": "2026-06-03T00:00:00Z", "end": "2026-06-04T00:00:00Z"}
    assert to_json(parse_definition(DOCUMENT)) == document


def test_what_may_be_left_out_has_its_default() -> None:
    layer = layer_of(
        {
            "timezone": "UTC",
            "seats": [
                {
                    "name": "ops",
                    "layers": [
                        {
                            "kind": "daily",
                            "start": "2026-06-01T00:00",
                            "participants": ["ana"],
                            "restrict": [{}],
                        }
                    ],
                }
            ],
        }
    )
    assert (layer.rotation.every, layer.priority, layer.advance, layer.first) == (1, 1, Advance.HANDOFF, 0)
    assert layer.participants == (("ana",),)
    assert layer.restrict == (ClockWindow(),)


def test_a_layer_may_have_a_zone_of_its_own() -> None:
    layer = layer_of(with_layer(timezone="Asia/Kathmandu"))
    assert layer.rotation.zone == ZoneInfo("Asia/Kathmandu")
    assert layer.rotation.begins == moment("2026-06-01T03:15Z")


def test_a_start_may_be_an_instant() -> None:
    assert layer_of(with_layer(start="2026-06-01T09:00:00+02:00")).rotation.begins == moment("2026-06-01T07:00Z")
    assert layer_of(with_layer(start="2026-06-01T09:00:00Z")).rotation.begins == moment("2026-06-01T09:00Z")


def test_an_override_in_wall_time_is_in_the_zone_of_the_schedule() -> None:
    document = deepcopy(DOCUMENT)
    document["overrides"][0] |= {"start": "2026-06-03T09:00", "end": "2026-06-03T17:00"}
    (eve,) = parse_definition(document).seats[0].overrides
    assert (eve.start, eve.end) == (moment("2026-06-03T14:00Z"), moment("2026-06-03T22:00Z"))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1W", timedelta(weeks=1)),
        ("P2D", timedelta(days=2)),
        ("PT8H30M", timedelta(hours=8, minutes=30)),
        ("P1DT12H", timedelta(hours=36)),
        ("PT90S", timedelta(seconds=90)),
    ],
)
def test_durations_are_iso_8601(text: str, length: timedelta) -> None:
    assert layer_of(with_layer(duration=text)).rotation.duration == length


def test_midnight_at_the_end_of_the_day_closes_a_window() -> None:
    layer = layer_of(with_layer(restrict=[{"from": "18:00", "to": "24:00"}]))
    assert layer.restrict == (ClockWindow(opens=18 * 60, closes=24 * 60),)


@pytest.mark.parametrize(
    ("field", "value", "named", "told"),
    [
        ("kind", "yearly", "“yearly”", "hourly or daily or weekly or monthly"),
        ("kind", ["daily"], "['daily']", "hourly or daily"),
        ("kind", None, "missing", "required"),
        ("every", 0, "0", "a whole number from 1"),
        ("every", -2, "-2", "a whole number from 1"),
        ("every", "2", "“2”", "a whole number"),
        ("every", True, "True", "a whole number"),
        ("every", 10**9, "1000000000", "to 9999"),
        ("start", "tomorrow", "“tomorrow”", "2026-06-01T09:00"),
        ("start", "2026-06-31T09:00", "“2026-06-31T09:00”", "day is out of range"),
        ("start", "0001-06-01T09:00", "“0001-06-01T09:00”", "from 1970"),
        ("start", 1780300800, "1780300800", "quotes"),
        ("start", None, "missing", "required"),
        ("timezone", "Mars/Base", "“Mars/Base”", "IANA"),
        ("timezone", "America/Chicage", "“America/Chicage”", "did you mean “America/Chicago”?"),
        ("timezone", "../etc/passwd", "“../etc/passwd”", "IANA"),
        ("participants", [], "Nobody", "at least one person"),
        ("participants", [["ana"], []], "Nobody", "at least one person"),
        ("participants", [["ana"], [" "]], "empty", "give one"),
        ("participants", [["ana", "ana"]], "“ana”", "once"),
        ("participants", "ana", "“ana”", "list groups"),
        ("participants", [[7]], "7", "quotes"),
        ("participants", ["ana"] * 101, "101", "at most 100"),
        ("first", 3, "3", "the last is 2"),
        ("first", -1, "-1", "from 0"),
        ("priority", "high", "“high”", "a whole number"),
        ("advance", "fairly", "“fairly”", "handoff or active"),
        ("duration", "P1M", "“P1M”", "PT8H30M"),
        ("duration", "P", "“P”", "PT8H30M"),
        ("duration", "P1DT", "“P1DT”", "PT8H30M"),
        ("duration", "PT0H", "“PT0H”", "leave it out"),
        ("until", "2026-06-01T09:00", "“2026-06-01T09:00”", "not after start"),
        ("until", "2026-06-01T13:00Z", "“2026-06-01T13:00Z”", "not after start"),
        ("restrict", {"from": "08:00"}, "08:00", "is not a list"),
        ("perdiod", 3, "“perdiod”", "leave it out"),
    ],
)
def test_what_is_wrong_with_a_layer_is_named(field: str, value: object, named: str, told: str) -> None:
    found = errors(with_layer(**{field: value}))
    assert list(found) == [f"{LAYER}.{field}"]
    (message,) = found[f"{LAYER}.{field}"]
    assert named in message
    assert told in message


@pytest.mark.parametrize(
    ("window", "path", "named"),
    [
        ({"weekdays": ["monday"]}, "weekdays", "“monday”"),
        ({"weekdays": []}, "weekdays", "[]"),
        ({"weekdays": "mon"}, "weekdays", "“mon”"),
        ({"from": "8:00"}, "from", "“8:00”"),
        ({"from": "24:00"}, "from", "“24:00”"),
        ({"to": "24:01"}, "to", "“24:01”"),
        ({"to": 20}, "to", "20"),
        ({"till": "20:00"}, "till", "“till”"),
    ],
)
def test_what_is_wrong_with_a_window_is_named(window: object, path: str, named: str) -> None:
    found = errors(with_layer(restrict=[{}, window]))
    assert list(found) == [f"{LAYER}.restrict[1].{path}"]
    assert named in found[f"{LAYER}.restrict[1].{path}"][0]


@pytest.mark.parametrize(
    ("override", "path", "named"),
    [
        ({"seat": "opps"}, "seat", "“opps” is no seat of this schedule; use dev."),
        ({"people": []}, "people", "Nobody"),
        ({"end": "2026-06-02T00:00Z"}, "end", "“2026-06-02T00:00Z” is not after start"),
        ({"end": "2026-06-03T00:00Z"}, "end", "not after start"),
        ({"start": None}, "start", "missing"),
    ],
)
def test_what_is_wrong_with_an_override_is_named(override: dict[str, object], path: str, named: str) -> None:
    document = deepcopy(DOCUMENT)
    document["overrides"][0] |= override
    found = errors(document)
    assert list(found) == [f"overrides[0].{path}"]
    assert named in found[f"overrides[0].{path}"][0]


@pytest.mark.parametrize("document", [None, [], "UTC", 3])
def test_what_is_no_object_is_refused(document: object) -> None:
    assert list(errors(document)) == ["definition"]


def test_an_empty_document_lacks_its_zone_and_its_seats() -> None:
    assert list(errors({})) == ["timezone", "seats"]


def test_two_seats_of_one_name_are_refused() -> None:
    document = deepcopy(DOCUMENT)
    document["seats"].append({"name": "dev", "layers": []})
    assert errors(document) == {"seats[1].name": ["“dev” is another seat already; use another name."]}


def test_everything_wrong_is_told_at_once() -> None:
    document = with_layer(kind="yearly", every=0)
    document["timezone"] = "Nowhere"
    document["seats"].append(3)
    assert set(errors(document)) == {"timezone", f"{LAYER}.kind", f"{LAYER}.every", "seats[1]"}


def test_the_exception_reads_as_a_sentence() -> None:
    with pytest.raises(InvalidDefinition, match=r"seats\[0\]\.layers\[0\]\.every: 0 does not do"):
        parse_definition(with_layer(every=0))


names = st.text("abcdefghij", min_size=1, max_size=5)
groups = st.lists(names, min_size=1, max_size=3, unique=True).map(tuple)
zones = st.sampled_from(["UTC", "America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu"]).map(ZoneInfo)
starts = st.datetimes(moment("2020-01-01T00:00"), moment("2030-01-01T00:00")).map(
    lambda start: start.replace(microsecond=0)
)
moments = st.one_of(starts, starts.map(lambda start: moment(f"{start.isoformat()}+02:00")))
windows = st.builds(
    ClockWindow,
    st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    st.integers(0, 1439),
    st.integers(0, 1440),
)
rotations = st.builds(
    Rotation,
    kind=st.sampled_from(Kind),
    start=moments,
    zone=zones,
    every=st.integers(1, 9999),
    duration=st.none() | st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    until=st.none() | st.just(moment("2031-01-01T00:00Z")),
)
layers = st.builds(
    Layer,
    rotation=rotations,
    participants=st.lists(groups, min_size=1, max_size=4).map(tuple),
    priority=st.integers(-1000, 1000),
    advance=st.sampled_from(Advance),
    first=st.just(0),
    restrict=st.lists(windows, max_size=2).map(tuple),
)
overrides = st.builds(
    lambda start, hours, people: Override(start, start + timedelta(hours=hours), people),
    starts.map(lambda start: moment(f"{start.isoformat()}Z")),
    st.integers(1, 100),
    groups,
)
seats = st.builds(Seat, names, st.lists(layers, max_size=2).map(tuple), st.lists(overrides, max_size=2).map(tuple))


@given(st.builds(Definition, zones, st.lists(seats, min_size=1, max_size=2, unique_by=lambda s: s.name).map(tuple)))
def test_what_is_written_reads_as_an_equal_definition(definition: Definition) -> None:
    assert parse_definition(to_json(definition)) == definition


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(DOCUMENT["seats"][0]["layers"][0])), json_values)
def test_no_json_whatever_it_says_breaks_the_reader(field: str, value: object) -> None:
    try:
        parse_definition(with_layer(**{field: value}))
    except InvalidDefinition as error:
        assert all(path.startswith(f"{LAYER}.{field}") for path in error.errors)
