"""A small HTTP server that answers `query_range` with what a test put there, as Prometheus would have."""

import json
import time
from contextlib import contextmanager
from urllib.parse import parse_qs

from tests.serving import Quiet
from tests.serving import serving as serving_http


def matrix(*series):
    """A body of success; each series is (labels, [(t, "value"), …])."""
    result = [{"metric": labels, "values": [list(point) for point in points]} for labels, points in series]
    return 200, {"status": "success", "data": {"resultType": "matrix", "result": result}}


def refusal(status, kind, words):
    """A body of failure."""
    return status, {"status": "error", "errorType": kind, "error": words}


DAY = 86_400.0


class Answers:
    """`by_query[query] = (status, body)`, else `answer`; `asked` keeps the forms that came.

    Questions about a window that ended six days ago and more are for comparison: `asked_of_week_before`, answered by
    `of_week_before`.
    """

    def __init__(self):
        self.answer, self.by_query, self.asked = matrix(), {}, []
        self.of_week_before, self.asked_of_week_before = matrix(), []

    def to(self, form):
        if float(form["end"]) < time.time() - 6 * DAY:
            self.asked_of_week_before.append(form)
            return self.of_week_before
        self.asked.append(form)
        return self.by_query.get(form["query"], self.answer)


@contextmanager
def serving(answers):
    """The server's address, while it runs."""

    class Handler(Quiet):
        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, body = answers.to({name: values[0] for name, values in form.items()})
            payload = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

    with serving_http(Handler) as url:
        yield url
