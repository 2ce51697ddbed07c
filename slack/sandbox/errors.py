"""What the practice workspace answers when it refuses a call, in the words of Slack's Web API."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal: HTTP 200 with `{"ok": false, "error": code}`; `details` are further keys of the answer."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def answer(self) -> Json:
        return {"ok": False, "error": self.code, **self.details}


class HttpFailure(Exception):
    """A failure below the API: an HTTP status, with `Retry-After` in whole seconds for 429."""

    def __init__(self, status: int, error: str, retry_after: int | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.retry_after = retry_after
