"""Paging, answering and integrations through the API."""

import pytest

from notifications.models import Integration
from oncall.models import Page
from tests.factories import ContactMethodFactory, PersonFactory, PolicyFactory, ServiceFactory, staffed_service
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


def test_a_page_is_given_to_a_person_and_a_side_to_a_team():
    client, service, bo = api("responder"), staffed_service(), ContactMethodFactory(person__name="Bo").person
    page = ask(client, service=service.slug).json()["id"]
    given = client.post(f"/api/v1/pages/{page}/reassign/", {"person": bo.email}, format="json").json()
    assert [side["to_person"]["email"] for side in given["escalations"]] == [bo.email, bo.email]
    team = {"seat": "ops", "team": service.ops_team.slug}
    given = client.post(f"/api/v1/pages/{page}/reassign/", team, format="json").json()
    assert [(side["seat"], side["to_team"]) for side in given["escalations"]] == [
        ("dev", None),
        ("ops", service.ops_team.slug),
    ]


def test_whom_a_page_is_given_to_must_be_said_and_known():
    client = api("responder")
    page = ask(client, service=staffed_service().slug).json()["id"]
    for given, field, sentence in [
        ({}, "person", "one person or one team"),
        ({"person": "x@y.org"}, "person", "x@y.org"),
        ({"team": "ghosts"}, "team", "“ghosts”"),
        ({"seat": "qa", "team": staffed_service().dev_team.slug}, "seat", "“qa” is no side"),
    ]:
        refused = client.post(f"/api/v1/pages/{page}/reassign/", given, format="json")
        assert refused.status_code == 400
        assert sentence in refused.json()["errors"][field][0]


def test_the_log_says_what_happened_and_the_notices_who_is_told_how():
    client, ana = api("responder"), ContactMethodFactory(person__name="Ana").person
    page = ask(client, person=ana.email).json()["id"]
    log = client.get(f"/api/v1/pages/{page}/log/").json()
    assert [(line["kind"], line["text"]) for line in log["results"]] == [
        ("triggered", "Ana is paged by Responder: Checkout is down"),
        ("notified", "Ana is paged by E-mail"),
    ]
    assert log["results"][1]["person"] == {"email": ana.email, "name": "Ana"}
    [notice] = client.get(f"/api/v1/pages/{page}/notices/").json()["results"]
    assert (notice["method"], notice["state"], notice["person"]["name"]) == ("E-mail", "waiting", "Ana")
    assert (notice["attempts"], notice["first_attempt_at"], notice["place"]) == (0, None, "")


def test_the_log_of_a_private_page_is_hidden_like_the_page():
    page = ask(api("responder"), person=ContactMethodFactory().person.email, private=True).json()["id"]
    stranger = api("administrator", person=PersonFactory(role="administrator"))
    for address in ("log", "notices"):
        assert stranger.get(f"/api/v1/pages/{page}/{address}/").status_code == 404
    assert stranger.post(f"/api/v1/pages/{page}/reassign/", {}, format="json").status_code == 404


def test_a_policy_with_places_and_a_timeout_comes_back_as_it_was_given():
    client = api()
    targets = [{"kind": "channel", "address": "#ops"}, {"kind": "webhook", "address": "https://example.com/hook"}]
    policy = {"slug": "p", "name": "P", "ack_timeout": 30, "steps": [{"delay": 5, "targets": targets}]}
    assert client.post("/api/v1/policies/", policy, format="json").status_code == 201
    kept = client.get("/api/v1/policies/p/").json()
    assert {name: kept[name] for name in policy} == policy
    assert client.patch("/api/v1/policies/p/", {"name": "Q"}, format="json").json()["ack_timeout"] == 30
    assert client.patch("/api/v1/policies/p/", {"ack_timeout": None}, format="json").json()["ack_timeout"] is None


def test_a_step_that_names_a_team_which_is_gone_is_refused_and_nothing_is_changed():
    client = api()
    PolicyFactory(slug="p", name="P")
    steps = [{"targets": [{"kind": "team", "team": "gone"}]}]
    refused = client.patch("/api/v1/policies/p/", {"steps": steps}, format="json")
    assert refused.status_code == 400
    assert "There is no team “gone”" in refused.json()["errors"]["steps[0].targets[0].team"][0]
    assert client.get("/api/v1/policies/p/").json()["steps"][0]["targets"][0] == {"kind": "seat", "seat": "dev"}


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
