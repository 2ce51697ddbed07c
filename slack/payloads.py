"""What Slack tells us, as data: slash commands, buttons, forms and shortcuts. Pure.

A request is a form of fields (a command), a form with one field `payload` of JSON (an interaction), or JSON (an event).
What is well formed and asks nothing of us, such as a button that only opens a link, gives nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from notifications.payloads import Fields, MalformedPayload, body_digest, header, read_object
from slack.blocks import submitted

FORM = "application/x-www-form-urlencoded"
LINK_BUTTONS = {"incident.open", "page.open", "bundle.open", "postmortem.open"}
"""Their URL is opened by Slack itself; we only hear of it."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Who did something; where the answer goes (`response_url`, else the person); `trigger_id` opens one form."""

    user_id: str
    user_name: str
    response_url: str = ""
    trigger_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SlashCommand(Told):
    """`command` with its slash, `text` as Slack escapes it."""

    command: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Pressed(Told):
    """A button; `direct` where it stood in the conversation with one person alone."""

    action_id: str
    value: str
    direct: bool = False


@dataclass(frozen=True, kw_only=True)
class Submitted(Told):
    """A form that was sent: `values` by field."""

    callback_id: str
    values: Mapping[str, str | list[str] | None] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def chosen(self, name: str) -> list[str]:
        value = self.values.get(name)
        return value if isinstance(value, list) else []


@dataclass(frozen=True, kw_only=True)
class Chosen(Told):
    """A shortcut, of the whole workspace or on a message whose words are `text`."""

    callback_id: str
    text: str = ""


def parse(headers: Mapping[str, str], body: bytes) -> list[Told]:
    """What a request asks of us. Raises MalformedPayload."""
    if not header(headers, "Content-Type").startswith(FORM):
        read_object(body)  # events: none of them asks anything of us yet
        return []
    form = read_form(body)
    if "payload" in form:
        found = _interaction(read_object(form["payload"].encode()))
        return [found] if found else []
    return [_command(Fields(form))]


def key(headers: Mapping[str, str], body: bytes) -> str:
    """What a request and its repetitions have in common. Raises MalformedPayload."""
    if not header(headers, "Content-Type").startswith(FORM):
        return "event:" + (read_object(body).text("event_id") or body_digest(body))
    form = read_form(body)
    if "payload" not in form:
        return "command:" + (form.get("trigger_id") or body_digest(body))
    payload = read_object(form["payload"].encode())
    if payload.text("type") == "view_submission":  # sent again it has a new trigger, but it is the same form
        view = payload.object("view")
        return f"view:{view.required_text('id')}:{view.text('hash')}"
    return "action:" + (payload.text("trigger_id") or body_digest(body))


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form; the last of a name counts, as with Slack there is one."""
    text = body.decode("utf-8", "replace")
    return {name: value.replace("\x00", "\ufffd") for name, value in parse_qsl(text, keep_blank_values=True)}


def challenge(body: bytes) -> str:
    """What `url_verification` wants to have back; "" for every other event. Raises MalformedPayload."""
    event = read_object(body)
    return event.required_text("challenge") if event.text("type") == "url_verification" else ""


def problems(told: Told) -> dict[str, str]:
    """By field, what a form lacks that can be seen without looking anything up."""
    if isinstance(told, Submitted) and told.callback_id == "incident.declare" and not told.text("title"):
        return {"title": "This is empty: say in a few words what is wrong."}
    return {}


def opens_form(told: Told) -> bool:
    """Whether a form is to be opened: that cannot wait, a trigger is valid for three seconds."""
    return isinstance(told, Chosen) or (
        isinstance(told, SlashCommand) and told.command == "/incident" and not told.text.strip()
    )


def metadata(told: Told) -> str:
    """What a form carries with it, so that its answer goes where it was asked for."""
    return json.dumps({"response_url": told.response_url})


def _command(form: Fields) -> SlashCommand:
    return SlashCommand(
        user_id=form.required_text("user_id"),
        user_name=form.text("user_name"),
        response_url=form.text("response_url"),
        trigger_id=form.text("trigger_id"),
        command=form.required_text("command"),
        text=form.text("text"),
    )


def _interaction(payload: Fields) -> Told | None:
    kind = payload.required_text("type")
    reader = {
        "block_actions": _pressed,
        "view_submission": _submitted,
        "shortcut": _chosen,
        "message_action": _chosen,
    }.get(kind)
    return reader(payload, _who(payload)) if reader else None


def _who(payload: Fields) -> dict[str, Any]:
    user = payload.object("user")
    return {
        "user_id": user.required_text("id"),
        "user_name": user.text("name") or user.text("username"),
        "response_url": payload.text("response_url"),
        "trigger_id": payload.text("trigger_id"),
    }


def _pressed(payload: Fields, who: dict[str, Any]) -> Pressed | None:
    actions = payload.objects("actions")
    if not actions:
        raise MalformedPayload("actions", payload.values.get("actions"), "at least one action")
    action = actions[0]
    if (action_id := action.required_text("action_id")) in LINK_BUTTONS or action.text("type") != "button":
        return None
    channel = payload.object("channel").text("id") or payload.object("container").text("channel_id")
    return Pressed(action_id=action_id, value=action.text("value"), direct=channel.startswith("D"), **who)


def _submitted(payload: Fields, who: dict[str, Any]) -> Submitted:
    view = payload.object("view")
    kept = view.text("private_metadata")
    state = view.object("state")
    state.object("values")
    where = read_object(kept.encode()).text("response_url") if kept.startswith("{") else ""
    try:
        values = submitted({"values": state.object("values").values})
    except (AttributeError, KeyError, TypeError) as error:
        raise MalformedPayload("view.state.values", state.values, "values as Slack's forms have them") from error
    return Submitted(callback_id=view.required_text("callback_id"), values=values, **(who | {"response_url": where}))


def _chosen(payload: Fields, who: dict[str, Any]) -> Chosen:
    text = payload.object("message").text("text")
    return Chosen(callback_id=payload.required_text("callback_id"), text=text, **who)
