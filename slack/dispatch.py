"""The one table: what is asked of Andon in Slack, and the function that does it.

Each function takes an `Ask`, calls one service, and returns what the speaker is told (None: nothing). The manifest
is made from the same tables. A refusal is told word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.conf import settings

from notifications.errors import Conflict, Forbidden, InvalidInput
from slack import actions, forms, grammar, naming
from slack.asking import Ask, answer
from slack.blocks import Message, error_answer
from slack.commands import context, deploy, incident, oncall, work
from slack.identity import person_of
from slack.payloads import Chosen, Pressed, SlashCommand, Submitted, Told

Handler = Callable[[Ask], Message | None]
Parsed = tuple[int | None, grammar.Answer]

COMMANDS: dict[str, dict[str, Handler]] = {
    "/incident": {
        "declare": incident.declare,
        "practice": incident.practice,
        "list": incident.list_open,
        "status": incident.status,
        "sev": incident.severity,
        "resolve": incident.resolve,
        "reopen": incident.reopen,
        "merge": incident.merge,
        "role": work.role,
        "update": work.update,
        "note": work.note,
        "task": work.task,
        "page": work.page,
        "link": work.link,
        "suspects": context.suspects,
        "seen-before": context.seen_before,
        "postmortem": context.postmortem,
        "help": context.help_on_commands,
    },
    "/oncall": {"now": oncall.now, "mine": oncall.mine, "page": oncall.page, "help": context.help_on_commands},
    "/deploy": {"status": deploy.status, "help": context.help_on_commands},
}
PARSERS: dict[str, Callable[[str], Parsed]] = {
    "/incident": naming.parse_incident,
    "/oncall": lambda text: (None, grammar.parse_oncall(text)),
    "/deploy": lambda text: (None, grammar.parse_deploy(text)),
}
ACTIONS: dict[str, Handler] = {
    "page.acknowledge": actions.acknowledge,
    "page.escalate": actions.escalate,
    "bundle.acknowledge": actions.acknowledge_all,
    "incident.join": actions.join,
}
FORMS: dict[str, Handler] = {"incident.declare": forms.declare}
SHORTCUTS: dict[str, Handler] = {
    "incident.declare": forms.open_declaration,
    "incident.declare_from_message": forms.open_declaration,
}


def carry_out(told: Told, *, key: str) -> str:
    """Do what was asked and enqueue the answer, in the caller's transaction; returns the outcome in words."""
    ask = Ask(told, key, person_of(told.user_id))
    try:
        handler, ask = _resolve(ask)
        message = handler(ask)
        outcome = "done"
    except (InvalidInput, Conflict, Forbidden) as refusal:
        message, outcome = error_answer(str(refusal)), f"refused: {refusal}"
    if message:
        answer(ask, message)
    return outcome


def _resolve(ask: Ask) -> tuple[Handler, Ask]:
    """The function for what was asked. Raises InvalidInput where there is none."""
    match ask.told:
        case SlashCommand():
            return _command(ask, ask.told)
        case Pressed(action_id=name):
            return _known(ACTIONS, name), ask
        case Submitted(callback_id=name):
            return _known(FORMS, name), ask
        case Chosen(callback_id=name):
            return _known(SHORTCUTS, name), ask
    raise InvalidInput(request=f"{type(ask.told).__name__} is not something Andon answers.")


def _command(ask: Ask, told: SlashCommand) -> tuple[Handler, Ask]:
    if told.command not in COMMANDS:
        raise InvalidInput(command=f"{told.command} is not one of Andon's: {', '.join(COMMANDS)}.")
    number, parsed = PARSERS[told.command](told.text)
    if isinstance(parsed, grammar.Mistake):
        raise InvalidInput(command=parsed.message)
    handler = COMMANDS[told.command].get(parsed.name)
    if handler is None:
        raise InvalidInput(
            command=f"{told.command} {parsed.name} is done on the web: {settings.ANDON_BASE_URL}/schedules/. "
            f"Here you can use {', '.join(COMMANDS[told.command])}."
        )
    return handler, replace(ask, command=parsed, number=number)


def _known(table: Mapping[str, Handler], name: str) -> Handler:
    if name not in table:
        raise InvalidInput(action=f"{name} is not something Andon does (any more): open the room on the web.")
    return table[name]
