"""Secrets that a sender makes itself, as PagerDuty and Sentry do."""

import pytest

from notifications.errors import Conflict, InvalidInput
from oncall import services
from oncall.services.integrations import live_secrets
from tests.factories import AdministratorFactory, IntegrationFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db
THEIRS = "f" * 64


@pytest.fixture
def sentry():
    return IntegrationFactory(source="sentry", secret="made-here")


def secrets(integration):
    return [live.secret for live in live_secrets(integration)]


def test_it_is_live_beside_ours(sentry):
    assert services.rotate_secret(integration=sentry, secret=f" {THEIRS}\n") == THEIRS
    assert secrets(sentry) == ["made-here", THEIRS]
    with pytest.raises(Conflict, match="retire the older one"):
        services.rotate_secret(integration=sentry, secret=THEIRS[::-1])


@pytest.mark.parametrize("given", ["short", "x" * 201])
def test_one_that_was_not_copied_whole_is_refused(sentry, given):
    with pytest.raises(InvalidInput, match=f"This has {len(given)} characters"):
        services.rotate_secret(integration=sentry, secret=given)
    assert secrets(sentry) == ["made-here"]


def test_the_page_takes_it_and_does_not_show_it(sentry):
    admin = browser()
    path = f"/settings/integrations/{sentry.pk}/theirs/"
    assert path in admin.get(f"/settings/integrations/{sentry.pk}/").content.decode()
    assert admin.post(path, {"secret": "short"}).status_code == 422
    answer = admin.post(path, {"secret": THEIRS}, follow=True)
    assert secrets(sentry) == ["made-here", THEIRS]
    assert THEIRS not in answer.content.decode()
    assert admin.post(path, {"secret": THEIRS}).status_code == 409


def test_the_api_takes_it_too(sentry, api):
    client, path = api(AdministratorFactory()), f"/api/v1/integrations/{sentry.pk}/rotate/"
    assert client.post(path, {"secret": "short"}).status_code == 400
    answer = client.post(path, {"secret": THEIRS})
    assert (answer.status_code, answer.json()["secret"]) == (201, THEIRS)


@pytest.mark.parametrize("source", ["pagerduty", "sentry"])
def test_the_instructions_say_where_it_goes(source):
    page = browser().get(f"/settings/integrations/{IntegrationFactory(source=source).pk}/")
    assert "Use a secret of theirs" in page.content.decode().split('id="secrets"')[0]
