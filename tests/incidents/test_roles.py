"""One holder of a role at a time, and a record of who held it when."""

import pytest

from incidents.models import Participant
from incidents.services import add_person, assign_role, release_role
from notifications.errors import Forbidden, InvalidInput
from notifications.models import Event
from tests.factories import IncidentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_giving_a_role_makes_its_holder_take_part():
    incident, ana = IncidentFactory(), PersonFactory(name="Ana")
    assign_role(incident=incident, role="dev_lead", person=ana, by=PersonFactory())
    participant = Participant.objects.get(incident=incident, person=ana)
    assert (participant.how, participant.side) == ("role", "dev")
    assert incident.timeline.get(kind="role").text == "Ana is Dev lead"
    assert Event.objects.get(type="incident.role_assigned").payload["person"] == ana.pk


def test_handing_over_ends_the_earlier_holding():
    incident, ana, bo = IncidentFactory(), PersonFactory(), PersonFactory()
    for person in (ana, bo, bo):
        assign_role(incident=incident, role="commander", person=person, by=ana)
    first, second = incident.roles.all()
    assert (first.person, second.person) == (ana, bo)
    assert first.until == second.since
    assert second.until is None
    assert Event.objects.filter(type="incident.role_assigned").count() == 2


def test_laying_down_leaves_nobody_and_doing_it_again_changes_nothing():
    incident, ana = IncidentFactory(), PersonFactory(name="Ana")
    assign_role(incident=incident, role="scribe", person=ana, by=ana)
    assert release_role(incident=incident, role="scribe", by=ana).until
    assert release_role(incident=incident, role="scribe", by=ana) is None
    assert incident.timeline.filter(text="Ana is no longer Scribe").count() == 1


def test_unknown_roles_people_who_left_and_viewers_are_refused():
    incident, ana = IncidentFactory(), PersonFactory()
    with pytest.raises(InvalidInput, match="commander, communications"):
        assign_role(incident=incident, role="king", person=ana, by=ana)
    with pytest.raises(InvalidInput, match="has left"):
        assign_role(incident=incident, role="scribe", person=PersonFactory(is_active=False), by=ana)
    with pytest.raises(InvalidInput, match="has left"):
        add_person(incident=incident, person=PersonFactory(is_active=False), by=ana)
    with pytest.raises(Forbidden):
        assign_role(incident=incident, role="scribe", person=ana, by=PersonFactory(role="viewer"))
    assert not incident.roles.exists()


def test_how_somebody_came_in_stays_and_a_side_is_learnt_once():
    incident = IncidentFactory()
    declarer = incident.declared_by
    assign_role(incident=incident, role="ops_lead", person=declarer, by=None)
    assign_role(incident=incident, role="dev_lead", person=declarer, by=None)
    participant = Participant.objects.get(incident=incident, person=declarer)
    assert (participant.how, participant.side) == ("declared", "ops")
