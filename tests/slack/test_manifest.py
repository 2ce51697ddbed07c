"""The manifest says what the dispatcher does, no more and no less."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.urls import resolve

from slack.dispatch import COMMANDS, SHORTCUTS
from slack.manifest import SCOPES, manifest
from slack.sandbox.methods import METHODS

ROOT = Path(__file__).parents[2]


def test_it_is_made_from_the_tables():
    made = manifest("https://andon.example")
    features = made["features"]
    assert [command["command"] for command in features["slash_commands"]] == list(COMMANDS)
    assert [shortcut["callback_id"] for shortcut in features["shortcuts"]] == list(SHORTCUTS)


def test_its_addresses_are_ours():
    made = manifest("https://andon.example")
    urls = {command["url"] for command in made["features"]["slash_commands"]}
    urls.add(made["settings"]["interactivity"]["request_url"])
    assert {resolve(url.removeprefix("https://andon.example")).view_name for url in urls} == {
        "slack:commands",
        "slack:interactions",
    }


def test_slack_takes_its_words():
    made = manifest("https://andon.example")
    assert len(made["display_information"]["description"]) <= 140
    for command in made["features"]["slash_commands"]:
        assert len(command["description"]) <= 2000 and len(command["usage_hint"]) <= 1000
    for shortcut in made["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150


def test_every_method_we_call_is_allowed_by_a_scope_we_ask_for():
    sources = [*ROOT.glob("slack/*.py"), *ROOT.glob("notifications/channels/slack.py")]
    text = "\n".join(path.read_text() for path in sources)
    called = set(re.findall(r'"((?:chat|views|users)\.\w+)"', text)) | {"users.info"}
    assert {"chat.postMessage", "chat.update", "views.open"} <= called
    for name in called & METHODS.keys():
        needed = METHODS[name].scopes
        assert not needed or set(needed) & SCOPES.keys(), name


def test_the_command_prints_it(settings):
    settings.ANDON_BASE_URL = "https://andon.example"
    printed = StringIO()
    call_command("slack_manifest", stdout=printed)
    assert json.loads(printed.getvalue()) == manifest("https://andon.example")
