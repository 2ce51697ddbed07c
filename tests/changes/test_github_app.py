"""Deployments on GitHub that wait for the gate, against a small GitHub that verifies who answers."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from changes import gate
from changes.github_app import answer_due, tokens
from changes.github_app.callbacks import refusal, run_page
from changes.models import GateCheck, ProtectionRule
from notifications import inbox
from notifications.models import InboundMessage
from tests.changes import github_server
from tests.changes.gates import Shop
from tests.changes.test_intake import from_github
from tests.factories import IntegrationFactory

API = "https://api.github.com"
CALLBACK = f"{API}/repos/acme/checkout/actions/runs/7/deployment_protection_rule"


@pytest.fixture
def shop(db):
    return Shop()


@pytest.fixture
def github(settings):
    with github_server.running() as github:
        settings.GITHUB_API_URL = github.url
        settings.GITHUB_APP_ID = github_server.APP_ID
        settings.GITHUB_APP_PRIVATE_KEY = github_server.PRIVATE_KEY
        tokens.forget(99)
        yield github


@pytest.fixture
def ask(client, github, shop):
    """Let GitHub ask whether a deployment may begin, and answer what is due."""
    integration = IntegrationFactory(source="github")

    def asked(callback=None, environment="production", revision="4f2a1c9", delivery=None, **more):
        payload = {
            "action": "requested",
            "environment": environment,
            "deployment_callback_url": callback or github.callback(),
            "deployment": {"id": 1, "sha": revision, "ref": "main", "task": "deploy", "creator": {"login": "ana"}},
            "repository": {"full_name": "acme/checkout"},
            "installation": {"id": 99},
            "sender": {"login": "ana"},
        }
        answer = from_github(client, integration, "deployment_protection_rule", payload | more, delivery=delivery)
        assert answer.status_code < 300, answer.content
        inbox.process_due()
        answer_due()

    return asked


def due_again():
    ProtectionRule.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    return answer_due()


class TestAnswering:
    def test_a_token_whose_end_cannot_be_read_is_asked_for_again_later(self, ask, github, shop):
        github.zone = ""
        ask()
        rule = ProtectionRule.objects.get()
        assert (rule.state, rule.error) == ("waiting", "GitHub answered with something that is no token")
        github.zone = "Z"
        assert due_again() == 1
        assert github.answers

    def test_what_waits_for_somebody_is_commented_and_approved_once_authorised(self, ask, github, shop, settle):
        ask()
        check = GateCheck.objects.get()
        assert (check.decision, check.service, check.environment, check.revision) == (
            "awaiting",
            shop.checkout,
            "production",
            "4f2a1c9",
        )
        (path, comment) = github.answers.pop()
        assert path == "/repos/acme/checkout/actions/runs/7/deployment_protection_rule"
        assert comment.keys() == {"environment_name", "comment"}
        assert check.get_absolute_url() in comment["comment"]
        assert "awaits authorisation" in comment["comment"]
        gate.authorise(check=check, by=shop.oli)
        settle()
        answer_due()
        (_, approval) = github.answers.pop()
        assert (approval["environment_name"], approval["state"]) == ("production", "approved")
        rule = check.protection_rules.get()
        assert (rule.state, rule.told, rule.next_at, rule.error) == ("answered", "allowed", None, "")

    def test_what_is_refused_is_rejected_with_the_reason(self, ask, github, shop, settle):
        ask()
        gate.refuse(check=GateCheck.objects.get(), by=shop.oli, why="Not before the holidays")
        settle()
        answer_due()
        (_, rejection) = github.answers[-1]
        assert rejection["state"] == "rejected"
        assert "Not before the holidays" in rejection["comment"]

    def test_a_service_that_nobody_knows_is_rejected_with_words(self, ask, github, shop):
        ask(callback=github.callback(repository="acme/basket"), repository={"full_name": "acme/basket"})
        assert GateCheck.objects.get().decision == "invalid"
        assert github.answers[-1][1]["state"] == "rejected"

    def test_nothing_is_said_twice(self, ask, github, shop, settle):
        ask()
        settle()
        for _ in range(3):
            due_again()
        assert len(github.answers) == 1

    def test_five_deliveries_at_once_of_one_message_have_one_effect(self, ask, github, shop):
        for _ in range(5):
            ask(delivery="d-1")
        assert (GateCheck.objects.count(), ProtectionRule.objects.count(), len(github.answers)) == (1, 1, 1)

    def test_two_runs_that_ask_the_same_are_both_answered(self, ask, github, shop, settle):
        ask()
        ask(callback=github.callback(run=8))
        check = GateCheck.objects.get()
        gate.authorise(check=check, by=shop.oli)
        settle()
        answer_due()
        approved = {path.split("/")[6] for path, body in github.answers if body.get("state") == "approved"}
        assert approved == {"7", "8"}

    def test_a_run_that_is_run_again_is_answered_again(self, ask, github, shop, settle):
        ask()
        gate.authorise(check=GateCheck.objects.get(), by=shop.oli)
        settle()
        answer_due()
        ask()
        assert [body.get("state") for _, body in github.answers] == [None, "approved", "approved"]

    def test_an_answer_that_was_given_is_not_taken_back(self, ask, github, shop, settle):
        ask()
        check = GateCheck.objects.get()
        gate.authorise(check=check, by=shop.oli)
        settle()
        answer_due()
        GateCheck.objects.filter(pk=check.pk).update(decision="prevented")
        gate.look_again(check)
        settle()
        assert answer_due() == 0


class TestTrouble:
    def test_a_token_is_bought_once_and_again_before_it_ends(self, ask, github, shop):
        ask()
        ask(callback=github.callback(run=8))
        assert len(github.sold) == 1
        tokens.forget(99)
        github.life = timedelta(minutes=4)
        ask(callback=github.callback(run=9))
        ask(callback=github.callback(run=10))
        assert len(github.sold) == 3

    def test_a_token_that_is_not_accepted_is_bought_anew(self, ask, github, shop):
        ask()
        github.revoked.update(github.sold)
        ask(callback=github.callback(run=8))
        assert (len(github.sold), len(github.answers)) == (2, 2)

    def test_a_github_that_is_ill_is_asked_again_later(self, ask, github, shop):
        github.troubles = [(502, {}), (429, {"Retry-After": "120"})]
        ask()
        rule = ProtectionRule.objects.get()
        assert (rule.state, rule.attempts) == ("waiting", 1)
        assert rule.next_at > timezone.now()
        due_again()
        rule.refresh_from_db()
        assert rule.next_at > timezone.now() + timedelta(seconds=100)
        due_again()
        rule.refresh_from_db()
        assert (rule.told, rule.next_at, rule.error, len(github.answers)) == ("awaiting", None, "", 1)

    @pytest.mark.parametrize(("status", "said"), [(404, "still installed"), (422, "any more (trouble 422)")])
    def test_what_github_will_never_take_is_given_up_with_words(self, ask, github, shop, status, said):
        github.troubles = [(status, {})]
        ask()
        rule = ProtectionRule.objects.get()
        assert (rule.state, rule.next_at) == ("failed", None)
        assert said in rule.error

    def test_a_key_of_another_app_is_said(self, ask, github, shop, settings):
        settings.GITHUB_APP_ID = "12"
        ask()
        rule = ProtectionRule.objects.get()
        assert rule.state == "failed"
        assert "do GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong to each other" in rule.error

    def test_without_an_app_the_check_says_what_is_missing(self, ask, github, shop, settings):
        settings.GITHUB_APP_ID = ""
        ask()
        rule = ProtectionRule.objects.get()
        assert (rule.state, github.sold) == ("failed", [])
        assert "set GITHUB_APP_ID" in rule.error

    def test_a_private_address_is_refused_unless_the_operator_chose_it(self, ask, github, shop, settings):
        settings.GITHUB_PUBLIC_API_URL = github.url
        ask()
        assert ProtectionRule.objects.get().state == "failed"
        assert "not a public address" in ProtectionRule.objects.get().error
        assert github.sold == []

    def test_a_callback_elsewhere_is_refused_and_said(self, ask, github, shop):
        with github_server.running() as evil:
            ask(callback=evil.callback())
            rule = ProtectionRule.objects.get()
            assert (rule.state, evil.answers, github.sold) == ("failed", [], [])
            assert f"not at {github.url}" in rule.error


class TestCallbacks:
    @pytest.mark.parametrize(
        "callback",
        [
            CALLBACK.replace("https", "http"),
            CALLBACK.replace("api.github.com", "api.github.com.evil.example"),
            CALLBACK.replace("api.github.com", "api.github.com:8443"),
            CALLBACK.replace("api.github.com", "api.github.com@evil.example"),
            CALLBACK.replace("api.github.com", "me:you@api.github.com"),
            CALLBACK.replace("/actions/", "/../actions/"),
            CALLBACK.replace("acme/checkout", "../checkout"),
            CALLBACK.replace("acme/checkout", "acme/payments"),
            CALLBACK.replace("runs/7", "runs/x"),
            f"{CALLBACK}/",
            f"{CALLBACK}?to=evil",
            f"{CALLBACK}#evil",
            CALLBACK.replace("/repos", "/api/v3/repos"),
            f"{API}/app/installations/1/access_tokens",
            "https://[::1",
            "//api.github.com/repos/acme/checkout",
            "",
        ],
    )
    def test_only_githubs_own_address_for_a_run_of_this_repository_will_do(self, callback):
        assert refusal(callback, api=API, repository="acme/checkout")

    def test_the_right_one_is_accepted_in_any_case_of_letters(self):
        assert refusal(CALLBACK, api=API, repository="Acme/Checkout") == ""
        assert refusal(CALLBACK.replace("github.com", "github.com:443"), api=API, repository="acme/checkout") == ""

    def test_an_enterprise_server_has_its_api_below_a_path(self):
        api = "https://git.example.com/api/v3"
        callback = CALLBACK.replace(API, api)
        assert refusal(callback, api=api, repository="acme/checkout") == ""
        assert refusal(callback.replace("/api/v3", ""), api=api, repository="acme/checkout")
        assert run_page(callback, api=api) == "https://git.example.com/acme/checkout/actions/runs/7"

    def test_a_run_is_shown_where_people_read_it(self):
        assert run_page(CALLBACK, api=API) == "https://github.com/acme/checkout/actions/runs/7"

    @given(st.text(max_size=200))
    def test_no_text_breaks_it(self, text):
        assert refusal(text, api=API, repository="acme/checkout")
        assert refusal(f"{API}/{text}", api=API, repository="acme/checkout")


@pytest.mark.django_db
def test_what_lacks_its_callback_is_refused_to_the_sender(client):
    integration = IntegrationFactory(source="github")
    answer = from_github(client, integration, "deployment_protection_rule", {"action": "requested"})
    assert answer.status_code == 400
    assert "deployment_callback_url" in json.dumps(answer.json())
    assert not InboundMessage.objects.exists()
