"""Numbers without gaps: given in the transaction that uses them, so a rollback gives them back."""

from django.db import connection


def next_number(series: str) -> int:
    """The next number of `series`. Takers wait for one another until the earlier one commits."""
    if not connection.in_atomic_block:
        raise RuntimeError("a gapless number must be taken in the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_counter (name, value) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = notifications_counter.value + 1 RETURNING value",
            [series],
        )
        return cursor.fetchone()[0]
