"""What opens doors does not stand in the logs."""

import logging

import pytest
import structlog

from config.settings import LOG_PROCESSORS
from notifications.masking import mask
from tests.factories import HeartbeatFactory


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("GET /heartbeats/4fQ_x-9", "GET /heartbeats/…"),
        ("Not Found: /heartbeats/4fQ_x-9/", "Not Found: /heartbeats/…/"),
        ("POST /e/4fQ", "POST /e/…"),
        ("GET /p/a:b:c/?x=1", "GET /p/…/?x=1"),
        ("GET /api/v1/people/me.ics?key=4fQ&alarms=1", "GET /api/v1/people/me.ics?key=…&alarms=1"),
        ("GET /services/checkout/heartbeats/3/", "GET /services/checkout/heartbeats/3/"),
        ("GET /api/v1/heartbeats/3/", "GET /api/v1/heartbeats/3/"),
    ],
)
def test_secrets_in_addresses_are_left_out_and_all_else_stays(told, written):
    assert mask(None, "info", {"request": told, "code": 200}) == {"request": written, "code": 200}


@pytest.mark.django_db
def test_a_call_of_a_heartbeat_leaves_no_trace_of_its_token(client):
    token = HeartbeatFactory().token
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=LOG_PROCESSORS,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        client.get(f"/heartbeats/{token}")
        client.get(f"/heartbeats/{token}x")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert any("/heartbeats/" in line for line in lines)
    assert not any(token in line for line in lines)
