"""Writing many alerts at once, and learning which of them are news."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

_UPSERT = """
INSERT INTO telemetry_alert (
    integration_id, fingerprint, starts_at, ends_at, status, group_key, service_id, service_hint, name, summary,
    severity, labels, annotations, release, url, received_at, updated_at
)
SELECT %(integration)s, fingerprint, starts_at, ends_at, status, group_key, service_id, service_hint, name, summary,
    severity, labels, annotations, release, url, %(now)s, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS told(
    fingerprint text, starts_at timestamptz, ends_at timestamptz, status text, group_key text, service_id bigint,
    service_hint text, name text, summary text, severity text, labels jsonb, annotations jsonb, release text, url text
)
ORDER BY fingerprint, starts_at
ON CONFLICT ON CONSTRAINT alert_once DO UPDATE
    SET status = EXCLUDED.status, ends_at = EXCLUDED.ends_at, updated_at = EXCLUDED.updated_at,
        severity = CASE EXCLUDED.status WHEN 'firing' THEN EXCLUDED.severity ELSE telemetry_alert.severity END,
        labels = CASE EXCLUDED.status WHEN 'firing' THEN EXCLUDED.labels ELSE telemetry_alert.labels END,
        summary = CASE EXCLUDED.status WHEN 'firing' THEN EXCLUDED.summary ELSE telemetry_alert.summary END
    WHERE telemetry_alert.status = 'firing' AND (
        EXCLUDED.status = 'resolved'
        OR (EXCLUDED.severity <> telemetry_alert.severity AND EXCLUDED.severity <> '')
    )
RETURNING fingerprint, starts_at, id
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One alert as its table has it."""

    fingerprint: str
    starts_at: datetime
    ends_at: datetime | None
    status: str
    group_key: str
    service_id: int | None
    service_hint: str
    name: str
    summary: str
    severity: str
    labels: dict[str, str]
    annotations: dict[str, str]
    release: str
    url: str


def upsert(integration_id: int | None, rows: Iterable[Row]) -> dict[tuple[str, datetime], int]:
    """Insert what is new, resolve what was firing, note another severity of what fires; the ids of those alone, by
    fingerprint and start, in one statement.

    The same fingerprint and start is the same alert, and must come once in `rows`. An alert that is resolved stays
    so: a firing told late, of the same start, is old news. The order of the rows keeps two writers from waiting for
    each other in a circle.
    """
    document = json.dumps([asdict(row) for row in rows], default=datetime.isoformat)
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {"integration": integration_id, "rows": document, "now": timezone.now()})
        return {(fingerprint, starts_at): pk for fingerprint, starts_at, pk in cursor.fetchall()}
