"""Shadows: somebody learns beside a seat, from when until when, once at a time."""

import pytest

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall import services
from oncall.models import Shadow
from tests.factories import PersonFactory
from tests.oncall.rotation_of_three import DAY, MONDAY, WEEK, saved, told, weekly, worked


def shadow(dev, person, start=None, end=None, by=None):
    return services.add_shadow(seat=dev, person=person, start=start, end=end, by=by or person)


def test_a_shadow_is_there_from_now_until_it_is_ended_and_works_no_shift(people, dev, clock):
    before = worked(dev)
    made = shadow(dev, people["di"])
    assert [s.person for s in Shadow.objects.at(MONDAY + 10 * WEEK)] == [people["di"]]
    assert worked(dev) == before
    clock.move_to(MONDAY + DAY)
    services.end_shadow(shadow=made, by=people["di"])
    assert not Shadow.objects.at(MONDAY + DAY).exists()
    assert Shadow.objects.at(MONDAY + DAY / 2).exists()
    with pytest.raises(Conflict, match="It ended at 2026-06-02 09:00"):
        services.end_shadow(shadow=made, by=people["di"])


def test_one_that_has_not_begun_is_simply_gone(people, dev):
    services.end_shadow(shadow=shadow(dev, people["di"], MONDAY + DAY, MONDAY + WEEK), by=people["ana"])
    assert not Shadow.objects.exists()


def test_nobody_shadows_a_seat_twice_at_once_but_may_again_later(people, dev):
    shadow(dev, people["di"], MONDAY + DAY, MONDAY + WEEK)
    for start, end in ((None, None), (MONDAY, MONDAY + 2 * DAY), (MONDAY + 2 * DAY, None)):
        with pytest.raises(Conflict, match="Di shadows dev then already: 2026-06-02 09:00 – 2026-06-08 09:00"):
            shadow(dev, people["di"], start, end)
    shadow(dev, people["di"], MONDAY + WEEK)
    with pytest.raises(Conflict, match="from 2026-06-08 09:00 UTC on"):
        shadow(dev, people["di"], MONDAY + 5 * WEEK)


def test_who_takes_turns_there_may_shadow_too(people, dev):
    assert shadow(dev, people["ana"]).person == people["ana"]


def test_who_is_made_a_shadow_by_somebody_else_is_told(people, dev, settle):
    shadow(dev, people["di"], by=people["ana"])
    shadow(dev, people["cy"])
    settle()
    assert told() == {"di": ["You shadow dev on Shop"]}


def test_what_cannot_be_is_refused(people, dev):
    with pytest.raises(InvalidInput, match="not after the start"):
        shadow(dev, people["di"], MONDAY + DAY, MONDAY + DAY)
    with pytest.raises(InvalidInput, match="no longer active"):
        shadow(dev, PersonFactory(is_active=False), by=people["ana"])
    with pytest.raises(Forbidden):
        shadow(dev, people["di"], by=PersonFactory(role="viewer"))
    seat = saved(weekly("ana", seat="ops"), schedule=dev.schedule).seats.get(name="dev")
    with pytest.raises(Conflict, match="dev is no longer a seat of Shop"):
        shadow(seat, people["di"])
