"""What Prometheus and Loki answer, as the rest of this room takes it, and what may go wrong. No Django here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notifications.http import HttpError
from notifications.payloads import Fields, MalformedPayload, read_object

MAX_SERIES = 20
TIMEOUT = 10.0  # seconds for a whole answer
_LATEST = 1e11  # the year 5138: later is no time that a calendar knows
_SAID = 300  # characters of a reason


@dataclass(frozen=True)
class Series:
    """One line of a chart: labels and (Unix time in seconds, value), which may be NaN or infinite."""

    labels: Mapping[str, str]
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class LogLine:
    """One line of a log, with the labels of its stream; `at` is Unix time in seconds."""

    at: float
    labels: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Answer:
    """What a query found: series of numbers, or lines of a log, the oldest first."""

    series: list[Series] = field(default_factory=list)
    logs: list[LogLine] | None = None


class QueryError(Exception):
    """No answer to a query, with the reason in words for a timeline entry.

    `kind` is what the source calls it (`bad_data`, `execution`, …), else `unavailable` or `unreadable`.
    """

    source = "The source"

    def __init__(self, kind: str, message: str) -> None:
        message = " ".join(message.split())
        message = message if len(message) <= _SAID else f"{message[: _SAID - 1]}…"
        super().__init__(f"{self.source} could not answer ({kind[:40]}): {message}")
        self.kind, self.message = kind, message

    @property
    def is_absence(self) -> bool:
        """Whether the source as a whole is at fault, not this query alone."""
        return self.kind == "unavailable"


def step(window_seconds: float) -> float:
    """Seconds between two points: 15, or more where 500 points would not span the window."""
    return max(15.0, window_seconds / 500)


def read_matrix(data: Fields) -> list[Series]:
    """At most 20 series of an answer's `data`, which both sources write alike. Raises `MalformedPayload`."""
    return [_series(series) for series in data.objects("result")[:MAX_SERIES]]


def refused(error: HttpError, kinds: type[QueryError]) -> QueryError:
    """What the body of an error says (`errorType` and `error`), else what the connection did."""
    try:
        answer = read_object(error.body)
        return kinds(answer.required_text("errorType"), answer.required_text("error"))
    except MalformedPayload:
        return kinds("unavailable", str(error))  # nothing came, or a proxy's page came instead


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
            if 0 <= moment < _LATEST:
                return moment, value
    raise MalformedPayload("values", pair, "points of a time and a value in text")
