"""Settings on the web: integrations, tokens, and the first administrator."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone

from notifications.models import InboundMessage, Integration
from oncall.models import ApiToken, Person
from oncall.services import first_sign_in_link
from tests.factories import IntegrationFactory, PersonFactory, ServiceFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db


def test_a_secret_is_shown_when_it_is_made_and_never_again():
    ServiceFactory(slug="checkout")
    client = browser()
    made = client.post("/settings/integrations/new/", {"source": "event", "name": "CI", "mapping": "web = checkout"})
    integration = Integration.objects.get()
    secret = integration.secrets.get().secret
    assert made.status_code == 201
    assert secret in made.text
    assert f"/e/{secret}" in made.text
    assert made["Cache-Control"].startswith("max-age=0")
    assert secret not in client.get(f"/settings/integrations/{integration.pk}/").text
    assert integration.mapping == {"web": "checkout"}


def test_a_mapping_to_an_unknown_service_is_said_at_its_field():
    refused = browser().post("/settings/integrations/new/", {"source": "event", "name": "CI", "mapping": "web = x"})
    assert refused.status_code == 422
    assert "There is no service “x”" in refused.text
    assert not Integration.objects.exists()


def test_a_secret_is_rotated_while_both_are_live():
    integration = IntegrationFactory(source="github", secret="first")
    client = browser()
    path = f"/settings/integrations/{integration.pk}/"
    assert client.post(f"{path}rotate/").status_code == 201
    assert integration.secrets.filter(retired_at=None).count() == 2
    assert "retire the older one" in client.post(f"{path}rotate/", follow=True).text
    first = integration.secrets.get(secret="first")
    client.post(f"{path}secrets/{first.pk}/retire/")
    assert integration.secrets.filter(retired_at=None).exclude(pk=first.pk).count() == 1
    last = integration.secrets.get(retired_at=None)
    assert "only live secret" in client.post(f"{path}secrets/{last.pk}/retire/", follow=True).text


@pytest.mark.parametrize("source", ["github", "event", "alertmanager"])
def test_a_test_goes_through_the_intake_and_stands_among_the_messages(source):
    integration = IntegrationFactory(source=source)
    page = browser().post(f"/settings/integrations/{integration.pk}/test/", follow=True)
    assert "A sample was sent and kept" in page.text
    message = InboundMessage.objects.get(integration=integration)
    assert message.state in ("waiting", "ignored")
    assert "waiting" in page.text or "ignored" in page.text


def test_a_message_is_processed_again_on_replay():
    integration = IntegrationFactory(source="event")
    message = InboundMessage.objects.create(
        source="event", integration=integration, key="k", body=b"{}", state="failed", outcome="Oops"
    )
    client = browser()
    path = f"/settings/integrations/{integration.pk}/"
    assert "Oops" in client.get(path).text
    client.post(f"{path}deliveries/{message.pk}/replay/")
    message.refresh_from_db()
    assert message.state == "waiting"


def test_a_disabled_integration_answers_404():
    integration = IntegrationFactory(source="event", secret="s")
    client = browser()
    client.post(f"/settings/integrations/{integration.pk}/disable/")
    sent = client.post(integration.path, "x", content_type="text/plain", headers={"Authorization": "Bearer s"})
    assert sent.status_code == 404


@pytest.mark.parametrize("act", ["rotate", "disable", "test"])
def test_responders_do_not_touch_integrations(act):
    integration = IntegrationFactory()
    assert browser("responder").post(f"/settings/integrations/{integration.pk}/{act}/").status_code == 403


def test_a_token_is_shown_once_works_and_is_revoked():
    client = browser("viewer")
    made = client.post("/settings/tokens/", {"name": "CI"})
    text = made.context["text"]
    assert made.status_code == 201
    assert text in made.text
    assert text not in client.get("/settings/tokens/").text
    caller = browser("anonymous")
    headers = {"Authorization": f"Bearer {text}"}
    assert caller.get("/api/v1/people/me/", headers=headers).json()["email"] == client.person.email
    client.post(f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert caller.get("/api/v1/people/me/", headers=headers).status_code == 401


def test_nobody_revokes_the_token_of_another():
    client = browser("viewer")
    client.post("/settings/tokens/", {"name": "CI"})
    assert browser().post(f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert ApiToken.objects.exists()


def welcome():
    return "/" + first_sign_in_link().split("/", 3)[3]


def test_the_first_administrator_is_made_once_and_signed_in():
    path, client = welcome(), browser("anonymous")
    assert "You are the first" in client.get(path).text
    fields = {"name": "Ana", "email": "ana@example.com", "password": "a long enough phrase"}
    assert client.post(path, fields).url == "/"
    assert Person.objects.get().is_administrator
    assert client.get("/settings/", follow=True).status_code == 200
    assert browser("anonymous").post(path, fields | {"email": "bo@example.com"}).status_code == 403
    assert Person.objects.count() == 1


def test_a_short_password_is_refused_and_shown_at_its_field():
    refused = browser("anonymous").post(welcome(), {"name": "Ana", "email": "ana@example.com", "password": "short"})
    assert refused.status_code == 422
    assert "too short" in refused.text
    assert not Person.objects.exists()


def invitation(client, person):
    shown = client.post(f"/people/{person.pk}/invitation/")
    assert shown.status_code == 201
    return re.search(r"/join/[^/\"]+/", shown.text)[0]


def test_an_invitation_shows_a_link_with_which_a_newcomer_signs_in_once():
    fields = {"name": "Bo", "email": "bo@example.com", "role": "viewer", "timezone": "Europe/Stockholm"}
    made = browser().post("/people/new/", fields)
    assert made.status_code == 201
    path, newcomer = re.search(r"/join/[^/\"]+/", made.text)[0], browser("anonymous")
    assert "Welcome, Bo" in newcomer.get(path).text
    assert newcomer.post(path, {"password": "short"}).status_code == 422
    joined = newcomer.post(path, {"password": "a long enough phrase"})
    assert joined.url == f"/people/{Person.objects.get(email='bo@example.com').pk}/"
    assert newcomer.get("/incidents/").status_code == 200
    assert "used already" in browser("anonymous").get(path).text


def test_of_two_links_the_one_not_used_ends_too():
    client, bo = browser(), PersonFactory()
    first, second = invitation(client, bo), invitation(client, bo)
    assert browser("anonymous").post(second, {"password": "a long enough phrase"}).status_code == 302
    assert browser("anonymous").post(first, {"password": "another long phrase"}).status_code == 403
    bo.refresh_from_db()
    assert bo.check_password("a long enough phrase")


def test_an_old_a_forged_and_another_link_let_nobody_in():
    path = invitation(browser(), PersonFactory())
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert "older than a week" in browser("anonymous").get(path).text
    assert "cut short" in browser("anonymous").get(f"{path[:-9]}/").text
    assert browser("anonymous").get(path.replace("join", "welcome")).status_code == 403


def test_only_administrators_invite_and_only_who_is_here():
    bo = PersonFactory()
    assert browser("responder").post(f"/people/{bo.pk}/invitation/").status_code == 403
    client = browser()
    path = invitation(client, bo)
    Person.objects.filter(pk=bo.pk).update(is_active=False)
    assert client.post(f"/people/{bo.pk}/invitation/").url == f"/people/{bo.pk}/"
    assert browser("anonymous").get(path).status_code == 403


def test_a_link_does_not_pass_by_a_second_factor():
    bo = PersonFactory()
    Authenticator.objects.create(user=bo, type=Authenticator.Type.TOTP, data={})
    client, path = browser("anonymous"), invitation(browser(), bo)
    assert client.post(path, {"password": "a long enough phrase"}).url == "/accounts/login/"
    assert client.get("/incidents/").status_code == 302
