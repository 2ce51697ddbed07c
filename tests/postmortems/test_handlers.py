"""What follows from incidents and from what happens here, once, however often it is told."""

import pytest

from incidents.services import add_service, declare, transition
from notifications.models import Delivery
from postmortems import services
from postmortems.models import Postmortem
from tests.factories import ContactMethodFactory, IncidentFactory, PersonFactory, ServiceFactory
from tests.postmortems.cases import member, published, reviewed

pytestmark = pytest.mark.django_db


def known_error(service, **fields):
    problem = services.open_problem(title="The pool has no bound", by=None, services=[service], **fields)
    return services.mark_known_error(
        problem=problem, by=None, cause_notes="No bound", workaround="Restart one worker.\nThen the next."
    )


def links(incident):
    return [entry.text for entry in incident.timeline.filter(kind="link")]


def test_a_new_incident_shows_the_workaround_of_its_known_errors(settle):
    service = ServiceFactory()
    problem = known_error(service)
    services.open_problem(title="Only suspected", by=None, services=[service])
    incident, _ = declare(title="Slow", services=[service], by=PersonFactory())
    settle()
    assert links(incident) == [f"Known error P{problem.number} The pool has no bound: Restart one worker."]


def test_a_service_that_is_named_later_brings_its_known_errors_once(settle):
    service = ServiceFactory()
    known_error(service)
    incident, _ = declare(title="Slow", by=PersonFactory())
    settle()
    assert links(incident) == []
    add_service(incident=incident, service=service, by=None)
    add_service(incident=incident, service=ServiceFactory(), by=None)
    settle()
    assert len(links(incident)) == 1


def test_what_has_something_private_behind_it_is_not_told_on_a_timeline(settle):
    service = ServiceFactory()
    known_error(service, incidents=[IncidentFactory(private=True)])
    known_error(service, postmortem=services.open_postmortem(incidents=[IncidentFactory(private=True)]))
    incident, _ = declare(title="Slow", services=[service], by=PersonFactory())
    settle()
    assert links(incident) == []


@pytest.mark.parametrize(("severity", "opened"), [("sev1", 1), ("sev2", 1), ("sev3", 0), ("sev4", 0)])
def test_a_grave_incident_gets_its_post_mortem_when_it_is_resolved(settle, severity, opened):
    incident, _ = declare(title="Down", severity=severity, by=PersonFactory())
    transition(incident=incident, to="identified", by=None)
    settle()
    assert not Postmortem.objects.exists()
    transition(incident=incident, to="resolved", by=None)
    settle()
    assert incident.postmortems.count() == opened
    transition(incident=incident, to="reopened", by=None, reason="It came back")
    transition(incident=incident, to="resolved", by=None)
    settle()
    assert incident.postmortems.count() == opened


def test_practice_and_exempted_incidents_get_none(settle):
    practice, _ = declare(title="Game day", severity="sev1", practice=True, by=PersonFactory())
    exempted, _ = declare(title="The same again", severity="sev1", by=PersonFactory())
    services.exempt(incident=exempted, reason="Handled in another", by=None)
    for incident in (practice, exempted):
        transition(incident=incident, to="resolved", by=None)
    settle()
    assert not Postmortem.objects.exists()


def test_opening_publishing_and_reopening_stand_on_every_timeline(settle):
    incidents = [IncidentFactory(), IncidentFactory()]
    postmortem = published(*incidents, title="About both")
    services.transition(postmortem=postmortem, to="reopened", by=None, reason="More is known")
    settle()
    for incident in incidents:
        told = links(incident)
        assert [text.split()[2] for text in told] == ["opened", "published", "reopened:"]
        assert not any("About both" in text for text in told)


def asked():
    return Delivery.objects.filter(message__subject__startswith="Please review")


def test_reviewers_are_told_in_review_and_again_when_what_they_signed_has_changed(settle):
    postmortem, dev = services.open_postmortem(incidents=[IncidentFactory()]), member("dev")
    services.ask_reviewer(postmortem=postmortem, person=dev, side="dev", by=None)
    settle()
    assert not asked().exists()
    services.transition(postmortem=postmortem, to="in_review", by=None)
    settle()
    assert [delivery.address for delivery in asked()] == [dev.email]
    services.sign_off(postmortem=postmortem, by=dev)
    for version in range(3):
        services.save_section(postmortem=postmortem, key="impact", body=f"{version}", version=version, by=None)
    settle()
    assert asked().count() == 2
    assert "changed since you signed" in asked().latest("pk").message["text"]


def test_who_may_no_longer_see_it_is_not_told(settle):
    incident = IncidentFactory()
    postmortem = reviewed(incident)
    incident.participant_set.all().delete()
    incident.private = True
    incident.save()
    services.save_section(postmortem=postmortem, key="impact", body="x", version=0, by=None)
    settle()
    assert not asked().filter(message__text__contains="changed").exists()


def test_an_owner_is_told_once_and_a_new_owner_too(settle):
    first, second = ContactMethodFactory().person, ContactMethodFactory().person
    action = services.create_action(title="Bound the pool", by=None, owner=first)
    services.update_action(action=action, by=None, owner=second)
    services.update_action(action=action, by=None, title="Bound both pools")
    settle()
    told = Delivery.objects.filter(about=f"action:{action.number}")
    assert sorted(told.values_list("address", flat=True)) == sorted([second.email])


def test_nobody_is_told_where_there_is_no_owner_or_no_way_to_reach_them(settle):
    services.create_action(title="Nobody's", by=None)
    services.create_action(title="Unreachable", by=None, owner=PersonFactory())
    settle()
    assert not Delivery.objects.exists()
