"""Teams, people, services and policies through the API: the shapes of contracts.md, and who may write them."""

import pytest

from oncall.models import Person, Policy, Service, Team
from tests.factories import PolicyFactory, ScheduleFactory, ServiceFactory, TeamFactory, staffed_service
from tests.oncall.personas import api

pytestmark = pytest.mark.django_db


def post(client, path, **body):
    return client.post(f"/api/v1/{path}/", body, format="json")


def test_a_team_is_made_read_changed_and_deleted():
    client = api()
    person = post(client, "people", email="Ana@Example.com", name="Ana").json()
    made = post(client, "teams", slug="shop-dev", name="Shop", discipline="dev", members=[person["email"]])
    assert made.status_code == 201
    assert made.json() == {
        "slug": "shop-dev",
        "name": "Shop",
        "discipline": "dev",
        "lead": None,
        "channel": "",
        "members": ["ana@example.com"],
    }
    assert client.get("/api/v1/teams/").json()["results"] == [made.json()]
    changed = client.patch("/api/v1/teams/shop-dev/", {"lead": "ana@example.com"}, format="json")
    assert changed.json() == made.json() | {"lead": "ana@example.com"}
    assert client.delete("/api/v1/teams/shop-dev/").status_code == 204
    assert not Team.objects.exists()


def test_a_person_comes_with_contact_methods_in_the_order_given():
    client = api()
    methods = [{"kind": "slack", "address": "U1"}, {"kind": "email", "address": "ana@example.com"}]
    made = post(
        client, "people", email="ana@example.com", name="Ana", timezone="Europe/London", contact_methods=methods
    )
    assert made.status_code == 201
    assert made.json()["contact_methods"] == methods
    assert made.json()["timezone"] == "Europe/London"


@pytest.mark.parametrize("name", ["id", "email", "me"])
def test_a_person_is_found_by_id_by_address_in_any_case_and_as_oneself(name):
    client = api()
    given = {"id": client.person.pk, "email": client.person.email.upper(), "me": "me"}[name]
    assert client.get(f"/api/v1/people/{given}/").json()["email"] == client.person.email


def test_addresses_are_for_the_person_and_for_administrators():
    administrator, other = api(), api("responder")
    post(administrator, "people", email="ana@example.com", name="Ana")
    assert administrator.get("/api/v1/people/ana@example.com/").json()["contact_methods"][0]["address"]
    assert other.get("/api/v1/people/ana@example.com/").json()["contact_methods"] == [{"kind": "email", "address": ""}]


def test_everybody_may_change_their_own_zone_but_not_their_role():
    client = api("viewer")
    assert (
        client.patch("/api/v1/people/me/", {"timezone": "Asia/Tokyo"}, format="json").json()["timezone"] == "Asia/Tokyo"
    )
    assert client.patch("/api/v1/people/me/", {"role": "administrator"}, format="json").status_code == 403
    assert Person.objects.get(pk=client.person.pk).role == "viewer"


def test_a_person_who_takes_turns_is_let_go_and_the_answer_says_what_stands_empty():
    client = api()
    post(client, "people", email="ana@example.com", name="Ana")
    layer = {"kind": "weekly", "start": "2026-06-01T09:00", "participants": [["ana@example.com"]]}
    post(client, "schedules", slug="shop", name="Shop", timezone="UTC", seats=[{"name": "dev", "layers": [layer]}])
    answer = client.delete("/api/v1/people/ana@example.com/")
    assert answer.status_code == 200
    assert [(gap["schedule"], gap["seat"]) for gap in answer.json()["gaps"]] == [("shop", "dev")]
    assert not Person.objects.get(email="ana@example.com").is_active


def test_a_service_is_given_back_as_it_was_sent():
    TeamFactory(slug="shop-dev"), TeamFactory(slug="shop-ops"), ServiceFactory(slug="payments")
    ScheduleFactory(slug="shop"), PolicyFactory(slug="default")
    sent = {
        "slug": "checkout",
        "name": "Checkout",
        "description": "Takes the money.",
        "dev_team": "shop-dev",
        "ops_team": "shop-ops",
        "stage": "shared",
        "tier": 1,
        "platform": "eu-1",
        "environment": "production",
        "repositories": ["shop/checkout"],
        "depends_on": ["payments"],
        "schedule": "shop",
        "policy": "default",
        "panels": [{"name": "Errors", "query": 'rate(errors{job="{service}"}[5m])', "unit": "1/s"}],
    }
    client = api("responder")
    made = client.post("/api/v1/services/", sent, format="json")
    assert made.status_code == 201
    assert made.json() == sent == client.get("/api/v1/services/checkout/").json()
    renamed = client.patch("/api/v1/services/checkout/", {"name": "Till", "policy": None}, format="json")
    assert renamed.json() == sent | {"name": "Till", "policy": None}


