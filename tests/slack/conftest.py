"""A practice workspace beside the live server, and requests signed as Slack signs them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from slack_sdk.signature import SignatureVerifier

from notifications import deliveries, inbox, outbox
from slack.sandbox import PracticeSlack

SECRET, TOKEN = "practice", "xoxb-practice"
Post = Callable[..., HttpResponse]


def sign(body: str, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """The headers with which Slack sends a body, `age` seconds ago."""
    stamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}


def run() -> None:
    """Do what workers do until nothing is due."""
    while inbox.process_due() + outbox.react() + deliveries.send_due("pages") + deliveries.send_due("default"):
        pass


@pytest.fixture
def connected(settings: Any) -> None:
    """Slack is set up, though nothing listens there."""
    settings.SLACK_SIGNING_SECRET = SECRET
    settings.SLACK_BOT_TOKEN = TOKEN
    settings.SLACK_API_URL = "http://127.0.0.1:9/api/"


@pytest.fixture
def post(connected: None) -> Post:
    """Post a body to one of our addresses, signed; `secret`, `age` and headers as told."""
    client = Client()

    def send(
        path: str,
        body: str,
        *,
        kind: str = "application/x-www-form-urlencoded",
        secret: str = SECRET,
        age: int = 0,
        **headers: str,
    ) -> HttpResponse:
        signed = sign(body, secret=secret, age=age) | headers
        return client.post(path, body, content_type=kind, headers=signed)

    return send


@pytest.fixture
def practice(live_server: Any, settings: Any) -> Iterator[PracticeSlack]:
    """A practice workspace that talks with Andon over HTTP, both ways."""
    with PracticeSlack(andon_url=live_server.url, token=TOKEN, signing_secret=SECRET) as workspace:
        settings.SLACK_SIGNING_SECRET = SECRET
        settings.SLACK_BOT_TOKEN = TOKEN
        settings.SLACK_API_URL = f"{workspace.url}/api/"
        yield workspace


def command(text: str, *, name: str = "/incident", trigger: str = "1.1.a", **fields: str) -> str:
    """The body of a slash command."""
    return urlencode(
        {
            "command": name,
            "text": text,
            "user_id": "U0ANA",
            "user_name": "ana",
            "channel_id": "C0001",
            "trigger_id": trigger,
            "response_url": "http://127.0.0.1:9/response/x",
        }
        | fields
    )
