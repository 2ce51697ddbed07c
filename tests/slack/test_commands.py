"""Slash commands, typed into a practice workspace and answered over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents import services
from incidents.models import Incident
from notifications.models import Delivery, InboundMessage
from oncall.models import Page
from postmortems.models import Template
from postmortems.services import mark_known_error, open_problem
from slack.sandbox import PracticeSlack
from tests.factories import ChangeFactory, IncidentFactory, PersonFactory, ServiceFactory, staffed_service
from tests.slack.conftest import command, run

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BO = "U0ANA", "U0BO"


@pytest.fixture
def ana():
    return PersonFactory(email="ana@example.com", name="Ana Practice")


@pytest.fixture
def say(practice: PracticeSlack, ana):
    """Type a command as Ana and read the last answer to her."""

    def type_and_read(text: str, command: str = "/incident") -> str:
        assert practice.slash(ANA, "general", command, text).ok
        run()
        last = practice.ephemerals(ANA)[-1]
        return "\n".join([last["text"], *texts(last.get("blocks", []))])

    return type_and_read


def texts(blocks):
    """All mrkdwn texts of a message."""
    found = [block["text"]["text"] for block in blocks if "text" in block]
    return found + [part["text"] for block in blocks for part in block.get("elements", []) if part["type"] == "mrkdwn"]


def test_a_title_declares_and_the_answer_leads_to_the_room(say, ana):
    answer = say("checkout is returning 500s sev2")
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.source) == ("checkout is returning 500s", "sev2", "slack")
    assert incident.declared_by == ana
    assert f"Declared SEV2 #{incident.number}" in answer
    assert incident.get_absolute_url() in answer


def test_something_is_shown_at_once_and_within_slacks_three_seconds(practice, ana):
    reply = practice.slash(ANA, "general", "/incident", "checkout is down")
    assert reply.json == {"response_type": "ephemeral", "text": "On it…"}
    assert reply.seconds < 1


def test_without_words_the_form_opens_and_what_is_sent_declares(practice, ana):
    checkout = ServiceFactory(slug="checkout", name="Checkout")
    practice.slash(ANA, "general", "/incident")
    run()
    [view] = practice.views(ANA)
    values = {"title": "Cards are refused", "severity": "sev1", "services": ["checkout"], "private": ["private"]}
    assert practice.submit(ANA, view["id"], values).ok
    run()
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.private) == ("Cards are refused", "sev1", True)
    assert list(incident.services.all()) == [checkout]
    assert "Declared SEV1" in practice.ephemerals(ANA)[-1]["text"]


def test_a_form_without_a_title_hears_so_and_stays_open(practice, ana):
    practice.slash(ANA, "general", "/incident")
    run()
    [view] = practice.views(ANA)
    reply = practice.submit(ANA, view["id"], {"title": "   "})
    assert reply.errors == {"title": "This is empty: say in a few words what is wrong."}
    assert practice.views(ANA)
    assert not Incident.objects.exists()


def test_a_form_whose_trigger_has_run_out_is_given_up(practice, ana):
    practice.fail_with("views.open", "expired_trigger_id")
    practice.slash(ANA, "general", "/incident")
    run()
    assert Delivery.objects.get(dedup_key__startswith="slack:form").state == "failed"


def test_the_only_open_incident_is_meant(say, ana):
    incident = IncidentFactory(severity="sev3")
    assert "is SEV1" in say("sev 1")
    assert "is identified" in say("status identified")
    say("note restarted the pods")
    say("update we know the cause")
    say("task call the bank me")
    say("role commander me")
    say("link https://grafana.example.com/d/1 the graph")
    assert "the graph: https://grafana.example.com/d/1" in say("link")
    incident.refresh_from_db()
    assert (incident.severity, incident.status) == ("sev1", "identified")
    kinds = set(incident.timeline.filter(actor=ana).values_list("kind", flat=True))
    assert {"severity", "status", "note", "update", "task", "role", "link"} <= kinds
    assert incident.tasks.get().assignee == ana
    assert incident.roles.get(until=None).person == ana
    assert "is resolved" in say("resolve")
    assert "is investigating" in say(f"reopen #{incident.number} it came back")


def test_where_several_are_open_the_number_is_asked_for(say):
    one, other = IncidentFactory(title="One"), IncidentFactory(title="Other")
    answer = say("resolve")
    assert "Several incidents are open" in answer
    assert f"#{one.number} One" in answer and f"#{other.number} Other" in answer
    assert f"#{one.number}" in say(f"resolve #{one.number}")
    other.refresh_from_db()
    assert other.is_open


def test_a_refusal_is_told_word_for_word(say):
    incident = IncidentFactory(status="resolved")
    answer = say(f"status #{incident.number} monitoring")
    assert "An incident that is resolved cannot become monitoring; it can become closed or reopened." in answer
    assert "sev9 is not a severity" in say("sev9 checkout")
    assert "There is no incident #77" in say("suspects #77")


def test_two_that_are_one_are_merged(say):
    one, other = IncidentFactory(), IncidentFactory()
    assert "is merged into" in say(f"merge #{one.number} {other.number}")
    one.refresh_from_db()
    assert one.merged_into == other


def test_a_viewer_may_declare_but_not_steer(say, ana):
    ana.role = "viewer"
    ana.save()
    say("lights are out")
    assert "This takes a responder" in say("resolve")
    assert Incident.objects.get().is_open


def test_people_are_called_to_an_incident(say):
    checkout = staffed_service(slug="checkout", name="Checkout")
    incident = IncidentFactory()
    assert "Checkout called to" in say("page checkout")
    assert Page.objects.get().service == checkout
    assert Page.objects.get().about == incident.subject
    assert "There is no service or team nowhere. Services: checkout." in say("page nowhere")


def test_what_is_open_is_listed(say):
    IncidentFactory(title="Cards are refused")
    IncidentFactory(title="Long over", status="resolved")
    answer = say("list")
    assert "Cards are refused" in answer and "Long over" not in answer
    assert "Long over" in say("list resolved")


def test_suspects_come_with_their_reasons(say):
    service = ServiceFactory(slug="checkout")
    ChangeFactory(service=service, revision="4f2a1c9", started_at=timezone.now() - timedelta(minutes=5))
    incident = IncidentFactory()
    services.add_service(incident=incident, service=service, by=None)
    assert "1. Deploy of 4f2a1c9 to checkout" in say("suspects")


def test_oncall_says_who_is_on_now_dev_and_ops(say):
    staffed_service(slug="checkout", name="Checkout")
    answer = say("", "/oncall")
    assert "Checkout" in answer and "Dev: Dev Person" in answer and "Ops: Ops Person" in answer
    assert "Ops Person" in say("checkout", "/oncall")
    assert "There is no service or team nowhere" in say("nowhere", "/oncall")
    assert "You have no shifts ahead." in say("mine", "/oncall")
    assert "/oncall swap is done on the web" in say("swap", "/oncall")


def test_the_ledger_answers_what_was_deployed(say):
    service = ServiceFactory(slug="checkout", name="Checkout")
    assert "has no changes of Checkout yet" in say("status checkout", "/deploy")
    ChangeFactory(service=service, revision="4f2a1c9")
    assert "Deploy of 4f2a1c9 to checkout succeeded" in say("status checkout", "/deploy")
    assert "There is no service nowhere" in say("status nowhere", "/deploy")


def test_help_names_the_commands(say):
    assert "/incident suspects" in say("help")


def test_what_is_over_gets_its_post_mortem(say):
    Template.objects.get_or_create(slug="service-reliability", defaults={"name": "Service reliability"})
    incident = IncidentFactory(status="resolved")
    assert "/postmortems/" in say(f"postmortem #{incident.number}")
    assert incident.postmortems.count() == 1
    say(f"postmortem #{incident.number}")
    assert incident.postmortems.count() == 1


def test_practice_is_marked(say):
    say("practice the database is gone sev1")
    assert Incident.objects.get().practice


def test_somebody_is_called_without_an_incident(say):
    checkout = staffed_service(slug="checkout", name="Checkout")
    assert "Checkout called" in say("page checkout", "/oncall")
    assert Page.objects.get().service == checkout


def test_a_repeated_request_is_one_incident(post, practice, ana):
    body = command("checkout is down", response_url=f"{practice.url}/response/none")
    assert post("/slack/commands", body).status_code == 200
    assert post("/slack/commands", body, **{"X-Slack-Retry-Num": "1"}).status_code == 200
    run()
    assert Incident.objects.count() == 1
    assert InboundMessage.objects.get().outcome == "done"


def known_error(title="Checkout returns 500s", **fields):
    problem = open_problem(title=title, by=None, **fields)
    return mark_known_error(problem=problem, cause_notes="known", workaround="Restart *one* worker.", by=None)


def test_what_was_seen_before_comes_with_the_way_around(say):
    problem = known_error()
    past = IncidentFactory(title="Checkout returned 500s on Monday", status="closed")
    answer = say("seen-before chekout 500s")
    assert f"P{problem.number} {problem.title}" in answer and "Restart *one* worker." in answer
    assert f"#{past.number} {past.title}" in answer
    assert "Nothing like “the moon”" in say("seen-before the moon")


def test_a_number_asks_what_was_seen_before_that_incident(say):
    past = IncidentFactory(title="Checkout returned 500s on Monday", status="closed")
    for _ in range(2):
        incident = IncidentFactory(title="Checkout returns 500s")
    assert f"#{past.number} {past.title}" in say(f"seen-before #{incident.number}")


def test_what_is_private_was_not_seen_before_by_others(say):
    known_error(incidents=[IncidentFactory(private=True)])
    IncidentFactory(title="Checkout returned 500s", private=True)
    assert "Nothing like" in say("seen-before checkout 500s")


def test_declaring_what_is_like_a_known_error_shows_the_way_around_at_once(say, practice):
    problem = known_error()
    answer = say("checkout is returning 500s sev2")
    assert "*Known error* <" in answer and f"/problems/{problem.number}/|P{problem.number} {problem.title}>" in answer
    assert "Restart *one* worker." in answer
    announced = Delivery.objects.get(dedup_key__startswith="slack:announce")
    assert "Restart *one* worker." in str(announced.message["slack"]["blocks"])
