"""Leave and public holidays: shifts within them need cover and ask for it, once, wherever the duty moves."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.errors import Conflict, InvalidInput
from notifications.models import Delivery
from oncall import cover, services, shifts
from oncall.checks import watch
from oncall.models import Swap
from tests.oncall.rotation_of_three import DAY, HOUR, MONDAY, WEEK, events, saved, told, weekly, worked

TUESDAY = MONDAY + DAY


def away(person, start, end, by=None):
    return services.add_leave(person=person, start=start, end=end, by=by or person)


def asked(*states):
    """Requests for cover: whose, and hours from Monday."""
    swaps = Swap.objects.filter(state__in=states or ("open",)).select_related("person").order_by("start", "pk")
    return [(str(s.person), *(int((edge - MONDAY) / HOUR) for edge in (s.start, s.end))) for s in swaps]


def test_each_shift_that_leave_touches_asks_for_the_part_that_falls_in_it(people, dev):
    away(people["ana"], TUESDAY, MONDAY + 3 * WEEK + DAY)
    assert asked() == [("Ana", 24, 168), ("Ana", 504, 528)]
    assert set(Swap.objects.values_list("reason", flat=True)) == {"leave"}


def test_it_is_asked_in_one_message_for_all_of_it_and_not_of_those_who_are_away_too(people, dev, settle):
    away(people["cy"], MONDAY, MONDAY + 4 * WEEK)
    settle()
    Delivery.objects.all().delete()
    away(people["ana"], TUESDAY, MONDAY + 4 * WEEK)
    settle()
    assert told() == {"bo": ["Ana is on leave and needs cover for dev on Shop"]}
    assert Delivery.objects.get().message["text"].count("·") == 2


def test_whoever_enters_leave_for_somebody_else_has_them_told_what_is_asked(people, dev, settle):
    away(people["ana"], TUESDAY, MONDAY + WEEK, by=people["di"])
    settle()
    assert told()["ana"] == ["Cover is asked for your shift of dev on Shop"]
    assert "Asked: Bo, Cy." in Delivery.objects.get(address="ana@example.com").message["text"]


def test_where_nobody_takes_turns_beside_them_the_message_says_that_there_is_nobody_to_ask(people, settle):
    saved(weekly("ana"))
    away(people["ana"], TUESDAY, MONDAY + WEEK, by=people["di"])
    settle()
    assert "Asked: nobody" in Delivery.objects.get(address="ana@example.com").message["text"]


def test_one_s_own_leave_that_runs_already_is_asked_from_now_on(people, dev, clock):
    clock.move_to(TUESDAY)
    away(people["ana"], MONDAY, MONDAY + 3 * DAY)
    assert asked() == [("Ana", 24, 72)]
    clock.move_to(TUESDAY + HOUR)
    shifts.rebuild(dev.schedule)
    assert cover.expire_due() == 0
    assert asked() == [("Ana", 24, 72)]


def test_rebuilding_asks_for_nothing_twice(people, schedule, clock):
    away(people["ana"], TUESDAY, MONDAY + 4 * WEEK)
    before, told_before = asked(), len(events("swap.offered"))
    for _ in range(2):
        shifts.rebuild(schedule)
    assert (asked(), len(events("swap.offered"))) == (before, told_before)


def test_what_the_person_chose_to_keep_is_not_asked_again(people, schedule, dev):
    away(people["ana"], TUESDAY, MONDAY + WEEK)
    services.take_back(swap=Swap.objects.get(), by=people["ana"])
    shifts.rebuild(schedule)
    assert asked() == []
    assert ("Ana", 0, 168) in worked(dev, 7)


def test_requests_follow_when_the_rota_moves_duty_into_leave_and_out_of_it(people, schedule):
    away(people["ana"], MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert asked() == []
    saved(weekly("bo", "ana", "cy"), schedule=schedule)
    assert asked() == [("Ana", 168, 336)]
    saved(weekly("cy", "bo", "ana"), schedule=schedule)
    assert asked() == []
    assert asked("lapsed") == [("Ana", 168, 336)]
    saved(weekly("bo", "ana", "cy"), schedule=schedule)
    assert asked() == [("Ana", 168, 336)]


def test_a_request_that_shifts_a_little_keeps_its_number(people, schedule):
    away(people["ana"], TUESDAY, MONDAY + WEEK)
    swap = Swap.objects.get()
    services.add_override(
        seat=swap.seat, people=[people["cy"]], start=MONDAY + 3 * DAY, end=MONDAY + WEEK, by=people["di"]
    )
    swap.refresh_from_db()
    assert (swap.state, swap.start, swap.end) == ("open", TUESDAY, MONDAY + 3 * DAY)
    services.remove_override(override=swap.seat.overrides.get(), by=people["di"])
    swap.refresh_from_db()
    assert (swap.state, swap.end) == ("open", MONDAY + WEEK)


def test_a_shift_that_was_taken_stays_taken_when_the_leave_is_removed(people, dev):
    leave = away(people["ana"], TUESDAY, MONDAY + 4 * WEEK)
    services.take_swap(swap=Swap.objects.order_by("start").first(), by=people["di"])
    services.remove_leave(leave=leave, by=people["ana"])
    assert asked() == []
    assert asked("taken") == [("Ana", 24, 168)]
    assert asked("lapsed") == [("Ana", 504, 672)]
    assert ("Di", 24, 168) in worked(dev, 7)


def test_leave_that_overlaps_or_cannot_be_is_refused(people, dev, clock):
    away(people["ana"], TUESDAY, MONDAY + WEEK)
    with pytest.raises(Conflict, match="Ana is on leave then already: 2026-06-02 09:00 – 2026-06-08 09:00"):
        away(people["ana"], MONDAY, TUESDAY + HOUR)
    with pytest.raises(InvalidInput, match="not after the start"):
        away(people["bo"], TUESDAY, TUESDAY)
    with pytest.raises(InvalidInput, match="has passed"):
        away(people["bo"], MONDAY - DAY, MONDAY)
    with pytest.raises(InvalidInput, match="401 days; give 400"):
        away(people["bo"], TUESDAY, TUESDAY + 401 * DAY)
    clock.move_to(MONDAY + 2 * WEEK)
    with pytest.raises(Conflict, match="over"):
        services.remove_leave(leave=people["ana"].leave.get(), by=people["ana"])


def test_shifts_that_come_into_sight_later_ask_too(people, schedule, clock):
    away(people["ana"], MONDAY + timedelta(days=185), MONDAY + timedelta(days=200))
    assert asked() == []
    clock.move_to(MONDAY + timedelta(days=20))
    shifts.extend_all()
    assert asked()[0][:2] == ("Ana", 27 * 7 * 24)


def test_a_schedule_that_is_made_during_leave_asks_at_once(people):
    away(people["ana"], TUESDAY, MONDAY + WEEK)
    saved(weekly("ana", "bo"))
    assert asked() == [("Ana", 24, 168)]


def test_nobody_covers_and_the_shift_begins_so_the_leads_are_told_and_the_page_warns(people, schedule, clock, settle):
    from tests.factories import ServiceFactory, TeamFactory

    ServiceFactory(schedule=schedule, dev_team=TeamFactory(lead=people["di"]))
    away(people["ana"], TUESDAY, MONDAY + WEEK)
    assert any("Ana has the seat dev from 2026-06-02 09:00" in c.text for c in watch.warnings_of(schedule))
    settle()
    Delivery.objects.all().delete()
    clock.move_to(TUESDAY)
    cover.expire_due()
    settle()
    assert told()["di"] == ["Nobody covers for Ana of dev on Shop, who is on leave"]
    assert any("Ana has the seat dev from 2026-06-02 09:00" in c.text for c in watch.warnings_of(schedule))


CHRISTMAS = datetime(2026, 12, 25, tzinfo=UTC)


@pytest.fixture
def december(people, clock):
    """Bo is on duty over Christmas, in London; the holidays are four days away."""
    clock.move_to(CHRISTMAS - 4 * DAY)
    services.update_person(person=people["bo"], country="gb-sct", timezone="Europe/London")
    people["bo"].refresh_from_db()
    return saved(weekly("bo", "ana", start="2026-12-21T09:00", until="2026-12-27T09:00"))


def holidays():
    return [(str(s.person), s.start, s.end, s.note) for s in Swap.objects.filter(state="open").order_by("start")]


def test_public_holidays_of_the_next_month_ask_for_cover_once(december, people):
    assert people["bo"].country == "GB-SCT"
    assert (cover.ask_due(), cover.ask_due()) == (1, 1)
    assert holidays() == [("Bo", CHRISTMAS, CHRISTMAS + 2 * DAY, "Christmas Day, Boxing Day")]
    assert len(events("swap.offered")) == 1


def test_the_one_who_has_the_holiday_is_told_and_may_keep_the_shift(december, people, settle):
    cover.ask_due()
    settle()
    assert told() == {
        "ana": ["Bo has a public holiday and needs cover for dev on Shop"],
        "bo": ["Cover is asked for your shift of dev on Shop"],
    }
    services.take_back(swap=Swap.objects.get(), by=people["bo"])
    cover.ask_due()
    assert holidays() == []


def test_who_took_a_holiday_over_knows_what_day_it_is(december, people):
    services.update_person(person=people["ana"], country="GB")
    cover.ask_due()
    services.take_swap(swap=Swap.objects.get(), by=people["ana"])
    cover.ask_due()
    assert holidays() == []


def test_leave_over_a_holiday_asks_for_the_rest_only(december, people):
    cover.ask_due()
    away(people["bo"], CHRISTMAS - DAY, CHRISTMAS + 9 * DAY)
    assert [(start, end) for _, start, end, _ in holidays()] == [
        (CHRISTMAS - DAY, CHRISTMAS),
        (CHRISTMAS, CHRISTMAS + 2 * DAY),
        (CHRISTMAS + 2 * DAY, CHRISTMAS + 2 * DAY + 9 * HOUR),
    ]
    assert cover.ask_due() == 1
    assert len(holidays()) == 3


def test_another_country_has_other_holidays(december, people):
    cover.ask_due()
    services.update_person(person=people["bo"], country="US")
    assert holidays() == []
    cover.ask_due()
    assert [note for *_, note in holidays()] == ["Christmas Day"]


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("Scotland", "“Scotland” is not a country whose holidays are known; use its ISO code"),
        ("GB-XYZ", "“XYZ” is not a part of GB that has holidays of its own; use ENG, NIR, SCT, WLS"),
        ("GB-", "“GB-” ends in a hyphen"),
        ("ZZ", "“ZZ” is not a country"),
    ],
)
def test_a_country_that_is_none_is_refused_by_its_name(people, country, words):
    with pytest.raises(InvalidInput, match=words) as refusal:
        services.update_person(person=people["bo"], country=country)
    assert list(refusal.value.errors) == ["country"]
