"""`/metrics` for Prometheus: what django-prometheus counts in this process, and the state of the work, read from the
database at each scrape, so that every process answers the same. Without a database the first part still answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

import structlog
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from notifications import health
from notifications.models import Counter, Delivery, InboundMessage
from oncall.checks.watchdog import REPAIRED
from oncall.models import Escalation, Page

log = structlog.get_logger(__name__)


class StateOfWork(Collector):
    """What an operator asks first: is anything late, is anything stuck, does anybody answer?"""

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(_families())
        except DatabaseError:
            log.exception("metrics_without_database")
            found = []
        yield GaugeMetricFamily("andon_database_up", "Whether the database answers.", value=int(bool(found)))
        yield from found


REGISTRY = CollectorRegistry()
REGISTRY.register(StateOfWork())


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = ExportToDjangoView(request)
    answer.content += generate_latest(REGISTRY)
    return answer


def _families() -> Iterator[Metric]:
    yield _gauge("andon_overdue_seconds", "How long the oldest due work waits.", ["kind"], _by_name(health.overdue()))
    yield _gauge("andon_sweeper_age_seconds", "Since the scheduler last swept.", [], [((), health.sweeper_age())])
    yield _gauge("andon_deadman_age_seconds", "Since all was well.", [], [((), health.age("deadman"))])
    yield _gauge("andon_pages_open", "Pages that are not resolved.", ["state"], _pages())
    yield _gauge("andon_pages_exhausted", "Open pages with a side nobody answered.", [], [((), _exhausted())])
    yield _gauge("andon_deliveries", "Waiting, or refused for good.", ["queue", "state"], list(_deliveries()))
    inbox = InboundMessage.objects.filter(state=InboundMessage.State.WAITING).count()
    yield _gauge("andon_inbox_waiting", "Messages accepted and not processed yet.", [], [((), inbox)])
    repairs = CounterMetricFamily("andon_repairs", "What the watchdog had to mend: look into the log.", labels=["kind"])
    for name, value in Counter.objects.filter(name__startswith=REPAIRED).values_list("name", "value"):
        repairs.add_metric([name.removeprefix(REPAIRED)], value)
    yield repairs


def _gauge(
    name: str, words: str, labels: list[str], values: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for words_of_labels, value in values:
        if isfinite(value):  # what never happened has no age
            family.add_metric(words_of_labels, value)
    return family


def _by_name(values: dict[str, float]) -> list[tuple[tuple[str, ...], float]]:
    return [((name,), value) for name, value in values.items()]


def _pages() -> list[tuple[tuple[str, ...], float]]:
    found = dict.fromkeys([Page.State.TRIGGERED.value, Page.State.ACKNOWLEDGED.value], 0)
    found |= dict(Page.objects.open().values_list("state").annotate(Count("id")).order_by())
    return [((state,), count) for state, count in found.items()]


def _exhausted() -> int:
    unanswered = Escalation.objects.open().filter(page=OuterRef("pk"), exhausted_at__isnull=False)
    return Page.objects.open().filter(Exists(unanswered)).count()


def _deliveries() -> Iterator[tuple[tuple[str, ...], float]]:
    """By queue and state. Each state has an index of its own, so they are asked one by one."""
    for state in (Delivery.State.WAITING, Delivery.State.FAILED):
        counts = dict(Delivery.objects.filter(state=state).values_list("queue").annotate(Count("id")).order_by())
        yield from (((queue, state.value), counts.get(queue, 0)) for queue in Delivery.Queue.values)
