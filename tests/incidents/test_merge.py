"""Two incidents that are one: the one closes, the other goes on with what belonged to it."""

import pytest

from incidents.models import Incident, IncidentAlert
from incidents.services import add_task, assign_role, complete_task, declare, merge, transition
from notifications.errors import Conflict, InvalidInput
from oncall import paging
from oncall.models import Page
from tests.factories import AlertFactory, IncidentFactory, PersonFactory, ServiceFactory, staffed_service

pytestmark = pytest.mark.django_db


def test_services_alerts_people_and_open_tasks_go_over_and_the_timelines_are_linked():
    into, _ = declare(title="Shop is down", services=[ServiceFactory()])
    helper, service = PersonFactory(), ServiceFactory()
    other, _ = declare(title="Basket is down", services=[service], by=helper)
    alert = AlertFactory(service=service)
    IncidentAlert.objects.create(incident=other, alert=alert)
    open_task = add_task(incident=other, title="Roll back", by=helper)
    done_task = complete_task(task=add_task(incident=other, title="Look", by=helper), by=helper)

    merged = merge(incident=other, into=into, by=helper)

    assert (merged.status, merged.merged_into, merged.next_update_due_at) == ("closed", into, None)
    assert merged.closed_at
    into.refresh_from_db()
    assert into.started_at == min(into.started_at, other.started_at)
    assert service in into.services.all()
    assert alert in into.alerts.all()
    assert helper in into.participants.all()
    assert list(into.tasks.all()) == [open_task]
    assert list(other.tasks.all()) == [done_task]
    assert other.timeline.get(kind="link").text == f"Merged into #{into.number}"
    assert into.timeline.get(kind="link").text == f"Merged #{other.number} into this one: Basket is down"
    assert Incident.objects.counted().get() == into


def test_a_page_nobody_answered_is_not_lost_by_merging(settle):
    service = staffed_service()
    into, _ = declare(title="Shop is down")
    other, _ = declare(title="Basket is down", services=[service])
    merge(incident=other, into=into, by=PersonFactory())
    settle()
    assert Page.objects.get(about=other.subject).state == "resolved"
    assert Page.objects.get(about=into.subject).state == "triggered"


def test_who_answered_already_is_not_woken_again():
    service = staffed_service()
    into, _ = declare(title="Shop is down")
    other, _ = declare(title="Basket is down", services=[service])
    page = Page.objects.get(about=other.subject)
    for person in {notice.person for notice in page.notices.all()}:
        paging.acknowledge(page=page, person=person)
    merge(incident=other, into=into, by=PersonFactory())
    assert not Page.objects.filter(about=into.subject).exists()


def test_a_merged_incident_stays_so():
    into, other = IncidentFactory(), IncidentFactory()
    merge(incident=other, into=into, by=None)
    with pytest.raises(Conflict, match=f"merged into #{into.number}"):
        transition(incident=other, to="reopened", by=None, reason="no")
    with pytest.raises(Conflict, match="merged already"):
        merge(incident=other, into=IncidentFactory(), by=None)
    with pytest.raises(Conflict, match=f"merge into #{into.number} instead") as refusal:
        merge(incident=IncidentFactory(), into=other, by=None)
    assert refusal.value.extra == {"into": into.number}


@pytest.mark.parametrize(
    ("incident", "into"),
    [({"practice": True}, {}), ({"private": True}, {}), ({}, {"status": "resolved"})],
)
def test_what_does_not_fit_is_refused_and_nothing_moves(incident, into):
    incident, into = IncidentFactory(**incident), IncidentFactory(**into)
    service = ServiceFactory()
    incident.services.add(service)
    with pytest.raises(Conflict):
        merge(incident=incident, into=into, by=PersonFactory())
    incident.refresh_from_db()
    assert incident.merged_into is None
    assert not into.services.exists()


def test_an_incident_is_not_merged_into_itself():
    incident = IncidentFactory()
    with pytest.raises(InvalidInput, match="into itself"):
        merge(incident=incident, into=incident, by=None)


def test_a_public_one_may_go_into_a_private_one_and_its_people_come_along():
    helper = PersonFactory()
    into = IncidentFactory(private=True)
    other = IncidentFactory()
    assign_role(incident=other, role="commander", person=helper, by=helper)
    merge(incident=other, into=into, by=into.declared_by)
    assert into in Incident.objects.visible_to(helper)
