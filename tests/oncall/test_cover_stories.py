"""Whatever people do with their shifts, in whatever order: the seat is covered, the past stays, requests are true."""

import random
from datetime import timedelta

import pytest
import time_machine

from notifications.errors import Conflict, InvalidInput
from oncall import cover, services, shifts
from oncall.models import Leave, Override, Shift, Swap
from oncall.rotas.coverage import Interval, union, without
from oncall.rotas.schedule import resolve
from oncall.services.cover import cover as arrange_cover
from oncall.standing import duties_of
from oncall.stored_definition import load_worked
from tests.oncall.rotation_of_three import HOUR, MONDAY, everybody, saved, weekly

AHEAD = timedelta(days=21)
SEEDS = range(12)
STEPS = 40


class House:
    """A seat that pairs people, and everything that may be done to it, at random."""

    def __init__(self, seed, clock):
        self.random, self.clock, self.now = random.Random(seed), clock, MONDAY
        self.people = list(everybody().values())
        groups = self.random.choice([("ana", "bo", "cy"), ("ana+bo", "cy"), ("ana+bo", "cy+di", "ana+cy")])
        self.seat = saved(weekly(*groups, kind="daily")).seats.get()

    def someone(self):
        return self.random.choice(self.people)

    def interval(self):
        start = self.now + self.random.randrange(-12, 14 * 24) * HOUR
        return {"start": start, "end": start + self.random.choice([1, 6, 12, 24, 48, 100]) * HOUR}

    def duty(self):
        """Some part of somebody's duty."""
        row = self.random.choice(
            Shift.objects.filter(during__endswith__gt=self.now, during__startswith__lt=self.now + AHEAD)
        )
        hours = int((row.during.upper - row.during.lower) / HOUR)
        start = row.during.lower + self.random.randrange(hours) * HOUR
        return {
            "person": row.person,
            "start": start,
            "end": min(row.during.upper, start + self.random.randint(1, 24) * HOUR),
        }

    def swap(self):
        return self.random.choice(Swap.objects.all())

    def take(self, swap, by):
        taken = services.take_swap(swap=swap, by=by)
        if swap.state != "taken":
            assert duties_of(self.seat, by, taken.start, taken.end) == [Interval(taken.start, taken.end)]
            assert duties_of(self.seat, taken.person, taken.start, taken.end) == []

    def take_back(self, swap, by):
        held = [(max(row.start, self.now), row.end) for row in swap.overrides.filter(end__gt=self.now)]
        services.take_back(swap=swap, by=by)
        for start, end in held:
            assert duties_of(self.seat, swap.person, start, end) == [Interval(start, end)]

    def step(self):
        by = self.someone()
        deeds = {
            "offer": lambda: services.offer_swap(seat=self.seat, **self.duty(), by=by),
            "take": lambda: self.take(self.swap(), by),
            "take back": lambda: self.take_back(self.swap(), by),
            "give back": lambda: services.give_back(swap=self.swap(), by=by),
            "cover": lambda: arrange_cover(seat=self.seat, **self.duty(), by_person=self.someone(), by=by),
            "leave": lambda: services.add_leave(person=self.someone(), **self.interval(), by=by),
            "back": lambda: services.remove_leave(leave=self.random.choice(Leave.objects.all()), by=by),
            "override": lambda: services.add_override(seat=self.seat, people=[by], **self.interval(), by=by),
            "remove": lambda: services.remove_override(override=self.random.choice(Override.objects.all()), by=by),
            "rebuild": lambda: shifts.rebuild(self.seat.schedule),
        }
        deed = self.random.choice([*deeds, "offer", "take", "take", "wait"])
        if deed == "wait":
            self.now += self.random.randint(1, 20) * HOUR
            self.clock.move_to(self.now)
            cover.expire_due()
            return deed
        try:
            deeds[deed]()
        except (Conflict, InvalidInput) as refusal:
            assert str(refusal)
            return f"{deed}: refused"
        except IndexError:
            return f"{deed}: nothing there"
        return deed

    def past(self):
        rows = Shift.objects.filter(during__startswith__lt=self.now)
        return {
            (row.person_id, row.during.lower + hour * HOUR)
            for row in rows
            for hour in range(int((min(row.during.upper, self.now) - row.during.lower) / HOUR))
        }

    def check(self):
        until = self.now + AHEAD
        [definition] = load_worked(self.seat.schedule).seats
        wanted = {}
        for shift in resolve(definition, self.now, until):
            for email in shift.people:
                wanted.setdefault(email, []).append(Interval(shift.start, shift.end))
        stored = {}
        for row in Shift.objects.overlapping(self.now, until).select_related("person"):
            span = Interval(max(row.during.lower, self.now), min(row.during.upper, until))
            stored.setdefault(row.person.email, []).append(span)
        assert {email: union(spans) for email, spans in stored.items()} == {e: union(s) for e, s in wanted.items()}
        assert union(span for spans in stored.values() for span in spans) == [Interval(self.now, until)]
        for swap in Swap.objects.open().filter(end__gt=self.now, start__lt=until).select_related("person"):
            asked = Interval(max(swap.start, self.now), min(swap.end, until))
            assert without([asked], stored.get(swap.person.email, [])) == []
        spans = {}
        for swap in Swap.objects.open().order_by("start"):
            before = spans.get(swap.person_id)
            assert before is None or before <= swap.start
            spans[swap.person_id] = swap.end


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_seat_is_covered_and_requests_are_of_duties_that_are_there(seed):
    with time_machine.travel(MONDAY, tick=False) as clock:
        house = House(seed, clock)
        story = []
        for _ in range(STEPS):
            before, since = house.past(), house.now
            story.append(house.step())
            assert {held for held in house.past() if held[1] < since} == before, story
            house.check()
        assert sum("refused" not in deed and "nothing" not in deed for deed in story) > STEPS / 4
