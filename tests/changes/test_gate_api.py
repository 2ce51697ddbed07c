"""The gate as pipelines call it, and what it decides by as programs keep it."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from changes.models import ChangeTemplate, GateCheck, Guard
from incidents.services import declare
from tests.changes.gates import Shop
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
QUESTION = {"service": "checkout", "environment": "production", "revision": "4f2a1c9", "kind": "deploy"}


@pytest.fixture
def shop():
    return Shop()


def ask(client, key="", **question):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/gate/checks", QUESTION | question, headers=headers)


class TestAsking:
    @pytest.mark.parametrize("address", ["/api/v1/gate/checks", "/api/v1/gate/checks/"])
    def test_answers_with_the_decision_and_all_reasons(self, shop, api, address):
        answer = api(shop.ana).post(address, QUESTION | {"pipeline_url": "https://ci.example.com/7"})
        assert answer.status_code == 200
        told = answer.json()
        assert told["reasons"] == ["It is a normal change to production: it takes an authorisation by Ops (Platform)."]
        assert (told["decision"], told["rule"], told["retry_after"], told["incident"]) == (
            "awaiting",
            "authorisation",
            10,
            None,
        )
        assert told["url"].endswith(f"/changes/gate/{told['id']}/")
        assert told["awaits"] == [{"side": "ops", "team": "platform", "name": "Ops (Platform)"}]
        assert api(shop.oli).get(f"{address.rstrip('/')}/{told['id']}").json() == told

    def test_a_service_that_nobody_knows_is_a_decision_and_no_error(self, shop, api):
        answer = ask(api(shop.ana), service="nope", repository="acme/checkout")
        assert (answer.status_code, answer.json()["decision"]) == (200, "invalid")
        assert "There is no service “nope”" in answer.json()["reasons"][0]

    def test_a_repository_names_its_service(self, shop, api):
        assert ask(api(shop.ana), service="Acme/Checkout").json()["service"] == "checkout"

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"service": ""}, "service"),
            ({"service": None}, "service"),
            ({"service": {}}, "service"),
            ({"paths": "a"}, "paths"),
            ({"incident": "x"}, "incident"),
            ({"revision": "a\x00b"}, "revision"),
            ({"rollback": "perhaps"}, "rollback"),
        ],
    )
    def test_what_is_malformed_is_an_error_by_field(self, shop, api, told, field):
        answer = ask(api(shop.ana), **told)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert field in answer.json()["errors"]
        assert not GateCheck.objects.exists()

    def test_numbers_beyond_bounds_are_of_no_incident(self, shop, api):
        assert ask(api(shop.ana), incident=10**30).json()["decision"] == "invalid"

    def test_the_same_key_has_one_effect_and_another_body_is_a_conflict(self, shop, api):
        client = api(shop.ana)
        first, again = ask(client, key="k"), ask(client, key="k")
        assert first.json() == again.json()
        assert again["Idempotent-Replayed"] == "true"
        assert ask(client, key="k", revision="5e5e5e5").status_code == 409

    def test_a_check_that_nobody_answered_in_time_is_prevented(self, shop, api, time_machine):
        told = ask(api(shop.ana)).json()
        time_machine.move_to(timezone.now() + timedelta(hours=25))
        now = api(shop.ana).get(f"/api/v1/gate/checks/{told['id']}").json()
        assert (now["decision"], now["reasons"][0]) == (
            "prevented",
            "Nobody authorised it in time; ask again if it is still wanted.",
        )

    def test_the_number_of_a_private_incident_is_for_those_who_take_part(self, shop, api):
        incident, _ = declare(title="Leak", severity="sev1", services=[shop.checkout], private=True, by=shop.oli)
        told = ask(api(shop.oli), incident=incident.number).json()
        assert told["incident"] == incident.number
        assert api(shop.admin).get(f"/api/v1/gate/checks/{told['id']}").json()["incident"] is None
        assert api(shop.admin).get("/api/v1/gate/checks").json()["results"][0]["incident"] is None

    def test_the_list_can_be_narrowed(self, shop, api):
        client = api(shop.ana)
        ask(client)
        ask(client, environment="staging")
        for query, count in (("decision=awaiting", 1), ("environment=Staging", 1), ("service=payments", 0), ("", 2)):
            assert client.get(f"/api/v1/gate/checks?{query}").json()["count"] == count

    def test_it_is_answered_quickly(self, shop, api):
        client = api(shop.ana)
        ask(client)
        began = time.perf_counter()
        ask(client, revision="5e5e5e5")
        assert time.perf_counter() - began < 1


class TestVerdicts:
    def say(self, client, told, verdict, why="Looks good"):
        return client.post(f"/api/v1/gate/checks/{told['id']}/{verdict}/", {"why": why})

    def test_the_other_side_authorises(self, shop, api):
        told = ask(api(shop.ana)).json()
        answer = self.say(api(shop.oli), told, "authorise")
        assert (answer.status_code, answer.json()["decision"]) == (200, "allowed")
        assert answer.json()["verdicts"][0] | {"at": ""} == {
            "kind": "authorised", "side": "Ops", "by": "Oli Ek", "why": "Looks good", "at": "",
        }  # fmt: skip
        assert ask(api(shop.ana)).json()["id"] == told["id"]

    def test_the_author_does_not(self, shop, api):
        answer = self.say(api(shop.ana), ask(api(shop.ana)).json(), "authorise")
        assert (answer.status_code, answer.json()["detail"]) == (
            403,
            "You made or asked for this change: somebody else of the other side authorises it.",
        )

    def test_what_was_decided_is_a_conflict(self, shop, api):
        told = ask(api(shop.ana)).json()
        assert self.say(api(shop.oli), told, "refuse", "No").json()["decision"] == "prevented"
        answer = self.say(api(shop.oli), told, "authorise")
        assert (answer.status_code, answer.json()["decision"]) == (409, "prevented")

    def test_an_override_and_a_review_say_why(self, shop, api):
        told = ask(api(shop.ana)).json()
        assert self.say(api(shop.bo), told, "override", "").status_code == 400
        assert self.say(api(shop.oli), told, "override").json()["rule"] == "override"
        emergency = ask(api(shop.ana), emergency=True).json()
        assert self.say(api(shop.bo), emergency, "review").json()["verdicts"][0]["kind"] == "reviewed"


class TestPolicy:
    def test_a_template_is_kept_changed_suspended_resumed_and_retired(self, shop, api):
        admin = api(shop.admin)
        told = {"name": "Docs", "owner": "shop", "service": "checkout", "paths": ["docs/**"], "kind": "deploy"}
        made = admin.post("/api/v1/gate/templates/", told)
        assert made.status_code == 201
        assert made.json() | told == made.json()
        address = f"/api/v1/gate/templates/{made.json()['id']}/"
        assert admin.patch(address, {"failures_allowed": 1}).json()["paths"] == ["docs/**"]
        assert ask(api(shop.ana), paths=["docs/a.md"]).json()["template"] == "Docs"
        assert (
            admin.post(f"{address}suspend/", {"why": "Broken twice"}).json()["suspended_why"].endswith("Broken twice")
        )
        assert ask(api(shop.ana), paths=["docs/b.md"]).json()["decision"] == "awaiting"
        assert admin.post(f"{address}resume/", {"why": "Mended"}).json()["suspended_at"] is None
        assert admin.delete(address).status_code == 204
        assert admin.get(address).status_code == 404
        assert ChangeTemplate.objects.get().history.count() == 5

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"owner": None}, "owner"),
            ({"owner": "nobody"}, "owner"),
            ({"service": "nope"}, "service"),
            ({"service": None}, "service"),
            ({"failures_allowed": 10}, "failures_allowed"),
            ({"paths": [""]}, "paths.0"),
        ],
    )
    def test_a_template_that_does_not_do_is_refused_by_field(self, shop, api, told, field):
        given = {"name": "Docs", "owner": "shop", "service": "checkout"} | told
        answer = api(shop.admin).post("/api/v1/gate/templates/", given)
        assert answer.status_code == 400
        assert field in answer.json()["errors"]

    def test_templates_and_guards_are_for_administrators(self, shop, api):
        given = {"name": "X", "owner": "shop", "service": "checkout"}
        assert api(shop.ana).post("/api/v1/gate/templates/", given).status_code == 403
        assert api(shop.ana).post("/api/v1/gate/guards/", given).status_code == 403
        assert api(shop.ana).get("/api/v1/gate/guards/").status_code == 200

    def test_a_guard_is_kept(self, shop, api):
        admin = api(shop.admin)
        made = admin.post("/api/v1/gate/guards/", {"name": "Sign-in", "paths": ["auth/"], "team": "security"}).json()
        assert ask(api(shop.ana), paths=["auth/a.py"]).json()["rule"] == "guard"
        assert admin.patch(f"/api/v1/gate/guards/{made['id']}/", {"paths": ["login/"]}).json()["team"] == "security"
        assert admin.delete(f"/api/v1/gate/guards/{made['id']}/").status_code == 204
        assert Guard.objects.get().retired_at
        assert admin.post("/api/v1/gate/guards/", {"name": "All"}).status_code == 400


class TestFreezes:
    def test_one_is_made_holds_and_is_lifted(self, shop, api):
        client, now = api(shop.oli), timezone.now()
        given = {
            "name": "Sales", "why": "Nothing may break", "timezone": "Europe/Berlin", "services": ["checkout"],
            "start": (now - timedelta(hours=1)).isoformat(), "end": (now + timedelta(hours=1)).isoformat(),
        }  # fmt: skip
        made = client.post("/api/v1/gate/freezes/", given)
        assert made.status_code == 201
        assert made.json()["holds_until"]
        prevented = ask(api(shop.ana)).json()
        assert (prevented["decision"], prevented["freeze"]) == ("prevented", "Sales")
        assert ask(api(shop.ana), rollback=True).json()["decision"] == "allowed"
        address = f"/api/v1/gate/freezes/{made.json()['id']}/"
        assert client.patch(address, {"services": []}).json()["services"] == []
        assert client.delete(address).status_code == 204
        assert client.delete(address).status_code == 409
        assert client.get("/api/v1/gate/freezes/?lifted=false").json()["count"] == 0
        assert ask(api(shop.ana)).json()["decision"] == "awaiting"

    def test_one_of_every_week_is_kept_as_it_was_told(self, shop, api):
        window = {"weekdays": ["fri", "sat"], "from": "16:00", "to": "24:00"}
        made = api(shop.oli).post("/api/v1/gate/freezes/", {"name": "Weekends", "windows": [window]})
        assert made.json()["windows"] == [window]
        assert made.json()["environment"] == "production"

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({}, "start"),
            ({"start": "2026-06-01T00:00Z"}, "end"),
            ({"start": "2026-06-02T00:00Z", "end": "2026-06-01T00:00Z"}, "end"),
            ({"start": "2026-06-02T00:00Z", "end": "2028-06-01T00:00Z"}, "end"),
            ({"windows": [{"weekdays": ["freitag"]}]}, "windows[0].weekdays"),
            ({"windows": [{"from": "4 pm"}]}, "windows[0].from"),
            ({"windows": [{}], "timezone": "Mars/Base"}, "timezone"),
            ({"windows": [{}], "services": ["nope"]}, "services"),
        ],
    )
    def test_one_that_never_holds_is_refused(self, shop, api, told, field):
        answer = api(shop.oli).post("/api/v1/gate/freezes/", {"name": "X"} | told)
        assert answer.status_code == 400
        assert field in answer.json()["errors"]

    def test_viewers_read_only(self, shop, api):
        viewer = api(PersonFactory(role="viewer"))
        assert viewer.get("/api/v1/gate/freezes/").status_code == 200
        assert viewer.post("/api/v1/gate/freezes/", {"name": "X"}).status_code == 403
