"""A private incident exists for its participants only: not for outsiders, and not for administrators either."""

import pytest
from django.contrib.admin.sites import site
from django.test import RequestFactory

from incidents.models import Incident, TimelineEntry
from incidents.services import add_person, assign_role, declare, join, set_private
from oncall.models import Page
from tests.factories import AdministratorFactory, ChangeFactory, PersonFactory, staffed_service

pytestmark = pytest.mark.django_db

PARTS = ["", "timeline/", "roles/", "updates/", "tasks/", "services/", "people/", "suspects/"]
ACTS = [
    ("patch", "", {"title": "Mine"}),
    ("post", "transition/", {"to": "resolved"}),
    ("post", "timeline/", {"text": "x"}),
    ("post", "roles/", {"role": "scribe", "person": None}),
    ("post", "updates/", {"text": "x"}),
    ("post", "tasks/", {"title": "x"}),
    ("post", "merge/", {"into": 1}),
]


@pytest.fixture
def declarer():
    return PersonFactory()


@pytest.fixture
def participant():
    return PersonFactory()


@pytest.fixture(params=[PersonFactory, AdministratorFactory], ids=["a colleague", "an administrator"])
def outsider(request):
    return request.param()


@pytest.fixture
def incident(declarer, participant):
    incident, _ = declare(title="Customer data exposed", private=True, by=declarer)
    add_person(incident=incident, person=participant, by=declarer)
    return incident


def url(incident, part=""):
    return f"/api/v1/incidents/{incident.number}/{part}"


@pytest.mark.parametrize("part", PARTS)
def test_declarer_and_participant_read_it(api, incident, declarer, participant, part):
    for person in (declarer, participant):
        assert api(person).get(url(incident, part)).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_to_an_outsider_it_is_not_there(api, incident, outsider, part):
    assert api(outsider).get(url(incident, part)).status_code == 404


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_an_outsider_changes_nothing(api, incident, outsider, act):
    method, part, body = act
    assert getattr(api(outsider), method)(url(incident, part), body).status_code == 404
    incident.refresh_from_db()
    assert (incident.title, incident.status) == ("Customer data exposed", "investigating")


def test_no_list_search_or_count_shows_it(api, incident, declarer, outsider):
    assert api(declarer).get("/api/v1/incidents/").json()["count"] == 1
    for query in ({}, {"q": "exposed"}, {"q": str(incident.number)}, {"status": "open"}):
        assert api(outsider).get("/api/v1/incidents/", query).json()["count"] == 0


def test_it_cannot_be_merged_into_by_those_who_do_not_see_it(api, incident, outsider):
    other, _ = declare(title="Odd logins")
    assert api(outsider).post(url(other, "merge/"), {"into": incident.number}).status_code == 404


def test_its_timeline_and_page_are_as_private_as_it_is(declarer, outsider):
    incident, _ = declare(title="Leak", private=True, services=[staffed_service()], by=declarer)
    assert not TimelineEntry.objects.visible_to(outsider).filter(incident=incident).exists()
    assert not Page.objects.visible_to(outsider).filter(about=incident.subject).exists()


def test_a_verdict_is_refused_like_everything_else(api, incident, outsider):
    change = ChangeFactory()
    answer = api(outsider).post(url(incident, f"suspects/{change.pk}/"), {"verdict": "confirmed"})
    assert answer.status_code == 404


def test_who_is_paged_takes_a_role_or_has_a_task_sees_it(api, settle, declarer):
    incident, _ = declare(title="Leak", private=True, services=[staffed_service()], by=declarer)
    settle()
    paged = [notice.person for notice in Page.objects.get(about=incident.subject).notices.all()]
    leader, worker = PersonFactory(), PersonFactory()
    assign_role(incident=incident, role="commander", person=leader, by=declarer)
    api(declarer).post(url(incident, "tasks/"), {"title": "Rotate keys", "assignee": worker.email})
    for person in [*paged, leader, worker]:
        assert api(person).get(url(incident)).status_code == 200


def test_who_makes_an_incident_private_does_not_lock_themselves_out(api, declarer, outsider):
    incident, _ = declare(title="Odd logins", by=declarer)
    responder = PersonFactory()
    assert api(responder).patch(url(incident), {"private": True}).json()["private"]
    assert api(responder).get(url(incident)).status_code == 200
    assert api(outsider).get(url(incident)).status_code == 404
    set_private(incident=incident, private=False, by=declarer)
    assert api(outsider).get(url(incident)).status_code == 200


def test_leaving_the_company_ends_all_sight_of_it(incident, participant):
    participant.is_active = False
    participant.save()
    assert not Incident.objects.visible_to(participant).exists()


def test_joining_a_public_one_keeps_it_in_sight_when_it_becomes_private(declarer):
    incident, _ = declare(title="Odd logins", by=declarer)
    helper = PersonFactory()
    join(incident=incident, person=helper)
    join(incident=incident, person=helper)
    set_private(incident=incident, private=True, by=declarer)
    assert Incident.objects.visible_to(helper).get() == incident
    assert incident.timeline.filter(text=f"{helper} joined").count() == 1


def test_the_admin_shows_no_administrator_more_and_lets_nobody_change_anything(incident):
    request = RequestFactory().get("/admin/")
    request.user = AdministratorFactory()
    for model in (Incident, TimelineEntry):
        admin = site.get_model_admin(model)
        assert not admin.get_queryset(request).exists()
        assert admin.has_view_permission(request)
        assert not admin.has_add_permission(request)
        assert not admin.has_change_permission(request)
        assert not admin.has_delete_permission(request)
