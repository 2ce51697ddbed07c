"""A small HTTP server that plays Loki's query_range as documented: GET, nanoseconds in text, errors in plain words.

https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time
"""

import json
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from tests.serving import Quiet
from tests.serving import serving as serving_http

PATH = "/loki/api/v1/query_range"
STATS = {"summary": {"bytesProcessedPerSecond": 0, "execTime": 0.003}}


class Loki:
    """What it holds is what `lines` or `numbers` put there last; `asked` keeps the parameters that came."""

    def __init__(self):
        self.asked, self.headers, self.refusal = [], [], None
        self.lines({}, [])

    def lines(self, labels, entries):
        """Entries are (Unix time in seconds, text)."""
        self._found = lambda asked: ("streams", [self._stream(labels, entries, asked)] if entries else [])

    def numbers(self, labels, points):
        """Points are (Unix time in seconds, value as text)."""
        self._found = lambda asked: ("matrix", [{"metric": labels, "values": [list(point) for point in points]}])

    def refuse(self, status, words):
        """Loki's errors are one line of text."""
        self.refusal = (status, words)

    def answer(self, asked):
        if self.refusal:
            return self.refusal
        kind, result = self._found(asked)
        body = {"status": "success", "data": {"resultType": kind, "result": result, "stats": STATS}}
        return 200, json.dumps(body)

    def _stream(self, labels, entries, asked):
        ordered = sorted(entries, reverse=asked.get("direction", "backward") == "backward")
        values = [[f"{int(at * 1e9)}", text] for at, text in ordered[: int(asked.get("limit", 100))]]
        return {"stream": labels, "values": values}


@contextmanager
def serving(loki):
    """The server's address, while it runs."""

    class Handler(Quiet):
        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            loki.asked.append(asked)
            loki.headers.append(dict(self.headers))
            status, body = loki.answer(asked) if parts.path == PATH else (404, "404 page not found")
            payload = body.encode()
            self.send_response(status)
            kind = "application/json" if status == 200 else "text/plain; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

    with serving_http(Handler) as url:
        yield url
