"""Readiness names the first thing that is wrong."""

import json
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from config import health
from notifications.health import beat
from notifications.models import SignOfLife


def ready() -> tuple[int, dict[str, str]]:
    response = health.ready(RequestFactory().get("/health/ready"))
    return response.status_code, json.loads(response.content)


@pytest.mark.django_db
def test_it_is_ready_while_the_sweeper_runs() -> None:
    beat("sweep")
    assert ready() == (200, {"status": "ok"})


@pytest.mark.django_db
def test_a_sweeper_that_never_ran_is_named() -> None:
    status, answer = ready()
    assert status == 503
    assert answer["check"] == "sweeper"
    assert "has never run" in answer["reason"]


@pytest.mark.django_db
def test_a_sweeper_that_stopped_is_named_with_its_age() -> None:
    SignOfLife.objects.create(name="sweep", at=timezone.now() - timedelta(minutes=5))
    status, answer = ready()
    assert status == 503
    assert "300 s ago" in answer["reason"]


@pytest.mark.django_db
def test_the_process_lives_whatever_else_is_wrong() -> None:
    assert health.live(RequestFactory().get("/health/live")).status_code == 200
