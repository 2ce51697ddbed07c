"""Whatever people, channels and time do to a page, in any order: nobody who is waited for is forgotten, nobody is told
in vain, and nobody is told twice of the same."""

import datetime as dt
import random
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict
from notifications.models import ContactMethod, Delivery, Event
from oncall import handlers, paging
from oncall.models import ContactRule, Page, Policy, Shadow
from oncall.paging import climb
from tests.factories import ContactMethodFactory, MembershipFactory, staffed_service
from tests.oncall.test_paging import policy_of

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 6, 3, 20, 0, tzinfo=dt.UTC)


class Play:
    """One page, and those who do something to it."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.service = staffed_service()
        self.people = [one.person for one in MembershipFactory._meta.model.objects.select_related("person")]
        self.people += [ContactMethodFactory(person__name=name).person for name in ("Ana", "Bo", "Cy")]
        for person in self.people:
            self._arrange(person)
        self.service.policy = self._policy()
        self.service.save()
        seat = self.service.schedule.seats.get(name="dev")
        Shadow.objects.create(seat=seat, person=self.people[-1], start=timezone.now() - timedelta(days=1))
        urgency = self.dice.choice(["high", "low"])
        self.page = paging.page(
            subject="Checkout is down",
            service=self.service,
            urgency=urgency,
            together=self.dice.random() < 0.3,
            dedup_key=str(seed),
        )

    def _arrange(self, person):
        """Some have two methods, rules, or quiet hours."""
        if self.dice.random() < 0.6:
            address = f"https://example.com/{person.pk}"
            hook = ContactMethodFactory(person=person, kind="webhook", address=address, position=1)
            for method, minutes in ((hook, 0), (person.contact_methods.first(), 7), (hook, 9)):
                delay = timedelta(minutes=minutes)
                ContactRule.objects.create(person=person, urgency="high", method=method, delay=delay)
        if self.dice.random() < 0.3:
            person.quiet_from, person.quiet_to = dt.time(19), dt.time(22)
            person.save()

    def _policy(self):
        known = [
            {"kind": "seat", "seat": "dev"},
            {"kind": "seat", "seat": "ops"},
            {"kind": "channel", "address": "#ops"},
            {"kind": "person", "person": self.people[-2]},
            {"kind": "team", "team": self.service.dev_team},
            {"kind": "person", "person": self.people[0], "seat": "ops"},
        ]
        steps = [self.dice.sample(known, self.dice.randint(0, 3)) for _ in range(self.dice.randint(1, 3))]
        policy = policy_of(*steps, each_seat=self.dice.random() < 0.7, repeat=self.dice.randint(0, 2))
        Policy.objects.filter(pk=policy.pk).update(ack_timeout=self.dice.choice([None, timedelta(minutes=12)]))
        policy.refresh_from_db()
        return policy

    def step(self):
        acts = [
            self.wait,
            self.wait,
            self.acknowledge,
            self.snooze,
            self.escalate,
            self.reassign,
            self.refuse,
            self.send,
        ]
        self.dice.choice(acts)()

    def wait(self):
        self.clock.shift(timedelta(minutes=self.dice.randint(1, 20)))
        paging.escalate_due()

    def acknowledge(self):
        paging.acknowledge(page=self.page, person=self.dice.choice(self.people))

    def snooze(self):
        until = timezone.now() + timedelta(minutes=self.dice.randint(1, 40))
        paging.snooze(page=self.page, by=self.dice.choice(self.people), until=until)

    def escalate(self):
        try:
            paging.escalate_now(page=self.page, by=None)
        except Conflict as refused:
            assert "Nobody is waited for" in refused.detail

    def reassign(self):
        seats = ["", *self.page.escalations.values_list("seat", flat=True)]
        whom = self.dice.choice([{"person": self.dice.choice(self.people)}, {"team": self.service.ops_team}])
        paging.reassign(page=self.page, by=None, seat=self.dice.choice(seats), **whom)

    def refuse(self):
        if not (due := list(self._due())):
            return
        delivery = self.dice.choice(due)
        Delivery.objects.filter(pk=delivery.pk).update(state="failed")
        ContactMethod.objects.filter(pk=delivery.method_id).update(refused_at=timezone.now())
        payload = {"delivery": delivery.pk, "about": delivery.about, "reason": "no"}
        with transaction.atomic():
            handlers.try_next_method(Event.objects.create(type="delivery.failed", payload=payload))

    def send(self):
        self._due().update(state="sent", sent_at=timezone.now())

    def _due(self):
        return Delivery.objects.filter(notices__page=self.page, state="waiting", next_at__lte=timezone.now())


def check(page):
    """What must hold of a page at any moment."""
    page.refresh_from_db()
    sides = list(page.escalations.all())
    waiting = Delivery.objects.filter(notices__page=page, state="waiting")
    assert sides
    for side in sides:
        if page.state == Page.State.RESOLVED:
            assert side.next_at is None
        elif side.acknowledged_at is None:
            assert (side.next_at is None) == (side.exhausted_at is not None), (
                "an open side has its next step, or had its last"
            )
        elif page.snoozed_until:
            assert side.next_at is None or side.next_at >= page.snoozed_until
    closed = [side for side in sides if side.acknowledged_at]
    if page.state == Page.State.RESOLVED or len(closed) == len(sides):
        assert not waiting.exists(), "nobody is told any more"
        assert page.state != Page.State.TRIGGERED
    notices = page.notices.values_list("step", "round", "person", "method", "attempt", "shadow", "place", "seat")
    assert max(Counter(notices).values(), default=0) <= 1
    assert not page.notices.filter(delivery=None, next_at=None, bundle=None).exists()
    assert not page.log.filter(kind="notified", person__isnull=False).exclude(person__notices__page=page).exists()


@pytest.mark.parametrize("seed", range(30))
def test_nobody_who_is_waited_for_is_forgotten(seed, monkeypatch):
    def fail(*args, **fields):
        raise AssertionError(f"a page could not climb: {args} {fields}")

    monkeypatch.setattr(climb.log, "exception", fail)
    with time_machine.travel(START, tick=False) as clock:
        play = Play(seed)
        play.clock = clock
        check(play.page)
        for _ in range(15):
            play.step()
            check(play.page)
        paging.resolve(page=play.page)
        check(play.page)
        clock.shift(timedelta(days=1))
        assert paging.escalate_due() == 0
