"""Telling open pages that something changed. `/live` (config/live.py) carries it to the browser.

A view that has decided that its visitor may see a topic ("incident:42") puts a token for it into the page:
`/live?t={token}`. Only the topic's name travels; the page then asks the ordinary view for the fragment.
"""

from django.core import signing
from django.db import connection

CHANNEL = "live"  # of PostgreSQL's NOTIFY
TOKEN_SECONDS = 12 * 3600  # a page left open longer asks in vain when its connection breaks, and is reloaded
_SALT = "notifications.live"


def token(topic: str) -> str:
    """Permission to listen to a topic for some hours, to be given only to those who may see it."""
    return signing.dumps(topic, salt=_SALT)


def topic_of(token: str) -> str:
    """The topic that a token stands for. Raises `signing.BadSignature` for one that is forged or too old."""
    return str(signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS))


def publish(*topics: str) -> None:
    """Tell everybody who listens, once the surrounding transaction commits (and not if it does not)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic", [CHANNEL, list(topics)])
