"""Buttons, forms and shortcuts, pressed in a practice workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from incidents import services
from incidents.models import Incident, Participant
from notifications.models import InboundMessage
from oncall import paging
from oncall.models import Bundle, Page, Shadow
from oncall.paging import bundles, links
from slack.dispatch import carry_out
from slack.payloads import Pressed
from slack.sandbox import PracticeSlack
from tests.factories import ContactMethodFactory, PersonFactory, staffed_service
from tests.slack.conftest import run

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BO = "U0ANA", "U0BO"


@pytest.fixture
def ana():
    person = PersonFactory(email="ana@example.com", name="Ana Practice")
    ContactMethodFactory(person=person, kind="slack", address=ANA)
    return person


@pytest.fixture
def page(practice, ana):
    made = paging.page(subject="SEV1 #1 Checkout is down", person=ana, url="http://testserver/incidents/1/", body="Hm")
    run()
    return made


def in_direct(practice: PracticeSlack, user: str):
    return practice.messages(practice.workspace.conversation(user)["id"])


def buttons(message):
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def words(message):
    return str(message["blocks"])


def test_a_page_is_acknowledged_where_it_arrives_and_its_message_changes(practice, page, ana):
    [message] = in_direct(practice, ANA)
    assert buttons(message) == ["page.acknowledge", "page.escalate", "page.open"]
    assert "SEV1 #1 Checkout is down" in words(message)
    assert practice.click(ANA, message["ts"], "page.acknowledge").ok
    run()
    page.refresh_from_db()
    assert page.state == Page.State.ACKNOWLEDGED
    assert page.log.get(kind="acknowledged").text == "Ana Practice acknowledged in Slack"
    [changed] = in_direct(practice, ANA)
    assert "page.acknowledge" not in buttons(changed)
    assert "Acknowledged by Ana Practice" in words(changed)


def test_a_page_answered_on_the_web_changes_in_slack_too(practice, page, ana):
    paging.acknowledge(page=page, person=ana, via="web")
    run()
    [changed] = in_direct(practice, ANA)
    assert "Acknowledged by Ana Practice" in words(changed)
    paging.resolve(page=page)
    run()
    [over] = in_direct(practice, ANA)
    assert "Resolved" in words(over)


def test_a_page_that_went_out_late_shows_that_it_was_answered(practice, ana):
    practice.fail_with("chat.postMessage", status=503)
    made = paging.page(subject="Checkout is down", person=ana)
    run()
    assert in_direct(practice, ANA) == []
    delivery = made.notices.get().delivery
    paging.acknowledge(page=made, person=ana, via="web")
    delivery.refresh_from_db()
    delivery.state, delivery.next_at = "waiting", delivery.created_at  # it was already under way
    delivery.save()
    run()
    [message] = in_direct(practice, ANA)
    assert "Acknowledged by Ana Practice" in words(message)


def test_a_resolved_page_answers_that_it_is_over(practice, page):
    [message] = in_direct(practice, ANA)
    ts = message["ts"]
    paging.resolve(page=page)
    practice.click(ANA, ts, "page.acknowledge")
    run()
    assert "is resolved; there is nothing left to answer" in practice.ephemerals(ANA)[-1]["text"]


def test_a_page_to_somebody_slack_does_not_vouch_for_is_answered_by_whom_it_was_sent_to(practice, page, ana):
    practice.fail_with("users.info", "user_not_found", times=9)
    [message] = in_direct(practice, ANA)
    practice.click(ANA, message["ts"], "page.acknowledge")
    run()
    assert page.escalations.get().acknowledged_by == ana


def test_escalating_calls_the_next_in_line(practice, ana):
    bo = ContactMethodFactory(kind="slack", address=BO, person__email="bo@example.com").person
    service = staffed_service()
    service.policy.steps.all().delete()
    for position, person in enumerate((ana, bo)):
        step = service.policy.steps.create(position=position, delay="00:30:00")
        step.targets.create(kind="person", person=person)
    paging.page(subject="Checkout is down", service=service)
    run()
    [message] = in_direct(practice, ANA)
    practice.click(ANA, message["ts"], "page.escalate")
    run()
    assert "Checkout is down" in words(in_direct(practice, BO)[0])


def test_a_channel_of_a_policy_is_asked_and_whoever_presses_answers(practice, ana):
    service = staffed_service()
    service.policy.steps.all().delete()
    step = service.policy.steps.create(position=0, delay="00:05:00")
    step.targets.create(kind="channel", address="#incidents")
    made = paging.page(subject="Checkout is down", service=service)
    run()
    [message] = practice.messages("incidents")
    practice.click(ANA, message["ts"], "page.acknowledge")
    run()
    assert made.escalations.get().acknowledged_by == ana
    [changed] = practice.messages("incidents")
    assert "page.acknowledge" not in buttons(changed)


def test_a_shadow_reads_of_the_page_and_has_nothing_to_press(practice, ana):
    service = staffed_service()
    seat = service.schedule.seats.get(name="dev")
    Shadow.objects.create(seat=seat, person=ana, start=timezone.now() - timedelta(days=1))
    made = paging.page(subject="Checkout is down", service=service)
    run()
    [before] = in_direct(practice, ANA)
    assert "You are shadowing Dev" in words(before)
    assert buttons(before) == []
    paging.resolve(page=made)
    run()
    assert in_direct(practice, ANA) == [before]


def test_joining_from_the_announcement(practice, ana):
    incident, _ = services.declare(title="Checkout is down", by=PersonFactory())
    run()
    [announced] = practice.messages("incidents")
    practice.click(ANA, announced["ts"], "incident.join")
    run()
    assert Participant.objects.filter(incident=incident, person=ana, how="joined").exists()
    assert "You take part in" in practice.ephemerals(ANA)[-1]["text"]


def test_a_button_that_only_opens_a_link_asks_for_nothing(practice, ana):
    services.declare(title="Checkout is down", by=ana)
    run()
    [announced] = practice.messages("incidents")
    assert practice.click(ANA, announced["ts"], "incident.open").ok
    assert InboundMessage.objects.get().state == "ignored"


def test_a_shortcut_on_a_message_declares_with_its_words(practice, ana):
    practice.people.say(ANA, "general", "checkout & cart are slow")
    ts = practice.messages("general")[-1]["ts"]
    assert practice.people.shortcut(ANA, "incident.declare_from_message", ts).ok
    run()
    [view] = practice.views(ANA)
    assert practice.submit(ANA, view["id"], {}).ok
    run()
    assert Incident.objects.get().title == "checkout & cart are slow"
    assert "Declared SEV3" in practice.ephemerals(ANA)[-1]["text"]


def test_a_form_sent_twice_declares_once(practice, ana):
    practice.people.shortcut(ANA, "incident.declare")
    run()
    [view] = practice.views(ANA)
    kept = dict(view)
    practice.submit(ANA, view["id"], {"title": "Cards are refused"})
    practice.workspace.views[kept["id"]] = kept
    practice.submit(ANA, kept["id"], {"title": "Cards are refused"})
    run()
    assert Incident.objects.count() == 1
    assert "Declared SEV3" in in_direct(practice, ANA)[0]["text"]  # there was no channel to answer in


def test_a_button_of_an_older_andon_says_that_it_is_gone(practice, ana):
    practice.workspace.add_message(
        practice.workspace.channel("incidents"),
        "U0ANDON",
        "old",
        blocks=[
            {
                "type": "actions",
                "block_id": "b",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "rollback.now",
                        "value": "1",
                        "text": {"type": "plain_text", "text": "x"},
                    }
                ],
            }
        ],
    )
    practice.click(ANA, practice.messages("incidents")[-1]["ts"], "rollback.now")
    run()
    assert "rollback.now is not something Andon does" in practice.ephemerals(ANA)[-1]["text"]
    assert InboundMessage.objects.get().outcome.startswith("refused")


def test_a_value_that_is_not_ours_is_refused(practice, ana):
    told = Pressed(user_id=ANA, user_name="ana", action_id="page.acknowledge", value="abc")
    assert carry_out(told, key="k").startswith("refused: This link is not one of ours")


def test_many_pages_are_one_message_and_one_button_answers_for_all_of_them(practice, ana):
    made = [paging.page(subject=f"SEV2 #{n} fails", person=ana) for n in range(30)]
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        assert bundles.send_due() == 1
        run()
    sent = in_direct(practice, ANA)
    assert len(sent) == 4
    [together] = [message for message in sent if buttons(message) == ["bundle.acknowledge", "bundle.open"]]
    assert "SEV2 #22 fails" in words(together)
    assert "and 7 more" in words(together)
    practice.click(ANA, together["ts"], "bundle.acknowledge")
    run()
    assert practice.ephemerals(ANA)[-1]["text"] == "You answer for 27 pages."
    assert Page.objects.filter(state="acknowledged").count() == 27
    assert made[29].log.get(kind="acknowledged").text == "Ana Practice acknowledged in Slack"


def test_nobody_answers_for_all_the_pages_of_another(practice, ana):
    PersonFactory(slack_id=BO)
    bundle = Bundle.objects.create(person=ana, method=ana.contact_methods.get())
    value = links.bundle_token(bundle)
    told = Pressed(user_id=BO, user_name="bo", action_id="bundle.acknowledge", value=value, direct=True)
    assert carry_out(told, key="1").startswith("refused: These pages were sent to Ana Practice")
