"""What the workspace's page asks for: what a person sees, and the acts they do."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from .acts import People
from .errors import Json, SlackError
from .sender import Reply
from .workspace import Workspace

WAIT_SECONDS = 20.0
COMMANDS = ("/incident", "/oncall", "/deploy")


@dataclass(frozen=True)
class Shortcut:
    """A shortcut of the app's manifest; `kind` is global or message."""

    name: str
    callback_id: str
    kind: str


SHORTCUTS = (
    Shortcut("Add to timeline", "timeline.add", "message"),
    Shortcut("Make a task", "task.make", "message"),
    Shortcut("Declare an incident from this", "incident.declare_from_message", "message"),
    Shortcut("Declare an incident", "incident.declare", "global"),
)


class Page:
    def __init__(
        self,
        workspace: Workspace,
        people: People,
        *,
        shortcuts: Sequence[Shortcut],
        stopping: threading.Event,
    ) -> None:
        self.workspace = workspace
        self.people = people
        self.shortcuts = [asdict(shortcut) for shortcut in shortcuts]
        self._stopping = stopping

    def state(self, user: str, version: int) -> Json:
        """What a person sees; waits up to twenty seconds for something newer than `version`."""
        workspace = self.workspace
        with workspace.changed:
            workspace.changed.wait_for(lambda: workspace.version != version or self._stopping.is_set(), WAIT_SECONDS)
            channels = [one for one in workspace.channels.values() if user in one["members"] or not one["is_private"]]
            return {
                "version": workspace.version,
                "users": list(workspace.users.values()),
                "channels": [{**one, "messages": self._seen(one, user)} for one in channels],
                "bookmarks": list(workspace.bookmarks),
                "views": workspace.views_of(user),
                "home": workspace.homes.get(user),
                "commands": COMMANDS,
                "shortcuts": self.shortcuts,
            }

    def _seen(self, channel: Json, user: str) -> list[Json]:
        own = [one for one in self.workspace.ephemerals_of(user) if one["channel"] == channel["id"]]
        both = [*self.workspace.messages[channel["id"]], *own]
        return sorted(both, key=lambda message: float(message["ts"]))

    def act(self, name: str, body: Json) -> Json:
        """One act: `POST /practice/<name>` with `user` and what the act needs.

        Raises SlackError; KeyError, TypeError or ValueError where the body is not what the act needs.
        """
        acts = {**self._asking(body), **self._telling(body)}
        if name not in acts:
            raise SlackError("unknown_act", known=sorted(acts))
        done = acts[name]()
        if isinstance(done, Reply):
            return {"delivered": done.error is None, "error": done.error, "errors": done.errors}
        return {}

    def _asking(self, body: Json) -> dict[str, Callable[[], object]]:
        """Acts that wait for the app's answer."""
        people, user = self.people, body.get("user", "")
        return {
            "slash": lambda: people.slash(user, body["channel"], body["command"], body.get("text", "")),
            "click": lambda: people.click(user, body["ts"], body["action_id"], body.get("value")),
            "click_view": lambda: people.click_view(user, body["view"], body["action_id"], body.get("value")),
            "submit": lambda: people.submit(user, body["view"], body["values"]),
            "close": lambda: people.close(user, body["view"]),
            "shortcut": lambda: people.shortcut(user, body["callback_id"], body.get("ts")),
        }

    def _telling(self, body: Json) -> dict[str, Callable[[], object]]:
        """Acts that the app hears of as events, and the two that furnish the workspace."""
        people, user = self.people, body.get("user", "")
        return {
            "say": lambda: people.say(user, body["channel"], body["text"]),
            "edit": lambda: people.edit(user, body["ts"], body["text"]),
            "delete": lambda: people.delete(user, body["ts"]),
            "react": lambda: people.react(user, body["ts"], body["name"]),
            "pin": lambda: people.pin(user, body["ts"]),
            "home": lambda: people.open_home(user),
            "users": lambda: [self.workspace.enrol(person) for person in body["users"]],
            "groups": lambda: [self.workspace.add_group(group) for group in body["groups"]],
        }
