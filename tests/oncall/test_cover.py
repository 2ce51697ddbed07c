"""Temporary cover: one person for another, wherever they stand on a seat; partners stay."""

import pytest

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall import services
from oncall.models import Override, Swap
from oncall.services.cover import cover
from tests.factories import PersonFactory
from tests.oncall.rotation_of_three import DAY, HOUR, MONDAY, WEEK, saved, told, weekly, worked

TUESDAY = MONDAY + DAY


@pytest.fixture
def dev(people):
    return saved(weekly("ana+bo", "cy")).seats.get()


def covered(dev, person, by_person, start=TUESDAY, end=TUESDAY + DAY, *, by=None):
    return cover(seat=dev, person=person, by_person=by_person, start=start, end=end, by=by or person)


def test_the_deputy_stands_in_wherever_they_have_the_seat_and_partners_stay(people, dev):
    overrides = covered(dev, people["ana"], people["di"], MONDAY + 6 * DAY, MONDAY + 2 * WEEK + DAY)
    assert [(o.start, o.end) for o in overrides] == [
        (MONDAY + 6 * DAY, MONDAY + WEEK),
        (MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + DAY),
    ]
    assert worked(dev, 21) == [
        ("Ana", 0, 144), ("Ana", 360, 504), ("Bo", 0, 168), ("Bo", 336, 504), ("Cy", 168, 336),
        ("Di", 144, 168), ("Di", 336, 360),
    ]  # fmt: skip


def test_both_are_told_but_whoever_arranged_it(people, dev, settle):
    covered(dev, people["ana"], people["di"])
    settle()
    assert told() == {"di": ["You have the shift of Ana of dev on Shop"]}


def test_somebody_else_may_arrange_it_and_then_both_are_told(people, dev, settle):
    covered(dev, people["ana"], people["di"], by=people["cy"])
    settle()
    assert told() == {
        "ana": ["Di has your shift of dev on Shop"],
        "di": ["You have the shift of Ana of dev on Shop"],
    }


def test_the_person_takes_it_back_as_any_swap(people, dev, clock):
    before = worked(dev)
    covered(dev, people["ana"], people["di"])
    services.take_back(swap=Swap.objects.get(), by=people["ana"])
    assert worked(dev) == before


def test_what_they_had_offered_is_settled_by_it(people, dev):
    offer = services.offer_swap(seat=dev, person=people["ana"], start=TUESDAY, end=TUESDAY + 2 * DAY, by=people["ana"])
    covered(dev, people["ana"], people["di"])
    offer.refresh_from_db()
    assert (offer.state, offer.start, offer.end) == ("open", TUESDAY + DAY, TUESDAY + 2 * DAY)


def test_a_start_that_has_passed_becomes_now_and_the_past_stays(people, dev, clock):
    clock.move_to(TUESDAY + HOUR)
    covered(dev, people["ana"], people["di"])
    assert worked(dev, 7) == [("Ana", 0, 25), ("Ana", 48, 168), ("Bo", 0, 168), ("Di", 25, 48)]


@pytest.mark.parametrize(
    ("person", "deputy", "days", "field", "words"),
    [
        ("cy", "di", 1, "person", "Cy is not on call on dev in that time. Cy has 2026-06-08 09:00"),
        ("ana", "ana", 1, "by_person", "Ana cannot stand in for themselves"),
        ("ana", "di", 0, "end", "not after the start"),
        ("ana", "di", 300, "end", "too far ahead: shifts are known until 2026-11-28"),
    ],
)
def test_what_cannot_be_covered_is_refused_by_field(people, dev, *, person, deputy, days, field, words):
    with pytest.raises(InvalidInput) as refusal:
        covered(dev, people[person], people[deputy], end=TUESDAY + days * DAY)
    assert words in refusal.value.errors[field][0]
    assert not Override.objects.exists()


def test_a_partner_cannot_stand_in_for_the_other(people, dev):
    with pytest.raises(Conflict, match="Bo is on call there already, together with Ana"):
        covered(dev, people["ana"], people["bo"])


def test_who_is_gone_cannot_stand_in_and_a_viewer_arranges_nothing(people, dev):
    with pytest.raises(InvalidInput, match="no longer active"):
        covered(dev, people["ana"], PersonFactory(is_active=False))
    with pytest.raises(Forbidden):
        covered(dev, people["ana"], people["di"], by=PersonFactory(role="viewer"))
