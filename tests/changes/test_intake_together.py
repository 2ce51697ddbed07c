"""Messages of changes that wait together are used together, with the same effect as one by one."""

import json
import random
from collections import Counter

import pytest
from django.utils import timezone

from changes import ledger
from changes.events import ChangeEvent, PipelineRun, ProtectionRequest, Push
from changes.intake import _subject
from changes.models import Change
from notifications import inbox
from notifications.models import InboundMessage
from tests.factories import IntegrationFactory, ServiceFactory

pytestmark = pytest.mark.django_db

STATES = {"queued": 0, "in_progress": 1, "success": 2}


@pytest.fixture
def github():
    ServiceFactory(slug="checkout", repositories=["acme/checkout"])
    return IntegrationFactory(source="github")


def keep(integration, number, state):
    status = {"state": state, "created_at": f"2026-06-01T09:0{STATES[state]}:00Z", "environment": "production"}
    told = {"deployment": {"id": number, "sha": "4f2a1c9"}, "deployment_status": status}
    inbox.keep(
        source="github",
        integration=integration,
        key=f"{number}-{state}",
        headers={"X-GitHub-Event": "deployment_status"},
        body=json.dumps(told | {"repository": {"full_name": "acme/checkout"}}).encode(),
    )


def test_steps_in_any_order_add_up_to_the_same_changes(github, django_assert_max_num_queries):
    steps = [(number, state) for number in range(10) for state in STATES]
    random.Random(4).shuffle(steps)
    for step in steps:
        keep(github, *step)
    with django_assert_max_num_queries(30 * 25):
        assert inbox.process_due() == 30
    assert Counter(Change.objects.values_list("state", "service__slug")) == {("succeeded", "checkout"): 10}
    assert {change.entries.count() for change in Change.objects.all()} == {3}
    assert set(InboundMessage.objects.values_list("state", "outcome")) == {("done", "1 change")}


def test_one_that_fails_costs_the_others_nothing(github, monkeypatch):
    for number in range(5):
        keep(github, number, "success")
    record = ledger.record

    def stumble(*, event, **kwargs):
        if event.external_id == "3":
            raise RuntimeError("a defect of ours")
        return record(event=event, **kwargs)

    monkeypatch.setattr(ledger, "record", stumble)
    inbox.process_due()
    assert Counter(InboundMessage.objects.values_list("state", flat=True)) == {"done": 4, "waiting": 1}
    assert Change.objects.count() == 4


def test_rows_are_held_in_one_order_whoever_comes_first():
    """Or two workers wait for each other: the gate's before changes, runs by their pipeline."""
    run = {"status": "success", "repository": "acme/checkout"}
    told = [
        PipelineRun(external_id="1", pipeline="tests", **run),
        PipelineRun(external_id="2", pipeline="build", **run),
        ChangeEvent(external_id="3", state="started", occurred_at=timezone.now()),
        ProtectionRequest(
            external_id="4",
            callback_url="",
            installation=1,
            environment="production",
            repository="acme/checkout",
            revision="4f2a1c9",
        ),
        Push(repository="acme/checkout", ref="refs/heads/main", before="", after="4f2a1c9", commits=[]),
    ]
    assert [type(one).__name__ for one in sorted(told, key=_subject)] == [
        "Push", "ProtectionRequest", "ChangeEvent", "PipelineRun", "PipelineRun",
    ]  # fmt: skip
    assert sorted(told, key=_subject)[-2:] == [told[1], told[0]]
