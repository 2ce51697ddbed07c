"""Where senders post: `/hooks/{source}/{integration}` and, in one line, `/e/{token}`."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import inbox
from notifications.models import Integration, IntegrationSecret
from notifications.payloads import MalformedPayload
from notifications.problems import problem

LARGEST_BODY = 26 * 1024 * 1024
KEPT_HEADERS = (
    "content-type",
    "user-agent",
    "x-",
    "ce-",
    "webhook-",
    "idempotency-key",
    "request-id",
    "sentry-hook-",
)
SECRET_HEADERS = ("x-gitlab-token", "x-auth", "x-api-key", "x-forwarded-authorization")


@login_not_required
@csrf_exempt
@require_POST
def hook(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """A sender's message: 202 kept, 400 malformed, 401 not authentic, 404 no such integration, 413, 503."""
    try:
        wanted = Integration.objects.filter(disabled_at=None, source=source, key=uuid.UUID(key))
        integration = wanted.prefetch_related("secrets").first()
    except ValueError:
        integration = None
    except OperationalError:
        return unavailable()
    if integration is None or (sender := inbox.sender(source)) is None:
        return problem(404, "No such integration", f"There is no {source} integration at {request.path}.")
    if (body := read_body(request)) is None:
        return _too_large()
    secrets = [secret.secret for secret in integration.secrets.all() if secret.retired_at is None]
    if not sender.verify(secrets, body, request.headers):
        return problem(401, "Not authentic", "The signature or token does not match a live secret of this integration.")
    return accept(request, sender, integration, body)


@login_not_required
@csrf_exempt
@require_POST
def one_line(request: HttpRequest, token: str) -> HttpResponse:
    """One line is enough: `curl -d 'deployed 4f2a1c' …/e/<token>`."""
    try:
        wanted = IntegrationSecret.objects.filter(
            secret=token, retired_at=None, integration__source="event", integration__disabled_at=None
        )
        found = wanted.select_related("integration").first()
    except OperationalError:
        return unavailable()
    if found is None or (sender := inbox.sender("line")) is None:
        return problem(401, "Unknown token", "Take the URL from Settings, Integrations; it may have been rotated.")
    if (body := read_body(request)) is None:
        return _too_large()
    return accept(request, sender, found.integration, body, source="line")


def accept(
    request: HttpRequest, sender: inbox.Sender, integration: Integration, body: bytes, source: str = ""
) -> HttpResponse:
    """Keep an authentic message and say so. What we answer 2xx is committed."""
    try:
        events = sender.parse(request.headers, body)
    except MalformedPayload as error:
        return problem(400, "Malformed message", str(error), errors={error.field: [str(error)]})
    key = sender.key(request.headers, body) or str(uuid.uuid4())
    try:
        message, new = inbox.keep(
            source=source or integration.source,
            integration=integration,
            key=key[:200],
            headers=_kept_headers(request),
            body=body,
            empty=not events,
        )
    except OperationalError:
        return unavailable()
    return JsonResponse({"id": message.pk, "state": message.state, "repeated": not new}, status=202)


def read_body(request: HttpRequest) -> bytes | None:
    """The raw body, or None where it is larger than we take."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
            return None
    except ValueError:
        return None
    body = request.read(LARGEST_BODY + 1)
    return None if len(body) > LARGEST_BODY else body


def _kept_headers(request: HttpRequest) -> dict[str, str]:
    return {
        name: value[:1000]
        for name, value in request.headers.items()
        if name.lower().startswith(KEPT_HEADERS) and not name.lower().startswith(SECRET_HEADERS)
    }


def _too_large() -> HttpResponse:
    return problem(413, "Too large", f"A message may have {LARGEST_BODY // 1024 // 1024} MB at most.")


def unavailable() -> HttpResponse:
    """503: what was sent is not kept, and is to be sent again."""
    response = problem(503, "Not kept", "The database cannot be reached; send the message again.")
    response["Retry-After"] = "5"
    return response
