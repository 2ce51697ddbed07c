"""The tables: each command the grammar knows is answered, and the number of an incident is found in the words."""

from __future__ import annotations

import pytest

from slack import blocks, grammar, payloads
from slack.blocks.answers import DEPLOY_HELP, INCIDENT_HELP, ONCALL_HELP
from slack.dispatch import ACTIONS, COMMANDS, FORMS, PARSERS, SHORTCUTS
from slack.naming import parse_incident
from slack.payloads import LINK_BUTTONS


def test_every_sub_command_of_the_grammar_has_its_function():
    assert set(COMMANDS["/incident"]) == {"declare", *grammar.SUBCOMMANDS}


@pytest.mark.parametrize("line", [command for command, _ in (*INCIDENT_HELP, *ONCALL_HELP, *DEPLOY_HELP)])
def test_what_help_names_can_be_done(line):
    name, _, text = line.partition(" ")
    _, parsed = PARSERS[name](text.replace("…", "words"))
    assert isinstance(parsed, grammar.Command)
    assert parsed.name in COMMANDS[name]


def test_every_button_we_show_is_known():
    incident = blocks.IncidentFacts(1, "Checkout is down", "sev1", "resolved", "https://andon.example/incidents/1/")
    page = blocks.PageFacts("p", "Checkout is down", "https://andon.example/incidents/1/")
    shown = [
        blocks.announcement(incident),
        blocks.resolution(incident, lasted="1 h", postmortem_url="https://andon.example/postmortems/1/"),
        blocks.stakeholder_update(incident, "News", author=blocks.Person("Ana")),
        blocks.page_message(page),
        blocks.page_acknowledged(page, blocks.Person("Ana"), "now"),
        blocks.page_resolved(page, "now"),
    ]
    pressed = {e["action_id"] for _, found in shown for b in found if b["type"] == "actions" for e in b["elements"]}
    assert pressed <= ACTIONS.keys() | LINK_BUTTONS
    assert blocks.declaration(services=[])["callback_id"] in FORMS
    assert "incident.declare" in SHORTCUTS


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("note #42 restarted the pods", 42, grammar.Command("note", text="restarted the pods")),
        ("note inc-42 restarted", 42, grammar.Command("note", text="restarted")),
        ("note 42 nodes are down", None, grammar.Command("note", text="42 nodes are down")),
        ("sev #42 1", 42, grammar.Command("sev", severity="sev1")),
        ("sev 42 1", 42, grammar.Command("sev", severity="sev1")),
        ("sev 1", None, grammar.Command("sev", severity="sev1")),
        ("resolve 42", 42, grammar.Command("resolve")),
        ("resolve 3 pods restarted", None, grammar.Command("resolve", text="3 pods restarted")),
        ("reopen #42 it came back", 42, grammar.Command("reopen", text="it came back")),
        ("suspects 42", 42, grammar.Command("suspects")),
        ("status 42 monitoring", 42, grammar.Command("status", target="monitoring")),
        ("status 500 errors everywhere", None, grammar.Command("declare", text="status 500 errors everywhere")),
        ("merge 43", None, grammar.Command("merge", target="43")),
        ("merge 43 42", 43, grammar.Command("merge", target="42")),
        ("#42 is back", None, grammar.Command("declare", text="#42 is back")),
        ("", None, grammar.Command("declare")),
    ],
)
def test_the_number_right_after_the_sub_command_names_the_incident(text, number, expected):
    assert parse_incident(text) == (number, expected)


def test_words_that_do_not_fit_are_not_made_into_a_title_of_a_numbered_one():
    number, answer = parse_incident("suspects #42 of the database")
    assert number == 42
    assert isinstance(answer, grammar.Mistake) and "/incident suspects" in answer.message


def test_a_form_carries_where_its_answer_goes():
    told = payloads.SlashCommand(
        user_id="U1", user_name="a", command="/incident", text=" ", response_url="https://hooks.slack.com/x"
    )
    assert payloads.opens_form(told)
    assert payloads.metadata(told) == '{"response_url": "https://hooks.slack.com/x"}'
