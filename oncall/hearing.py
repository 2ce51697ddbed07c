"""What people were told lately, method by method, and the locks under which that is decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Value
from django.utils import timezone

from notifications.models import Delivery
from oncall.models import Bundle, PageNotice
from oncall.pacing import STORM, Heard


def heard_by(notices: Collection[PageNotice]) -> dict[int, Heard]:
    """What was told lately by the methods of these notices, or is about to be: one query."""
    people, methods = {n.person_id for n in notices}, {n.method_id for n in notices}
    since = min((notice.at for notice in notices), default=timezone.now()) - STORM
    told = PageNotice.objects.filter(person__in=people, method__in=methods, at__gt=since, bundle=None)
    alone = told.exclude(delivery=None).exclude(delivery__state=Delivery.State.WITHDRAWN).order_by()
    bundles = Bundle.objects.filter(person__in=people, method__in=methods, created_at__gt=since).order_by()
    together = bundles.exclude(delivery=None).values_list("method", "created_at", Value(True))
    found: dict[int, tuple[list[datetime], list[datetime]]] = defaultdict(lambda: ([], []))
    for method, at, of_bundle in alone.values_list("method", "at", Value(False)).union(together, all=True):
        found[method][of_bundle].append(at)
    heard = {method: Heard(tuple(one), tuple(many)) for method, (one, many) in found.items()}
    return defaultdict(Heard, heard)


def take(methods: Collection[int]) -> set[int]:
    """Of these contact methods, those of which we now hold the lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::bigint[]) AS id"
            " WHERE pg_try_advisory_xact_lock(hashtextextended('oncall.bundles:' || id, 0))",
            [sorted(methods)],
        )
        return {pk for (pk,) in cursor.fetchall()}
