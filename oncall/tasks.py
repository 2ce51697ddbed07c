"""What a worker does for this room when it is nudged. The work is found in PostgreSQL, never in the arguments."""

from celery import shared_task

from oncall import paging
from oncall.paging import bundles


@shared_task
def escalate() -> int:
    return paging.escalate_due()


@shared_task
def tell_waiting() -> int:
    return bundles.send_due()
