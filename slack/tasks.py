"""What a worker does for this room when it is nudged. The work is found in PostgreSQL, never in the arguments."""

from celery import shared_task

from notifications import inbox


@shared_task
def answer() -> int:
    """People wait for this, and a trigger is valid for three seconds: it runs with the pages, before other intake."""
    return inbox.process_due(source="slack")