def test_what_is_wrong_with_a_service_is_said_by_field_with_the_value():
    refused = post(api(), "services", slug="checkout", name="Checkout", dev_team="x", depends_on=["y"], stage="chaos")
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert "chaos" in refused.json()["errors"]["stage"][0]
    refused = post(api(), "services", slug="checkout", name="Checkout", dev_team="x", depends_on=["y"])
    assert set(refused.json()["errors"]) == {"dev_team", "depends_on"}
    assert "“x”" in refused.json()["errors"]["dev_team"][0]
    assert not Service.objects.exists()


def test_services_are_found_by_team():
    mine = staffed_service()
    ServiceFactory()
    found = api("viewer").get(f"/api/v1/services/?team={mine.ops_team.slug}").json()["results"]
    assert [service["slug"] for service in found] == [mine.slug]


def test_a_policy_is_given_back_as_it_was_sent():
    TeamFactory(slug="shop-dev")
    sent = {
        "slug": "default",
        "name": "Default",
        "each_seat": True,
        "repeat": 1,
        "ack_timeout": 45,
        "steps": [
            {"delay": 5, "targets": [{"kind": "seat", "seat": "dev"}, {"kind": "seat", "seat": "ops"}]},
            {"delay": 15, "targets": [{"kind": "team_lead", "team": "shop-dev"}]},
        ],
    }
    made = api("responder").post("/api/v1/policies/", sent, format="json")
    assert made.status_code == 201
    assert made.json() == sent


def test_the_address_of_a_webhook_is_not_for_viewers():
    targets = [{"kind": "webhook", "address": "https://hooks.example/secret"}, {"kind": "channel", "address": "#ops"}]
    sent = {"slug": "p", "name": "P", "steps": [{"delay": 5, "targets": targets}]}
    assert api("responder").post("/api/v1/policies/", sent, format="json").json()["steps"][0]["targets"] == targets
    seen = api("viewer").get("/api/v1/policies/p/").json()["steps"][0]["targets"]
    assert seen == [{"kind": "webhook"}, targets[1]]


def test_a_delay_may_be_written_as_a_duration():
    sent = {"slug": "p", "name": "P", "steps": [{"delay": "PT10M", "targets": [{"kind": "seat", "seat": "dev"}]}]}
    assert api().post("/api/v1/policies/", sent, format="json").json()["steps"][0]["delay"] == 10


def test_a_target_that_does_not_exist_is_named_by_its_path():
    sent = {"slug": "p", "name": "P", "steps": [{"delay": 5, "targets": [{"kind": "team", "team": "x"}]}]}
    refused = api().post("/api/v1/policies/", sent, format="json")
    assert refused.status_code == 400
    assert "“x”" in refused.json()["errors"]["steps[0].targets[0].team"][0]
    assert not Policy.objects.exists()


@pytest.mark.parametrize("kind", ["teams", "schedules", "policies"])
def test_what_a_service_uses_is_not_deleted_and_the_refusal_names_the_service(kind):
    service = staffed_service(slug="checkout")
    slug = {"teams": service.dev_team, "schedules": service.schedule, "policies": service.policy}[kind].slug
    refused = api().delete(f"/api/v1/{kind}/{slug}/")
    assert refused.status_code == 409
    assert service.slug in refused.json()["detail"] or service.name in refused.json()["detail"]


PATHS = ("teams", "people", "services", "schedules", "policies", "integrations", "pages")
WRITERS = {
    "administrator": set(PATHS),
    "responder": {"services", "schedules", "policies", "pages"},
    "viewer": set(),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", WRITERS)
def test_who_may_write_what(role, path):
    client = api(role)
    assert client.get(f"/api/v1/{path}/").status_code == 200
    assert client.post(f"/api/v1/{path}/", {}, format="json").status_code == (400 if path in WRITERS[role] else 403)


@pytest.mark.parametrize("path", [*PATHS, "oncall/now"])
def test_without_a_token_nothing_is_said(path):
    assert api("anonymous").get(f"/api/v1/{path}/").status_code == 401


def test_the_same_key_makes_one_team():
    client = api()
    body = {"slug": "shop-dev", "name": "Shop", "discipline": "dev"}
    first, second = (
        client.post("/api/v1/teams/", body, format="json", headers={"Idempotency-Key": "k"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


@pytest.mark.parametrize("path", ["teams", "people", "services", "policies", "schedules"])
def test_a_longer_list_takes_no_more_queries(path, django_assert_max_num_queries):
    client = api()
    for _ in range(3):
        staffed_service()
    with django_assert_max_num_queries(12):
        assert client.get(f"/api/v1/{path}/").json()["count"] >= 3
