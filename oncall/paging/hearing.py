"""What people were told lately, method by method, and the locks under which that is decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import connection
from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from notifications.models import Delivery
from oncall.models import PageNotice
from oncall.paging.pacing import LATELY, Heard, Message


def heard_by(notices: Collection[PageNotice]) -> dict[int, Heard]:
    """What was told lately by the methods of these notices, or is about to be: one query."""
    people, methods = {n.person_id for n in notices}, {n.method_id for n in notices}
    since = min((notice.at for notice in notices), default=timezone.now()) - LATELY
    told = PageNotice.objects.filter(person__in=people, method__in=methods, at__gt=since).exclude(delivery=None)
    sent = told.exclude(delivery__state=Delivery.State.WITHDRAWN).order_by()
    moment = Coalesce("bundle__created_at", "at")
    messages = sent.values("method", "delivery").annotate(moment=Max(moment), pages=Count("page", distinct=True))
    found: dict[int, list[Message]] = defaultdict(list)
    for method, at, pages in messages.values_list("method", "moment", "pages"):
        found[method].append(Message(at, pages))
    return defaultdict(tuple, {method: tuple(heard) for method, heard in found.items()})


def take(methods: Collection[int]) -> set[int]:
    """Of these contact methods, those of which we now hold the lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::bigint[]) AS id"
            " WHERE pg_try_advisory_xact_lock(hashtextextended('oncall.paging.bundles:' || id, 0))",
            [sorted(methods)],
        )
        return {pk for (pk,) in cursor.fetchall()}
