"""Who hears of a page, by what and when: personal rules, quiet hours, places, and those who learn beside a seat."""

import datetime as dt
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Delivery, Event
from oncall import paging
from oncall.models import ContactRule, Escalation, Service, Shadow
from oncall.paging import links
from oncall.paging.escalation import State
from oncall.paging.notify import Telling
from oncall.paging.plans import plan_of
from tests.factories import (
    ContactMethodFactory,
    ScheduleFactory,
    SeatFactory,
    ServiceFactory,
    ShiftFactory,
    staffed_service,
)
from tests.oncall.test_paging import later, policy_of, told, words

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2026, 6, 3, 1, 0, tzinfo=dt.UTC)
MORNING = dt.datetime(2026, 6, 3, 6, 0, tzinfo=dt.UTC)  # 07:00 in London


@pytest.fixture
def ana():
    """Reached by e-mail first, and by a webhook."""
    person = ContactMethodFactory(person__name="Ana", person__timezone="Europe/London").person
    ContactMethodFactory(person=person, kind="webhook", address="https://example.com/ana", position=1)
    return person


def rule(person, kind, minutes=0, urgency="high"):
    method = person.contact_methods.get(kind=kind)
    ContactRule.objects.create(person=person, urgency=urgency, method=method, delay=timedelta(minutes=minutes))


def call(person=None, **fields):
    return paging.page(**({"subject": "Checkout is down", "person": person} | fields))


def ways(page, **wanted):
    """(kind, minutes after the page, state of the delivery) of each notice."""
    return [
        (
            notice.delivery.channel,
            round((notice.delivery.next_at - page.created_at).total_seconds() / 60),
            notice.delivery.state,
        )
        for notice in page.notices.filter(**wanted).select_related("delivery").order_by("at", "id")
    ]


def asleep(person):
    person.quiet_from, person.quiet_to = dt.time(22), dt.time(7)
    person.save()


# Personal rules.


def test_each_rule_makes_a_message_at_its_own_moment(ana):
    rule(ana, "email")
    rule(ana, "webhook", 5)
    page = call(ana)
    assert ways(page) == [("email", 0, "waiting"), ("webhook", 5, "waiting")]
    assert [round((n.at - page.created_at).total_seconds() / 60) for n in page.notices.all()] == [0, 5]
    assert words(page, "notified") == ["Ana is paged by E-mail; by Webhook in 5 min unless answered"]


def test_what_was_for_later_is_taken_back_by_the_answer(ana):
    rule(ana, "webhook", 5)
    rule(ana, "email", 10)
    page = call(ana)
    paging.acknowledge(page=page, person=ana)
    assert {state for *_, state in ways(page)} == {"withdrawn"}


def test_low_urgency_has_rules_of_its_own(ana):
    rule(ana, "email")
    rule(ana, "webhook", 0, "low")
    assert ways(call(ana, urgency="low")) == [("webhook", 0, "waiting")]


def test_a_method_named_twice_is_tried_twice(ana):
    rule(ana, "email")
    rule(ana, "email", 10)
    page = call(ana)
    assert ways(page) == [("email", 0, "waiting"), ("email", 10, "waiting")]
    assert list(page.notices.order_by("at").values_list("attempt", flat=True)) == [0, 1]


def test_the_next_round_is_told_by_the_rules_again(ana):
    rule(ana, "email")
    rule(ana, "webhook", 2)
    page = call(ana)
    with later(6):
        paging.escalate_due()
    assert len(ways(page, round=1)) == 2


def test_only_verified_methods_are_used_and_whoever_has_none_is_unreachable_loudly(ana):
    ana.contact_methods.filter(kind="email").update(verified_at=None)
    assert ways(call(ana, dedup_key="a")) == [("webhook", 0, "waiting")]
    ana.contact_methods.update(verified_at=None)
    page = call(ana, dedup_key="b")
    assert ways(page) == []
    assert words(page, "unreachable") == ["Ana has no contact method that was verified and could not be told"]


def test_whoever_lost_their_last_method_meanwhile_is_unreachable_too(ana):
    page = call(ana)
    ana.contact_methods.all().delete()
    telling = Telling(page, timezone.now())
    telling.tell(ana, at=State(0, 7), seat="")
    telling.send()
    assert words(page, "unreachable") == ["Ana has no contact method and could not be told"]


# Quiet hours.


def test_low_urgency_waits_for_the_end_of_quiet_hours_and_so_does_the_next_step(ana):
    asleep(ana)
    with time_machine.travel(NIGHT, tick=False):
        page = call(ana, urgency="low")
        assert page.notices.get().delivery.next_at == MORNING
        assert Escalation.objects.get().next_at == MORNING + timedelta(minutes=5)
        assert words(page, "notified") == [
            "Ana has quiet hours until Wed 03 Jun 07:00 (Europe/London), and is then paged by E-mail"
        ]


