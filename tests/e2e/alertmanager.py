"""Debian's Alertmanager, sending what it is told to an integration of ours."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.running import free_port, send
from tests.telemetry.programs import program, running

CONFIG = """
route: {{receiver: andon, group_by: [{group_by}], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: andon
    webhook_configs:
      - url: {url}
        send_resolved: true
        http_config: {{authorization: {{credentials: {secret}}}}}
"""


@contextmanager
def alertmanager(
    folder: Path, integration: dict[str, Any], *, group_by: str = "alertname, service", port: int = 0
) -> Iterator[str]:
    """Its address. What it keeps stays in `folder`, for one that is started there again."""
    (folder / "config.yml").write_text(CONFIG.format(group_by=group_by, **integration))
    address = f"127.0.0.1:{port or free_port()}"
    options = ["--config.file=config.yml", "--storage.path=data", "--cluster.listen-address="]
    command = [program("prometheus-alertmanager"), *options, f"--web.listen-address={address}"]
    with running(command, folder, f"http://{address}/-/ready"):
        yield f"http://{address}"


def post_alerts(url: str, alerts: list[dict[str, Any]]) -> None:
    """Tell Alertmanager of these, as Prometheus would."""
    headers = {"Content-Type": "application/json"}
    send(urllib.request.Request(f"{url}/api/v2/alerts", data=json.dumps(alerts).encode(), headers=headers))
