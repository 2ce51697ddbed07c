"""The practice workspace as one object: start it, drive it, look at what was posted."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from .acts import People
from .api import WebApi
from .errors import Json
from .faults import Call, Fault
from .limits import Limits
from .page import SHORTCUTS, Page, Shortcut
from .sender import Reply, Sender
from .server import Server
from .workspace import DEFAULT_PEOPLE, Workspace

DEFAULT_LIMITS = Limits()


class PracticeSlack:
    """A Slack of one's own on `url`; the Web API is at `url + "/api/"`. Port 0 takes a free one.

    `limits` None switches rate limits off, `scopes` None grants all; `retry_delays` are the seconds before
    each further try of an event; `store` keeps the workspace across restarts; `people` are (id, name, e-mail).
    Usable as a context manager.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        token: str = "xoxb-practice",  # noqa: S107 - opens only this workspace
        signing_secret: str = "practice",  # noqa: S107
        andon_url: str = "http://127.0.0.1:8000",
        host: str = "127.0.0.1",
        store: Path | None = None,
        scopes: Collection[str] | None = None,
        limits: Limits | None = DEFAULT_LIMITS,
        retry_delays: Sequence[float] = (0, 60, 300),
        shortcuts: Sequence[Shortcut] = SHORTCUTS,
        people: Sequence[tuple[str, str, str]] = DEFAULT_PEOPLE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._stopping = threading.Event()
        self.workspace = Workspace(store=store, clock=clock, people=people)
        self.api = WebApi(self.workspace, token=token, scopes=scopes, limits=limits, stopping=self._stopping)
        self._server = Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self.sender = Sender(
            andon_url=andon_url,
            signing_secret=signing_secret,
            retry_delays=retry_delays,
            stopping=self._stopping,
        )
        self.people = People(self.workspace, self.sender, base=self.url)
        self.page = Page(self.workspace, self.people, shortcuts=shortcuts, stopping=self._stopping)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> "PracticeSlack":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        with self.workspace.changed:
            self.workspace.changed.notify_all()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()
        self.people.stop()

    def __enter__(self) -> "PracticeSlack":
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    def messages(self, channel: str) -> list[Json]:
        """What everybody sees in a channel (id or name), oldest first."""
        return list(self.workspace.messages[self.workspace.channel(channel)["id"]])

    def ephemerals(self, user: str) -> list[Json]:
        """What only this person sees."""
        return self.workspace.ephemerals_of(user)

    def views(self, user: str) -> list[Json]:
        """The modals open before this person, topmost last."""
        return self.workspace.views_of(user)

    def fail_with(
        self,
        method: str,
        error: str | None = None,
        *,
        status: int = 200,
        retry_after: int | None = None,
        times: int = 1,
    ) -> None:
        """The next `times` calls fail: with an API error, an HTTP status, 429 with `retry_after` seconds."""
        status = 429 if retry_after is not None else status
        error = error or ("ratelimited" if status == 429 else "internal_error")
        self.api.faults.add(method, Fault(error, status, retry_after), times)

    def stall(self, method: str, seconds: float, *, times: int = 1) -> None:
        """The next `times` calls take so much longer."""
        self.api.faults.add(method, Fault(seconds=seconds), times)

    def heal(self) -> None:
        """No more faults."""
        self.api.faults.clear()

    def slash(self, user: str, channel: str, command: str, text: str = "") -> Reply:
        return self.people.slash(user, channel, command, text)

    def click(self, user: str, message_ts: str, action_id: str, value: Any = None) -> Reply:
        return self.people.click(user, message_ts, action_id, value)

    def submit(self, user: str, view_id: str, values: Json) -> Reply:
        return self.people.submit(user, view_id, values)

    def add_person(self, person: Json) -> Json:
        """`{"id", "name", "email"}`; raises ValueError for an id that is none of Slack's form."""
        return self.workspace.enrol(person)

    def add_group(self, group: Json) -> Json:
        """`{"id", "handle", "name"}`: a user group such as `@checkout-dev`."""
        return self.workspace.add_group(group)
