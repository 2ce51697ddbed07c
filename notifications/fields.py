"""Fields that the API of several rooms shares."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from rest_framework import serializers


class Moment(serializers.DateTimeField):
    """RFC 3339, written in UTC; what is read must say its offset."""

    default_error_messages = {
        "no_zone": "{value} has no offset: end it with Z, or with one such as +02:00.",
        "overflow": "This time is out of range.",
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("no_zone", value=value.isoformat())
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")
