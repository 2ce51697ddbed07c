"""What Slack sends to an app: signed requests, three seconds to answer, events again when they fail."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic, time
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from .errors import Json

ANSWER_SECONDS = 3.0


@dataclass(frozen=True)
class Reply:
    """What the app answered: HTTP status (0 if none) and body, or `error` as Slack names it; seconds."""

    status: int
    body: str = ""
    error: str | None = None
    seconds: float = 0.0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.error is None and not self.errors

    @property
    def json(self) -> Json:
        """The body as an object; empty where it is none."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Slack follows no redirects: one is a failed delivery."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


class Sender:
    def __init__(
        self, *, andon_url: str, signing_secret: str, retry_delays: Sequence[float], stopping: threading.Event
    ) -> None:
        self.andon_url = andon_url.rstrip("/")
        self._secret = signing_secret
        self._retry_delays = retry_delays
        self._stopping = stopping
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())

    def command(self, fields: Json) -> Reply:
        return self._post("/slack/commands", urlencode(fields), "application/x-www-form-urlencoded")

    def interaction(self, payload: Json) -> Reply:
        body = urlencode({"payload": json.dumps(payload)})
        return self._post("/slack/interactions", body, "application/x-www-form-urlencoded")

    def event(self, envelope: Json) -> list[Reply]:
        """Every attempt's reply, the last decisive; each retry names its number and reason."""
        body = json.dumps(envelope)
        replies = [self._post("/slack/events", body, "application/json")]
        for number, delay in enumerate(self._retry_delays, 1):
            if replies[-1].ok or self._stopping.wait(delay):
                break
            reason = {"operation_timeout": "http_timeout", "connection_failed": "connection_failed"}
            headers = {
                "X-Slack-Retry-Num": str(number),
                "X-Slack-Retry-Reason": reason.get(replies[-1].error or "", "http_error"),
            }
            replies.append(self._post("/slack/events", body, "application/json", headers))
        return replies

    def _post(self, path: str, body: str, kind: str, headers: dict[str, str] | None = None) -> Reply:
        stamp = str(int(time()))
        signature = SignatureVerifier(self._secret).generate_signature(timestamp=stamp, body=body) or ""
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            self.andon_url + path,
            body.encode(),
            method="POST",
            headers={
                "Content-Type": kind,
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": signature,
                "User-Agent": "Slackbot 1.0 (practice workspace)",
                **(headers or {}),
            },
        )
        started = monotonic()
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as response:
                reply = Reply(response.status, response.read(1_000_000).decode())
        except urllib.error.HTTPError as failure:
            reply = Reply(failure.code, failure.read(10_000).decode(errors="replace"), "dispatch_failed")
        except TimeoutError:
            reply = Reply(0, error="operation_timeout")
        except OSError as failure:
            timed_out = isinstance(getattr(failure, "reason", None), TimeoutError)
            reply = Reply(0, str(failure), "operation_timeout" if timed_out else "connection_failed")
        seconds = monotonic() - started
        late = seconds > ANSWER_SECONDS and reply.ok
        return Reply(reply.status, reply.body, "operation_timeout" if late else reply.error, seconds)
