"""Paging, answering and integrations through the API."""

import pytest

from notifications.models import Integration
from oncall.models import Page
from tests.factories import ContactMethodFactory, ServiceFactory, staffed_service
from tests.oncall.personas import api

pytestmark = pytest.mark.django_db


def ask(client, **body):
    return client.post("/api/v1/pages/", {"subject": "Checkout is down"} | body, format="json")


def test_a_service_is_paged_once_for_one_key():
    client, service = api("responder"), staffed_service()
    first = ask(client, service=service.slug, dedup_key="k")
    again = ask(client, service=service.slug, dedup_key="k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert {side["seat"] for side in first.json()["escalations"]} == {"dev", "ops"}
    assert client.get("/api/v1/pages/?open=true").json()["count"] == 1


def test_a_person_is_paged_by_address_and_acknowledges():
    ana = ContactMethodFactory().person
    page = ask(api("responder"), person=ana.email).json()
    answered = api(person=ana).post(f"/api/v1/pages/{page['id']}/acknowledge/")
    assert answered.json()["state"] == "acknowledged"
    assert answered.json()["escalations"][0]["acknowledged_by"]["email"] == ana.email


def test_whom_to_page_must_be_said_and_known():
    client = api("responder")
    assert "service" in ask(client).json()["errors"]
    assert "“x”" in ask(client, team="x").json()["errors"]["team"][0]
    assert "javascript:" in ask(client, service="x", url="javascript:alert(1)").json()["errors"]["url"][0]
    assert not Page.objects.exists()


def test_a_page_is_snoozed_escalated_and_resolved():
    client, service = api("responder"), staffed_service()
    page = ask(client, service=service.slug).json()["id"]
    assert client.post(f"/api/v1/pages/{page}/escalate/", {"seat": "dev"}, format="json").status_code in (200, 409)
    assert client.post(f"/api/v1/pages/{page}/snooze/", {}, format="json").status_code == 400
    naive = client.post(f"/api/v1/pages/{page}/snooze/", {"until": "2026-01-01T09:00:00"}, format="json").json()
    assert "offset" in naive["errors"]["until"][0]
    snoozed = client.post(f"/api/v1/pages/{page}/snooze/", {"minutes": 30}, format="json").json()
    assert snoozed["snoozed_until"]
    assert client.post(f"/api/v1/pages/{page}/resolve/").json()["state"] == "resolved"
    assert client.post(f"/api/v1/pages/{page}/acknowledge/").status_code == 409


def test_a_viewer_answers_only_for_what_was_sent_to_them():
    service = ServiceFactory()
    viewer = api("viewer")
    ContactMethodFactory(person=viewer.person)
    theirs = ask(api("responder"), person=viewer.person.email).json()["id"]
    other = ask(api("responder"), person=ContactMethodFactory().person.email).json()["id"]
    assert ask(viewer, service=service.slug).status_code == 403
    assert viewer.post(f"/api/v1/pages/{other}/acknowledge/").status_code == 403
    assert viewer.post(f"/api/v1/pages/{theirs}/acknowledge/").status_code == 200


def test_a_private_page_is_hidden_from_those_it_was_not_sent_to():
    page = ask(api("responder"), person=ContactMethodFactory().person.email, private=True).json()["id"]
    stranger = api("administrator")
    assert stranger.get(f"/api/v1/pages/{page}/").status_code == 404
    assert stranger.get("/api/v1/pages/").json()["count"] == 0


def test_an_integration_shows_its_secret_once():
    client = api()
    made = client.post("/api/v1/integrations/", {"source": "event", "name": "CI"}, format="json").json()
    assert made["url"].endswith(f"/hooks/event/{Integration.objects.get().key}")
    assert made["line_url"].endswith(f"/e/{made['secret']}")
    listed = client.get("/api/v1/integrations/").json()["results"][0]
    assert listed["url"] == made["url"]
    assert not {"secret", "line_url"} & listed.keys()


def test_the_address_of_a_new_integration_takes_messages():
    ServiceFactory(slug="checkout")
    made = api().post("/api/v1/integrations/", {"source": "event", "name": "CI", "service": "checkout"}, format="json")
    path = made.json()["line_url"].split("/", 3)[3]
    taken = api("anonymous").post(f"/{path}", "deployed 4f2a1c", content_type="text/plain")
    assert taken.status_code == 202


def test_an_unknown_source_or_service_is_named():
    refused = api().post("/api/v1/integrations/", {"source": "pigeon", "name": "X", "service": "x"}, format="json")
    assert refused.status_code == 400
    assert "“pigeon”" in refused.json()["errors"]["source"][0]
    assert "“x”" in refused.json()["errors"]["service"][0]
