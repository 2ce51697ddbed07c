"""Settings, Slack: what is connected, where incidents are announced, what Slack asked last."""

from __future__ import annotations

import pytest

from notifications.models import InboundMessage
from slack.models import Workspace
from tests.factories import AdministratorFactory, PersonFactory

pytestmark = pytest.mark.django_db
URL = "/settings/slack/"


@pytest.fixture
def administrator(client):
    client.force_login(AdministratorFactory())
    return client


def test_it_says_what_is_missing(administrator):
    page = administrator.get(URL).content.decode()
    assert "Set <code>SLACK_BOT_TOKEN</code>" in page and "Set <code>SLACK_SIGNING_SECRET</code>" in page
    assert "practice workspace" not in page


def test_it_says_what_is_connected_and_never_the_secret(administrator, settings):
    settings.SLACK_BOT_TOKEN, settings.SLACK_SIGNING_SECRET = "xoxb-1234-xyz", "5ecret-xyz"
    settings.SLACK_PRACTICE_URL = "http://127.0.0.1:8001"
    page = administrator.get(URL).content.decode()
    assert "not set" not in page and "xyz" not in page
    assert 'href="http://127.0.0.1:8001"' in page


def test_the_channel_is_kept(administrator):
    assert administrator.post(URL, {"announce_channel": "ops-incidents"}).status_code == 302
    assert Workspace.objects.get().announce_channel == "#ops-incidents"
    administrator.post(URL, {"announce_channel": "C0123ABCD"})
    assert Workspace.objects.get().announce_channel == "C0123ABCD"


def test_a_name_that_is_no_channel_is_said_by_the_field(administrator):
    response = administrator.post(URL, {"announce_channel": "Our Incidents"})
    assert response.status_code == 422
    assert "is not a channel: write it as #incidents" in response.content.decode()
    assert not Workspace.objects.exists()


def test_the_last_requests_stand_there_with_their_outcome(administrator):
    InboundMessage.objects.create(source="slack", key="command:1.1", body=b"", state="done", outcome="done")
    InboundMessage.objects.create(source="event", key="from-elsewhere", body=b"")
    page = administrator.get(URL).content.decode()
    assert "command:1.1" in page and "from-elsewhere" not in page


def test_it_is_for_administrators(client):
    assert client.get(URL).status_code == 302
    client.force_login(PersonFactory())
    assert client.get(URL).status_code == 403
