"""Announcements follow the incident, whatever Slack does meanwhile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents import services
from incidents.models import Incident
from notifications.models import Delivery
from slack.models import Announcement
from slack.services import save_workspace
from tests.factories import PersonFactory, ServiceFactory
from tests.slack.conftest import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana():
    return PersonFactory(email="ana@example.com", name="Ana Practice", slack_id="U0ANA")


def make_due():
    """Time passes: what waits is due now."""
    Delivery.objects.filter(state="waiting").update(next_at=timezone.now())


def test_a_declaration_is_announced_and_kept_current(practice, ana):
    incident, _ = services.declare(title="Checkout is down", severity="sev3", by=ana)
    run()
    [announced] = practice.messages("incidents")
    assert "SEV3" in str(announced["blocks"]) and "nobody yet" in str(announced["blocks"])
    services.change_severity(incident=incident, severity="sev1", by=ana)
    services.assign_role(incident=incident, role="commander", person=ana, by=ana)
    services.transition(incident=incident, to="identified", by=ana)
    services.add_service(incident=incident, service=ServiceFactory(name="Checkout"), by=ana)
    services.edit(incident=incident, title="Cards are refused", by=ana)
    run()
    [current] = practice.messages("incidents")
    shown = str(current["blocks"])
    for part in ("SEV1", "<@U0ANA>", "identified", "*Services* Checkout", "Cards are refused"):
        assert part in shown
    assert current["ts"] == announced["ts"]


def test_the_end_is_told_once_to_those_who_heard_of_the_beginning(practice, ana):
    incident, _ = services.declare(title="Checkout is down", by=ana)
    run()
    services.transition(incident=incident, to="resolved", by=ana)
    run()
    announced, over = practice.messages("incidents")
    assert "resolved" in str(announced["blocks"])
    assert "Resolved · Checkout is down" in str(over["blocks"]) and "Lasted" in str(over["blocks"])


def test_an_update_reaches_the_channel_in_its_authors_words(practice, ana):
    incident, _ = services.declare(title="Checkout is down", severity="sev1", by=ana)
    services.post_update(incident=incident, text="We know the cause & mend it", by=ana)
    run()
    [update] = [
        said for said in practice.messages("incidents") if "We know the cause &amp; mend it" in str(said["blocks"])
    ]
    assert "By Ana Practice" in str(update["blocks"]) and "Next update by" in str(update["blocks"])


def test_a_title_mentions_nobody(practice, ana):
    services.declare(title="<!channel> <@U0BO> checkout is down", by=ana)
    run()
    [announced] = practice.messages("incidents")
    assert "<!channel>" not in announced["text"] and "&lt;!channel&gt;" in announced["text"]
    mrkdwn = [b["text"]["text"] for b in announced["blocks"] if b.get("text", {}).get("type") == "mrkdwn"]
    assert not any("<!channel>" in text or "<@U0BO>" in text for text in mrkdwn)


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"retry_after": 30}, {"error": "internal_error"}], ids=["500", "429", "internal_error"]
)
def test_a_failing_slack_stops_no_incident_and_hears_of_it_later(practice, ana, fault):
    practice.fail_with("chat.postMessage", times=2, **fault)
    incident, _ = services.declare(title="Checkout is down", by=ana)
    run()
    assert Incident.objects.get() == incident
    assert practice.messages("incidents") == []
    services.change_severity(incident=incident, severity="sev2", by=ana)
    run()
    practice.heal()
    make_due()
    run()
    [announced] = practice.messages("incidents")
    assert "SEV2" in str(announced["blocks"])


def test_what_waits_for_429_waits_as_long_as_slack_asks(practice, ana):
    practice.fail_with("chat.postMessage", retry_after=90)
    services.declare(title="Checkout is down", by=ana)
    run()
    waiting = Delivery.objects.get(state="waiting")
    assert 80 < (waiting.next_at - timezone.now()).total_seconds() <= 90


def test_an_unchanged_announcement_is_not_sent_again(practice, ana):
    incident, _ = services.declare(title="Checkout is down", by=ana)
    run()
    services.edit(incident=incident, summary="More words", by=ana)
    run()
    assert [call.method for call in practice.calls] == ["chat.postMessage"]


def test_the_channel_is_the_one_chosen(practice, ana):
    save_workspace(announce_channel="general", by=None)
    services.declare(title="Checkout is down", by=ana)
    run()
    assert len(practice.messages("general")) == 1
    assert practice.messages("incidents") == []


def test_without_a_token_nothing_is_tried(settings, ana):
    settings.SLACK_BOT_TOKEN = ""
    incident, _ = services.declare(title="Checkout is down", by=ana)
    services.post_update(incident=incident, text="News", by=ana)
    services.transition(incident=incident, to="resolved", by=ana)
    run()
    assert not Delivery.objects.filter(channel="slack").exists()
    assert not Announcement.objects.exists()
