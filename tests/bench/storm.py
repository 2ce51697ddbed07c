"""A storm of 1,000 alerts: until somebody is told, until everybody was told of everything; and what bare POSTs take."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from tests import storms
from tests.bench.load import Run, fire
from tests.receiver import Receiver, receiving
from tests.running import Andon

SERVICES = 30
LONGEST = 300.0


def of_one_service(running: Andon) -> tuple[float, float, Run]:
    """See `_storm`: one page for two people."""
    return _storm(running, "single", 1)


def of_many_services(running: Andon) -> tuple[float, float, Run]:
    """See `_storm`: a page for each service, all of them for the same two people."""
    return _storm(running, "stormy", SERVICES)


def _storm(running: Andon, name: str, services: int) -> tuple[float, float, Run]:
    """Seconds from the first alert, each in a message of its own, to the first and to the last delivery; and as many
    bare POSTs of the same bodies to the receiver."""
    with receiving() as receiver:
        bodies = storms.in_a_message_each(storms.alerts(storms.staff(running, name, services, receiver.url)))
        bare = fire(receiver.url, lambda number: ("POST", "/", bodies[number], {}), count=len(bodies), connections=8)
        receiver.received.clear()
        began = time.perf_counter()
        with ThreadPoolExecutor(1) as beside:
            first = beside.submit(_until_told, receiver, 1)
            if storms.pour(running, name, bodies).failed:
                raise SystemExit("some alerts of a storm were refused: nothing is measured")
            last = _until_told(receiver, services * len(storms.SIDES))
        return first.result() - began, last - began, bare


def _until_told(receiver: Receiver, pages: int) -> float:
    """Waits until the messages tell of so many pages; the moment at which they did."""
    until = time.perf_counter() + LONGEST
    while storms.pages_told(receiver.received) < pages:
        if time.perf_counter() > until:
            raise SystemExit(f"{storms.pages_told(receiver.received)} of {pages} pages within {LONGEST:g} s")
        time.sleep(0.01)
    return time.perf_counter()
