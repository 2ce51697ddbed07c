"""Install the tables and functions of pgmq, the embedded broker, from SQL; PostgreSQL needs no extension.

The queues are made here too: making one takes locks that collide with those of whoever publishes at the same time.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from pgmq.install import get_embedded_install_sql

LOCK = 0x616E646F6E  # "andon": an advisory lock of ours, so that two that start together do not both install


class Command(BaseCommand):
    help = "Prepare PostgreSQL to carry Andon's tasks. Safe to repeat; needless with CELERY_BROKER_URL."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute("SELECT to_regclass('pgmq.meta') IS NOT NULL")
            if cursor.fetchone() == (False,):
                cursor.execute(get_embedded_install_sql())
                self.stdout.write("Broker installed.")
            for queue in settings.CELERY_TASK_QUEUES:
                cursor.execute("SELECT pgmq.create(%s), pgmq.enable_notify_insert(%s, 0)", [queue.name, queue.name])
