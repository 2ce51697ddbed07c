"""What a real Prometheus said at declaration is on the room page after it is gone."""

import json
import re

import pytest

from config.demo.organisation import PASSWORD
from tests.e2e.browser import chromium, sign_in
from tests.e2e.scene import eventually, timeline
from tests.running import OPERATOR, free_port
from tests.running import andon as running_andon
from tests.telemetry.programs import program, running
from tests.telemetry.test_real_programs import PROMETHEUS

pytestmark = [pytest.mark.e2e, pytest.mark.processes, pytest.mark.tools]


@pytest.fixture
def prometheus(tmp_path):
    url = f"http://127.0.0.1:{free_port()}"
    (tmp_path / "prometheus.yml").write_text(PROMETHEUS.format(port=url.rpartition(":")[2]))
    address = f"--web.listen-address={url.removeprefix('http://')}"
    command = [program("prometheus"), "--config.file=prometheus.yml", "--storage.tsdb.path=data", address]
    with running(command, tmp_path, f"{url}/-/ready") as process:
        yield url, process


def test_the_snapshot_outlives_its_prometheus(prometheus, tmp_path, playwright):
    url, process = prometheus
    with running_andon(tmp_path / "var", PROMETHEUS_URL=url) as andon, chromium(playwright) as browser:
        panels = [{"name": "Scrapes", "query": 'up{job="{service}"}', "unit": "up"}]
        andon.call("POST", "services/", {"slug": "prometheus", "name": "Prometheus", "panels": panels})
        number = andon.call("POST", "incidents/", {"title": "It is slow", "services": ["prometheus"]})["number"]
        eventually(lambda: [e for e in timeline(andon, number) if e["kind"] == "telemetry"], "the snapshot")
        code = f"p = Person.objects.get(email={OPERATOR!r}); p.set_password({PASSWORD!r}); p.save()"
        andon.manage("shell", "-c", f"from oncall.models import Person; {code}")
        page = sign_in(browser, andon.url, OPERATOR, PASSWORD)

        def drawn():
            page.goto(f"{andon.url}/incidents/{number}/panels/")
            found = re.search(r'<script id="panel-data"[^>]*>(.*?)</script>', page.content(), re.DOTALL)
            return found and json.loads(found[1])[0]["series"][0]["points"]

        eventually(drawn, "points of the panel")
        process.terminate()
        process.wait(10)
        assert 1 in {value for _, value in drawn()}
        page.goto(f"{andon.url}/incidents/{number}/")
        page.get_by_role("img", name=re.compile("^Scrapes: a chart")).wait_for()
