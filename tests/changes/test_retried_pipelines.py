"""A pipeline whose failed jobs are retried ends a second time, under the same number (GitLab)."""

from datetime import UTC, datetime, timedelta

import pytest

from changes import pipelines
from changes.events import PipelineRun
from notifications.models import Event

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 6, 1, 9, tzinfo=UTC)


def tell(status, minutes=None):
    ended = NINE + timedelta(minutes=minutes) if minutes else None
    return pipelines.record(
        run=PipelineRun(
            pipeline="Checkout",
            external_id="pipeline/31",
            repository="acme/checkout",
            status=status,
            started_at=NINE,
            finished_at=ended,
        )
    )


def test_the_later_end_holds():
    for told in (("running",), ("failed", 3), ("running",), ("success", 9)):
        row = tell(*told)
    assert (row.status, row.finished_at) == ("success", NINE + timedelta(minutes=9))
    assert Event.objects.filter(type="pipeline.finished").count() == 2


def test_an_earlier_end_that_is_told_late_does_not():
    tell("success", 9)
    assert tell("failed", 3).status == "success"
    assert tell("success", 12).finished_at == NINE + timedelta(minutes=9)
    assert Event.objects.filter(type="pipeline.finished").count() == 1
