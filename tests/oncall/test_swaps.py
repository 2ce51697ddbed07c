"""Swaps: offered, taken by one, taken back, given back, expired; and edits of the schedule keep them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time

import pytest
import time_machine
from django.db import connection

from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery
from oncall import cover, services
from oncall.definition import parse_definition, to_json
from oncall.models import Override, Shift, Swap
from oncall.services.leave import add_leave
from oncall.services.swaps import give_back, offer_swap, take_back, take_swap
from tests.factories import PersonFactory
from tests.oncall.rotation_of_three import DAY, HOUR, MONDAY, WEEK, events, everybody, saved, told, weekly, worked

TUESDAY = MONDAY + DAY
NIGHT = (TUESDAY, TUESDAY + DAY)


def offered(dev, person, start=NIGHT[0], end=NIGHT[1], **more):
    return offer_swap(seat=dev, person=person, start=start, end=end, by=person, **more)


def test_who_takes_a_swap_has_the_night_and_the_week_goes_on_as_before(people, dev):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    assert (swap.state, swap.taken_by, swap.taken_at) == ("taken", people["bo"], MONDAY)
    assert worked(dev, 14) == [("Ana", 0, 24), ("Ana", 48, 168), ("Bo", 24, 48), ("Bo", 168, 336)]


def test_a_partner_stays_when_the_other_half_is_taken(people):
    dev = saved(weekly("ana+bo", "cy")).seats.get()
    take_swap(swap=offered(dev, people["ana"]), by=people["di"])
    assert worked(dev, 7) == [("Ana", 0, 24), ("Ana", 48, 168), ("Bo", 0, 168), ("Di", 24, 48)]


def test_both_halves_may_go_and_one_comes_back(people):
    dev = saved(weekly("ana+bo", "cy")).seats.get()
    first = take_swap(swap=offered(dev, people["ana"]), by=people["di"])
    take_swap(swap=offered(dev, people["bo"], end=TUESDAY + 3 * DAY), by=people["cy"])
    take_back(swap=first, by=people["ana"])
    assert worked(dev, 7) == [("Ana", 0, 168), ("Bo", 0, 24), ("Bo", 96, 168), ("Cy", 24, 96)]


def test_only_what_somebody_has_can_be_offered_and_the_error_says_what_that_is(people, dev):
    with pytest.raises(InvalidInput, match="Ana has 2026-06-01 09:00 – 2026-06-08 09:00, 2026-06-22 09:00"):
        offered(dev, people["ana"], TUESDAY, TUESDAY + WEEK)
    with pytest.raises(InvalidInput, match="Di has no shift to come there"):
        offered(dev, people["di"])
    assert not Swap.objects.exists()


def test_times_that_cannot_be_are_refused(people, dev, clock):
    with pytest.raises(InvalidInput, match="not after the start"):
        offered(dev, people["ana"], TUESDAY, TUESDAY)
    clock.move_to(MONDAY + 2 * DAY)
    with pytest.raises(InvalidInput, match="2026-06-02 09:00 UTC has passed"):
        offered(dev, people["ana"], MONDAY, TUESDAY)
    with pytest.raises(InvalidInput, match="201 characters"):
        offered(dev, people["ana"], end=MONDAY + 4 * DAY, note="x" * 201)


def test_a_start_that_has_passed_becomes_now(people, dev, clock):
    clock.move_to(MONDAY + HOUR)
    assert offered(dev, people["ana"], MONDAY, TUESDAY).start == MONDAY + HOUR


def test_the_same_time_is_offered_once(people, dev):
    swap = offered(dev, people["ana"])
    with pytest.raises(Conflict, match="offered already: 2026-06-02 09:00 – 2026-06-03 09:00") as refusal:
        offered(dev, people["ana"], TUESDAY + HOUR, TUESDAY + 2 * DAY)
    assert refusal.value.extra == {"swap": swap.pk}


def test_a_responder_may_offer_for_somebody_else_and_they_are_told_and_a_viewer_may_not(people, dev, settle):
    swap = offer_swap(seat=dev, person=people["ana"], start=NIGHT[0], end=NIGHT[1], by=people["di"])
    settle()
    assert told()["ana"] == ["Cover is asked for your shift of dev on Shop"]
    viewer = PersonFactory(role="viewer")
    with pytest.raises(Forbidden):
        offer_swap(seat=dev, person=people["ana"], start=TUESDAY + DAY, end=TUESDAY + 2 * DAY, by=viewer)
    with pytest.raises(Forbidden):
        take_swap(swap=swap, by=viewer)


def test_those_who_take_turns_are_asked_with_a_link_and_in_their_own_zone(people, dev, settle):
    people["bo"].timezone = "America/New_York"
    people["bo"].save()
    swap = offered(dev, people["ana"], note="Concert")
    settle()
    assert told() == {name: ["Ana offers a shift of dev on Shop"] for name in ("bo", "cy")}
    message = Delivery.objects.get(address="bo@example.com").message
    assert message["url"].endswith(f"/schedules/shop/swaps/{swap.pk}/")
    assert message["text"] == (
        "Ana offers a shift of dev on Shop.\n· Tue 02 Jun 2026 05:00 – Wed 03 Jun 2026 05:00\n"
        "(times in America/New_York)\n“Concert”"
    )


def test_nobody_is_woken_for_what_can_wait_until_their_quiet_hours_end(people, dev, settle):
    people["bo"].quiet_from, people["bo"].quiet_to = time(8), time(12)
    people["bo"].save()
    offered(dev, people["ana"], MONDAY, MONDAY + HOUR)
    offered(dev, people["ana"])
    settle()
    at_once, later = Delivery.objects.filter(address="bo@example.com").order_by("pk")
    assert (at_once.next_at, later.next_at) == (MONDAY, MONDAY + 3 * HOUR)


def test_the_one_who_gave_it_away_is_told_and_the_taker_knows(people, dev, settle):
    swap = offered(dev, people["ana"])
    settle()
    Delivery.objects.all().delete()
    take_swap(swap=swap, by=people["bo"])
    settle()
    assert told() == {"ana": ["Bo has your shift of dev on Shop"]}


def test_one_s_own_offer_and_one_s_own_duty_cannot_be_taken(people, dev):
    swap = offered(dev, people["ana"])
    with pytest.raises(Conflict, match="your own"):
        take_swap(swap=swap, by=people["ana"])
    both = saved(weekly("ana+bo", "cy"), schedule=dev.schedule).seats.get()
    with pytest.raises(Conflict, match="Bo is on call there already, together with Ana: 2026-06-02 09:00"):
        take_swap(swap=Swap.objects.get(seat=both), by=people["bo"])


def test_who_is_away_then_cannot_take_it(people, dev):
    swap = offered(dev, people["ana"])
    add_leave(person=people["bo"], start=TUESDAY + 20 * HOUR, end=TUESDAY + 2 * DAY, by=people["bo"])
    with pytest.raises(Conflict, match="Bo is away then: 2026-06-03 05:00"):
        take_swap(swap=swap, by=people["bo"])


def test_the_second_taker_hears_who_was_faster_and_the_first_may_press_twice(people, dev):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    with pytest.raises(Conflict, match="Bo took it at 2026-06-01 09:00 UTC"):
        take_swap(swap=swap, by=people["cy"])
    assert take_swap(swap=swap, by=people["bo"]).taken_by == people["bo"]
    assert Override.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_takers_at_once_one_wins():
    with time_machine.travel(MONDAY, tick=False):
        people = everybody()
        dev = saved(weekly("ana", "bo", "cy")).seats.get()
        swap = offered(dev, people["ana"])

        def take(name):
            try:
                return take_swap(swap=swap, by=people[name]).taken_by.name
            except Conflict as refusal:
                return str(refusal)
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(take, ("bo", "cy", "di")))
        winner = Swap.objects.get().taken_by.name
        assert answers.count(winner) == 1
        assert sum(f"{winner} took it" in answer for answer in answers) == 2
        assert Override.objects.count() == 1


def test_an_offer_taken_back_is_no_longer_there_to_take(people, dev):
    swap = take_back(swap=offered(dev, people["ana"]), by=people["ana"])
    assert swap.state == "withdrawn"
    with pytest.raises(Conflict, match="taken back; there is nothing to take"):
        take_swap(swap=swap, by=people["bo"])


def test_a_taken_night_taken_back_is_theirs_again_and_the_taker_is_told(people, dev, settle):
    before = worked(dev)
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    settle()
    Delivery.objects.all().delete()
    assert take_back(swap=swap, by=people["ana"]).state == "withdrawn"
    settle()
    assert worked(dev) == before
    assert told() == {"bo": ["Ana has the shift of dev on Shop again"]}


def test_of_a_night_that_runs_the_rest_is_taken_back_and_what_was_worked_stays(people, dev, clock):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    clock.move_to(TUESDAY + 6 * HOUR)
    swap = take_back(swap=swap, by=people["ana"])
    assert (swap.state, swap.end) == ("taken", TUESDAY + 6 * HOUR)
    assert worked(dev, 7) == [("Ana", 0, 24), ("Ana", 30, 168), ("Bo", 24, 30)]


def test_what_is_over_stays(people, dev, clock):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    clock.move_to(TUESDAY + 2 * DAY)
    for undo in (take_back, give_back):
        with pytest.raises(Conflict):
            undo(swap=swap, by=people["ana"])
    assert ("Bo", 24, 48) in worked(dev, 7)


def test_a_night_given_back_is_open_again_and_the_others_are_asked_but_not_the_one_who_cannot(people, dev, settle):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    settle()
    Delivery.objects.all().delete()
    swap = give_back(swap=swap, by=people["bo"])
    settle()
    assert (swap.state, swap.taken_by) == ("open", None)
    assert worked(dev, 7) == [("Ana", 0, 168)]
    assert told() == {
        "ana": ["Bo no longer has your shift of dev on Shop"],
        "cy": ["Ana offers a shift of dev on Shop"],
    }
    assert take_swap(swap=swap, by=people["cy"]).taken_by == people["cy"]


def test_a_night_that_has_begun_is_not_given_back(people, dev, clock):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    clock.move_to(TUESDAY)
    with pytest.raises(Conflict, match="It has begun; offer the rest"):
        give_back(swap=swap, by=people["bo"])


def test_what_was_passed_on_cannot_be_taken_back_from_the_first_taker(people, dev):
    first = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    take_swap(swap=offered(dev, people["bo"]), by=people["di"])
    with pytest.raises(Conflict, match="Bo no longer has all of it"):
        take_back(swap=first, by=people["ana"])
    assert ("Di", 24, 48) in worked(dev, 7)


def test_what_the_rota_gives_to_others_by_now_is_not_taken_back_and_nothing_changes(people, schedule, dev, settle):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    saved(weekly("cy", "bo", "ana"), schedule=schedule)
    before, told_before = worked(dev), len(events("swap.returned"))
    for undo in (take_back, give_back):
        with pytest.raises(Conflict, match="Ana would not have all of it again"):
            undo(swap=swap, by=people["bo"])
    swap.refresh_from_db()
    assert (swap.state, worked(dev), len(events("swap.returned"))) == ("taken", before, told_before)


def test_an_offer_that_begins_untaken_expires_once_and_its_rest_can_still_be_taken(people, dev, clock, settle):
    swap = offered(dev, people["ana"])
    settle()
    Delivery.objects.all().delete()
    clock.move_to(TUESDAY + HOUR)
    assert (cover.expire_due(), cover.expire_due()) == (1, 0)
    settle()
    assert told() == {"ana": ["Nobody took your shift of dev on Shop"]}
    swap = take_swap(swap=swap, by=people["bo"])
    assert (swap.start, swap.state) == (TUESDAY + HOUR, "taken")
    assert worked(dev, 7) == [("Ana", 0, 25), ("Ana", 48, 168), ("Bo", 25, 48)]


def test_what_is_offered_while_it_runs_expires_at_its_end_and_quietly(people, dev, clock, settle):
    swap = offered(dev, people["ana"], MONDAY, TUESDAY)
    clock.move_to(MONDAY + HOUR)
    assert cover.expire_due() == 0
    clock.move_to(TUESDAY)
    assert cover.expire_due() == 1
    settle()
    assert "ana" not in told()
    with pytest.raises(Conflict, match="over"):
        take_swap(swap=swap, by=people["bo"])


def test_an_edit_of_the_rota_that_was_read_before_the_swap_keeps_it(people, schedule, dev):
    stale = to_json(services.load_definition(schedule))
    take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    services.save_schedule(slug="shop", name="Shop", definition=parse_definition(stale), schedule=schedule)
    assert ("Bo", 24, 48) in worked(dev, 7)


def test_an_edit_that_was_read_before_it_was_taken_back_does_not_bring_it_back(people, schedule, dev):
    swap = take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    stale = to_json(services.load_definition(schedule))
    assert stale["overrides"][0]["swap"] == swap.pk
    take_back(swap=swap, by=people["ana"])
    services.save_schedule(slug="shop", name="Shop", definition=parse_definition(stale), schedule=schedule)
    assert worked(dev, 7) == [("Ana", 0, 168)]


def test_a_new_override_beats_an_older_one_and_leaves_a_swap_above_it(people, schedule, dev):
    """Order of making is what decides, and an edit that makes one anew keeps it."""
    services.add_override(seat=dev, people=[people["cy"]], start=TUESDAY, end=TUESDAY + 2 * DAY, by=None)
    take_swap(swap=offered(dev, people["cy"], TUESDAY, TUESDAY + DAY), by=people["di"])
    written = to_json(services.load_definition(schedule))
    new = {"seat": "dev", "people": ["bo@example.com"], "start": "2026-06-05T09:00Z", "end": "2026-06-06T09:00Z"}
    for overrides in ([new, *written["overrides"]], [new, written["overrides"][0]]):
        definition = parse_definition(written | {"overrides": overrides})
        services.save_schedule(slug="shop", name="Shop", definition=definition, schedule=schedule)
        assert worked(dev, 7) == [
            ("Ana", 0, 24), ("Ana", 72, 96), ("Ana", 120, 168), ("Bo", 96, 120), ("Cy", 48, 72), ("Di", 24, 48),
        ]  # fmt: skip


def test_an_offer_whose_duty_goes_elsewhere_lapses_and_one_that_goes_in_part_is_cut(people, schedule, dev):
    whole, part = offered(dev, people["ana"]), offered(dev, people["ana"], TUESDAY + DAY, TUESDAY + 3 * DAY)
    services.add_override(seat=dev, people=[people["cy"]], start=TUESDAY, end=TUESDAY + 2 * DAY, by=None)
    whole.refresh_from_db()
    part.refresh_from_db()
    assert whole.state == "lapsed"
    assert (part.state, part.start, part.end) == ("open", TUESDAY + 2 * DAY, TUESDAY + 3 * DAY)
    with pytest.raises(Conflict, match="no longer needed"):
        take_swap(swap=whole, by=people["bo"])


def test_past_rows_are_untouched_by_a_swap_of_the_running_shift(people, dev, clock):
    clock.move_to(TUESDAY + HOUR)
    take_swap(swap=offered(dev, people["ana"], TUESDAY, TUESDAY + 5 * HOUR), by=people["bo"])
    first = Shift.objects.order_by("during").first()
    assert (first.person, first.during.lower, first.during.upper) == (people["ana"], MONDAY, TUESDAY + HOUR)


def test_an_override_that_came_of_a_swap_is_undone_where_the_swap_is(people, dev):
    take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    with pytest.raises(Conflict, match="swap between Ana and Bo"):
        services.remove_override(override=Override.objects.get(), by=people["di"])


def test_nobody_is_told_twice(people, dev):
    take_swap(swap=offered(dev, people["ana"]), by=people["bo"])
    assert events("shift.changed") == []
