"""What a worker does for this room when it is nudged. The work is found in PostgreSQL, never in the arguments."""

from celery import shared_task

from notifications import deliveries, inbox, outbox
from notifications.outgoing import fanout, sending


@shared_task
def react() -> int:
    return outbox.react()


@shared_task
def send_pages() -> int:
    return deliveries.send_due("pages")


@shared_task
def send_default() -> int:
    return deliveries.send_due("default")


@shared_task
def process_inbox() -> int:
    return inbox.process_due()


@shared_task
def fan_out() -> int:
    return fanout.fan_out_due()


@shared_task
def send_webhooks() -> int:
    return sending.send_due()
