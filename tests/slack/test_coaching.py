"""Words that come in from Slack and stand in the record are coached, in the answer to their writer alone."""

import pytest

from incidents.models import Incident
from slack.coaching import with_advice
from tests.factories import PersonFactory
from tests.slack.conftest import run


def test_plain_words_get_a_plain_answer():
    assert with_advice("Noted.", "The queue drained at 12:04.") == "Noted."


def test_each_question_is_asked_once_about_the_first_words_that_call_for_it():
    said = with_advice("Noted.", "Bo forgot the flag and Ana ignored the page. It was human error.")

    assert said.splitlines() == [
        "Noted.",
        "About “forgot”: What in the work surfaced, or hid, this?",
        "About “human error”: How did the interface or the conditions make it likely?",
    ]


def test_a_task_is_heard_as_an_action():
    assert "Which system, check or default changes?" in with_advice(
        "Task made.", "Be more careful with drains", "action"
    )
    assert with_advice("Noted.", "Be more careful with drains") == "Noted."


@pytest.mark.django_db(transaction=True)
def test_the_note_stands_on_the_timeline_and_its_question_is_seen_by_the_writer_alone(practice):
    PersonFactory(email="ana@example.com", name="Ana Practice")
    practice.slash("U0ANA", "general", "/incident", "checkout is down sev3")
    run()
    practice.slash("U0ANA", "general", "/incident", "note Bo should have checked the queue")
    run()

    [kept] = Incident.objects.get().timeline.filter(kind="note")
    assert kept.text == "Bo should have checked the queue"
    assert "What happened, and what was known then?" in str(practice.ephemerals("U0ANA")[-1])
    public = [message for channel in practice.workspace.messages.values() for message in channel]
    assert "what was known then" not in str(public)
