"""Asking Loki for lines of a log, or for numbers drawn from them.

https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time. A name and a password
in LOKI_URL are sent as basic authentication, as with every URL. Whatever goes wrong is a `LokiError` with words.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Never

from notifications.http import Client, HttpError
from notifications.payloads import Fields, MalformedPayload, read_object
from telemetry.answers import TIMEOUT, Answer, LogLine, QueryError, read_matrix, step

MOST_LINES = 500
LONGEST_LINE = 2000  # characters
_NANOSECONDS = re.compile(r"\d{1,19}", re.ASCII)


class LokiError(QueryError):
    source = "Loki"


def query_range(client: Client, base_url: str, query: str, start: datetime, end: datetime) -> Answer:
    """The newest 500 lines, or the first 20 series, of `query` from `start` to `end`. Raises only `LokiError`."""
    parameters = {
        "query": query,
        "start": f"{int(start.timestamp() * 1_000_000)}000",
        "end": f"{int(end.timestamp() * 1_000_000)}000",
        "step": f"{step((end - start).total_seconds()):.3f}",
        "limit": str(MOST_LINES),
        "direction": "backward",
    }
    try:
        response = client.get(f"{base_url.rstrip('/')}/loki/api/v1/query_range", params=parameters, timeout=TIMEOUT)
    except HttpError as error:
        raise _refused(error) from error
    return parse_answer(response.body)


def parse_answer(body: bytes) -> Answer:
    """Lines or series from the body of an answer. Raises `LokiError`."""
    try:
        answer = read_object(body)
        if answer.text("status") != "success":
            raise LokiError(answer.text("errorType", "unknown"), answer.text("error", "no reason given"))
        data = answer.object("data")
        match data.text("resultType"):
            case "streams":
                lines = [line for stream in data.objects("result") for line in _lines(stream)]
                return Answer(logs=sorted(lines, key=lambda line: line.at)[-MOST_LINES:])
            case "matrix":
                return Answer(series=read_matrix(data))
        data.fail("resultType", "streams or matrix")
    except MalformedPayload as error:
        raise LokiError("unreadable", str(error)) from error


def _refused(error: HttpError) -> LokiError:
    """Loki explains itself in plain text (`parse error at line 1, col 3: …`); a proxy's page explains nothing."""
    said = error.body.decode("utf-8", "replace").strip()
    try:
        told = read_object(error.body)
        said = told.text("message") or told.required_text("error")
    except MalformedPayload:
        if not said or said.startswith(("<", "{")):
            return LokiError("unavailable", str(error))
    kind = "bad_data" if error.status is not None and error.status < 500 else "unavailable"
    return LokiError(kind, re.sub(r"[\x00-\x1f\x7f\ufffd]", " ", said))


def _lines(stream: Fields) -> Iterator[LogLine]:
    labels, values = stream.texts("stream"), stream.values.get("values", [])
    if not isinstance(values, list):
        stream.fail("values", "a list of lines")
    for pair in values:
        match pair:
            case [str() as at, str() as text, *_] if _NANOSECONDS.fullmatch(at):  # structured metadata may come third
                yield LogLine(int(at) / 1e9, labels, _cut(text))
            case _:
                _no_line(pair)


def _no_line(pair: object) -> Never:
    raise MalformedPayload("values", pair, "lines of a time in nanoseconds, as text, and what was written")


def _cut(text: str) -> str:
    text = text.rstrip()
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
