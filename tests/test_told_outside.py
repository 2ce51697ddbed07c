"""What outsiders are told, by webhooks and by `events/`: all that is published, and nothing of what is private.

An incident goes all the way, with pages, a post-mortem, an action and a problem; everything it tells goes to a
subscriber of all events. Then the same in private.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes import ledger
from changes.events import ChangeEvent
from changes.models import GateCheck, Pipeline
from config.outgoing import PUBLISHED
from config.reactions import REACTIONS
from incidents.services import assign_role, change_severity, declare, merge, post_update, set_private, transition
from notifications import outbox
from notifications.models import Event, WebhookMessage
from notifications.outgoing import fanout, published, replay, sending
from oncall import paging
from oncall.models import Page
from postmortems import services as lessons
from tests.factories import PersonFactory, staffed_service
from tests.notifications.outgoing import subscribe
from tests.postmortems.cases import published as learned
from tests.receiver import receiving

pytestmark = pytest.mark.django_db

TITLE = "Zanzibar burns"


@pytest.fixture
def subscriber():
    with receiving() as receiver:
        yield receiver


def settle():
    while outbox.react() or fanout.fan_out_due():
        pass


def all_the_way(*, private=False, practice=False):
    """An incident from its declaration to what was learned; its declarer."""
    service, by = staffed_service(), PersonFactory()
    incident, _ = declare(
        title=TITLE, severity="sev2", services=[service], private=private, practice=practice, by=by, summary=TITLE
    )
    settle()
    change_severity(incident=incident, severity="sev1", by=by)
    assign_role(incident=incident, role="commander", person=by, by=by)
    post_update(incident=incident, text=f"We look. {TITLE}", by=by)
    settle()
    page = Page.objects.filter(about=incident.subject).earliest("pk")
    paging.acknowledge(page=page, person=service.dev_team.members.get())
    transition(incident=incident, to="resolved", by=by)
    postmortem = learned(incident, title=TITLE)
    action = lessons.create_action(title=TITLE, by=by, postmortem=postmortem, due_on=timezone.localdate())
    lessons.transition_action(action=action, to="done", by=by)
    problem = lessons.open_problem(title=TITLE, by=by, postmortem=postmortem, services=[service])
    lessons.mark_known_error(problem=problem, by=by, cause_notes="Heat", workaround="Water")
    settle()
    return incident, by


def messages():
    return list(WebhookMessage.objects.order_by("pk"))


def test_what_is_told_outside_is_told_in_our_own_house_too():
    assert PUBLISHED.keys() <= REACTIONS.keys()


def test_an_incident_is_told_from_beginning_to_end_in_stable_words():
    subscribe()
    incident, _ = all_the_way()
    told = {message.type: message.body for message in messages()}
    assert told.keys() >= {
        "incident.declared",
        "incident.transitioned",
        "incident.severity_changed",
        "incident.role_assigned",
        "incident.update_posted",
        "page.triggered",
        "page.notified",
        "page.acknowledged",
        "page.resolved",
        "postmortem.opened",
        "postmortem.published",
        "problem.opened",
        "problem.known_error",
        "action.created",
        "action.closed",
    }
    for type, body in told.items():
        assert body["type"] == type
        assert {"title", "status", "url", "at"} <= body["data"].keys(), type
        assert body["data"]["url"].startswith("http"), type
    [slug] = [service.slug for service in incident.services.all()]
    declared = told["incident.declared"]["data"]
    assert {name: declared[name] for name in ("number", "title", "severity", "status", "services", "practice")} == {
        "number": incident.number,
        "title": TITLE,
        "severity": "sev2",
        "status": "investigating",
        "services": [slug],
        "practice": False,
    }
    assert (told["incident.severity_changed"]["data"]["from"], told["incident.transitioned"]["data"]["to"]) == (
        "sev2",
        "resolved",
    )
    assert told["incident.update_posted"]["data"]["update"]["text"].startswith("We look")
    assert told["page.triggered"]["data"]["incident"] == incident.number
    assert told["page.triggered"]["data"]["services"] == [slug]
    assert told["postmortem.published"]["data"]["incidents"] == [incident.number]
    assert told["postmortem.published"]["data"]["severity"] == "sev1"


def test_a_change_is_told():
    subscribe(events=["change.recorded"])
    service = staffed_service(slug="checkout")
    event = ChangeEvent(external_id="7", revision="4f2a1c9", state="succeeded", occurred_at=timezone.now())
    ledger.record(event=event, source="event", service=service)
    settle()
    [message] = messages()
    assert message.body["data"] | {"services": [service.slug], "status": "succeeded"} == message.body["data"]


def test_a_decision_of_the_gate_is_told_without_its_reasons():
    subscribe(events=["gate.*"])
    question = {"environment": "production", "revision": "4f2a1c9", "decision": "prevented", "rule": "open-incident"}
    check = GateCheck.objects.create(service=staffed_service(), reasons=[{"rule": "", "text": TITLE}], **question)
    outbox.emit("gate.decided", {"check": check.pk})
    fanout.fan_out_due()
    [message] = messages()
    assert (message.body["data"]["status"], message.body["data"]["rule"]) == ("prevented", "open-incident")
    assert message.body["data"]["url"].endswith(check.get_absolute_url())
    assert TITLE not in str(message.body)


@pytest.mark.parametrize("status", ["red", "green"])
def test_a_pipeline_is_told_when_it_stays_red_and_when_it_is_green_again(status):
    subscribe(events=["pipeline.*"])
    pipeline = Pipeline.objects.create(name="build", repository="shop/checkout", branch="main")
    outbox.emit(f"pipeline.{status}", {"pipeline": pipeline.pk})
    fanout.fan_out_due()
    [message] = messages()
    assert (message.body["data"]["title"], message.body["data"]["status"]) == ("build", status)


def test_a_practice_says_so():
    subscribe(events=["incident.*", "postmortem.*"])
    all_the_way(practice=True)
    assert messages()
    assert all(message.body["data"]["practice"] for message in messages())


def test_of_a_private_incident_nothing_at_all_is_told():
    subscribe()
    all_the_way(private=True)
    assert Event.objects.filter(type="action.closed").exists()
    assert messages() == []
    assert not published.visible_events(None).exists()


def test_made_private_later_nothing_more_is_told_nor_what_waited_nor_on_a_replay(subscriber):
    webhook = subscribe(subscriber.url)
    incident, by = all_the_way()
    count = len(messages())
    sent = messages()[0]
    WebhookMessage.objects.filter(pk=sent.pk).update(state="sent", next_at=None)
    set_private(incident=incident, private=True, by=by)
    settle()
    assert len(messages()) == count  # being made private is not told either
    sending.send_due()
    assert subscriber.received == []
    taken_back = [message for message in messages() if message != sent]
    assert {message.state for message in taken_back} == {"failed"}
    assert all("private" in message.tries[-1]["error"] and message.body == {} for message in taken_back)
    assert replay.replay_failed(webhook=webhook, since=timezone.now() - timedelta(days=1)) == 0
    with pytest.raises(replay.Conflict, match="private"):
        replay.replay(message=sent)
    WebhookMessage.objects.filter(pk=sent.pk).update(state="waiting", next_at=timezone.now())
    sending.send_due()
    assert subscriber.received == []


def test_a_page_sent_in_private_is_not_told_though_it_is_about_no_incident():
    subscribe(events=["page.*"])
    page = paging.page(subject=TITLE, person=PersonFactory(), by=PersonFactory())
    Page.objects.filter(pk=page.pk).update(private=True)
    settle()
    assert messages() == []


def test_what_was_merged_into_a_private_incident_does_not_name_it():
    subscribe(events=["incident.*"])
    by = PersonFactory()
    hidden, _ = declare(title="Hidden", private=True, by=by)
    open_, _ = declare(title="Open", by=by)
    merge(incident=open_, into=hidden, by=by)
    settle()
    assert messages()
    assert {message.body["data"]["number"] for message in messages()} == {open_.number}
    assert {message.body["data"]["merged_into"] for message in messages()} == {None}


@pytest.mark.parametrize("private", [False, True])
def test_the_log_of_events_shows_each_what_they_may_see(api, private):
    _, by = all_the_way(private=private)
    insider, outsider = (api(person).get("/api/v1/events/?page_size=500") for person in (by, PersonFactory()))
    assert insider.status_code == outsider.status_code == 200
    types = {event["type"] for event in insider.json()["results"]}
    assert types >= {"incident.declared", "postmortem.published", "problem.opened", "action.closed"}
    assert (TITLE in insider.text, TITLE in outsider.text) == (True, not private)
    assert (outsider.json()["count"] == 0) == private
    if not private:
        assert insider.json() == outsider.json()


def test_the_log_says_the_same_as_the_message_of_a_webhook(api):
    webhook = subscribe()
    declare(title=TITLE, by=PersonFactory())
    settle()
    [event] = api(PersonFactory()).get("/api/v1/events/", {"type": "incident.declared"}).json()["results"]
    assert event == webhook.messages.get(type="incident.declared").body
