"""Everything of the facilitation page, by a program."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from postmortems import services
from postmortems.models import Factor, Problem
from tests.factories import MembershipFactory, PersonFactory, ServiceFactory, TeamFactory
from tests.postmortems.cases import member, published, resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return member("dev")


@pytest.fixture
def postmortem(by):
    return services.open_postmortem(incidents=[resolved(severity="sev1")], by=by)


@pytest.fixture
def call(api, by, postmortem):
    def ask(method, path, body=None):
        return getattr(api(by), method)(f"/api/v1/postmortems/{postmortem.number}/{path}", body, format="json")

    return ask


def test_whom_to_ask(call, postmortem):
    ops, fay = member("ops"), PersonFactory(name="Fay")
    services.set_facilitator(postmortem=published(resolved()), person=fay, by=None)
    incident = postmortem.incidents.get()
    incident.participant_set.create(person=ops, how="paged", side="ops")
    services.add_factor(postmortem=postmortem, factor="data", by=None)
    problem = services.open_problem(title="Cause", by=None)
    told = call("get", "suggestions/").json()
    assert told["facilitators"][0] == {
        "person": {"name": "Fay", "email": fay.email},
        "why": "has facilitated 1, took no part",
    }
    assert {"person": {"name": ops.name, "email": ops.email}, "side": "ops", "why": "took part: was paged"} in told[
        "participants"
    ]
    assert told["missing_sides"] == ["dev", "ops"]
    assert ops.email in {one["email"] for one in told["reviewers"]["ops"]}
    [remaining] = told["not_removed"]
    assert (remaining["factor"], remaining["problems"]) == ("data", [problem.number])


def test_people_are_invited_and_removed(call):
    ops = member("ops")
    answer = call("post", "participants/", {"person": ops.email})
    assert (answer.status_code, answer.json()["side"]) == (201, "ops")
    assert [one["person"]["email"] for one in call("get", "participants/").json()] == [ops.email]
    assert call("post", "participants/", {"person": "nobody@example.com"}).status_code == 400
    assert call("delete", f"participants/{answer.json()['id']}/").status_code == 204
    assert call("get", "participants/").json() == []


def test_a_meeting_is_set_moved_downloaded_and_called_off(call, postmortem):
    assert call("get", "meeting/").json()["at"] is None
    assert call("get", "meeting.ics").status_code == 404
    at = (timezone.now() + timedelta(days=6)).replace(hour=10, microsecond=0)
    told = call("put", "meeting/", {"at": at.isoformat(), "minutes": 45, "place": "Room 4"}).json()
    assert (told["minutes"], told["place"], told["sequence"]) == (45, "Room 4", 1)
    assert any("after the day it was due" in warning for warning in told["warnings"])
    assert told["agenda"][0]["title"] == "Not written yet"
    assert told["agenda"][0]["items"][0]["anchor"].startswith("s-")
    event = Calendar.from_ical(call("get", "meeting.ics").content).events[0]
    assert event.start == at
    moved = call("post", "meeting/", {"at": (at + timedelta(hours=1)).isoformat()}).json()
    assert moved["sequence"] == 2
    again = Calendar.from_ical(call("get", "meeting.ics").content).events[0]
    assert (again["UID"], again["SEQUENCE"]) == (event["UID"], 2)
    assert call("delete", "meeting/").status_code == 204
    assert call("delete", "meeting/").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "at"),
        ({"at": "2020-01-01T10:00:00Z"}, "at"),
        ({"at": "2020-01-01T10:00:00"}, "at"),
        ({"at": "tomorrow"}, "at"),
        ({"at": "2999-01-01T10:00:00Z"}, "at"),
        ({"at": (timezone.now() + timedelta(days=1)).isoformat(), "minutes": 0}, "minutes"),
        ({"at": (timezone.now() + timedelta(days=1)).isoformat(), "place": "javascript:alert(1)"}, "place"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_by_field(call, postmortem, body, field):
    answer = call("put", "meeting/", body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    postmortem.refresh_from_db()
    assert postmortem.meeting_at is None


def test_actions_soak_and_stop(call):
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert call("put", "soak/", {"until": day}).json() == {"until": day}
    assert call("get", "meeting/").json()["soak_until"] == day
    assert call("put", "soak/", {"until": "2020-01-01"}).status_code == 400
    assert call("put", "soak/", {"until": None}).json() == {"until": None}


def test_another_is_asked_in_place_of_a_reviewer_who_left(call, postmortem):
    gone, other = member("ops"), member("ops")
    review = services.ask_reviewer(postmortem=postmortem, person=gone, side="ops", by=None)
    answer = call("post", f"reviewers/{review.pk}/instead/", {"person": other.email})
    assert (answer.status_code, answer.json()["person"]["email"]) == (201, other.email)
    assert [one["person"]["email"] for one in call("get", "reviewers/").json()] == [other.email]


def test_a_problem_sees_to_a_factor(call, postmortem):
    finding = services.add_factor(postmortem=postmortem, factor="data", by=None)
    problem = services.open_problem(title="Cause", by=None)
    answer = call("post", f"factors/{finding.pk}/problem/", {"problem": problem.number})
    assert (answer.status_code, answer.json()["number"]) == (200, problem.number)
    assert call("get", "suggestions/").json()["not_removed"] == []
    Problem.objects.update(category=Factor.objects.get(key="automation"))
    assert call("post", f"factors/{finding.pk}/problem/", {"problem": problem.number}).status_code == 400


def test_a_viewer_reads_and_changes_nothing(api, postmortem):
    client, at = api(PersonFactory(role="viewer")), f"/api/v1/postmortems/{postmortem.number}/"
    for path in ("suggestions/", "participants/", "meeting/", "interviews/"):
        assert client.get(f"{at}{path}").status_code == 200, path
    soon = (timezone.now() + timedelta(days=1)).isoformat()
    for method, path, body in (
        ("post", "participants/", {"person": postmortem.opened_by.email}),
        ("put", "meeting/", {"at": soon}),
        ("delete", "meeting/", {}),
        ("put", "soak/", {"until": None}),
        ("post", "interviews/", {"body": "x"}),
    ):
        assert getattr(client, method)(f"{at}{path}", body, format="json").status_code == 403, path


def test_of_a_near_miss_the_owning_teams_are_proposed(api, by):
    team = TeamFactory(discipline="ops")
    person = MembershipFactory(team=team).person
    service = ServiceFactory(ops_team=team)
    near = services.open_postmortem(title="Close", by=by)
    near.services.add(service)
    told = api(by).get(f"/api/v1/postmortems/{near.number}/suggestions/").json()
    assert person.email in {one["person"]["email"] for one in told["participants"]}
