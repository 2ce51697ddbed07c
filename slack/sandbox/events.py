"""What people do that the app hears of as events: say, edit, delete, react, pin, open the app's home.

Events go out in the background, since nobody waits for them in Slack either; `settled()` waits for them.
"""

import secrets
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from .errors import Json, SlackError
from .methods import marks
from .sender import Reply, Sender
from .workspace import APP, BOT_USER, TEAM, Workspace


class Talk:
    """`user` is a user id, `channel` an id or a name, `ts` names a message."""

    def __init__(self, workspace: Workspace, sender: Sender) -> None:
        self.workspace = workspace
        self.sender = sender
        self._events = ThreadPoolExecutor(max_workers=4, thread_name_prefix="practice-events")
        self._under_way: set[Future[list[Reply]]] = set()

    def say(self, user: str, channel: str, text: str) -> Json:
        """Post a plain message."""
        where = self.workspace.channel(channel)
        if where["is_archived"]:
            raise SlackError("is_archived")
        if user not in where["members"]:
            with self.workspace.changed:
                where["members"].append(user)
        message = self.workspace.add_message(where, user, self.workspace.typed(text))
        kind = {"channel_type": "im" if where["is_im"] else "group" if where["is_private"] else "channel"}
        self.event({**message, **kind, "channel": where["id"], "event_ts": message["ts"]})
        return message

    def edit(self, user: str, ts: str, text: str) -> None:
        where, message = self._own(user, ts)
        previous = dict(message)
        with self.workspace.changed:
            message.update(text=self.workspace.typed(text), edited={"user": user, "ts": self.workspace.next_ts()})
            self.workspace.touch()
        self._message_event(where, "message_changed", message=dict(message), previous_message=previous)

    def delete(self, user: str, ts: str) -> None:
        where, message = self._own(user, ts)
        self.workspace.remove(message)
        self._message_event(where, "message_deleted", deleted_ts=ts, previous_message=message)

    def react(self, user: str, ts: str, name: str) -> None:
        """Add a reaction, or take one's own away again."""
        where, message = self.workspace.find(ts)
        mine = [known for known in message.get("reactions", []) if known["name"] == name and user in known["users"]]
        if mine:
            with self.workspace.changed:
                mine[0]["users"].remove(user)
                mine[0]["count"] -= 1
                message["reactions"] = [known for known in message["reactions"] if known["count"]]
                self.workspace.touch()
        else:
            marks.mark_reaction(self.workspace, message, user, name)
        self.event(
            {
                "type": "reaction_removed" if mine else "reaction_added",
                "user": user,
                "reaction": name,
                "item_user": message["user"],
                "event_ts": self.workspace.next_ts(),
                "item": {"type": "message", "channel": where["id"], "ts": ts},
            }
        )

    def pin(self, user: str, ts: str) -> None:
        """Pin a message to its channel, or take the pin away again."""
        where, message = self.workspace.find(ts)
        pinned = ts in where["pins"]
        if pinned:
            with self.workspace.changed:
                where["pins"].remove(ts)
                self.workspace.touch()
        else:
            marks.mark_pin(self.workspace, where, ts)
        self.event(
            {
                "type": "pin_removed" if pinned else "pin_added",
                "user": user,
                "channel_id": where["id"],
                "event_ts": self.workspace.next_ts(),
                "item": {"type": "message", "channel": where["id"], "message": message},
            }
        )

    def open_home(self, user: str) -> None:
        self.workspace.user(user)
        self.event(
            {
                "type": "app_home_opened",
                "user": user,
                "tab": "home",
                "event_ts": self.workspace.next_ts(),
                "channel": self.workspace.conversation(user)["id"],
            }
        )

    def event(self, event: Json) -> Future[list[Reply]]:
        """Send any event, in Slack's envelope."""
        envelope = {
            "token": "legacy",
            "team_id": TEAM,
            "api_app_id": APP,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self.workspace.clock()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "event": event,
        }
        sent = self._events.submit(self.sender.event, envelope)
        self._under_way.add(sent)
        sent.add_done_callback(self._under_way.discard)
        return sent

    def settled(self, seconds: float = 10) -> bool:
        """Wait for the events under way; False if some still are after so many seconds."""
        return not wait(list(self._under_way), timeout=seconds).not_done

    def stop(self) -> None:
        self._events.shutdown(wait=True, cancel_futures=True)

    def _own(self, user: str, ts: str) -> tuple[Json, Json]:
        where, message = self.workspace.find(ts)
        if message["user"] != user:
            raise SlackError("cant_update_message")
        return where, message

    def _message_event(self, channel: Json, subtype: str, **more: Any) -> None:
        ts = self.workspace.next_ts()
        self.event(
            {
                "type": "message",
                "subtype": subtype,
                "channel": channel["id"],
                "hidden": True,
                "channel_type": "channel",
                "ts": ts,
                "event_ts": ts,
                **more,
            }
        )
