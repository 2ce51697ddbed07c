"""Of an open action somebody is reminded before, on and after the day, once for each: the owner, or who stands in."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from incidents.models import Participant
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery
from oncall.models import Person
from postmortems import services
from postmortems.reminder_days import reminders_between
from postmortems.reminders import remind_due
from tests.factories import (
    AdministratorFactory,
    ContactMethodFactory,
    IncidentFactory,
    MembershipFactory,
    PersonFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def subjects():
    return list(Delivery.objects.order_by("pk").values_list("message__subject", flat=True))


def on_day(day):
    with time_machine.travel(START + timedelta(days=day), tick=False):
        return remind_due()


def action(due_in=30, **fields):
    with time_machine.travel(START, tick=False):
        owner = fields.pop("owner", None) or ContactMethodFactory().person
        return services.create_action(
            title="Bound the pool", by=None, owner=owner, due_on=(START + timedelta(days=due_in)).date(), **fields
        )


def test_seven_days_and_one_before_on_the_day_and_every_week_after():
    action()
    reminded = [day for day in range(60) if on_day(day)]
    assert reminded == [23, 29, 30, 37, 44, 51, 58]
    assert subjects()[:4] == [
        "Due in 7 days: Bound the pool",
        "Due in 1 day: Bound the pool",
        "Due today: Bound the pool",
        "Overdue by 7 days: Bound the pool",
    ]


def test_running_again_tells_nothing_again_and_a_missed_day_is_made_up():
    action()
    assert [on_day(25), on_day(25), on_day(26)] == [1, 0, 0]
    assert subjects() == ["Due in 5 days: Bound the pool"]


def test_nothing_is_told_at_once_about_what_was_made_late():
    action(due_in=3)
    assert on_day(0) == 0
    assert on_day(2) == 1


def test_what_is_closed_is_left_alone_and_what_is_opened_again_is_not():
    done, given_up = action(), action()
    services.transition_action(action=done, to="done", by=None)
    services.transition_action(action=given_up, to="wont_do", by=None, reason="gone")
    assert on_day(40) == 0
    services.transition_action(action=done, to="reopened", by=None)
    assert on_day(44) == 1


def test_another_date_begins_anew():
    late = action()
    assert on_day(37) == 1
    services.update_action(action=late, by=None, due_on=(START + timedelta(days=45)).date())
    assert [on_day(37), on_day(38), on_day(44), on_day(45)] == [0, 1, 1, 1]


def told_on(day):
    """Who was told what in the run of this day: {address: text}."""
    Delivery.objects.all().delete()
    on_day(day)
    return {one.address: f"{one.message['subject']}\n{one.message['text']}" for one in Delivery.objects.order_by("pk")}


@pytest.mark.parametrize("status", ["draft", "in_review", "published"])
def test_whatever_became_of_the_post_mortem(status):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    action(postmortem=postmortem)
    services.exempt(incident=IncidentFactory(), reason="Seen before.", by=None)
    type(postmortem).objects.update(status=status)
    assert [day for day in range(45) if on_day(day)] == [23, 29, 30, 37, 44]


@pytest.mark.parametrize("state", ["proposed", "accepted", "in_progress"])
def test_in_every_open_state(state):
    type(action()).objects.update(state=state)
    assert [day for day in range(45) if on_day(day)] == [23, 29, 30, 37, 44]


def test_the_pause_between_reminders_can_be_chosen():
    action(remind_every=3)
    assert [day for day in range(41) if on_day(day)] == [23, 29, 30, 33, 36, 39]


def test_one_message_a_morning_lists_all_that_is_mine():
    owner = ContactMethodFactory().person
    first, second, third = action(owner=owner), action(owner=owner), action(owner=owner, due_in=60)
    message = told_on(30)[owner.email]
    assert message.startswith("2 actions: 2 due soon")
    assert all(f"Due today: A{one.number} Bound the pool" in message for one in (first, second))
    assert f"A{third.number} " not in message
    assert told_on(30) == {}
    assert told_on(37)[owner.email].startswith("2 actions: 2 overdue")


def test_it_comes_at_nine_in_the_owners_morning_and_after_their_quiet_hours():
    early, late = ContactMethodFactory().person, ContactMethodFactory().person
    late.timezone, late.quiet_from, late.quiet_to = "America/Los_Angeles", time(21), time(10, 30)
    late.save()
    action(owner=early), action(owner=late)
    with time_machine.travel(datetime(2026, 7, 1, 0, 5, tzinfo=UTC), tick=False):
        assert remind_due() == 2
    due = dict(Delivery.objects.values_list("address", "next_at"))
    assert due[early.email] == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert due[late.email] == datetime(2026, 7, 1, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize("ends", ["closed", "snoozed"])
def test_what_waits_for_the_morning_is_withdrawn_when_the_action_is_closed_or_snoozed(ends):
    early, one, other = timedelta(days=23, hours=-4), action(), action()
    with time_machine.travel(START + early, tick=False):
        assert remind_due() == 2
        if ends == "closed":
            services.transition_action(action=one, to="done", by=None)
        else:
            services.snooze(action=one, until=one.due_on, by=one.owner)
    waiting = Delivery.objects.filter(state="waiting", message__subject__startswith="Due in")
    assert [delivery.message["url"].split("/")[-2] for delivery in waiting] == [str(other.number)]


def test_a_snooze_leaves_days_out_and_its_end_is_one_of_them():
    owner = ContactMethodFactory().person
    late = action(owner=owner)
    with time_machine.travel(START + timedelta(days=31), tick=False):
        services.snooze(action=late, until=(START + timedelta(days=47)).date(), by=owner)
    assert [day for day in range(31, 60) if on_day(day)] == [47, 51, 58]


def test_no_snooze_is_for_good():
    owner = ContactMethodFactory().person
    late = action(owner=owner)
    for days in (-1, 0, 91):
        with time_machine.travel(START, tick=False), pytest.raises(InvalidInput):
            services.snooze(action=late, until=(START + timedelta(days=days)).date(), by=owner)
    late.refresh_from_db()
    assert late.snoozed_until is None


@pytest.mark.parametrize("change", [{"due_on": date(2026, 7, 20)}, {"owner": None}])
def test_another_date_or_owner_ends_a_snooze(change):
    owner = ContactMethodFactory().person
    late = action(owner=owner)
    with time_machine.travel(START, tick=False):
        services.snooze(action=late, until=date(2026, 8, 1), by=owner)
        assert services.update_action(action=late, by=None, **change).snoozed_until is None


def test_only_those_who_are_reminded_and_administrators_snooze():
    team, teammate, outsider = TeamFactory(), PersonFactory(), PersonFactory()
    MembershipFactory(team=team, person=teammate)
    late = action(team=team)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for person in (late.owner, teammate, AdministratorFactory()):
        services.snooze(action=late, until=tomorrow, by=person)
    with pytest.raises(Forbidden):
        services.snooze(action=late, until=tomorrow, by=outsider)
    services.transition_action(action=late, to="done", by=None)
    with pytest.raises(Conflict):
        services.snooze(action=late, until=tomorrow, by=late.owner)


def test_where_the_owner_left_the_teams_lead_hears_it_and_why():
    lead = ContactMethodFactory().person
    late = action(team=TeamFactory(lead=lead))
    Person.objects.filter(pk=late.owner_id).update(is_active=False)
    told = told_on(30)
    assert list(told) == [lead.email]
    assert f"{late.owner} has left: somebody has to take it." in told[lead.email]


def test_a_team_without_a_lead_hears_it_together():
    team = TeamFactory()
    members = [ContactMethodFactory().person for _ in range(2)]
    for person in members:
        MembershipFactory(team=team, person=person)
    with time_machine.travel(START, tick=False):
        services.create_action(title="Nobody's", by=None, team=team, due_on=START.date())
    told = told_on(7)
    assert set(told) == {person.email for person in members}
    assert all("Nobody owns it" in text for text in told.values())


def test_without_a_team_who_facilitates_hears_it_else_who_opened_the_post_mortem():
    opener, facilitator = ContactMethodFactory().person, ContactMethodFactory().person
    postmortem = services.open_postmortem(incidents=[IncidentFactory()], by=opener, facilitator=facilitator)
    with time_machine.travel(START, tick=False):
        services.create_action(title="Nobody's", by=None, postmortem=postmortem, due_on=START.date())
    assert list(told_on(7)) == [facilitator.email]
    Person.objects.filter(pk=facilitator.pk).update(is_active=False)
    assert list(told_on(14)) == [opener.email]


def test_behind_all_of_them_stand_the_administrators():
    administrator = ContactMethodFactory(person=AdministratorFactory()).person
    with time_machine.travel(START, tick=False):
        services.create_action(title="Nobody's", by=None, due_on=START.date())
    assert list(told_on(7)) == [administrator.email]


def test_an_owner_who_cannot_be_reached_is_spoken_for():
    lead = ContactMethodFactory().person
    late = action(owner=PersonFactory(), team=TeamFactory(lead=lead))
    assert f"{late.owner} cannot be told" in told_on(30)[lead.email]


def test_who_may_not_see_it_any_more_hears_nothing_and_those_who_may_do():
    incident, owner, opener = IncidentFactory(private=True), *(ContactMethodFactory().person for _ in range(2))
    for person in (owner, opener):
        Participant.objects.create(incident=incident, person=person, how="added")
    action(owner=owner, postmortem=services.open_postmortem(incidents=[incident], by=opener))
    ContactMethodFactory(person=AdministratorFactory())
    owner.participant_set.all().delete()
    assert list(told_on(30)) == [opener.email]
    opener.participant_set.all().delete()
    assert told_on(37) == {}


def test_what_could_be_told_to_nobody_is_told_as_soon_as_it_can_be():
    late = action(owner=PersonFactory())
    assert on_day(30) == 0
    ContactMethodFactory(person=late.owner)
    assert [day for day in range(31, 45) if on_day(day)] == [31, 37, 44]


def test_a_year_day_by_day_the_right_days_the_right_people_once_each():
    """Of many actions, with a week in which nothing ran: that is made up for with one message."""
    asleep = range(100, 107)
    people = [ContactMethodFactory().person for _ in range(3)]
    due = [action(owner=people[number % 3], due_in=28 * number + 5 + number % 2) for number in range(10)]
    told = defaultdict(list)
    for day in range(365):
        if day in asleep:
            continue
        for address, text in told_on(day).items():
            for one in due:
                if f"/actions/{one.number}/" in text:
                    told[one].append((day, address))
    for one in due:
        days = reminders_between(one.due_on, START.date(), (START + timedelta(days=365)).date())
        expected = sorted({max((at - START.date()).days, 107 * ((at - START.date()).days in asleep)) for at in days})
        assert told[one] == [(day, one.owner.email) for day in expected]
