"""Every alert that was accepted leads to its pages, whatever fails while they come in.

Each campaign tells thirty alerts while faults of all kinds happen at random instants, drawn from a seed. By default
a few seeds; `ANDON_FAULT_SEEDS=40 bin/test tests/e2e/test_faults.py` tries as many.
"""

import os
import random
import threading
import time

import pytest

from tests.e2e.moody import MOODS, WELL, moody_receiver
from tests.e2e.scene import PATIENCE, eventually, kill, send_alert, staff, stop_postgres, told
from tests.running import andon as running_andon

pytestmark = pytest.mark.processes

SIDES = ("/dev", "/ops")
SEEDS = range(int(os.environ.get("ANDON_FAULT_SEEDS", "3")))
ALERTS = 30  # of one campaign
LASTS = 20.0  # seconds in which faults happen
KILLED = ("worker", "pager", "scheduler", "web", "postgres")


@pytest.fixture(scope="module")
def moody():
    with moody_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def shop(tmp_path_factory, moody):
    """An Andon of its own, one joint schedule for all services, and who tells of their alerts."""
    with running_andon(tmp_path_factory.mktemp("faults") / "var") as andon:
        staff(andon, "shared", moody.url)
        yield andon, andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Faults"})


def make_services(andon, prefix):
    names = [f"{prefix}-{number}" for number in range(ALERTS)]
    for name in names:
        service = {"slug": name, "name": name.title(), "schedule": "shared"}
        andon.call("POST", "services/", service | {"dev_team": "dev-team", "ops_team": "ops-team"})
    return names


def tell(integration, service, patience=PATIENCE):
    """Tell it until it is accepted, as senders do; returns what was answered before."""
    refusals, until = [], time.monotonic() + patience
    while (answer := send_alert(integration, service))[0] != 202:
        refusals.append(answer)
        assert time.monotonic() < until, f"the alert of {service} is not accepted: {answer[0]}"
        time.sleep(0.1)
    return refusals


def break_things(andon, moody, random_, until):
    """Faults at random instants until then; afterwards the receiver is well again."""
    while time.monotonic() < until:
        time.sleep(random_.uniform(0.2, 2.0))
        match random_.choice(("kill", "kill", "stop", "mood", "mood")):
            case "kill":
                kill(andon, *random_.sample(KILLED, random_.choice((1, 1, 2))))
            case "stop":
                stop_postgres(andon)
            case "mood":
                moody.mood = random_.choice(MOODS)
    moody.mood = WELL


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_fails_at_whatever_instant_no_page_is_lost_and_none_is_sent_by_two_at_once(shop, moody, seed):
    (andon, integration), random_ = shop, random.Random(seed)
    services = make_services(andon, f"seed{seed}")
    began = time.monotonic()
    trouble = threading.Thread(target=break_things, args=(andon, moody, random_, began + LASTS))
    trouble.start()
    try:
        for service in services:
            tell(integration, service)
            time.sleep(random_.uniform(0, 2 * LASTS / ALERTS))
    finally:
        trouble.join()
    wanted = {(side, service) for side in SIDES for service in services}
    eventually(lambda: wanted <= _got(moody), "all pages", patience=300)  # one campaign after another is a long storm
    incidents = [andon.call("GET", f"incidents/?service={service}")["count"] for service in services]
    assert incidents == [1] * len(services)
    assert moody.at_the_same_time() == []


def _got(moody):
    taken = list(moody.taken)
    return set(told([attempt.path for attempt in taken], [attempt.body for attempt in taken]))
