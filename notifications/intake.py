"""Where senders post: `/hooks/{source}/{integration}` and, in one line, `/e/{token}`."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import inbox, rejections, signatures
from notifications.models import Integration, IntegrationSecret
from notifications.payloads import MalformedPayload, storable
from notifications.problems import problem

log = structlog.get_logger(__name__)

LARGEST_BODY = 26 * 1024 * 1024
TOO_LARGE = f"A message may have {LARGEST_BODY // 1024 // 1024} MB at most."
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
OUT_OF_ORDER = (OperationalError, InterfaceError, InternalError)  # down, overloaded, or a standby that takes no writes


def kept_or_503(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where the database cannot keep what was sent, its sender is asked to send it again."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OUT_OF_ORDER:
            log.warning("inbound_not_kept", path=request.path, exc_info=True)
            return unavailable()

    return answered


@login_not_required
@csrf_exempt
@require_POST
@kept_or_503
def hook(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """A sender's message: 202 kept, 400 malformed, 401 not authentic, 404 no such integration, 409 another body under
    a key that was used, 413, 503."""
    integration, sender = _integration(source, key), inbox.sender(source)
    if integration is None or sender is None:
        return problem(404, "No such integration", f"There is no {source} integration at {request.path}.")
    if (body := read_body(request)) is None:
        return _refuse(integration, 413, "Too large", TOO_LARGE)
    live = [secret for secret in integration.secrets.all() if secret.retired_at is None]
    if not _authentic(sender, [secret.secret for secret in live], body, request):
        why = rejections.why_not_authentic(request.headers, timezone.now())
        answer = _refuse(integration, 401, "Not authentic", why)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    rejections.note_use(_used(sender, live, body, request))
    return accept(request, sender, integration, body)


@login_not_required
@csrf_exempt
@require_POST
@kept_or_503
def one_line(request: HttpRequest, token: str) -> HttpResponse:
    """One line is enough: `curl -d 'deployed 4f2a1c' …/e/<token>`."""
    wanted = IntegrationSecret.objects.filter(
        secret=token, retired_at=None, integration__source="event", integration__disabled_at=None
    )
    found = wanted.select_related("integration").first()
    if found is None or (sender := inbox.sender("line")) is None:
        return problem(401, "Unknown token", "Take the URL from Settings, Integrations; it may have been rotated.")
    if (body := read_body(request)) is None:
        return _refuse(found.integration, 413, "Too large", TOO_LARGE)
    rejections.note_use(found)
    return accept(request, sender, found.integration, body, source="line")


def accept(
    request: HttpRequest, sender: inbox.Sender, integration: Integration, body: bytes, source: str = ""
) -> HttpResponse:
    """Keep an authentic message and say so. What we answer 2xx is committed."""
    try:
        events = sender.parse(request.headers, body)
    except MalformedPayload as error:
        return _refuse(integration, 400, "Malformed message", str(error), errors={error.field: [str(error)]})
    source = source or integration.source
    key = storable(sender.key(request.headers, body) or _own_key(sender, source, integration, body))[:200]
    message, new = inbox.keep(
        source=source,
        integration=integration,
        key=key,
        headers=_kept_headers(request),
        body=body,
        empty=not events,
    )
    if not new and sender.one_body_for_each_key and not inbox.says_the_same(bytes(message.body), body):
        why = f"{key!r} came with another body at {message.received_at:%Y-%m-%d %H:%M:%S} UTC; that one counts."
        return _refuse(integration, 409, "Another message", f"{why} Take a new key for each message.")
    return JsonResponse({"id": message.pk, "state": message.state, "repeated": not new}, status=202)


def _own_key(sender: inbox.Sender, source: str, integration: Integration, body: bytes) -> str:
    """The key of a message that has none of its own, unless what it tells is told apart when it is used."""
    return inbox.key_of_body(source, integration, body) if sender.one_body_for_each_key else str(uuid.uuid4())


def read_body(request: HttpRequest) -> bytes | None:
    """The raw body, or None where it is larger than we take."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
            return None
    except ValueError:
        return None
    body = request.read(LARGEST_BODY + 1)
    return None if len(body) > LARGEST_BODY else body


def unavailable() -> HttpResponse:
    """503: what was sent is not kept, and is to be sent again."""
    response = problem(503, "Not kept", "The database cannot be reached; send the message again.")
    response["Retry-After"] = "5"
    return response


def _integration(source: str, key: str) -> Integration | None:
    try:
        wanted = Integration.objects.filter(disabled_at=None, source=source, key=uuid.UUID(key))
    except ValueError:
        return None
    return wanted.prefetch_related("secrets").first()


def _used(sender: inbox.Sender, live: list[IntegrationSecret], body: bytes, request: HttpRequest) -> IntegrationSecret:
    """The secret that an authentic request was signed with; asked only while two are live."""
    *others, last = live
    return next((secret for secret in others if _authentic(sender, [secret.secret], body, request)), last)


def _authentic(sender: inbox.Sender, secrets: list[str], body: bytes, request: HttpRequest) -> bool:
    named = bool(sender.in_query) and signatures.token(secrets, request.GET.dict(), sender.in_query)
    return sender.verify(secrets, body, request.headers) or named


def _refuse(integration: Integration, status: int, title: str, why: str, **members: object) -> HttpResponse:
    rejections.note(integration=integration, status=status, reason=why)
    return problem(status, title, why, **members)


def _kept_headers(request: HttpRequest) -> dict[str, str]:
    return {
        name: storable(value[:1000])
        for name, value in request.headers.items()
        if name.lower().startswith(KEPT_HEADERS) and not name.lower().startswith(SECRET_HEADERS)
    }
