"""The house of `rotation_of_three.py`, on the Monday at which its rotation begins."""

import pytest
import time_machine

from tests.oncall.rotation_of_three import MONDAY, everybody, saved, weekly


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def people(db, clock):
    return everybody()


@pytest.fixture
def schedule(people):
    return saved(weekly("ana", "bo", "cy"))


@pytest.fixture
def dev(schedule):
    return schedule.seats.get()
