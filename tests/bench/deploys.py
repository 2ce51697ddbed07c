"""A stream of signed deploys, offered at a steady rate, all of which belong on the timeline of one incident."""

from __future__ import annotations

from functools import partial

from tests.bench.figures import bare_webhook, settled
from tests.e2e.deploys import Offered, deploy, offer
from tests.e2e.scene import staff
from tests.running import Andon

SENDERS = 64
LONGEST_FLOOR = 1000  # requests: the floor is even


def stream(running: Andon, floor: str, conninfo: str, *, rate: float, count: int) -> tuple[Offered, Offered, float]:
    """What came of the deploys, of the same rate of POSTs to the floor, and in how many seconds after the last answer
    every deploy stood on the timeline."""
    bare = offer(floor, bare_webhook, rate=rate, count=min(count, LONGEST_FLOOR), senders=SENDERS)
    name = f"stream-{count}"
    repository = f"bench/{name}"
    staff(running, name, "http://127.0.0.1:9", repositories=[repository])
    incident = running.call("POST", "incidents/", {"title": name, "severity": "sev4", "services": [name]})
    made = running.call("POST", "integrations/", {"source": "github", "name": name})
    settled(conninfo)
    ours = offer(running.url, partial(deploy, made, repository), rate=rate, count=count, senders=SENDERS)
    behind = settled(conninfo)
    told = running.call("GET", f"incidents/{incident['number']}/timeline/?kind=change&page_size=1")["count"]
    if len(ours.accepted) != count or told != count:
        raise SystemExit(f"{len(ours.accepted)} of {count} deploys were accepted, {told} are told: nothing is measured")
    return ours, bare, behind
