"""An alert and a deploy that really arrive become one incident, two pages and a suspect."""

import hashlib
import hmac
import json
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.alertmanager import alertmanager as running_alertmanager
from tests.e2e.scene import eventually, now, open_incidents, staff, timeline
from tests.running import send as send_request

pytestmark = [pytest.mark.processes, pytest.mark.tools]


@pytest.fixture(scope="module")
def shop(andon, receiver):
    staff(andon, "basket", receiver.url, repositories=["acme/basket"])
    staff(andon, "stock", receiver.url, repositories=["acme/stock"])
    return andon


@pytest.fixture(scope="module")
def alertmanager(shop, tmp_path_factory):
    made = shop.call("POST", "integrations/", {"source": "alertmanager", "name": "Alertmanager"})
    with running_alertmanager(tmp_path_factory.mktemp("alertmanager"), made) as url:
        yield url


def send(alertmanager, starts, *, ends=None, **labels):
    alert = {"labels": {"alertname": "BasketErrors", **labels}, "startsAt": starts} | ({"endsAt": ends} if ends else {})
    post(f"{alertmanager}/api/v2/alerts", json.dumps([alert]).encode())


def post(url, body, **headers):
    headers = {"Content-Type": "application/json"} | headers
    return send_request(urllib.request.Request(url, data=body, headers=headers, method="POST"))


def deploy(shop, integration, repository, revision, minutes_ago):
    at = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()
    deployment = {
        "id": int(revision, 16),
        "sha": revision.ljust(40, "0"),
        "environment": "production",
        "created_at": at,
    }
    status = {"id": 1, "state": "success", "created_at": at, "updated_at": at}
    body = {"deployment": deployment, "deployment_status": status, "repository": {"full_name": repository}}
    raw = json.dumps(body).encode()
    signature = hmac.new(integration["secret"].encode(), raw, hashlib.sha256).hexdigest()
    return post(
        integration["url"],
        raw,
        **{
            "X-Hub-Signature-256": f"sha256={signature}",
            "X-GitHub-Event": "deployment_status",
            "X-GitHub-Delivery": f"delivery-{revision}",
        },
    )


def test_an_alert_pages_both_sides_and_finds_the_deploy(shop, receiver, alertmanager):
    github = shop.call("POST", "integrations/", {"source": "github", "name": "GitHub"})
    for repository, revision, minutes_ago in (
        ("acme/basket", "bad1", 6),
        ("acme/basket", "01d1", 200),
        ("acme/stock", "57ac", 2),
    ):
        deploy(shop, github, repository, revision, minutes_ago)
    began = now()
    send(alertmanager, began, service="basket", severity="critical")

    [incident] = eventually(lambda: open_incidents(shop, "basket"), "the incident")
    sides = eventually(lambda: told(receiver, incident) == {"dev", "ops"}, "both pages")
    assert sides
    number = incident["number"]
    eventually(lambda: [e for e in timeline(shop, number) if e["kind"] == "change"], "the deploys")
    kinds = {entry["kind"] for entry in timeline(shop, number)}
    assert {"declared", "alert", "change", "page"} <= kinds
    suspects = shop.call("GET", f"incidents/{number}/suspects/")
    suspects = suspects if isinstance(suspects, list) else suspects["results"]
    assert suspects[0]["change"]["revision"].startswith("bad1")
    assert suspects[0]["reasons"]

    send(alertmanager, began, service="basket", severity="critical", ends=now())
    eventually(
        lambda: [e for e in timeline(shop, number) if e["kind"] == "alert" and "resolved" in json.dumps(e).lower()],
        "the resolved alert",
    )
    assert len(open_incidents(shop, "basket")) == 1


def test_an_alert_of_a_service_nobody_knows_is_kept_and_declares_nothing(shop, alertmanager):
    send(alertmanager, now(), service="unheard-of", severity="critical")
    found = eventually(
        lambda: [a for a in shop.call("GET", "alerts/")["results"] if "unheard-of" in json.dumps(a)], "the alert"
    )
    assert len(found) == 1
    assert not [i for i in shop.call("GET", "incidents/")["results"] if "unheard-of" in i["title"]]


def told(receiver, incident):
    """The sides whose webhook was called for this incident."""
    mine = [
        path
        for path, body in zip(receiver.paths, receiver.received, strict=False)
        if f"#{incident['number']}" in json.dumps(body)
    ]
    return {path.strip("/") for path in mine}
