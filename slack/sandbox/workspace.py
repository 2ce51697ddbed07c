"""What a workspace holds: people, channels, messages, views. Plain JSON objects in Slack's shapes, in memory.

With a file, everything is written to it after each change and read back at the next start.
"""

import itertools
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from .errors import Json, SlackError
from .text import typed

TEAM = "T0PRACTICE"
APP = "A0ANDON"
BOT_USER = "U0ANDON"
BOT = "B0ANDON"
TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS, RESPONSE_USES = 30 * 60, 5
DEFAULT_PEOPLE = (("U0ANA", "Ana Practice", "ana@example.com"), ("U0BO", "Bo Practice", "bo@example.com"))
KEPT = ("users", "channels", "messages", "ephemerals", "views", "homes", "groups", "bookmarks")


class Workspace:
    """The state, its lock and its version: `version` rises with each change, `changed` wakes who waits."""

    def __init__(
        self,
        *,
        store: Path | None = None,
        clock: Callable[[], float] = time.time,
        people: Sequence[tuple[str, str, str]] = DEFAULT_PEOPLE,
    ) -> None:
        self.clock = clock
        self.store = store
        self.changed = threading.Condition(threading.RLock())
        self.version = 0
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, list[Json]] = {}
        self.ephemerals: list[Json] = []
        self.views: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.groups: dict[str, Json] = {}
        self.bookmarks: list[Json] = []
        self.triggers: dict[str, Json] = {}
        self.responses: dict[str, Json] = {}
        self._counter = itertools.count(1)
        self._last_ts = 0
        if store is None or not self._load(store):
            self._furnish()
        for id, name, email in people:
            self.enrol({"id": id, "name": name, "email": email})

    def _furnish(self) -> None:
        self.add_person(BOT_USER, "Andon", None, bot=True)
        for name in ("general", "incidents"):
            self.add_channel(name, creator=BOT_USER, members=list(self.users))

    def add_person(self, id: str, name: str, email: str | None, *, bot: bool = False) -> Json:
        """Add a person, or change the one with this id; a newcomer joins the channels everybody is in."""
        handle = (email or name).split("@")[0].lower()
        profile = {"real_name": name, "display_name": handle, **({"email": email} if email else {})}
        user = {
            "id": id,
            "team_id": TEAM,
            "name": handle,
            "real_name": name,
            "deleted": False,
            "is_bot": bot,
            "is_email_confirmed": bool(email),
            "tz": "Etc/UTC",
            "profile": profile,
        }
        with self.changed:
            self.users[id] = user
            for channel in self.channels.values():
                if channel["name"] in {"general", "incidents"} and id not in channel["members"]:
                    channel["members"].append(id)
            self.touch()
        return user

    def enrol(self, person: Json) -> Json:
        """Add or change `{"id", "name", "email"}`. Raises ValueError for an id not of Slack's form."""
        if not re.fullmatch(r"U[A-Z0-9]+", person["id"]):
            raise ValueError(f"{person['id']!r} is no user id: U, then capital letters and digits")
        return self.add_person(person["id"], person["name"], person["email"])

    def add_group(self, group: Json) -> Json:
        """Add a user group `{"id", "handle", "name"}`."""
        kept = {**{key: group[key] for key in ("id", "handle", "name")}, "users": [], "user_count": 0}
        with self.changed:
            self.groups[group["id"]] = {**kept, "is_usergroup": True, "date_delete": 0}
            self.touch()
            return self.groups[group["id"]]

    def ephemerals_of(self, user: str) -> list[Json]:
        return [message for message in self.ephemerals if message["to"] == user]

    def views_of(self, user: str) -> list[Json]:
        """The modals open before this person, topmost last."""
        return [view for view in self.views.values() if view["user"] == user]

    def user(self, id: str) -> Json:
        if id not in self.users:
            raise SlackError("user_not_found")
        return self.users[id]

    def typed(self, text: str) -> str:
        """What a person typed, as Slack keeps it."""
        handles = {user["name"]: user["id"] for user in self.users.values()}
        channels = {channel["name"]: channel["id"] for channel in self.channels.values() if channel["name"]}
        return typed(text, handles, channels)

    def add_channel(self, name: str, *, creator: str, members: Iterable[str], kind: str = "public") -> Json:
        """`kind`: public, private or im. Names are checked by the caller."""
        with self.changed:
            id = f"{'D' if kind == 'im' else 'C'}{next(self._counter):04d}{secrets.token_hex(2).upper()}"
            channel = {
                "id": id,
                "name": name,
                "is_channel": kind != "im",
                "is_im": kind == "im",
                "is_private": kind != "public",
                "is_archived": False,
                "created": int(self.clock()),
                "creator": creator,
                "topic": {"value": "", "creator": "", "last_set": 0},
                "purpose": {"value": "", "creator": "", "last_set": 0},
                "members": list(dict.fromkeys(members)),
                "pins": [],
            }
            self.channels[id] = channel
            self.messages[id] = []
            self.touch()
        return channel

    def channel(self, reference: str | None) -> Json:
        """A channel by id or name. Raises channel_not_found."""
        name = (reference or "").removeprefix("#")
        for channel in self.channels.values():
            if reference == channel["id"] or (name and name == channel["name"]):
                return channel
        raise SlackError("channel_not_found")

    def conversation(self, user_id: str) -> Json:
        """The direct conversation between the app and a person, opened if need be."""
        self.user(user_id)
        for channel in self.channels.values():
            if channel["is_im"] and set(channel["members"]) == {BOT_USER, user_id}:
                return channel
        return self.add_channel("", creator=BOT_USER, members=[BOT_USER, user_id], kind="im")

    def next_ts(self) -> str:
        """Slack's message id: epoch seconds with six decimals, rising even within a microsecond."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_message(self, channel: Json, user: str, text: str, **more: Any) -> Json:
        with self.changed:
            message = {
                "type": "message",
                "user": user,
                "text": text,
                "ts": self.next_ts(),
                "team": TEAM,
                **({"bot_id": BOT, "app_id": APP} if user == BOT_USER else {}),
                **{key: value for key, value in more.items() if value is not None},
            }
            self.messages[channel["id"]].append(message)
            self.touch()
        return message

    def add_ephemeral(self, channel: Json, to: str, text: str, blocks: list[Json] | None = None) -> Json:
        """A message only one person sees; `sender` Andon."""
        with self.changed:
            message = {
                "type": "message",
                "user": BOT_USER,
                "text": text,
                "ts": self.next_ts(),
                "to": to,
                "channel": channel["id"],
                "is_ephemeral": True,
                **({"blocks": blocks} if blocks else {}),
            }
            self.ephemerals.append(message)
            self.touch()
        return message

    def message(self, channel: Json, ts: str | None) -> Json:
        for message in self.messages[channel["id"]]:
            if message["ts"] == ts:
                return message
        raise SlackError("message_not_found")

    def find(self, ts: str) -> tuple[Json, Json]:
        """The channel and message (ephemeral ones too) with this time stamp. Raises message_not_found."""
        for id, messages in self.messages.items():
            for message in messages:
                if message["ts"] == ts:
                    return self.channels[id], message
        for message in self.ephemerals:
            if message["ts"] == ts:
                return self.channels[message["channel"]], message
        raise SlackError("message_not_found")

    def remove(self, message: Json) -> None:
        with self.changed:
            for messages in [*self.messages.values(), self.ephemerals]:
                messages[:] = [kept for kept in messages if kept is not message]
            self.touch()

    def new_trigger(self, user: str) -> str:
        """A `trigger_id`: good once, for three seconds."""
        with self.changed:
            id = f"{next(self._counter)}.{int(self.clock())}.{secrets.token_hex(8)}"
            self.triggers[id] = {"user": user, "at": self.clock(), "used": False}
        return id

    def spend_trigger(self, id: str | None) -> str:
        """The person who caused it. Raises invalid_trigger_id, exchanged_trigger_id, expired_trigger_id."""
        with self.changed:
            trigger = self.triggers.get(id or "")
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger["used"]:
                raise SlackError("exchanged_trigger_id")
            if self.clock() - trigger["at"] > TRIGGER_SECONDS:
                raise SlackError("expired_trigger_id")
            trigger["used"] = True
            return str(trigger["user"])

    def new_response(self, channel: Json, user: str, ts: str | None = None) -> str:
        """The secret part of a `response_url`, tied to a person, a channel and perhaps a message."""
        token = secrets.token_urlsafe(18)
        self.responses[token] = {
            "channel": channel["id"],
            "user": user,
            "ts": ts,
            "at": self.clock(),
            "uses": 0,
        }
        return token

    def spend_response(self, token: str) -> Json:
        """One of five uses within thirty minutes. Raises SlackError used_url or expired_url."""
        with self.changed:
            response = self.responses.get(token)
            if response is None or self.clock() - response["at"] > RESPONSE_SECONDS:
                raise SlackError("expired_url")
            if response["uses"] >= RESPONSE_USES:
                raise SlackError("used_url")
            response["uses"] += 1
            return response

    def touch(self) -> None:
        """Say that something changed: wake the waiting browsers, write the file."""
        with self.changed:
            self.version += 1
            if self.store:
                partial = self.store.with_suffix(".partial")
                partial.write_text(json.dumps({key: getattr(self, key) for key in KEPT}), encoding="utf-8")
                partial.replace(self.store)
            self.changed.notify_all()

    def _load(self, store: Path) -> bool:
        if not store.exists():
            return False
        kept = json.loads(store.read_text(encoding="utf-8"))
        for key in KEPT:
            setattr(self, key, kept[key])
        used = [int(digits) for id in self.channels if (digits := re.sub(r"\D", "", id[1:5]))]
        self._counter = itertools.count(max(used, default=0) + 1)
        return True
