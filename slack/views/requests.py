"""Where Slack posts: verified, kept, answered at once. What is asked for is done by a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import inbox
from notifications.intake import LARGEST_BODY, read_body, unavailable
from notifications.payloads import MalformedPayload
from notifications.problems import problem
from slack import payloads
from slack.signature import is_authentic

KEPT_HEADERS = ("Content-Type", "X-Slack-Retry-Num", "X-Slack-Retry-Reason")
Answer = Callable[[HttpRequest, bytes], HttpResponse]


def from_slack(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """Let through only what Slack signed: 401 not authentic, 400 malformed, 413, 503 not connected or not kept."""

    @login_not_required
    @csrf_exempt
    @require_POST
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        if not settings.SLACK_SIGNING_SECRET:
            return problem(503, "Slack is not connected", "Set SLACK_SIGNING_SECRET and start Andon again.")
        if (body := read_body(request)) is None:
            return problem(413, "Too large", f"A message may have {LARGEST_BODY // 1024 // 1024} MB at most.")
        if not is_authentic([settings.SLACK_SIGNING_SECRET], body, request.headers):
            detail = "The signature does not match SLACK_SIGNING_SECRET, or is more than five minutes old."
            return problem(401, "Not authentic", detail)
        try:
            return answer(request, body)
        except MalformedPayload as error:
            return problem(400, "Malformed message", str(error), errors={error.field: [str(error)]})
        except OperationalError:
            return unavailable()

    return view


@from_slack
def commands(request: HttpRequest, body: bytes) -> HttpResponse:
    """A slash command: a word at once to the speaker alone, the answer follows."""
    told = _keep(request, body)
    words = "Opening the form… Should it not appear, type /incident and what is wrong." if _opens(told) else "On it…"
    return JsonResponse({"response_type": "ephemeral", "text": words})


@from_slack
def interactions(request: HttpRequest, body: bytes) -> HttpResponse:
    """A button, a form or a shortcut. A form that lacks something hears so by field, and stays open."""
    for told in payloads.parse(request.headers, body):
        if errors := payloads.problems(told):
            return JsonResponse({"response_action": "errors", "errors": errors})
    _keep(request, body)
    return HttpResponse()


@from_slack
def events(request: HttpRequest, body: bytes) -> HttpResponse:
    """An event; `url_verification` wants its challenge back."""
    if challenge := payloads.challenge(body):
        return JsonResponse({"challenge": challenge})
    _keep(request, body)
    return HttpResponse()


def _keep(request: HttpRequest, body: bytes) -> Sequence[payloads.Told]:
    """Store what was told, once, for the worker that does nothing but answer Slack."""
    told = payloads.parse(request.headers, body)
    headers = {name: request.headers[name][:200] for name in KEPT_HEADERS if name in request.headers}
    inbox.keep(
        source="slack",
        integration=None,
        key=payloads.key(request.headers, body)[:200],
        headers=headers,
        body=body,
        empty=not told,
        task="slack.tasks.answer",
    )
    return told


def _opens(told: Sequence[payloads.Told]) -> bool:
    return any(payloads.opens_form(one) for one in told)
