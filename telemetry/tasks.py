"""What a worker does for this room when it is nudged."""

from celery import shared_task

from telemetry import fetching


@shared_task
def fetch_snapshots() -> int:
    return fetching.fetch_due()