def test_high_urgency_ignores_quiet_hours(ana):
    asleep(ana)
    with time_machine.travel(NIGHT, tick=False):
        assert ways(call(ana)) == [("email", 0, "waiting")]


def test_the_rules_of_somebody_who_sleeps_count_from_the_end_of_their_quiet_hours(ana):
    asleep(ana)
    rule(ana, "email", 0, "low")
    rule(ana, "webhook", 5, "low")
    with time_machine.travel(NIGHT, tick=False):
        page = call(ana, urgency="low")
        assert [at for _, at, _ in ways(page)] == [5 * 60, 5 * 60 + 5]


def test_the_step_waits_from_when_the_first_of_those_asked_is_told(ana):
    asleep(ana)
    bo = ContactMethodFactory(person__name="Bo").person
    policy = policy_of([{"kind": "person", "person": ana}, {"kind": "person", "person": bo}])
    with time_machine.travel(NIGHT, tick=False):
        call(service=ServiceFactory(policy=policy), urgency="low")
        assert Escalation.objects.get().next_at == NIGHT + timedelta(minutes=5)


def test_an_answer_during_quiet_hours_spares_the_morning(ana):
    asleep(ana)
    with time_machine.travel(NIGHT, tick=False):
        page = call(ana, urgency="low")
        paging.acknowledge(page=page, person=ana)
    assert {state for *_, state in ways(page)} == {"withdrawn"}


# Places: a channel, a webhook.


def placed(*addresses, **fields):
    targets = [{"kind": "channel" if "#" in address else "webhook", "address": address} for address in addresses]
    return ServiceFactory(policy=policy_of(targets, **fields))


def test_a_step_that_reaches_only_a_place_reaches_somebody():
    page = call(service=placed("#ops"))
    [notice] = page.notices.all()
    assert (notice.person, notice.place, notice.delivery.channel, notice.delivery.address) == (
        None,
        "channel:#ops",
        "slack",
        "#ops",
    )
    assert words(page, "notified") == ["#ops is told"]
    assert words(page, "skipped") == []


def test_the_message_to_a_channel_has_buttons_that_stand_for_nobody_and_no_personal_link():
    page = call(service=placed("#ops"))
    message = page.notices.get().delivery.message
    assert message["url"].endswith(f"/pages/{page.pk}/")
    assert "/p/" not in message["url"]
    button = next(action for action in message["actions"] if action["id"] == "page.acknowledge")
    assert links.read(button["value"]) == (page, None)


def test_a_webhook_is_posted_what_a_program_needs():
    page = call(service=placed("https://hooks.example.com/secret"))
    message = page.notices.get().delivery.message
    assert message["webhook"]["page"] | {"url": ""} == {
        "id": page.pk,
        "state": "triggered",
        "urgency": "high",
        "service": page.service.slug,
        "team": None,
        "person": None,
        "about": "",
        "created_at": page.created_at.isoformat(),
        "url": "",
    }
    assert words(page, "notified") == ["Webhook hooks.example.com is told"]


def test_a_place_that_both_sides_name_hears_of_it_once_and_is_not_silenced_by_one_answer():
    service = staffed_service()
    seats = [{"kind": "seat", "seat": "dev"}, {"kind": "seat", "seat": "ops"}]
    service.policy = policy_of([*seats, {"kind": "channel", "address": "#ops"}])
    service.save()
    page = call(service=service)
    assert Delivery.objects.filter(channel="slack").count() == 1
    assert set(page.notices.filter(place="channel:#ops").values_list("seat", flat=True)) == {"dev", "ops"}
    paging.acknowledge(page=page, person=page.notices.get(seat="dev", place="").person)
    assert Delivery.objects.get(channel="slack").state == "waiting"
    paging.acknowledge(page=page, person=page.notices.get(seat="ops", place="").person)
    assert Delivery.objects.get(channel="slack").state == "withdrawn"


def test_a_private_page_is_told_to_no_place():
    page = call(service=placed("#ops"), private=True)
    assert not page.notices.exists()
    assert words(page, "skipped")[0] == "Step 1 reaches nobody and was passed over"


def test_a_page_that_becomes_private_is_taken_back_from_places_but_not_from_people():
    service = staffed_service()
    service.policy = policy_of([{"kind": "seat", "seat": "dev"}, {"kind": "channel", "address": "#ops"}])
    service.save()
    call(service=service, about="incident:7")
    paging.set_private(about="incident:7", private=True)
    assert dict(Delivery.objects.values_list("channel", "state")) == {"email": "waiting", "slack": "withdrawn"}


