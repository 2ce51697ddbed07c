"""Who is not signed in reads nothing: every page leads to the sign-in, every call of the API is refused."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AdministratorFactory
from tests.routes import routes

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
ANYTHING = {"figure": "coverage", "provider_id": "oidc", "uidb36": "1", "key": "a"}
METHODS = ("get", "post", "put", "patch", "delete")
OPEN_TO_ALL = {
    "health_live",
    "health_ready",
    "metrics",
    "admin:login",
    "oncall:join",  # a signed link is its own proof
    "oncall:link",
    "oncall:welcome",
}
SIGNING_IN = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_inactive",
    "account_login",
    "account_logout",  # leads those away who are not signed in
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_email_verification_sent",
    "mfa_authenticate",
    "openid_connect_callback",
    "openid_connect_login",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "/accounts/social/login/cancelled/",
    "/accounts/social/login/error/",
    "/accounts/social/signup/",
}
OPEN_TO_PROGRAMS = {
    "api-schema",
    "api-schedule-calendar",  # the key in the address is the proof
    "api-my-calendar",
    "hook",  # signed by the sender
    "one-line",
    "telemetry:heartbeat-call",
    "slack:commands",
    "slack:interactions",
    "slack:events",
}
PAGES = routes(lambda route: not route.is_api and route.name not in OPEN_TO_ALL | SIGNING_IN | OPEN_TO_PROGRAMS)
CALLS = routes(lambda route: route.is_api and route.name not in OPEN_TO_PROGRAMS)
LINK = re.compile(r"""{% url ['"]([\w:-]+)['"] *([^%]*)%}""")


def address(route):
    return route.address(dict.fromkeys(route.parameters, 1) | ANYTHING)


def test_the_lists_of_what_is_open_name_nothing_that_is_gone():
    known = {route.name for route in routes()}
    assert known >= OPEN_TO_ALL | SIGNING_IN | OPEN_TO_PROGRAMS


@pytest.mark.django_db
@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_a_page_leads_to_the_sign_in(client, route):
    for ask in (client.get, client.post):
        answer = ask(address(route))
        assert answer.status_code == 302
        assert re.match(r"/(accounts|admin)/login/", answer.url)


@pytest.mark.django_db
@pytest.mark.parametrize("route", CALLS, ids=lambda route: route.name)
@pytest.mark.parametrize("token", ["", "Bearer unknown"], ids=["no token", "an unknown token"])
def test_a_call_of_the_api_is_refused(client, route, token):
    for method in METHODS:
        answer = getattr(client, method)(address(route), headers={"Authorization": token} if token else {})
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
        assert answer.json()["detail"]
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_a_session_alone_changes_nothing_through_the_api():
    """Without the CSRF token: another site cannot post in somebody's name."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(AdministratorFactory(), backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post("/api/v1/incidents/", {"title": "x"}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")


def test_every_address_that_a_template_names_exists():
    named = {
        (name, bool(arguments.split(" as ")[0].strip()))
        for path in TEMPLATES.rglob("*.html")
        for name, arguments in LINK.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    known = {route.name for route in routes()}
    assert {name for name, _ in named} <= known
    for name, needs_arguments in named:
        if not needs_arguments:
            assert reverse(name)
