"""`Idempotency-Key`: the same POST again gets the same answer and has no second effect."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.errors import Conflict, InvalidInput
from notifications.models import IdempotentAnswer


class _AnsweredBefore(Exception):
    def __init__(self, status: int, body: Any) -> None:
        self.status, self.body = status, body


class Idempotent(APIView):
    """Mixed into API views. The effect and the answer commit together; two at once wait for one another."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or not request.headers.get("Idempotency-Key"):
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or not key or not request.user.is_authenticated:
            return
        if len(key) > 200:
            raise InvalidInput({"Idempotency-Key": [f"The key has {len(key)} characters; 200 at most."]})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{request.user.pk}:{key}"])
        if answer := IdempotentAnswer.objects.filter(person=request.user, key=key).first():
            if answer.fingerprint != _fingerprint(request):
                raise Conflict(f"Idempotency-Key {key!r} was used for another request: take a new key for this one.")
            raise _AnsweredBefore(answer.status, self.answer_again(answer.body))

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, _AnsweredBefore):
            return Response(exc.body, status=exc.status, headers={"Idempotent-Replayed": "true"})
        return super().handle_exception(exc)

    def kept_of(self, answer: Any) -> Any:
        """What is kept of an answer so that it can be given again: less of one whose words are nobody else's."""
        return answer

    def answer_again(self, kept: Any) -> Any:
        """The answer, made of what `kept_of` left of it."""
        return kept

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        fresh = request.method == "POST" and final.status_code < 400 and "Idempotent-Replayed" not in final
        if key and fresh and request.user.is_authenticated:
            IdempotentAnswer.objects.create(
                person=request.user,
                key=key,
                fingerprint=_fingerprint(request),
                status=final.status_code,
                body=self.kept_of(json.loads(final.accepted_renderer.render(response.data) or b"null")),
            )
        return final


def _fingerprint(request: Request) -> str:
    """SHA-256 over path and the parsed body, so that the order of keys does not matter; of files their content."""
    body = json.dumps(request.data, sort_keys=True, default=_told)
    return hashlib.sha256(f"{request.path}\n{body}".encode()).hexdigest()


def _told(value: Any) -> str:
    if not isinstance(value, File):
        return str(value)
    value.seek(0)
    digest = hashlib.sha256(value.read()).hexdigest()
    value.seek(0)
    return digest


def forget() -> None:
    """Drop answers that nobody will ask for again."""
    IdempotentAnswer.objects.filter(at__lt=timezone.now() - timedelta(days=2)).delete()
