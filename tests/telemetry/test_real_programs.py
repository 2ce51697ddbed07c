"""The same against a real Prometheus and a real Alertmanager."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications import inbox
from notifications.models import Event
from telemetry import snapshots
from telemetry.models import Alert, Snapshot
from tests.factories import IntegrationFactory, PanelFactory, PanelTemplateFactory, ServiceFactory
from tests.telemetry.programs import free_port, program, running, wait_for

pytestmark = pytest.mark.tools

PROMETHEUS = """
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: prometheus
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
ALERTMANAGER = """
route: {{receiver: andon, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: andon
    webhook_configs:
      - url: {url}
        send_resolved: true
        http_config: {{authorization: {{credentials: {secret}}}}}
"""


@pytest.fixture
def prometheus(tmp_path, settings):
    path, port = program("prometheus"), free_port()
    (tmp_path / "prometheus.yml").write_text(PROMETHEUS.format(port=port))
    listening = f"--web.listen-address=127.0.0.1:{port}"
    command = [path, "--config.file=prometheus.yml", "--storage.tsdb.path=data", listening]
    settings.PROMETHEUS_URL = f"http://127.0.0.1:{port}"
    with running(command, tmp_path, f"{settings.PROMETHEUS_URL}/-/ready") as process:
        yield process


@pytest.mark.django_db
def test_snapshots_of_a_real_prometheus_and_of_one_that_is_gone(prometheus):
    service = ServiceFactory(slug="prometheus")
    PanelFactory(service=service, name="Up", query='up{job="{service}"}')
    PanelFactory(service=service, name="Wrong", query="sum(")
    PanelTemplateFactory(name="Scrapes", query='scrape_samples_scraped{job="{service}"}')
    snapshots.request(service=service, about="incident:1", since=timezone.now() - timedelta(hours=1))
    up = Snapshot.objects.get(name="Up")

    def seen():
        now = timezone.now()  # the first point is at `since`, the next one 15 s after
        Snapshot.objects.filter(pk=up.pk).update(next_at=now, since=now)
        snapshots.fetch_due()
        up.refresh_from_db()
        return up.series

    (line,) = wait_for(seen, "a first sample")
    assert {value for _, value in line["points"]} <= {0.0, 1.0}
    assert line["label"].startswith("instance=127.0.0.1:")
    assert "bad_data" in Snapshot.objects.get(name="Wrong").error
    assert Snapshot.objects.get(name="Scrapes").state == "stored"
    assert up.week_before == [], "it was asked, and remembers nothing"

    prometheus.terminate()
    prometheus.wait(10)
    kept = line["points"]
    assert seen()[0]["points"] == kept
    assert (up.state, "could not be reached" in up.error) == ("failed", True)


@pytest.mark.django_db(transaction=True)
def test_a_real_alertmanager_tells_of_firing_and_of_resolved(live_server, tmp_path):
    path, port = program("prometheus-alertmanager"), free_port()
    checkout = ServiceFactory(slug="checkout")
    integration = IntegrationFactory(source="alertmanager")
    url, secret = f"{live_server.url}{integration.path}", integration.secrets.get().secret
    (tmp_path / "alertmanager.yml").write_text(ALERTMANAGER.format(url=url, secret=secret))
    command = [
        path,
        "--config.file=alertmanager.yml",
        "--storage.path=data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    api = f"http://127.0.0.1:{port}"

    def arrived(status):
        inbox.process_due()
        return Alert.objects.filter(status=status).first()

    with running(command, tmp_path, f"{api}/-/ready"):
        began = datetime.now(UTC) - timedelta(minutes=1)
        _alert(api, startsAt=began.isoformat())
        firing = wait_for(lambda: arrived("firing"), "the firing alert")
        assert (firing.service, firing.name, firing.severity) == (checkout, "HighErrorRate", "critical")
        assert firing.starts_at == began
        _alert(api, startsAt=began.isoformat(), endsAt=datetime.now(UTC).isoformat())
        resolved = wait_for(lambda: arrived("resolved"), "its resolution")
    assert resolved == firing
    assert resolved.ends_at > began
    assert Event.objects.filter(type="alerts.received").count() == 2


def _alert(api, **times):
    labels = {"alertname": "HighErrorRate", "service": "checkout", "severity": "critical"}
    body = json.dumps([{"labels": labels, "annotations": {"summary": "Too many errors"}} | times]).encode()
    request = urllib.request.Request(f"{api}/api/v2/alerts", body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()
