"""Paging for an alert without an incident, and being done with it when the alert is over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from notifications.links import absolute
from oncall import paging
from oncall.models import Page
from telemetry.models import Alert
from telemetry.severity import Decision


def page_for(
    alerts: Iterable[Alert], decisions: Mapping[int, Decision], *, integration: int | None, group_key: str
) -> dict[int, Page]:
    """Page the services of alerts whose rules ask for it: one page for a group, a service and an urgency, which is
    found again while it is open. Returns the page of each alert, by id.
    """
    paged: dict[int, Page] = {}
    for alert in alerts:
        rule = decisions[alert.pk].rule
        if rule is None or not rule.pages or alert.service is None:
            continue
        group = hashlib.sha256((group_key or alert.fingerprint).encode()).hexdigest()
        paged[alert.pk] = paging.page(
            subject=f"{alert.name}: {_line(alert)}" if _line(alert) != alert.name else alert.name,
            dedup_key=f"alerts:{integration or 0}:{group}:{alert.service_id}:{rule.urgency}",
            about=f"alert:{alert.pk}",
            url=absolute(f"/alerts/{alert.pk}/"),
            body=_body(alert),
            urgency=rule.urgency,
            service=alert.service,
        )
    for page in {page.pk: page for page in paged.values()}.values():
        Alert.objects.filter(pk__in=[pk for pk, of in paged.items() if of.pk == page.pk]).update(page=page)
    return paged


def settle_pages(resolved: Iterable[Alert]) -> None:
    """Resolve the pages of alerts that are over, where no other alert of theirs fires."""
    ids = {alert.page_id for alert in resolved if alert.page_id}
    still = set(Alert.objects.firing().filter(page__in=ids).values_list("page", flat=True)) if ids else set()
    for page in Page.objects.open().filter(pk__in=ids - still).order_by("pk"):
        paging.resolve(page=page)


def _line(alert: Alert) -> str:
    return next(iter(alert.summary.splitlines()), "").strip() or alert.name


def _body(alert: Alert) -> str:
    described = alert.annotations.get("description", "")
    labels = ", ".join(f"{name}={value}" for name, value in sorted(alert.labels.items()))
    return "\n\n".join(filter(None, [alert.summary, str(described), labels]))[:4000]
