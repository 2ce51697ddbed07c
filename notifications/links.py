"""Addresses of our own pages, whole, for those who read them elsewhere: in a message, a calendar, an answer."""

from django.conf import settings


def absolute(path: str) -> str:
    """`/incidents/7/` with our base URL before it; an address that is whole already stays as it is."""
    return f"{settings.ANDON_BASE_URL}{path}" if path.startswith("/") else path
