"""Giving a page, or one side of it, to somebody else: they are paged at once, the others no longer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.services import declare
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Event
from oncall import paging
from oncall.models import Page
from tests.factories import ContactMethodFactory, MembershipFactory, PersonFactory, TeamFactory, staffed_service
from tests.oncall.test_paging import later, told, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return paging.page(subject="Checkout is down", service=staffed_service())


@pytest.fixture
def bo():
    return ContactMethodFactory(person__name="Bo").person


def of_side(page, seat):
    return page.notices.filter(seat=seat).first().person


def side(page, seat):
    return page.escalations.get(seat=seat)


def test_one_side_goes_to_a_person_and_the_other_stays(page, bo):
    dev = of_side(page, "dev")
    paging.reassign(page=page, by=dev, seat="dev", person=bo)
    assert [(seat, name) for seat, *_, name in told(page)] == [
        ("dev", "Dev Person"),
        ("ops", "Ops Person"),
        ("dev", "Bo"),
    ]
    assert page.notices.get(person=dev).delivery.state == "withdrawn"
    assert page.notices.get(seat="ops").delivery.state == "waiting"
    assert words(page, "reassigned") == ["Dev Person gave Dev to Bo"]
    assert words(page, "escalated") == []
    assert Event.objects.get(type="page.reassigned").payload["person"] == bo.pk


def test_the_whole_page_goes_to_a_person_who_is_told_once_and_answers_for_both_sides(page, bo):
    paging.reassign(page=page, by=None, person=bo)
    assert [name for *_, name in told(page, person=bo)] == ["Bo"]
    assert words(page, "reassigned") == ["Andon gave the page to Bo"]
    assert paging.acknowledge(page=page, person=bo).state == "acknowledged"


def test_whoever_it_was_given_to_is_asked_again_and_again(page, bo):
    paging.reassign(page=page, by=None, person=bo)
    with later(6):
        paging.escalate_due()
    assert [name for *_, name in told(page)][2:] == ["Bo", "Bo"]


def test_a_team_is_reached_by_its_own_ladder(page):
    team = TeamFactory(name="Web")
    mate = MembershipFactory(team=team, person=ContactMethodFactory(person__name="Mate").person).person
    paging.reassign(page=page, by=None, seat="ops", team=team)
    assert told(page, person=mate)[0][0] == "ops"
    assert words(page, "reassigned") == ["Andon gave Ops to the team Web"]


def test_an_answer_of_before_no_longer_counts(page, bo):
    for seat in ("dev", "ops"):
        paging.acknowledge(page=page, person=of_side(page, seat))
    page = paging.reassign(page=page, by=None, seat="dev", person=bo)
    assert page.state == "triggered"
    assert side(page, "dev").acknowledged_at is None
    assert side(page, "ops").acknowledged_at


def test_a_snooze_ends_when_nobody_is_left_who_answered(page, bo):
    paging.snooze(page=page, by=of_side(page, "dev"), until=timezone.now() + timedelta(hours=1))
    page = paging.reassign(page=page, by=None, person=bo)
    page.refresh_from_db()
    assert page.snoozed_until is None


def test_somebody_without_a_contact_method_is_named_as_unreachable(page):
    paging.reassign(page=page, by=None, seat="dev", person=PersonFactory(name="Bo"))
    assert words(page, "unreachable") == ["Bo has no contact method and could not be told"]


def test_whoever_left_since_is_passed_over_and_the_pages_own_plan_holds_again(page, bo):
    paging.reassign(page=page, by=None, seat="dev", person=bo)
    bo.is_active = False
    bo.save()
    with later(6):
        paging.escalate_due()
    assert told(page, seat="dev")[-1][-1] == "Dev Person"


def test_what_cannot_be_is_refused_by_field_and_changes_nothing(page, bo):
    gone = PersonFactory(name="Gone", is_active=False)
    for given, field, sentence in [
        ({}, "person", "one person or one team"),
        ({"person": bo, "team": TeamFactory()}, "person", "one person or one team"),
        ({"person": gone}, "person", "Gone is no longer active"),
        ({"person": bo, "seat": "qa"}, "seat", "“qa” is no side of this page: its sides are dev, ops"),
    ]:
        with pytest.raises(InvalidInput) as refused:
            paging.reassign(page=page, by=None, **given)
        assert sentence in refused.value.errors[field][0]
    assert len(told(page)) == 2


def test_a_resolved_page_is_given_to_nobody(page, bo):
    paging.resolve(page=page)
    with pytest.raises(Conflict, match="is resolved"):
        paging.reassign(page=page, by=None, person=bo)


def test_a_viewer_gives_away_only_what_was_sent_to_them(page, bo):
    with pytest.raises(Forbidden, match="not sent to you"):
        paging.reassign(page=page, by=PersonFactory(role="viewer"), person=bo)


def test_what_a_storm_held_back_from_whoever_had_it_is_never_told(page, bo):
    page.notices.filter(seat="dev").update(delivery=None, next_at=timezone.now())
    paging.reassign(page=page, by=None, seat="dev", person=bo)
    assert [name for *_, name in told(page, seat="dev")] == ["Bo"]


def test_the_timeline_of_the_incident_tells_who_has_it_now(settle, bo):
    incident, _ = declare(title="Checkout is down", severity="sev1", services=[staffed_service()], by=bo)
    settle()
    [page] = Page.objects.filter(about=incident.subject)
    paging.reassign(page=page, by=bo, seat="ops", person=bo)
    settle()
    entry = incident.timeline.get(data__event="page.reassigned")
    assert (entry.text, entry.data["person"]) == ("Bo gave Ops to Bo", bo.email)
