"""Stored shifts: made ahead, replaced from a moment on, read in one query."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from notifications.errors import Conflict, InvalidInput
from notifications.models import Delivery, Event
from oncall import handlers, services, shifts
from oncall.definition import parse_definition, to_json
from oncall.models import Schedule, Shift
from oncall.rotas.changed_shifts import Duty, changes, joined
from tests.factories import ContactMethodFactory, PersonFactory, ServiceFactory
from tests.oncall.rotation_of_three import MONDAY, WEEK


@pytest.fixture
def people(db, clock):
    return {name: PersonFactory(email=f"{name}@example.com", name=name.title()) for name in ("ana", "bo", "cy")}


def weekly(*names, seat="dev", **fields):
    groups = [[f"{name}@example.com" for name in group.split("+")] for group in names]
    layer = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": groups} | fields
    return parse_definition({"timezone": "UTC", "seats": [{"name": seat, "layers": [layer]}]})


def save(definition, schedule=None):
    return services.save_schedule(slug="shop", name="Shop", definition=definition, schedule=schedule)


def stored(schedule):
    rows = Shift.objects.filter(seat__schedule=schedule).select_related("person")
    return [(str(r.person), r.during.lower, r.during.upper) for r in rows.order_by("during", "id")]


def changed_people():
    return {event.payload["person"]: event for event in Event.objects.filter(type="shift.changed")}


def test_shifts_stand_for_180_days_from_the_first_save(people):
    schedule = save(weekly("ana", "bo"))
    rows = stored(schedule)
    assert rows[0] == ("Ana", MONDAY, MONDAY + WEEK)
    assert rows[1][0] == "Bo"
    assert rows[-1][2] == MONDAY + timedelta(days=180) == schedule.resolved_until
    assert not changed_people()


def test_the_definition_comes_back_as_it_was_saved(people):
    windows = [{"weekdays": ["mon", "tue"], "from": "08:00", "to": "20:00"}]
    definition = weekly("ana", "bo+cy", restrict=windows, first=1, priority=3, duration="PT8H")
    assert to_json(services.load_definition(save(definition))) == to_json(definition)


def test_an_edit_leaves_what_was_worked_and_cuts_what_is_under_way(people, clock):
    schedule = save(weekly("ana", "bo"))
    clock.move_to(MONDAY + timedelta(days=2))
    save(weekly("bo", "ana"), schedule)
    assert stored(schedule)[:3] == [
        ("Ana", MONDAY, MONDAY + timedelta(days=2)),
        ("Bo", MONDAY + timedelta(days=2), MONDAY + WEEK),
        ("Ana", MONDAY + WEEK, MONDAY + 2 * WEEK),
    ]


def test_a_shift_under_way_that_goes_on_is_kept_whole(people, clock):
    schedule = save(weekly("ana", "bo"))
    first = Shift.objects.order_by("during").first()
    clock.move_to(MONDAY + timedelta(days=2))
    save(weekly("ana", "cy"), schedule)
    assert Shift.objects.order_by("during").first() == first
    assert stored(schedule)[:2] == [("Ana", MONDAY, MONDAY + WEEK), ("Cy", MONDAY + WEEK, MONDAY + 2 * WEEK)]


def test_those_whose_future_shifts_change_are_told_and_no_others(people, clock):
    schedule = save(weekly("ana", "bo"))
    save(weekly("ana", "cy"), schedule)
    events = changed_people()
    assert set(events) == {people["bo"].pk, people["cy"].pk}
    assert events[people["cy"].pk].payload["gained"][0]["start"] == (MONDAY + WEEK).isoformat()
    ContactMethodFactory(person=people["cy"])
    handlers.tell_shift_change(events[people["cy"].pk])
    delivery = Delivery.objects.get()
    assert (delivery.queue, delivery.address) == ("default", "cy@example.com")
    assert "You are now on call:\n· dev, Mon 08 Jun 2026 09:00 – Mon 15 Jun 2026 09:00" in delivery.message["text"]


def test_saving_the_same_again_changes_no_row_and_tells_nobody(people, clock):
    schedule = save(weekly("ana", "bo"))
    rows = list(Shift.objects.values_list("pk", flat=True))
    save(weekly("ana", "bo"), schedule)
    assert list(Shift.objects.values_list("pk", flat=True)) == rows
    assert not changed_people()


def test_the_horizon_moves_on_by_itself_without_telling_anybody(people, clock):
    schedule = save(weekly("ana", "bo"))
    assert shifts.extend_all() == 0
    clock.move_to(MONDAY + timedelta(days=3))
    assert shifts.extend_all() == 1
    assert stored(schedule)[-1][2] == MONDAY + timedelta(days=183)
    assert stored(schedule)[0] == ("Ana", MONDAY, MONDAY + WEEK)
    assert not changed_people()


def test_a_seat_that_goes_leaves_its_past_and_may_come_back(people, clock):
    schedule = save(weekly("ana", seat="dev"))
    clock.move_to(MONDAY + timedelta(days=1))
    save(weekly("bo", seat="ops"), schedule)
    assert [seat.name for seat in services.load_definition(schedule).seats] == ["ops"]
    assert ("Ana", MONDAY, MONDAY + timedelta(days=1)) in stored(schedule)
    save(weekly("ana", seat="dev"), schedule)
    assert [seat.name for seat in schedule.seats.current()] == ["dev"]


def test_an_override_takes_the_seat_and_gives_it_back(people, clock):
    schedule = save(weekly("ana", "bo"))
    start, end = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    override = services.add_override(
        seat=schedule.seats.get(),
        people=[people["cy"]],
        start=start,
        end=end,
        by=people["ana"],
        reason="Dentist",
    )
    assert stored(schedule)[:3] == [("Ana", MONDAY, start), ("Cy", start, end), ("Ana", end, MONDAY + WEEK)]
    assert Shift.objects.get(overridden=True).person == people["cy"]
    services.remove_override(override=override, by=people["ana"])
    assert stored(schedule)[0] == ("Ana", MONDAY, MONDAY + WEEK)


def test_an_override_survives_an_edit_of_the_layers_with_its_reason(people, clock):
    schedule = save(weekly("ana", "bo"))
    services.add_override(
        seat=schedule.seats.get(),
        people=[people["cy"]],
        start=MONDAY,
        end=MONDAY + WEEK,
        by=None,
        reason="Fair",
    )
    loaded = services.load_definition(schedule)
    changed = weekly("bo", "ana")
    save(replace(changed, seats=(replace(changed.seats[0], overrides=loaded.seats[0].overrides),)), schedule)
    assert schedule.seats.get().overrides.get().reason == "Fair"
    assert stored(schedule)[0][0] == "Cy"


def test_past_overrides_are_a_record(people, clock):
    schedule = save(weekly("ana"))
    override = services.add_override(
        seat=schedule.seats.get(),
        people=[people["bo"]],
        start=MONDAY,
        end=MONDAY + timedelta(hours=1),
        by=None,
    )
    clock.move_to(MONDAY + timedelta(hours=2))
    with pytest.raises(Conflict, match="record"):
        services.remove_override(override=override, by=None)
    with pytest.raises(InvalidInput, match="has passed"):
        services.add_override(
            seat=schedule.seats.get(),
            people=[people["bo"]],
            start=MONDAY,
            end=MONDAY + timedelta(hours=1),
            by=None,
        )


def test_a_definition_that_names_strangers_is_refused_and_stores_nothing(people):
    with pytest.raises(InvalidInput, match=r"“zoe@example\.com”"):
        save(weekly("ana", "zoe"))
    assert not Schedule.objects.exists()


def test_a_schedule_that_services_use_is_not_deleted(people):
    schedule = save(weekly("ana"))
    service = ServiceFactory(schedule=schedule)
    with pytest.raises(Conflict, match=service.slug):
        services.delete_schedule(schedule=schedule)
    service.delete()
    services.delete_schedule(schedule=schedule)
    assert not Schedule.objects.exists()


def test_a_schedule_that_is_deleted_leaves_the_record_of_what_was_worked_and_those_on_it_are_told(people, clock):
    schedule = save(weekly("ana", "bo"))
    clock.move_to(MONDAY + timedelta(days=2))
    services.delete_schedule(schedule=schedule)
    assert stored(schedule) == [("Ana", MONDAY, MONDAY + timedelta(days=2))]
    assert set(changed_people()) == {people["ana"].pk, people["bo"].pk}
    ContactMethodFactory(person=people["bo"])
    handlers.tell_shift_change(changed_people()[people["bo"].pk])
    assert "You are no longer on call:\n· dev, Mon 08 Jun" in Delivery.objects.get().message["text"]
    assert shifts.extend_all() == 0
    again = save(weekly("bo"))
    assert (again.slug, Schedule.objects.get()) == ("shop", again)


def test_who_is_on_call_for_many_services_is_one_query(people, django_assert_num_queries):
    schedule = save(weekly("ana+bo", "cy"))
    many = [ServiceFactory(schedule=schedule) for _ in range(3)] + [ServiceFactory()]
    with django_assert_num_queries(1):
        found = shifts.on_call(many)
    assert found[many[0].pk] == {"dev": [people["ana"], people["bo"]]}
    assert found[many[3].pk] == {}
    assert shifts.on_call_now(many[0], MONDAY + WEEK) == {"dev": [people["cy"]]}


def test_a_seat_that_nobody_fills_is_named_with_nobody(people):
    schedule = save(weekly("ana", start="2026-07-01T09:00"))
    service = ServiceFactory(schedule=schedule)
    assert shifts.on_call_now(service) == {"dev": []}
    upcoming = shifts.next_on_call(service)["dev"]
    assert (upcoming["people"], upcoming["start"]) == ([people["ana"]], datetime(2026, 7, 1, 9, tzinfo=UTC))


def test_the_next_shift_is_the_one_that_begins_after_now(people):
    service = ServiceFactory(schedule=save(weekly("ana", "bo+cy")))
    upcoming = shifts.next_on_call(service)["dev"]
    assert (set(upcoming["people"]), upcoming["start"]) == ({people["bo"], people["cy"]}, MONDAY + WEEK)


@pytest.mark.django_db(transaction=True)
def test_rebuilds_at_the_same_time_follow_one_another():
    PersonFactory(email="ana@example.com")
    schedule = save(weekly("ana", kind="daily", duration="PT8H"))
    before = Shift.objects.count()

    def again(_):
        try:
            shifts.rebuild(schedule)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(again, range(4)))
    assert Shift.objects.count() in (before, before + 1)  # a new day may have come into the window


HOURS = st.integers(0, 40)


@st.composite
def duties(draw):
    """One seat's duties: disjoint for each person."""
    found = []
    for person in (1, 2):
        edges = sorted(draw(st.lists(HOURS, unique=True, max_size=8)))
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            found.append(
                Duty(
                    person,
                    MONDAY + timedelta(hours=start),
                    MONDAY + timedelta(hours=end),
                    draw(st.booleans()),
                )
            )
    return joined(found)


@given(duties(), duties(), HOURS)
def test_however_it_is_changed_the_past_stays_and_the_future_is_what_was_wanted(before, after, hour):
    since = MONDAY + timedelta(hours=hour)
    rows = [replace(duty, row=index) for index, duty in enumerate(before)]
    wanted = joined(replace(d, start=max(d.start, since)) for d in after if d.end > since)
    plan = changes([row for row in rows if row.end > since], wanted, since)
    kept = [replace(r, end=plan.ends.get(r.row, r.end)) for r in rows if r.row not in plan.remove]
    assert held(kept + plan.add, None, since) == held(rows, None, since)
    assert held(kept + plan.add, since, None) == held(wanted, since, None)


def held(duties, since, until):
    """Every (person, hour, overridden) that these duties hold."""
    found = set()
    for duty in duties:
        at = duty.start
        while at < duty.end:
            if (since is None or at >= since) and (until is None or at < until):
                found.add((duty.person, at, duty.overridden))
            at += timedelta(hours=1)
    return found
