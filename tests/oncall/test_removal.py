"""Somebody goes while they take turns: their shifts become gaps at once and loudly, and nobody else is moved."""

from datetime import timedelta

import pytest

from notifications.errors import Conflict
from notifications.models import Delivery
from oncall import duties, services
from oncall.checks import watch
from oncall.definition import parse_definition, to_json
from oncall.models import Shift, Swap
from tests.factories import AdministratorFactory, ServiceFactory, TeamFactory
from tests.oncall.personas import api, browser
from tests.oncall.rotation_of_three import DAY, HOUR, MONDAY, WEEK, events, saved, told, weekly, worked

TUESDAY = MONDAY + DAY


def let_go(person):
    return services.deactivate_person(person=person, by=None)


def test_their_turns_stand_empty_and_the_others_keep_theirs(people, dev, clock):
    clock.move_to(TUESDAY)
    let_go(people["ana"])
    assert worked(dev) == [("Ana", 0, 24), ("Bo", 168, 336), ("Cy", 336, 504)]


def test_a_partner_stays_on_duty_and_there_is_no_gap(people):
    dev = saved(weekly("ana+bo", "cy")).seats.get()
    let_go(people["ana"])
    assert worked(dev, 7) == [("Bo", 0, 168)]
    assert events("shift.gaps_opened") == []


def test_the_layer_behind_theirs_takes_the_turn(people):
    behind, above = weekly("di")["layers"][0], weekly("ana", "bo", priority=2)["layers"][0]
    dev = saved({"name": "dev", "layers": [behind, above]}).seats.get()
    let_go(people["ana"])
    assert worked(dev, 14) == [("Bo", 168, 336), ("Di", 0, 168)]


def test_an_override_of_theirs_no_longer_counts(people, dev):
    services.add_override(seat=dev, people=[people["di"]], start=TUESDAY, end=TUESDAY + DAY, by=None)
    let_go(people["di"])
    assert worked(dev, 7) == [("Ana", 0, 168)]


def test_everybody_on_the_schedule_and_the_leads_of_its_teams_are_told_that_nobody_is_on_call_now(
    people, schedule, settle
):
    lead = people.pop("di")
    ServiceFactory(schedule=schedule, dev_team=TeamFactory(lead=lead))
    let_go(people["ana"])
    settle()
    subject = "Nobody is on call NOW for dev of Shop: Ana is gone"
    assert told() == {name: [subject] for name in ("bo", "cy", "di")}
    text = Delivery.objects.get(address="bo@example.com").message["text"]
    assert "· dev: Mon 01 Jun 2026 09:00 – Mon 08 Jun 2026 09:00" in text
    assert "Give their turns to somebody" in text


def test_a_gap_to_come_is_counted_and_not_called_now(people, schedule, settle):
    let_go(people["bo"])
    settle()
    [event] = events("shift.gaps_opened")
    assert (event["count"], event["now"]) == (9, [])
    assert told()["ana"] == ["Nobody is on call for 9 shifts of Shop: Bo is gone"]


def test_what_would_become_a_gap_is_known_before(people, schedule):
    left = duties.leaving(people["bo"])
    first = left.gaps[0]
    assert (first.seat, first.time.start, first.time.end) == ("dev", MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert not left.empty_now
    assert duties.leaving(people["ana"]).empty_now
    assert not duties.leaving(people["di"])


def test_the_schedule_s_warnings_name_them(people, schedule):
    let_go(people["ana"])
    said = " ".join(concern.text for concern in watch.warnings_of(schedule))
    assert "Ana is gone, and their turns stand empty" in said
    assert "Nobody has the seat dev" in said


def test_policies_and_teams_that_name_them_are_warned_of(people):
    TeamFactory(lead=people["ana"], name="Shop Dev")
    let_go(people["ana"])
    assert "Ana leads Shop Dev and is gone: give the team another lead." in [c.text for c in watch.warnings()]


def test_what_they_offered_lapses_and_what_they_took_is_open_again(people, dev, settle):
    offer = services.offer_swap(seat=dev, person=people["ana"], start=TUESDAY, end=TUESDAY + DAY, by=people["ana"])
    services.take_swap(swap=offer, by=people["bo"])
    own = services.offer_swap(
        seat=dev, person=people["bo"], start=MONDAY + WEEK, end=MONDAY + WEEK + DAY, by=people["bo"]
    )
    let_go(people["bo"])
    offer.refresh_from_db()
    own.refresh_from_db()
    assert (offer.state, own.state) == (Swap.State.OPEN, Swap.State.LAPSED)
    assert worked(dev, 7) == [("Ana", 0, 168)]


def test_a_night_they_took_and_that_runs_goes_back_to_who_was_due(people, dev, clock):
    offer = services.offer_swap(seat=dev, person=people["ana"], start=TUESDAY, end=TUESDAY + DAY, by=people["ana"])
    services.take_swap(swap=offer, by=people["bo"])
    clock.move_to(TUESDAY + 2 * HOUR)
    let_go(people["bo"])
    assert worked(dev, 7) == [("Ana", 0, 24), ("Ana", 26, 168), ("Bo", 24, 26)]


def test_who_comes_back_has_their_turns_again(people, dev):
    before = worked(dev)
    let_go(people["ana"])
    services.update_person(person=people["ana"], is_active=True)
    assert worked(dev) == before


def test_a_schedule_with_empty_turns_can_still_be_edited_and_they_stay_empty(people, schedule, dev):
    let_go(people["ana"])
    written = to_json(services.load_definition(schedule))
    services.save_schedule(slug="shop", name="The shop", definition=parse_definition(written), schedule=schedule)
    assert worked(dev, 14) == [("Bo", 168, 336)]


def test_shifts_made_later_leave_them_out_too(people, schedule, dev, clock):
    from oncall import shifts

    let_go(people["ana"])
    clock.move_to(MONDAY + timedelta(days=30))
    shifts.extend_all()
    assert not Shift.objects.filter(person=people["ana"], during__endswith__gt=MONDAY).exists()


def test_the_last_administrator_is_not_let_go_and_nothing_is_half_saved(people, dev):
    chief = AdministratorFactory()
    services.add_override(seat=dev, people=[chief], start=MONDAY, end=MONDAY + WEEK, by=None)
    before = worked(dev)
    with pytest.raises(Conflict, match="last administrator"):
        let_go(chief)
    chief.refresh_from_db()
    assert chief.is_active
    assert worked(dev) == before


def test_the_api_says_what_it_leaves_open(people, schedule):
    client = api()
    answer = client.delete("/api/v1/people/bo@example.com/")
    assert answer.status_code == 200
    assert answer.json()["gaps"][0] == {
        "schedule": "shop", "seat": "dev", "start": "2026-06-08T09:00:00Z", "end": "2026-06-15T09:00:00Z",
    }  # fmt: skip
    assert client.delete("/api/v1/people/di@example.com/").status_code == 204


def test_the_page_asks_first_and_shows_the_gaps(people, schedule):
    client = browser()
    address = f"/people/{people['ana'].pk}/deactivate/"
    asked = client.post(address).content.decode()
    people["ana"].refresh_from_db()
    assert people["ana"].is_active
    assert "Nobody would be on call now for dev" in asked
    done = client.post(address, {"step": "confirmed"}, follow=True).content.decode()
    people["ana"].refresh_from_db()
    assert not people["ana"].is_active
    assert "stand empty now" in done
