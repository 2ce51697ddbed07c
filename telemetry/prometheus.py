"""Asking Prometheus for a range of values (https://prometheus.io/docs/prometheus/latest/querying/api/).

Whatever goes wrong is a `PrometheusError` with words for a timeline entry.
"""

from datetime import datetime

from notifications.http import Client, HttpError
from notifications.payloads import MalformedPayload, read_object
from telemetry.answers import MAX_SERIES, TIMEOUT, QueryError, Series, read_matrix, refused, step


class PrometheusError(QueryError):
    source = "Prometheus"


def query_range(client: Client, base_url: str, query: str, start: datetime, end: datetime) -> list[Series]:
    """The first 20 series of `query` from `start` to `end` (aware), the last point at `end`.

    Raises only `PrometheusError`.
    """
    window = (end - start).total_seconds()
    width = step(window)
    form = {
        "query": query,
        "start": f"{end.timestamp() - window // width * width:.3f}",  # what is newest is looked for first
        "end": f"{end.timestamp():.3f}",
        "step": f"{width:.3f}",
        "timeout": f"{TIMEOUT:g}s",
        "limit": str(MAX_SERIES),
    }
    try:
        response = client.post(f"{base_url.rstrip('/')}/api/v1/query_range", form=form, timeout=TIMEOUT)
    except HttpError as error:
        raise refused(error, PrometheusError) from error
    return parse_matrix(response.body)


def parse_matrix(body: bytes) -> list[Series]:
    """At most 20 series from the body of an answer, of success or of failure. Raises `PrometheusError`."""
    try:
        answer = read_object(body)
        if answer.text("status") != "success":
            raise PrometheusError(answer.text("errorType", "unknown"), answer.text("error", "no reason given"))
        data = answer.object("data")
        if data.text("resultType") != "matrix":
            data.fail("resultType", "matrix (a query over a range)")
        return read_matrix(data)
    except MalformedPayload as error:
        raise PrometheusError("unreadable", str(error)) from error
