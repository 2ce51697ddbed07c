"""Schedule questions as other products ask them, answered by the preview of the API."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from oncall.definition import parse_definition, preview
from oncall.definition.write import utc
from tests.oncall.questions import Rota, questions, rotas

QUESTIONS = list(questions())
SECOND = timedelta(seconds=1)


def previewed(rota: Rota, since: datetime, until: datetime) -> dict[str, Any]:
    return preview(parse_definition(rota.definition), since, until)["seats"]["dev"]  # type: ignore[index]


def test_there_are_several_hundred() -> None:
    assert len(QUESTIONS) > 500


@pytest.mark.parametrize(
    ("rota", "start", "end", "people"), QUESTIONS, ids=[f"{rota.name} | {utc(start)}" for rota, start, *_ in QUESTIONS]
)
def test_who_has_the_seat_and_until_when(rota: Rota, start: datetime, end: datetime, people: list[str]) -> None:
    found = previewed(rota, start, end)
    stretch = {"start": utc(start), "end": utc(end)}
    shifts, gaps = ([stretch | {"people": sorted(people)}], []) if people else ([], [stretch])
    assert [shift | {"people": sorted(shift["people"])} for shift in found["shifts"]] == shifts
    assert found["gaps"] == gaps


@pytest.mark.parametrize("rota", rotas(), ids=lambda rota: rota.name)
def test_a_whole_rota_changes_hands_at_these_instants_and_no_others(rota: Rota) -> None:
    for stretch in rota.stretches:
        since, until = stretch[0][0], stretch[-1][0]
        found = previewed(rota, since, until)
        told = sorted([(s["start"], s["end"], set(s["people"])) for s in found["shifts"]] + _empty(found["gaps"]))
        assert told == [(utc(start), utc(end), set(people)) for (start, people), (end, _) in pairwise(stretch)]


@pytest.mark.parametrize("rota", rotas(), ids=lambda rota: rota.name)
def test_the_second_before_a_handoff_is_still_the_other_persons(rota: Rota) -> None:
    for stretch in rota.stretches:
        for (_, before), (at, after) in pairwise(stretch[:-1]):
            found = previewed(rota, at - SECOND, at + SECOND)
            people = [set(shift["people"]) for shift in found["shifts"]]
            assert people == [set(people) for people in (before, after) if people]


def _empty(gaps: list[dict[str, str]]) -> list[tuple[str, str, set[str]]]:
    return [(gap["start"], gap["end"], set()) for gap in gaps]
