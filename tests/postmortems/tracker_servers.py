"""Small real servers that answer as GitHub, GitLab and Jira do, of one issue each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.serving import Quiet, serving

CHANGED = "2026-06-01T08:00:00Z"


class Server:
    """One issue, open or closed, and what was left on it. `answers`: (status, headers, body) used up first."""

    def __init__(self, kind: str) -> None:
        self.kind, self.url = kind, ""
        self.closed, self.reason, self.closer = False, "", "octocat"
        self.remarks: list[dict[str, Any]] = []
        self.links: dict[str, Any] = {}
        self.asked: list[tuple[str, str]] = []
        self.heads: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.lose_next_post = False

    @property
    def issue(self) -> dict[str, Any]:
        state = "closed" if self.closed else "open"
        match self.kind:
            case "github":
                closer = {"login": self.closer} if self.closed else None
                more = {"state": state, "state_reason": self.reason or None, "closed_by": closer}
                return {"number": 7, "title": "Bound the pool", "updated_at": CHANGED, **more}
            case "gitlab":
                closer = {"name": self.closer} if self.closed else None
                told = {"state": "closed" if self.closed else "opened", "closed_by": closer, "updated_at": CHANGED}
                return {"iid": 7, "title": "Bound the pool", **told}
        status = {"name": "Done" if self.closed else "To Do"}
        status |= {"statusCategory": {"key": "done" if self.closed else "new"}}
        fields = {"summary": "Bound the pool", "status": status, "updated": "2026-06-01T10:00:00.000+0200"}
        return {"key": "SHOP-7", "fields": fields | {"resolution": {"name": self.reason} if self.reason else None}}

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path.endswith(("/user", "/myself")):
            return 200, {"login": "andon-bot", "username": "andon-bot", "displayName": "Andon Bot"}
        if path.endswith(("/rate_limit", "/serverInfo", "/projects")):
            return 200, {}
        if path.endswith(("/comments", "/notes")):
            return self._remark(body) if method == "POST" else (200, self.remarks)
        if path.endswith("/remotelink"):
            self.links[body["globalId"]] = body
            return 201, {}
        known = ("/repos/shop/pay/issues/7", "/projects/shop/team/pay/issues/7", "/issue/SHOP-7")
        return (200, self.issue) if path.endswith(known) else (404, {"message": "Not Found"})

    def _remark(self, body: Any) -> tuple[int, Any]:
        self.remarks.append(body)
        return (502, {}) if self.lose_next_post else (201, {})


@contextmanager
def tracker_server(kind: str) -> Iterator[Server]:
    server = Server(kind)

    class Handler(Quiet):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0)))))

        def _answer(self, body: Any) -> None:
            server.asked.append((self.command, self.path))
            server.heads.append({name.lower(): value for name, value in self.headers.items()})
            if server.answers:
                status, headers, content = server.answers.pop(0)
            else:
                status, said = server.answer(self.command, unquote(urlsplit(self.path).path), body)
                headers, content = {}, json.dumps(said).encode()
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as server.url:
        yield server


ADDRESSES = {
    "github": "/shop/pay/issues/7",
    "gitlab": "/shop/team/pay/-/issues/7",
    "jira": "/browse/SHOP-7",
}
REFS = {"github": "shop/pay#7", "gitlab": "shop/team/pay#7", "jira": "SHOP-7"}
