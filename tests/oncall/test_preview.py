"""A preview: shifts and gaps in the shape of the contract, for a window of sensible size."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oncall.definition import InvalidDefinition, parse_definition, preview, read_window
from oncall.rotas.coverage import Interval
from tests.oncall.rotas import moment
from tests.oncall.test_definition import DOCUMENT


def document(**layer: object) -> dict[str, Any]:
    rotation = {"kind": "daily", "start": "2026-06-01T09:00", "participants": [["ana"], ["bo"]]}
    return {"timezone": "UTC", "seats": [{"name": "dev", "layers": [rotation | layer]}]}


def previewed(what: dict[str, Any], since: str, until: str) -> Any:
    return preview(parse_definition(what), moment(since), moment(until))["seats"]


def refusal(what: dict[str, Any], since: str, until: str) -> dict[str, list[str]]:
    with pytest.raises(InvalidDefinition) as caught:
        previewed(what, since, until)
    return caught.value.errors


def test_a_preview_has_the_shape_of_the_contract() -> None:
    assert previewed(DOCUMENT, "2026-06-01T00:00Z", "2026-06-04T12:00Z") == {
        "dev": {
            "shifts": [
                {"start": "2026-06-01T14:00:00Z", "end": "2026-06-02T01:00:00Z", "people": ["ana"]},
                {"start": "2026-06-02T13:00:00Z", "end": "2026-06-03T00:00:00Z", "people": ["ana"]},
                {"start": "2026-06-03T00:00:00Z", "end": "2026-06-04T00:00:00Z", "people": ["eve"]},
            ],
            "gaps": [
                {"start": "2026-06-01T00:00:00Z", "end": "2026-06-01T14:00:00Z"},
                {"start": "2026-06-02T01:00:00Z", "end": "2026-06-02T13:00:00Z"},
                {"start": "2026-06-04T00:00:00Z", "end": "2026-06-04T12:00:00Z"},
            ],
        }
    }


def test_every_seat_is_previewed_even_an_empty_one() -> None:
    what = document()
    what["seats"].append({"name": "ops", "layers": []})
    seats = previewed(what, "2026-06-02T00:00Z", "2026-06-03T00:00Z")
    assert seats["ops"] == {
        "shifts": [],
        "gaps": [{"start": "2026-06-02T00:00:00Z", "end": "2026-06-03T00:00:00Z"}],
    }
    assert seats["dev"]["gaps"] == []


def test_an_override_of_somebody_by_themselves_does_not_show() -> None:
    what = document(participants=[["ana"]])
    what["overrides"] = [{"seat": "dev", "people": ["ana"], "start": "2026-06-02T00:00Z", "end": "2026-06-03T00:00Z"}]
    (shift,) = previewed(what, "2026-06-01T09:00Z", "2026-06-05T00:00Z")["dev"]["shifts"]
    assert shift == {"start": "2026-06-01T09:00:00Z", "end": "2026-06-05T00:00:00Z", "people": ["ana"]}


def test_a_preview_is_json() -> None:
    assert json.loads(json.dumps(previewed(DOCUMENT, "2026-06-01T00:00Z", "2026-06-08T00:00Z")))


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    assert refusal(document(), "2026-06-02T00:00Z", "2026-06-01T00:00Z") == {
        "until": ["2026-06-01T00:00:00Z is not after since, 2026-06-02T00:00:00Z; give a later time."]
    }


def test_a_window_longer_than_four_hundred_days_is_refused() -> None:
    (message,) = refusal(document(), "2026-06-01T00:00Z", "2027-07-07T00:00Z")["until"]
    assert message == "The window is 401 days long; ask for at most 400 days at once."


def test_a_window_with_too_many_shifts_is_refused() -> None:
    hourly = document(kind="hourly")
    hourly["seats"][0]["layers"] *= 3
    (message,) = refusal(hourly, "2026-06-01T00:00Z", "2027-06-01T00:00Z")["until"]
    assert "26283 shifts, more than 20000" in message


def test_an_hourly_rota_of_a_year_is_previewed() -> None:
    seats = previewed(document(kind="hourly"), "2026-06-01T09:00Z", "2027-06-01T09:00Z")
    assert len(seats["dev"]["shifts"]) == 365 * 24


def test_a_window_is_read_from_times_with_an_offset() -> None:
    window = read_window("2026-06-01T00:00Z", "2026-06-02T00:00:00.000+02:00")
    assert window == Interval(moment("2026-06-01T00:00Z"), moment("2026-06-01T22:00Z"))


def test_a_window_in_wall_time_is_in_the_zone_of_the_schedule() -> None:
    window = read_window("2026-03-29T00:00", "2026-03-30T00:00", ZoneInfo("Europe/London"))
    assert window == Interval(moment("2026-03-29T00:00Z"), moment("2026-03-29T23:00Z"))


@pytest.mark.parametrize(
    ("since", "until", "path", "told"),
    [
        (None, "2026-06-02T00:00Z", "since", "missing"),
        ("2026-06-01T00:00", "2026-06-02T00:00Z", "since", "add one, as in “2026-06-01T00:00Z”"),
        ("2026-06-01T00:00Z", "soon", "until", "“soon” is not a time"),
        ("2026-06-01T00:00Z", "2026-06-01T00:00Z", "until", "not after since"),
    ],
)
def test_what_is_wrong_with_a_window_is_named(since: object, until: object, path: str, told: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read_window(since, until)
    assert list(caught.value.errors) == [path]
    assert told in caught.value.errors[path][0]
