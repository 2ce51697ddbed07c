"""What holds of every preview: no hole between shifts, the same however it is cut, and what is stored."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall import services
from oncall.definition import Definition, parse_definition, preview, to_json
from oncall.definition.write import utc
from oncall.models import Schedule
from oncall.rota import stored_rota
from oncall.rotas.rotation import Kind
from oncall.rotas.schedule import Seat
from tests.factories import PersonFactory
from tests.oncall.questions import Rota, rotas
from tests.oncall.test_schedule_oracle import seats

DAY = timedelta(days=1)
RECENT = [rota for rota in rotas() if rota.stretches[0][0][0].year >= 2026]


def previewed(definition: Definition, since: datetime, until: datetime) -> dict[str, Any]:
    return preview(definition, since, until)["seats"]["dev"]  # type: ignore[index]


@settings(max_examples=80)
@given(seats(list(Kind), most_layers=3))
def test_shifts_and_gaps_fill_the_window_without_a_hole_or_an_overlap(drawn: tuple[ZoneInfo, datetime, Seat]) -> None:
    zone, since, seat = drawn
    until = since + 40 * DAY
    found = previewed(Definition(zone, (seat,)), since, until)
    parts = sorted(found["shifts"] + found["gaps"], key=lambda part: part["start"])
    assert (parts[0]["start"], parts[-1]["end"]) == (utc(since), utc(until))
    for one, following in pairwise(parts):
        assert one["end"] == following["start"]
        assert set(one.get("people", ())) != set(following.get("people", ()))


@settings(max_examples=60)
@given(seats(list(Kind), most_layers=3), st.lists(st.integers(1, 14 * 24 * 60), min_size=1, max_size=3, unique=True))
def test_a_preview_in_pieces_tells_who_is_on_as_the_whole_does(
    drawn: tuple[ZoneInfo, datetime, Seat], minutes: list[int]
) -> None:
    zone, since, seat = drawn
    definition = Definition(zone, (seat,))
    edges = [since, *(since + timedelta(minutes=minute) for minute in sorted(minutes)), since + 15 * DAY]
    pieces = [shift for start, end in pairwise(edges) for shift in previewed(definition, start, end)["shifts"]]
    whole = previewed(definition, since, edges[-1])["shifts"]
    assert joined(pieces) == joined(whole)


def joined(shifts: list[dict[str, Any]]) -> list[tuple[str, str, frozenset[str]]]:
    found: list[tuple[str, str, frozenset[str]]] = []
    for shift in shifts:
        people = frozenset(shift["people"])
        if found and found[-1][1:] == (shift["start"], people):
            found[-1] = (found[-1][0], shift["end"], people)
        else:
            found.append((shift["start"], shift["end"], people))
    return found


@settings(max_examples=40)
@given(seats(list(Kind), most_layers=3))
def test_a_definition_that_was_written_and_read_again_says_the_same(drawn: tuple[ZoneInfo, datetime, Seat]) -> None:
    zone, since, seat = drawn
    given_ = Definition(zone, (seat,))
    again = parse_definition(json.loads(json.dumps(to_json(in_range(given_)))))
    assert previewed(again, since, since + 20 * DAY) == previewed(given_, since, since + 20 * DAY)


def in_range(definition: Definition) -> Definition:
    """`first` beyond the participants counts on from the beginning; the reader asks for one that is there."""
    (seat,) = definition.seats
    layers = tuple(replace(layer, first=layer.first % len(layer.participants)) for layer in seat.layers)
    return replace(definition, seats=(replace(seat, layers=layers),))


@pytest.mark.django_db
@pytest.mark.parametrize("rota", RECENT, ids=lambda rota: rota.name)
def test_what_is_stored_is_what_was_previewed(rota: Rota) -> None:
    since = rota.stretches[0][0][0]
    until = since + 180 * DAY
    document = json.loads(json.dumps(rota.definition))
    groups = [group for layer in document["seats"][0]["layers"] for group in layer["participants"]]
    groups += [override["people"] for override in document["overrides"]]
    for group in groups:
        group[:] = [f"{name}@example.com" for name in group]
    for email in sorted({email for group in groups for email in group}):
        PersonFactory(email=email)
    definition = parse_definition(document)
    with time_machine.travel(since, tick=False):
        services.save_schedule(slug="shop", name="Shop", definition=definition)
        (seat,) = stored_rota(Schedule.objects.get(), since, until).seats
    found = previewed(definition, since, until)
    stored = [{"start": utc(s.start), "end": utc(s.end), "people": list(s.people)} for s in seat.as_read()]
    assert joined(stored) == joined(found["shifts"])
    assert [{"start": utc(gap.start), "end": utc(gap.end)} for gap in seat.gaps] == found["gaps"]
