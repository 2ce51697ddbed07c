"""Facilitators are suggested and told, both sides are invited, actions may soak."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.services import assign_role
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery
from postmortems import services
from postmortems.facilitating import suggesting
from tests.factories import (
    ContactMethodFactory,
    IncidentFactory,
    MembershipFactory,
    PersonFactory,
    ServiceFactory,
    TeamFactory,
)
from tests.postmortems.cases import member, published, resolved

pytestmark = pytest.mark.django_db


def opened(*incidents, **fields):
    return services.open_postmortem(incidents=incidents or [resolved()], by=None, **fields)


def suggested(postmortem, most=9):
    return [one.name for one in suggesting.facilitators(postmortem, most=most)]


def subjects(person):
    return list(Delivery.objects.filter(address=person.email).order_by("pk").values_list("message__subject", flat=True))


def test_those_who_responded_are_not_suggested_nor_those_who_cannot():
    incident = resolved()
    responder, commander, viewer, gone, free = (PersonFactory(name=f"P{n}") for n in range(5))
    incident.participant_set.create(person=responder, how="paged")
    assign_role(incident=incident, role="commander", person=commander, by=None)
    viewer.role = "viewer"
    viewer.save()
    gone.is_active = False
    gone.save()
    found = suggested(opened(incident))
    assert free.name in found
    assert not {responder.name, commander.name, viewer.name, gone.name} & set(found)


def test_practice_is_counted_and_the_owning_team_comes_last():
    team = TeamFactory(name="Payments")
    near = MembershipFactory(team=team, person=PersonFactory(name="Near")).person
    seasoned = PersonFactory(name="Seasoned")
    for _ in range(2):
        services.set_facilitator(postmortem=published(resolved()), person=seasoned, by=None)
    services.set_facilitator(postmortem=published(resolved()), person=near, by=None)
    postmortem = opened(resolved(services=[ServiceFactory(dev_team=team)]))
    found = suggesting.facilitators(postmortem, most=99)
    assert (found[0].name, found[0].why) == ("Seasoned", "has facilitated 2, took no part")
    assert found[-1].name == "Near"
    assert "is of Payments" in found[-1].why


def test_of_a_private_incident_only_those_who_may_see_it_are_suggested():
    incident = resolved(private=True)
    outsider = PersonFactory(name="Outsider")
    assert outsider.name not in suggested(opened(incident))


def test_whoever_is_named_is_told_once_and_not_if_they_named_themselves(settle):
    person, other = ContactMethodFactory().person, ContactMethodFactory().person
    postmortem = opened()
    for _ in range(2):
        services.set_facilitator(postmortem=postmortem, person=person, by=other)
        settle()
    assert subjects(person) == [f"You facilitate: {postmortem.title}"]
    services.set_facilitator(postmortem=postmortem, person=other, by=other)
    settle()
    assert subjects(other) == []


def test_who_is_named_on_opening_is_told(settle):
    person = ContactMethodFactory().person
    postmortem = opened(facilitator=person)
    settle()
    assert subjects(person) == [f"You facilitate: {postmortem.title}"]


@pytest.mark.parametrize("state", [{"is_active": False}, {"role": "viewer"}])
def test_somebody_who_left_or_only_reads_cannot_facilitate(state):
    with pytest.raises(InvalidInput, match="active responder"):
        services.set_facilitator(postmortem=opened(), person=PersonFactory(**state), by=None)


def test_those_who_took_part_are_proposed_with_their_side_until_they_are_invited():
    incident = resolved()
    dev, ops = member("dev"), member("ops")
    incident.participant_set.create(person=dev, how="acknowledged", side="dev")
    incident.participant_set.create(person=ops, how="joined")
    postmortem = opened(incident)
    found = {one.person: (one.side, one.why) for one in suggesting.participants(postmortem)}
    assert found[dev] == ("dev", "took part: acknowledged")
    assert found[ops] == ("ops", "took part: joined")
    services.invite(postmortem=postmortem, person=dev, by=None)
    assert dev not in {one.person for one in suggesting.participants(postmortem)}
    assert suggesting.missing_sides(postmortem) == ["ops"]


def test_for_a_side_that_nobody_stood_for_the_owning_team_is_proposed():
    team = TeamFactory(discipline="ops", name="Platform")
    person = MembershipFactory(team=team).person
    postmortem = opened(resolved(services=[ServiceFactory(ops_team=team)]))
    assert [(one.person, one.side, one.why) for one in suggesting.participants(postmortem) if one.side == "ops"] == [
        (person, "ops", "of Platform, which owns the service")
    ]


def test_of_a_near_miss_the_teams_of_its_services_are_proposed():
    team = TeamFactory(discipline="dev")
    person = MembershipFactory(team=team).person
    postmortem = services.open_postmortem(title="Close", by=None)
    postmortem.services.add(ServiceFactory(dev_team=team))
    assert person in {one.person for one in suggesting.participants(postmortem)}


def test_an_invitation_takes_the_side_of_the_team_and_may_change_it():
    postmortem, ops = opened(), member("ops")
    assert services.invite(postmortem=postmortem, person=ops, by=None).side == "ops"
    assert services.invite(postmortem=postmortem, person=ops, side="other", by=None).side == "other"
    assert services.invite(postmortem=postmortem, person=PersonFactory(), by=None).side == "other"
    assert postmortem.invitations.count() == 2
    with pytest.raises(InvalidInput, match="dev, ops, other"):
        services.invite(postmortem=postmortem, person=ops, side="marketing", by=None)


def test_who_left_or_may_not_see_it_is_not_invited():
    with pytest.raises(InvalidInput, match="no longer active"):
        services.invite(postmortem=opened(), person=PersonFactory(is_active=False), by=None)
    private = opened(IncidentFactory(private=True))
    with pytest.raises(InvalidInput, match="takes no part"):
        services.invite(postmortem=private, person=PersonFactory(), by=None)


def test_soaking_is_offered_ends_early_and_blocks_nothing():
    postmortem, by = opened(), member("dev")
    day = timezone.localdate() + timedelta(days=2)
    assert services.set_soak(postmortem=postmortem, until=day, by=by).soak_until == day
    action = services.create_action(title="Bound the pool", postmortem=postmortem, by=by)
    assert services.transition_action(action=action, to="accepted", by=by).state == "accepted"
    with pytest.raises(InvalidInput):
        services.set_soak(postmortem=postmortem, until=timezone.localdate(), by=by)
    assert services.set_soak(postmortem=postmortem, until=None, by=by).soak_until is None
    with pytest.raises(Conflict):
        services.set_soak(postmortem=published(resolved()), until=day, by=by)


def test_viewers_change_nothing():
    postmortem, viewer = opened(), PersonFactory(role="viewer")
    for do in (
        lambda: services.invite(postmortem=postmortem, person=viewer, by=viewer),
        lambda: services.set_soak(postmortem=postmortem, until=None, by=viewer),
        lambda: services.set_meeting(postmortem=postmortem, at=timezone.now() + timedelta(days=1), by=viewer),
    ):
        with pytest.raises(Forbidden):
            do()
