"""Asking Prometheus for a range of values (https://prometheus.io/docs/prometheus/latest/querying/api/).

Whatever goes wrong is a `PrometheusError` with words for a timeline entry.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from notifications.http import Client, HttpError
from notifications.payloads import Fields, MalformedPayload, read_object

MAX_SERIES = 20
TIMEOUT = 10.0
_PLACEHOLDER = re.compile(r"\{(service|environment)\}")
_QUOTED = {"\\": r"\x5c", '"': r"\x22", "'": r"\x27", "`": r"\x60", "\n": r"\x0a", "\r": r"\x0d"}


@dataclass(frozen=True)
class Series:
    """One line of a chart: labels and (Unix time in seconds, value), which may be NaN or infinite."""

    labels: Mapping[str, str]
    points: list[tuple[float, float]]


class PrometheusError(Exception):
    """No answer to a query, with the reason in words.

    `kind` is Prometheus's errorType (`bad_data`, `execution`, …), else `unavailable` or `unreadable`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"Prometheus could not answer ({kind}): {message}")
        self.kind, self.message = kind, message


def step(window_seconds: float) -> float:
    """Seconds between two points: 15, or more where 500 points would not span the window."""
    return max(15.0, window_seconds / 500)


def fill(template: str, *, service: str, environment: str) -> str:
    """A panel's query with `{service}` and `{environment}` filled in; they belong between quotes.

    A value cannot end its quotes: quotes and backslashes become escapes that both kinds of quotes understand.
    """
    values = {"service": service, "environment": environment}
    return _PLACEHOLDER.sub(lambda match: _quoted(values[match[1]]), template)


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
        raise _refused(error) from error
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
        return [_series(series) for series in data.objects("result")[:MAX_SERIES]]
    except MalformedPayload as error:
        raise PrometheusError("unreadable", str(error)) from error


def _quoted(value: str) -> str:
    return "".join(_QUOTED.get(character, character) for character in value)


def _refused(error: HttpError) -> PrometheusError:
    """What the body of an error says (400 bad_data, 422 execution, 503), else what the connection did."""
    try:
        answer = read_object(error.body)
        return PrometheusError(answer.required_text("errorType"), answer.required_text("error"))
    except MalformedPayload:
        return PrometheusError("unavailable", str(error))  # nothing came, or a proxy's page came instead


def _series(series: Fields) -> Series:
    values = series.values.get("values")
    if values is None:
        return Series(series.texts("metric"), [])  # native histograms alone, which a line cannot show
    if not isinstance(values, list):
        series.fail("values", "a list of points")
    return Series(series.texts("metric"), [_point(pair) for pair in values])


def _point(pair: object) -> tuple[float, float]:
    """`[1795409918.781, "0.5"]`; the value is text because JSON has no NaN and no infinity."""
    match pair:
        case [int() | float() as at, str() as text] if not isinstance(at, bool) and text.isascii():
            try:
                moment, value = float(at), float(text)
            except (ValueError, OverflowError):
                raise MalformedPayload("values", pair, "numbers") from None
            if math.isfinite(moment):
                return moment, value
    raise MalformedPayload("values", pair, "points of a time and a value in text")
