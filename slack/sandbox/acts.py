"""What people do that the app must answer: commands, buttons, modals, shortcuts; and `response_url`s.

Every act is one method: it changes the workspace, asks the app, and returns the app's `Reply`.
"""

from collections.abc import Sequence
from typing import Any

from .errors import Json, SlackError
from .events import Talk
from .forms import element_state, state
from .methods.chat import content
from .methods.views import keep
from .methods.views import public as public_view
from .sender import Reply, Sender
from .workspace import APP, BOT_USER, TEAM, Workspace


class People(Talk):
    """The hands of the people: `user` is a user id, `channel` an id or a name, `ts` names a message."""

    def __init__(self, workspace: Workspace, sender: Sender, *, base: str) -> None:
        super().__init__(workspace, sender)
        self.base = base

    def slash(self, user: str, channel: str, command: str, text: str = "") -> Reply:
        """Type a slash command. What the app answers in the body is shown; so is a failure, as Slack does."""
        who, where = self.workspace.user(user), self.workspace.channel(channel)
        response = self.workspace.new_response(where, user)
        reply = self.sender.command(
            {
                "token": "legacy",
                "team_id": TEAM,
                "team_domain": "practice",
                "channel_id": where["id"],
                "channel_name": where["name"] or "directmessage",
                "user_id": user,
                "user_name": who["name"],
                "command": command,
                "text": self.workspace.typed(text),
                "api_app_id": APP,
                "is_enterprise_install": "false",
                "response_url": f"{self.base}/response/{response}",
                "trigger_id": self.workspace.new_trigger(user),
            }
        )
        if reply.error:
            shown = "dispatch_failed" if reply.error == "connection_failed" else reply.error
            self.workspace.add_ephemeral(where, user, f'{command} failed with the error "{shown}"')
        elif reply.body.strip():
            answer = reply.json or {"text": reply.body}
            self._show(where, user, answer, in_channel=answer.get("response_type") == "in_channel")
        return reply

    def click(self, user: str, ts: str, action_id: str, value: Any = None) -> Reply:
        """Press a button, or choose in a menu, of the message `ts`. Raises SlackError action_not_found."""
        where, message = self.workspace.find(ts)
        block, element = find_action(message.get("blocks", []), action_id)
        shown = {key: kept for key, kept in message.items() if key not in {"to", "channel"}}
        return self.sender.interaction(
            {
                **self._interaction("block_actions", user),
                "container": {
                    "type": "message",
                    "message_ts": ts,
                    "channel_id": where["id"],
                    "is_ephemeral": bool(message.get("is_ephemeral")),
                },
                "channel": {"id": where["id"], "name": where["name"] or "directmessage"},
                "message": shown,
                "state": {"values": {}},
                "actions": [self._action(block, element, value)],
                "response_url": f"{self.base}/response/{self.workspace.new_response(where, user, ts)}",
            }
        )

    def click_view(self, user: str, view_id: str, action_id: str, value: Any = None) -> Reply:
        """Press a button in a modal or in the app's home."""
        view = self._view(view_id)
        block, element = find_action(view["blocks"], action_id)
        return self.sender.interaction(
            {
                **self._interaction("block_actions", user),
                "container": {"type": "view", "view_id": view_id},
                "view": public_view(view),
                "actions": [self._action(block, element, value)],
            }
        )

    def submit(self, user: str, view_id: str, values: Json) -> Reply:
        """Send a modal; `values` by block id. The `errors` by block id are Slack's or the app's."""
        view = self._view(view_id)
        filled, errors = state(view, values)
        if errors:
            return Reply(0, errors=errors)
        reply = self.sender.interaction(
            {
                **self._interaction("view_submission", user),
                "response_urls": [],
                "view": {**public_view(view), "state": {"values": filled}},
            }
        )
        if not reply.ok:
            return reply
        answer = reply.json
        action = answer.get("response_action")
        if action == "errors":
            return Reply(reply.status, reply.body, None, reply.seconds, dict(answer["errors"]))
        if action == "update":
            keep(self.workspace, answer["view"], user, replace=view_id)
        elif action == "push":
            keep(self.workspace, answer["view"], user)
        elif action == "clear":
            self._drop(*[open_view["id"] for open_view in self.workspace.views_of(user)])
        else:
            self._drop(view_id)
        return reply

    def close(self, user: str, view_id: str) -> Reply | None:
        """Close a modal without sending it; the app hears of it where the view asks for that."""
        view = self._view(view_id)
        self._drop(view_id)
        if not view.get("notify_on_close"):
            return None
        return self.sender.interaction(
            {**self._interaction("view_closed", user), "view": public_view(view), "is_cleared": False}
        )

    def shortcut(self, user: str, callback_id: str, ts: str | None = None) -> Reply:
        """Choose a global shortcut, or a message shortcut on the message `ts`."""
        if ts is None:
            return self.sender.interaction(
                {
                    **self._interaction("shortcut", user),
                    "callback_id": callback_id,
                    "action_ts": self.workspace.next_ts(),
                }
            )
        where, message = self.workspace.find(ts)
        return self.sender.interaction(
            {
                **self._interaction("message_action", user),
                "callback_id": callback_id,
                "message": message,
                "message_ts": ts,
                "action_ts": self.workspace.next_ts(),
                "channel": {"id": where["id"], "name": where["name"] or "directmessage"},
                "response_url": f"{self.base}/response/{self.workspace.new_response(where, user, ts)}",
            }
        )

    def respond(self, token: str, body: Json) -> None:
        """What an app posts to a `response_url`. Raises SlackError used_url, expired_url, invalid_blocks."""
        response = self.workspace.spend_response(token)
        where, ts = self.workspace.channel(response["channel"]), response["ts"]
        if ts and (body.get("delete_original") or body.get("replace_original")):
            _, message = self.workspace.find(ts)
            if body.get("delete_original"):
                self.workspace.remove(message)
                return
            text, blocks = content(body)
            with self.workspace.changed:
                message.update(text=text, blocks=blocks or [])
                self.workspace.touch()
            return
        self._show(where, response["user"], body, in_channel=body.get("response_type") == "in_channel")

    def _show(self, channel: Json, user: str, answer: Json, *, in_channel: bool) -> None:
        text, blocks = content(answer)
        if in_channel:
            self.workspace.add_message(channel, BOT_USER, text, blocks=blocks)
        else:
            self.workspace.add_ephemeral(channel, user, text, blocks)

    def _interaction(self, kind: str, user: str) -> Json:
        who = self.workspace.user(user)
        return {
            "type": kind,
            "token": "legacy",
            "api_app_id": APP,
            "team": {"id": TEAM, "domain": "practice"},
            "user": {"id": user, "username": who["name"], "name": who["name"], "team_id": TEAM},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self.workspace.new_trigger(user),
        }

    def _action(self, block: Json, element: Json, value: Any) -> Json:
        chosen: Json = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        if element["type"] != "button":
            chosen = element_state(element, value)
        return {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "type": element["type"],
            "action_ts": self.workspace.next_ts(),
            **chosen,
        }

    def _view(self, view_id: str) -> Json:
        homes = {view["id"]: view for view in self.workspace.homes.values()}
        view = self.workspace.views.get(view_id) or homes.get(view_id)
        if view is None:
            raise SlackError("view_not_found")
        return view

    def _drop(self, *view_ids: str) -> None:
        with self.workspace.changed:
            for view_id in view_ids:
                self.workspace.views.pop(view_id, None)
            self.workspace.touch()


def find_action(blocks: Sequence[Json], action_id: str) -> tuple[Json, Json]:
    """The block and element with this action. Raises SlackError action_not_found."""
    for block in blocks:
        for element in [block.get("accessory"), block.get("element"), *block.get("elements", [])]:
            if element and element.get("action_id") == action_id:
                return block, element
    raise SlackError("action_not_found")
