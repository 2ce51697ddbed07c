"""The HTTP side of the practice workspace: Web API, response URLs, the page and what the page asks for."""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from .errors import HttpFailure, Json, SlackError

if TYPE_CHECKING:
    from .practice import PracticeSlack

STATIC = Path(__file__).parent / "static"
FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/blocks.js": ("blocks.js", "text/javascript; charset=utf-8"),
    "/mrkdwn.js": ("mrkdwn.js", "text/javascript; charset=utf-8"),
    "/modal.js": ("modal.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LARGEST_BODY = 1_000_000


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], practice: "PracticeSlack") -> None:
        self.practice = practice
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        self._serve({"/api/": self._api, "/practice/": self._practice_get}, self._file)

    def do_POST(self) -> None:
        self._serve(
            {"/api/": self._api, "/response/": self._response, "/practice/": self._practice_post},
            self._nothing,
        )

    def _serve(self, routes: dict[str, Callable[[], None]], otherwise: Callable[[], None]) -> None:
        path = urlsplit(self.path).path
        handle = next((route for prefix, route in routes.items() if path.startswith(prefix)), otherwise)
        try:
            handle()
        except HttpFailure as failure:
            self.close_connection = True  # the body may not have been read
            self._json({"ok": False, "error": failure.error}, failure.status, failure.retry_after)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _file(self) -> None:
        name, kind = FILES.get(urlsplit(self.path).path, ("", ""))
        if not name:
            self._nothing()
            return
        self._send((STATIC / name).read_bytes(), kind)

    def _nothing(self) -> None:
        raise HttpFailure(404, "not_found")

    def _api(self) -> None:
        name = urlsplit(self.path).path.removeprefix("/api/")
        args = {**dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)), **self._arguments()}
        scheme, _, bearer = (self.headers.get("Authorization") or "").partition(" ")
        given = args.pop("token", None)
        token = bearer.strip() if scheme.lower() == "bearer" else given
        self._json(self.server.practice.api.call(name, args, token))

    def _response(self) -> None:
        token = urlsplit(self.path).path.removeprefix("/response/")
        try:
            self.server.practice.people.respond(token, self._arguments())
        except SlackError as refusal:
            gone = refusal.code in {"used_url", "expired_url"}
            self._json(refusal.answer(), 404 if gone else 400)
        else:
            self._send(b"ok", "text/plain; charset=utf-8")

    def _practice_get(self) -> None:
        asked = urlsplit(self.path)
        if asked.path != "/practice/state":
            self._nothing()
        query = dict(parse_qsl(asked.query))
        version = query.get("version", "")
        self._json(self.server.practice.page.state(query.get("as", ""), int(version) if version.isdigit() else -1))

    def _practice_post(self) -> None:
        self._same_origin()
        name = urlsplit(self.path).path.removeprefix("/practice/")
        try:
            self._json({"ok": True, **self.server.practice.page.act(name, self._arguments())})
        except SlackError as refusal:
            self._json(refusal.answer(), 400)
        except (KeyError, TypeError, ValueError) as problem:
            self._json({"ok": False, "error": f"{name}: {problem}"}, 400)

    def _same_origin(self) -> None:
        """Only pages of this server may act: another site's page could otherwise post here."""
        origin = self.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != self.headers.get("Host"):
            raise HttpFailure(403, "another_origin")
        if not re.match(r"application/json\b", self.headers.get("Content-Type") or ""):
            raise HttpFailure(415, "send_json")

    def _arguments(self) -> Json:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            raise HttpFailure(413, "request_too_large")
        body = self.rfile.read(int(length)).decode(errors="replace")
        if not (self.headers.get("Content-Type") or "").startswith("application/json"):
            return dict(parse_qsl(body, keep_blank_values=True))
        try:
            parsed = json.loads(body or "{}")
        except ValueError as problem:
            raise HttpFailure(400, "invalid_json") from problem
        if not isinstance(parsed, dict):
            raise HttpFailure(400, "json_not_object")
        return parsed

    def _json(self, answer: Json, status: int = 200, retry_after: int | None = None) -> None:
        headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        self._send(json.dumps(answer).encode(), "application/json; charset=utf-8", status, headers)

    def _send(self, body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        safe = {
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        for key, value in {"Content-Type": kind, **safe, **(headers or {})}.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: `calls` is the log."""
