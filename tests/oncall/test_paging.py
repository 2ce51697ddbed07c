"""Paging: both sides at once, each side by itself, nobody told twice, nobody forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from notifications import outbox
from notifications.errors import Conflict, InvalidInput
from notifications.models import ContactMethod, Delivery, Event
from oncall import handlers, paging
from oncall.models import Escalation, Page, PageNotice, Policy, Step, Target
from oncall.paging import plans
from tests.factories import (
    ContactMethodFactory,
    MembershipFactory,
    PersonFactory,
    PolicyFactory,
    ScheduleFactory,
    SeatFactory,
    ServiceFactory,
    ShiftFactory,
    TeamFactory,
    staffed_service,
)

pytestmark = pytest.mark.django_db


def call(service=None, **fields):
    fields = {"subject": "Checkout is down", "dedup_key": "incident:1"} | fields
    return paging.page(service=service, **fields)


def told(page, **wanted):
    notices = page.notices.filter(**wanted).select_related("person")
    return [(n.seat, n.step, n.round, str(n.person)) for n in notices.order_by("id")]


def words(page, kind):
    return [entry.text for entry in page.log.filter(kind=kind)]


def policy_of(*steps, **fields):
    policy = PolicyFactory(steps=False, **fields)
    for position, targets in enumerate(steps):
        step = Step.objects.create(policy=policy, position=position, delay=timedelta(minutes=5))
        for target in targets:
            Target.objects.create(step=step, **target)
    return policy


def later(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def refuse(delivery):
    """As a channel that says no for good is recorded."""
    Delivery.objects.filter(pk=delivery.pk).update(state="failed")
    ContactMethod.objects.filter(pk=delivery.method_id).update(refused_at=timezone.now(), refusal="no such user")
    event = Event(type="delivery.failed", payload={"delivery": delivery.pk, "about": delivery.about, "reason": "no"})
    event.save()
    with transaction.atomic():
        handlers.try_next_method(event)


def test_a_sev1_on_a_shared_service_pages_both_sides_at_the_same_moment():
    page = call(staffed_service(stage="shared"), together=True)
    assert told(page) == [("dev", 0, 0, "Dev Person"), ("ops", 0, 0, "Ops Person")]
    assert len({side.next_at for side in page.escalations.all()}) == 1
    assert Delivery.objects.filter(queue="pages", about=f"page:{page.pk}").count() == 2


@pytest.mark.parametrize(
    ("stage", "first", "second"),
    [
        ("dev-run", {"Dev Person"}, {"Ops Person"}),
        ("shared", {"Dev Person", "Ops Person"}, set()),
        ("ops-run", {"Ops Person"}, {"Dev Person"}),
    ],
)
def test_without_a_policy_the_stage_of_the_service_says_who_is_paged_first(stage, first, second):
    service = staffed_service(stage=stage)
    service.policy = None
    service.save()
    page = call(service)
    assert {name for *_, name in told(page)} == first
    with later(6):
        paging.escalate_due()
    assert {name for *_, name in told(page)} >= first | second


@pytest.mark.parametrize("stage", ["dev-run", "ops-run"])
def test_together_pages_both_sides_at_once_whatever_the_stage_and_each_must_answer(stage):
    service = staffed_service(stage=stage)
    service.policy = None
    service.save()
    page = call(service, together=True)
    assert {(seat, name) for seat, _, _, name in told(page)} == {("dev", "Dev Person"), ("ops", "Ops Person")}
    assert page.each_seat


def test_together_reaches_a_side_that_the_policy_leaves_out():
    service = staffed_service()
    service.policy = policy_of([{"kind": "seat", "seat": "dev"}], each_seat=False)
    service.save()
    assert {seat for seat, *_ in told(call(service, together=True))} == {"dev", "ops"}


def test_only_the_side_that_has_not_answered_is_escalated():
    service = staffed_service()
    page = call(service)
    dev = page.notices.get(seat="dev").person
    paging.acknowledge(page=page, person=dev, via="web")
    with later(6):
        paging.escalate_due()
    assert told(page, round=1) == [("ops", 0, 1, "Ops Person")]
    assert words(page, "escalated") == ["Ops: no answer yet: on to step 1, round 2"]
    assert page.escalations.get(seat="dev").round == 0


def test_the_same_open_dedup_key_is_the_same_page_and_pages_nobody_again():
    service = staffed_service()
    assert call(service) == call(service)
    assert PageNotice.objects.count() == 2


def test_after_it_is_resolved_the_same_dedup_key_is_a_new_page():
    service = staffed_service()
    first = call(service)
    paging.resolve(page=first)
    assert call(service) != first


def test_a_step_that_reaches_nobody_is_passed_over_at_once_and_says_so():
    ana = ContactMethodFactory(person__name="Ana").person
    service = ServiceFactory(
        schedule=ScheduleFactory(),
        policy=policy_of([{"kind": "seat", "seat": "dev"}], [{"kind": "person", "person": ana, "seat": "dev"}]),
    )
    page = call(service)
    assert told(page) == [("dev", 1, 0, "Ana")]
    assert words(page, "skipped") == ["Dev: step 1 reaches nobody and was passed over"]
    assert words(page, "escalated") == []  # nobody was asked before, so nobody failed to answer


def test_a_step_that_was_left_without_targets_is_passed_over_and_says_so():
    ana = ContactMethodFactory(person__name="Ana").person
    page = call(ServiceFactory(policy=policy_of([], [{"kind": "person", "person": ana}])))
    assert told(page) == [("", 1, 0, "Ana")]
    assert words(page, "skipped") == ["Step 1 reaches nobody and was passed over"]


def test_somebody_without_a_contact_method_is_logged_and_the_next_step_taken():
    bo, ana = PersonFactory(name="Bo"), ContactMethodFactory(person__name="Ana").person
    page = call(
        ServiceFactory(policy=policy_of([{"kind": "person", "person": bo}], [{"kind": "person", "person": ana}]))
    )
    assert told(page) == [("", 1, 0, "Ana")]
    assert words(page, "unreachable") == ["Bo has no contact method and could not be told"]


def test_a_page_that_reaches_nobody_tries_each_round_and_is_then_exhausted_loudly():
    page = call(ServiceFactory(policy=policy_of([{"kind": "seat", "seat": "dev"}], repeat=1)))
    assert Escalation.objects.get().exhausted_at is None
    with later(6):
        paging.escalate_due()
    side = Escalation.objects.get()
    assert side.exhausted_at
    assert side.next_at is None
    assert Event.objects.filter(type="page.exhausted", payload__page=page.pk).count() == 1


def test_the_steps_repeat_as_often_as_the_policy_says_and_no_more():
    service = staffed_service()
    Policy.objects.update(repeat=1)
    page = call(service)
    for minutes in (6, 12, 18, 24):
        with later(minutes):
            paging.escalate_due()
    assert [round_ for _, _, round_, name in told(page) if name == "Dev Person"] == [0, 1]
    assert not Escalation.objects.filter(exhausted_at=None).exists()


def test_a_storm_of_sweeps_tells_everybody_once():
    page = call(staffed_service())
    with later(6):
        for _ in range(20):
            paging.escalate_due()
    assert sorted(told(page, round=1)) == [("dev", 0, 1, "Dev Person"), ("ops", 0, 1, "Ops Person")]
    assert Delivery.objects.count() == 4


def test_somebody_on_both_seats_is_told_once_and_answers_for_both():
    schedule, ana = ScheduleFactory(), ContactMethodFactory(person__name="Ana").person
    for seat in ("dev", "ops"):
        ShiftFactory(seat=SeatFactory(schedule=schedule, name=seat), person=ana)
    page = call(ServiceFactory(schedule=schedule, policy=PolicyFactory()))
    assert len(told(page)) == 1
    assert paging.acknowledge(page=page, person=ana, via="link").state == Page.State.ACKNOWLEDGED


def test_a_refused_method_leads_to_the_next_one_at_once():
    service = staffed_service()
    dev = service.schedule.seats.get(name="dev").shifts.get().person
    ContactMethodFactory(person=dev, kind="webhook", address="https://example.com/hook", position=1)
    page = call(service)
    refuse(page.notices.get(person=dev).delivery)
    assert list(page.notices.filter(person=dev).values_list("method__kind", flat=True)) == [
        "email",
        "webhook",
    ]
    assert {notice.step for notice in page.notices.filter(person=dev)} == {0}


def test_a_method_that_refused_lately_is_not_the_first_to_be_tried():
    service = staffed_service()
    dev = service.schedule.seats.get(name="dev").shifts.get().person
    ContactMethodFactory(person=dev, kind="webhook", address="https://example.com/hook", position=1)
    ContactMethod.objects.filter(person=dev, kind="email").update(refused_at=timezone.now())
    assert call(service).notices.get(person=dev).method.kind == "webhook"


def test_when_every_method_refused_the_next_step_is_due_at_once():
    service = staffed_service()
    page = call(service)
    refuse(page.notices.get(seat="dev").delivery)
    sides = {side.seat: side.next_at for side in page.escalations.all()}
    assert sides["dev"] <= timezone.now() < sides["ops"]
    assert words(page, "unreachable") == ["Dev Person could not be told: every contact method refused"]


def test_somebody_on_both_seats_whose_every_method_refused_makes_both_sides_go_on():
    schedule, ana = ScheduleFactory(), ContactMethodFactory(person__name="Ana").person
    for seat in ("dev", "ops"):
        ShiftFactory(seat=SeatFactory(schedule=schedule, name=seat), person=ana)
    page = call(ServiceFactory(schedule=schedule, policy=PolicyFactory()))
    refuse(page.notices.get().delivery)
    assert all(side.next_at <= timezone.now() for side in page.escalations.all())


def test_a_refusal_after_the_answer_tells_nobody_else():
    page = call(staffed_service())
    notice = page.notices.get(seat="dev")
    paging.acknowledge(page=page, person=notice.person, via="web")
    refuse(notice.delivery)
    assert page.notices.count() == 2


def test_each_delivery_leaves_a_line_in_the_log_of_its_page():
    page = call(staffed_service())
    delivery = page.notices.get(seat="dev").delivery
    outbox.emit("delivery.sent", {"delivery": delivery.pk, "about": delivery.about})
    handlers.log_delivery(Event.objects.get(type="delivery.sent"))
    assert words(page, "delivered") == ["E-mail to Dev Person went out"]


def test_a_message_carries_a_link_of_its_own_and_buttons():
    page = call(staffed_service(), url="/incidents/7/")
    messages = [delivery.message for delivery in Delivery.objects.all()]
    assert len({message["url"] for message in messages}) == 2
    assert [action["id"] for action in messages[0]["actions"]] == [
        "page.acknowledge",
        "page.escalate",
        "open",
    ]
    assert messages[0]["actions"][2]["url"].endswith("/incidents/7/")
    assert messages[0]["subject"] == f"Page: {page.subject}"


def test_a_team_is_reached_by_whoever_of_it_is_on_call_and_then_by_all():
    service = staffed_service()
    extra = MembershipFactory(team=service.ops_team, person=ContactMethodFactory(person__name="Off Duty").person).person
    page = call(team=service.ops_team)
    assert [name for *_, name in told(page)] == ["Ops Person"]
    with later(6):
        paging.escalate_due()
    assert str(extra) in [name for *_, name in told(page)]


def test_a_team_that_nobody_is_on_call_for_is_reached_whole():
    team = TeamFactory()
    for name in ("Ana", "Bo"):
        MembershipFactory(team=team, person=ContactMethodFactory(person__name=name).person)
    assert {name for *_, name in told(call(team=team))} == {"Ana", "Bo"}


def test_a_person_can_be_paged_alone():
    ana = ContactMethodFactory(person__name="Ana").person
    assert [name for *_, name in told(call(person=ana))] == ["Ana"]


def test_a_private_page_is_seen_only_by_those_it_was_sent_to():
    service, outsider = staffed_service(), PersonFactory()
    page = call(service, private=True)
    assert Page.objects.visible_to(page.notices.first().person).contains(page)
    assert not Page.objects.visible_to(outsider).exists()


def test_escalate_now_goes_on_with_the_sides_that_are_open():
    service = staffed_service()
    page = call(service)
    ops = page.notices.get(seat="ops").person
    paging.acknowledge(page=page, person=ops, via="web")
    paging.escalate_now(page=page, by=page.notices.get(seat="dev").person)
    assert told(page, round=1) == [("dev", 0, 1, "Dev Person")]
    with pytest.raises(Conflict, match="Nobody is waited for"):
        paging.escalate_now(page=page, by=ops, seat="ops")


def test_escalating_a_side_that_is_none_names_those_there_are():
    with pytest.raises(InvalidInput, match="“qa” is no side of this page: its sides are dev, ops"):
        paging.escalate_now(page=call(staffed_service()), by=None, seat="qa")


def test_escalate_now_does_not_wait_for_the_step_of_the_other_side():
    service = staffed_service()
    service.policy = policy_of([{"kind": "seat", "seat": "dev"}], [{"kind": "seat", "seat": "ops"}])
    service.save()
    page = call(service)
    assert [seat for seat, *_ in told(page)] == ["dev"]
    paging.escalate_now(page=page, by=None, seat="ops")
    assert [seat for seat, *_ in told(page)] == ["dev", "ops"]


def test_a_snooze_is_an_answer_that_ends_and_pages_everybody_anew():
    page = call(staffed_service())
    dev = page.notices.get(seat="dev").person
    page = paging.snooze(page=page, by=dev, until=timezone.now() + timedelta(hours=1))
    with later(30):
        assert paging.escalate_due() == 1  # Ops has not answered and goes on
    with later(61):
        paging.escalate_due()
    page.refresh_from_db()
    assert (page.state, page.snoozed_until) == ("triggered", None)
    assert [(step, name) for _, step, _, name in told(page, seat="dev")] == [(0, "Dev Person")] * 2


def test_a_snooze_that_ends_in_the_past_is_refused():
    page = call(staffed_service())
    with pytest.raises(InvalidInput, match="within the next 7 days"):
        paging.snooze(page=page, by=page.notices.first().person, until=timezone.now())


def test_resolving_takes_back_what_was_not_sent_and_stops_the_climb():
    page = paging.resolve(page=call(staffed_service()))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"withdrawn"}
    with later(60):
        assert paging.escalate_due() == 0
    assert paging.resolve(page=page).resolved_at == page.resolved_at
    assert Event.objects.filter(type="page.resolved").count() == 1


def test_what_is_missing_is_named_and_nobody_is_paged():
    with pytest.raises(InvalidInput) as refused:
        paging.page(subject=" ", dedup_key="x", urgency="huge")
    assert set(refused.value.errors) == {"subject", "urgency", "service"}
    assert not Page.objects.exists()


def test_a_defect_in_one_page_does_not_hold_up_the_others(monkeypatch):
    broken, well = call(staffed_service(), dedup_key="a"), call(staffed_service(), dedup_key="b")
    Escalation.objects.filter(page=broken).update(next_at=timezone.now() - timedelta(hours=1))
    Escalation.objects.filter(page=well).update(next_at=timezone.now())
    real = plans.plan_of_side

    def plan_of_side(page, side):
        if page == broken:
            raise ZeroDivisionError
        return real(page, side)

    monkeypatch.setattr("oncall.paging.climb.plan_of_side", plan_of_side)
    paging.escalate_due()
    assert well.notices.filter(round=1).count() == 2
    assert all(side.next_at > timezone.now() for side in broken.escalations.all())


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_the_same_time_tell_everybody_once():
    pages = [call(staffed_service(), dedup_key=str(n)) for n in range(4)]
    Escalation.objects.update(next_at=timezone.now())

    moved = sum(at_once([paging.escalate_due] * 4))
    paging.escalate_due()
    assert moved <= len(pages)
    assert PageNotice.objects.filter(round=1).count() == 2 * len(pages)
    assert Delivery.objects.count() == 4 * len(pages)


@pytest.mark.django_db(transaction=True)
def test_the_same_page_asked_for_by_many_at_once_is_one_page():
    service = staffed_service()
    pages = at_once([lambda: call(service)] * 4)
    assert len({page.pk for page in pages}) == 1
    assert PageNotice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_answers_refusals_and_sweeps_at_the_same_time_all_get_done():
    pages = [call(staffed_service(), dedup_key=str(n)) for n in range(3)]
    refused = [page.notices.get(seat="ops").delivery for page in pages]
    answers = [partial(paging.acknowledge, page=page, person=page.notices.get(seat="dev").person) for page in pages]
    Escalation.objects.update(next_at=timezone.now())
    bo = ContactMethodFactory(person__name="Bo").person
    given = [partial(paging.reassign, page=page, by=None, seat="ops", person=bo) for page in pages]
    at_once([*answers, *given, *(partial(refuse, delivery) for delivery in refused), *[paging.escalate_due] * 3])
    for page in pages:
        assert page.escalations.get(seat="dev").acknowledged_at
        assert not page.escalations.get(seat="ops").acknowledged_at
        assert page.notices.filter(seat="ops", person=bo).exists()


def at_once(actions):
    """What each of these returns, each in a thread and with a connection of its own."""

    def act(action):
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(act, actions))
