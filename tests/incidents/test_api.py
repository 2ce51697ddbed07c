"""The API of incidents, as contracts.md promises it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from incidents.models import Incident
from incidents.services import declare
from tests.factories import ChangeFactory, IncidentFactory, PersonFactory, ServiceFactory, TeamFactory, staffed_service

pytestmark = pytest.mark.django_db
URL = "/api/v1/incidents/"


def one(incident, part=""):
    return f"{URL}{incident.number}/{part}"


def test_nobody_is_told_anything_without_signing_in():
    answer = APIClient().get(URL)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_declaring_answers_201_and_all_that_is_known(api):
    person, service = PersonFactory(), staffed_service(slug="checkout")
    answer = api(person).post(URL, {"title": "Checkout returns 500s", "services": ["checkout"], "severity": "sev2"})
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert told["services"] == [service.slug]
    assert (told["status"], told["severity"], told["source"]) == ("investigating", "sev2", "api")
    assert told["roles"] == {}
    assert told["declared_at"].endswith("Z")
    assert told["url"].endswith(f"/incidents/{told['number']}/")
    assert told["declared_by"] == {"name": person.name, "email": person.email}
    assert told["acknowledged_at"] is told["resolved_at"] is told["mitigated_at"] is None
    assert told["allowed_transitions"] == ["identified", "monitoring", "resolved", "cancelled"]
    assert api(person).get(f"{URL}{told['number']}/").json() == told


def test_the_default_severity_is_sev3_and_the_same_open_key_answers_200(api):
    client = api(PersonFactory())
    first = client.post(URL, {"title": "Disk full", "dedup_key": "disk"})
    again = client.post(URL, {"title": "Disk full", "dedup_key": "disk"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["severity"] == "sev3"
    assert first.json()["number"] == again.json()["number"]


def test_an_idempotency_key_repeats_the_answer_and_nothing_else(api):
    client = api(PersonFactory())
    answers = [client.post(URL, {"title": "Once"}, headers={"Idempotency-Key": "k1"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x", "severity": "sev9"}, "severity"),
        ({"title": "x", "services": ["nowhere"]}, "services"),
        ({"title": "x", "services": ["nul\x00"]}, "services"),
        ({"title": "x", "services": [["nested"]]}, "services"),
        ({"title": "x", "started_at": "yesterday"}, "started_at"),
        ({"title": "x", "started_at": "2026-06-01T09:00:00"}, "started_at"),
        ({"title": "x", "started_at": "9999-12-31T23:59:59-14:00"}, "started_at"),
        ({"title": "x", "started_at": (timezone.now() + timedelta(days=900)).isoformat()}, "started_at"),
        ({"title": "x", "summary": "nul\x00"}, "summary"),
        ({"title": "x", "private": "perhaps"}, "private"),
        ([], "non_field_errors"),
    ],
)
def test_what_cannot_be_used_is_400_by_field(api, body, field):
    answer = api(PersonFactory()).post(URL, body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert any(name.startswith(field) for name in answer.json()["errors"]), answer.json()
    assert not Incident.objects.exists()


def test_the_list_is_narrowed_by_what_is_asked(api):
    team = TeamFactory(slug="payments")
    service = ServiceFactory(slug="checkout", dev_team=team, ops_team=team)
    now = timezone.now()
    a = IncidentFactory(title="Checkout is slow", severity="sev1", declared_at=now - timedelta(days=3))
    a.services.add(service)
    b = IncidentFactory(title="Search is slow", severity="sev3", status="resolved", summary="index rebuilt")
    client = api(PersonFactory())

    def numbers(**query):
        answer = client.get(URL, query)
        assert answer.status_code == 200, answer.json()
        assert set(answer.json()) == {"count", "next", "previous", "results"}
        return [found["number"] for found in answer.json()["results"]]

    assert numbers() == [b.number, a.number]
    assert numbers(status="open") == numbers(status="investigating") == [a.number]
    assert numbers(status="open,resolved") == [b.number, a.number]
    assert numbers(severity="sev1,sev2") == [a.number]
    assert numbers(service="checkout") == numbers(team="payments") == [a.number]
    assert numbers(q="slow search") == numbers(q="index") == numbers(q=f"#{b.number}") == [b.number]
    assert numbers(since=(now - timedelta(days=1)).isoformat()) == [b.number]
    assert client.get(f"{URL}?since=2026-01-01T00:00:00+00:00").json()["count"] == 2
    assert numbers(since="0084-06-15T21:40:22-21:21") == [b.number, a.number]
    assert numbers(until=(now - timedelta(days=1)).isoformat()) == [a.number]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "gone"},
        {"severity": "sev9"},
        {"since": "never"},
        {"until": "0001-01-01T00:00:00+14:00"},
        {"q": "nul\x00"},
    ],
)
def test_a_filter_that_means_nothing_is_400(api, query):
    answer = api(PersonFactory()).get(URL, query)
    assert answer.status_code == 400
    assert next(iter(query)) in answer.json()["errors"]


def test_a_number_that_no_incident_can_have_is_404(api):
    client = api(PersonFactory())
    assert client.get(f"{URL}99999999999999999999/").status_code == 404
    assert client.get(URL, {"q": "9" * 30}).json()["results"] == []


def test_the_list_asks_the_database_the_same_number_of_times_however_long_it_is(api, django_assert_num_queries):
    client = api(PersonFactory())
    for _ in range(8):
        incident, _ = declare(title="x", services=[ServiceFactory()], by=PersonFactory())
        incident.roles.create(role="commander", person=PersonFactory())
    with django_assert_num_queries(5):  # count, incidents, services, roles, people
        assert client.get(URL).json()["count"] == 8


def test_several_things_are_corrected_at_once_or_none_of_them(api):
    client, incident = api(PersonFactory()), IncidentFactory(severity="sev3")
    answer = client.patch(one(incident), {"title": "Better words", "severity": "sev1"})
    assert (answer.json()["title"], answer.json()["severity"]) == ("Better words", "sev1")
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    refused = client.patch(one(incident), {"severity": "sev4", "started_at": tomorrow})
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["started_at"]
    incident.refresh_from_db()
    assert incident.severity == "sev1"


def test_moving_along_and_what_is_refused(api):
    client, incident = api(PersonFactory()), IncidentFactory()
    moved = client.post(one(incident, "transition/"), {"to": "monitoring"})
    assert moved.status_code == 200
    assert moved.json()["status"] == "monitoring"
    assert moved.json()["mitigated_at"]
    refused = client.post(one(incident, "transition/"), {"to": "closed"})
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["allowed"] == ["investigating", "identified", "resolved", "cancelled"]
    assert client.post(one(incident, "transition/"), {"to": "fixed"}).status_code == 400
    assert client.post(one(incident, "transition/"), {"to": "cancelled"}).json()["errors"]["reason"]


def test_the_timeline_is_paged_with_the_newest_last(api):
    client = api(PersonFactory())
    incident, _ = declare(title="Checkout is down", by=PersonFactory())
    earlier = timezone.now() - timedelta(hours=2)
    answer = client.post(
        one(incident, "timeline/"),
        {"text": "Customers called", "at": earlier.isoformat(), "data": {"calls": 3}},
    )
    assert answer.status_code == 201
    client.post(one(incident, "timeline/"), {"text": "Looking at it", "source": "pager"})
    told = client.get(one(incident, "timeline/")).json()
    assert [(e["kind"], e["source"]) for e in told["results"] if e["kind"] != "page"] == [
        ("note", "api"),
        ("declared", "web"),
        ("note", "pager"),
    ]
    assert told["results"][0] | {"text": "Customers called", "data": {"calls": 3}} == told["results"][0]
    assert told["results"][0]["at"].endswith("Z")


def test_the_timeline_is_narrowed_by_kind_and_time(api):
    client = api(PersonFactory())
    incident, _ = declare(title="Checkout is down", by=PersonFactory())
    client.post(one(incident, "timeline/"), {"text": "Customers called", "at": "2026-01-05T09:00:00Z"})
    client.post(one(incident, "timeline/"), {"text": "Looking at it"})

    def told(query):
        return [e["text"] for e in client.get(one(incident, f"timeline/?{query}")).json()["results"]]

    assert told("kind=note") == ["Customers called", "Looking at it"]
    assert told("kind=note&since=2026-01-06T00:00:00Z") == ["Looking at it"]
    assert told("until=2026-01-06T00:00:00Z") == ["Customers called"]
    assert client.get(one(incident, "timeline/?kind=gossip")).status_code == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x", "kind": "declared"}, "kind"),
        ({"text": "x", "data": {"a": "nul\x00"}}, "data"),
        ({"text": "x", "data": {"a": "x" * 30_000}}, "data"),
        ({"text": "x", "at": (timezone.now() + timedelta(days=900)).isoformat()}, "at"),
    ],
)
def test_a_note_that_cannot_be_kept_is_400(api, body, field):
    answer = api(PersonFactory()).post(one(IncidentFactory(), "timeline/"), body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_role_is_given_shown_and_laid_down(api):
    client, incident, ana = api(PersonFactory()), IncidentFactory(), PersonFactory(name="Ana", email="ana@example.com")
    assert client.post(one(incident, "roles/"), {"role": "commander", "person": "ANA@example.com"}).status_code == 201
    assert client.get(one(incident)).json()["roles"] == {"commander": {"name": "Ana", "email": ana.email}}
    assert client.post(one(incident, "roles/"), {"role": "commander", "person": None}).status_code == 201
    assert client.get(one(incident)).json()["roles"] == {}
    assert client.post(one(incident, "roles/"), {"role": "commander", "person": None}).status_code == 204
    assert client.post(one(incident, "roles/"), {"role": "king", "person": ana.email}).status_code == 400
    assert "person" in client.post(one(incident, "roles/"), {"role": "scribe", "person": "x@y.z"}).json()["errors"]
    assert len(client.get(one(incident, "roles/")).json()["results"]) == 1


def test_updates_tasks_services_and_people_are_added_and_listed(api):
    client, incident, ana = api(PersonFactory()), IncidentFactory(), PersonFactory()
    service = ServiceFactory()
    update = client.post(one(incident, "updates/"), {"text": "We are on it", "next_due_in": 15})
    assert (update.status_code, bool(update.json()["next_due_at"])) == (201, True)
    assert client.post(one(incident, "updates/"), {"text": "x", "next_due_in": 0}).status_code == 400
    task = client.post(one(incident, "tasks/"), {"title": "Roll back", "assignee": ana.email})
    assert task.status_code == 201
    done = client.post(one(incident, f"tasks/{task.json()['id']}/complete/"))
    assert done.json()["done_at"]
    assert client.post(one(incident, "services/"), {"service": service.slug}).status_code == 201
    assert client.post(one(incident, "people/"), {"person": ana.email, "side": "dev"}).status_code == 201
    for part in ("updates/", "tasks/", "services/"):
        assert len(client.get(one(incident, part)).json()["results"]) == 1
    assert client.get(one(incident, "people/")).json()["count"] == 2
    assert client.delete(one(incident, f"services/{service.slug}/")).status_code == 204
    assert client.delete(one(incident, f"services/{service.slug}/")).status_code == 404


def test_a_task_of_another_incident_is_not_found(api):
    task = IncidentFactory().tasks.create(title="Elsewhere")
    assert api(PersonFactory()).post(one(IncidentFactory(), f"tasks/{task.pk}/complete/")).status_code == 404


def test_merging_answers_the_closed_one(api):
    client, incident, into = api(PersonFactory()), IncidentFactory(), IncidentFactory()
    told = client.post(one(incident, "merge/"), {"into": into.number}).json()
    assert (told["number"], told["status"], told["merged_into"]) == (incident.number, "closed", into.number)
    assert told["allowed_transitions"] == []
    assert client.post(one(incident, "merge/"), {"into": into.number}).status_code == 409
    assert client.post(one(into, "merge/"), {"into": into.number}).status_code == 400
    assert client.post(one(into, "merge/"), {"into": 424242}).status_code == 404


def test_suspects_come_with_their_reasons_and_take_verdicts(api):
    client, service = api(PersonFactory()), ServiceFactory()
    change = ChangeFactory(service=service)
    incident, _ = declare(title="Down", services=[service])
    [suspect] = client.get(one(incident, "suspects/")).json()
    assert suspect["change"]["id"] == change.pk
    assert suspect["points"] == pytest.approx(sum(r["points"] for r in suspect["reasons"]), abs=0.2)
    assert suspect["reasons"][0]["points"] == 40
    judged = client.post(one(incident, f"suspects/{change.pk}/"), {"verdict": "confirmed"})
    assert judged.json()["verdict"] == "confirmed"
    assert client.post(one(incident, f"suspects/{change.pk}/"), {"verdict": "maybe"}).status_code == 400
    assert client.post(one(incident, "suspects/99999999/"), {"verdict": "confirmed"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "part", "body"),
    [
        ("patch", "", {"title": "Mine"}),
        ("post", "transition/", {"to": "resolved"}),
        ("post", "timeline/", {"text": "x"}),
        ("post", "updates/", {"text": "x"}),
        ("post", "tasks/", {"title": "x"}),
    ],
)
def test_a_viewer_reads_and_declares_but_changes_nothing(api, method, part, body):
    client, incident = api(PersonFactory(role="viewer")), IncidentFactory()
    assert client.get(one(incident)).status_code == 200
    answer = getattr(client, method)(one(incident, part), body)
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