# Shadows.


@pytest.fixture
def watched():
    """A service with Dev on call and Cy, who shadows Dev."""
    seat = SeatFactory(schedule=ScheduleFactory(), name="dev")
    ShiftFactory(seat=seat, person=ContactMethodFactory(person__name="Dev Person").person)
    cy = ContactMethodFactory(person__name="Cy").person
    Shadow.objects.create(seat=seat, person=cy, start=timezone.now() - timedelta(days=1))
    return ServiceFactory(name="Checkout", schedule=seat.schedule, policy=policy_of([{"kind": "seat", "seat": "dev"}]))


def test_a_shadow_is_told_and_nothing_is_asked_of_them(watched):
    page = call(service=watched, url="/incidents/7/")
    notice = page.notices.get(shadow=True)
    assert str(notice.person) == "Cy"
    message = notice.delivery.message
    assert message["text"].startswith("You are shadowing Dev on Checkout: nothing is asked of you")
    assert [action["id"] for action in message["actions"]] == ["open"]
    assert words(page, "shadow") == ["Cy shadows Dev and is told by E-mail"]
    assert "Cy" not in " ".join(words(page, "notified"))
    assert not Event.objects.filter(type="page.notified", payload__person=notice.person_id).exists()


def test_a_shadow_alone_does_not_make_a_step_reach_somebody(watched):
    watched.schedule.seats.get().shifts.all().delete()
    page = call(service=watched)
    assert not page.notices.exists()
    assert words(page, "skipped")


def test_a_viewer_who_shadows_cannot_answer(watched):
    page = call(service=watched)
    cy = page.notices.get(shadow=True).person
    cy.role = "viewer"
    cy.save()
    assert not paging.may_acknowledge(page, cy)


def test_the_answer_spares_the_shadow_too(watched):
    page = call(service=watched)
    paging.acknowledge(page=page, person=page.notices.get(shadow=False).person)
    assert page.notices.get(shadow=True).delivery.state == "withdrawn"


def test_a_private_page_is_not_for_learning(watched):
    page = call(service=watched, private=True)
    assert [name for *_, name in told(page)] == ["Dev Person"]


def test_whoever_learns_beside_dev_and_is_on_call_for_ops_is_asked(watched):
    cy = Shadow.objects.get().person
    ops = SeatFactory(schedule=watched.schedule, name="ops")
    ShiftFactory(seat=ops, person=cy)
    watched.policy = policy_of([{"kind": "seat", "seat": "dev"}, {"kind": "seat", "seat": "ops"}])
    watched.save()
    page = call(service=watched)
    assert [(notice.seat, notice.shadow) for notice in page.notices.filter(person=cy)] == [("ops", False)]


def test_a_shadow_who_is_asked_later_at_the_same_step_is_asked_all_the_same(watched):
    page = call(service=watched)
    cy = page.notices.get(shadow=True).person
    telling = Telling(page, timezone.now())
    telling.tell(cy, at=State(0, 0), seat="dev")
    telling.send()
    assert set(page.notices.filter(person=cy).values_list("shadow", flat=True)) == {True, False}
    assert Delivery.objects.filter(notices__person=cy).count() == 2


def test_whoever_is_asked_is_not_told_as_a_shadow_as_well(watched):
    seat = watched.schedule.seats.get()
    Shadow.objects.create(seat=seat, person=seat.shifts.get().person, start=timezone.now() - timedelta(days=1))
    page = call(service=watched)
    assert sorted(name for *_, name in told(page)) == ["Cy", "Dev Person"]


# As few statements as it takes.


def test_a_joint_page_to_two_people_takes_21_statements():
    service = Service.objects.select_related("policy").get(pk=staffed_service(stage="shared").pk)
    with CaptureQueriesContext(connection) as statements:
        page = call(service=service, together=True)
    assert len(told(page)) == 2
    assert len([one for one in statements if "SAVEPOINT" not in one["sql"]]) <= 21


def test_a_page_climbs_with_as_many_statements_for_five_people_as_for_one():
    def statements_for(people):
        targets = [{"kind": "person", "person": ContactMethodFactory().person} for _ in range(people)]
        service = ServiceFactory(policy=policy_of(targets))
        with CaptureQueriesContext(connection) as statements:
            call(service=service, dedup_key=str(people))
        return len(statements)

    assert statements_for(1) == statements_for(5)


def test_a_place_belongs_to_no_side_of_its_own():
    page = call(service=placed("#ops", each_seat=True))
    assert plan_of(page).sides == ("",)
