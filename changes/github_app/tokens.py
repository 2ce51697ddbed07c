"""Being a GitHub App: a short JSON Web Token of our own buys a token of an installation.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import jwt
from django.conf import settings
from django.utils import timezone

from notifications.http import Client, HttpError
from notifications.payloads import read_time

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
CLOCKS_DIFFER = timedelta(seconds=60)
LIFE = timedelta(minutes=9)  # of our own token; GitHub accepts at most ten minutes
BEFORE_ITS_END = timedelta(minutes=5)

_bought: dict[tuple[str, int], tuple[str, datetime]] = {}  # by app and installation: token, and when to buy another


def own_token(now: datetime) -> str:
    """Says who we are, signed with the App's key."""
    claims = {"iat": now - CLOCKS_DIFFER, "exp": now + LIFE, "iss": settings.GITHUB_APP_ID}
    return jwt.encode(claims, settings.GITHUB_APP_PRIVATE_KEY, algorithm="RS256")


def token_of(installation: int, client: Client) -> str:
    """What an installation's requests are authorised by; bought anew shortly before it ends. Raises HttpError."""
    now = timezone.now()
    known = _bought.get((settings.GITHUB_APP_ID, installation))
    if known is None or known[1] <= now:
        known = _bought[settings.GITHUB_APP_ID, installation] = _buy(installation, client, now)
    return known[0]


def forget(installation: int) -> None:
    """It was not accepted."""
    _bought.pop((settings.GITHUB_APP_ID, installation), None)


def _buy(installation: int, client: Client, now: datetime) -> tuple[str, datetime]:
    url = f"{settings.GITHUB_API_URL}/app/installations/{installation}/access_tokens"
    answer = client.post(url, headers=HEADERS | {"Authorization": f"Bearer {own_token(now)}"})
    try:
        told = json.loads(answer.body)
        ends = read_time(told["expires_at"], "expires_at") or now  # one that never ends is bought anew each time
        return str(told["token"]), ends - BEFORE_ITS_END
    except (ValueError, KeyError, TypeError) as error:
        raise HttpError("GitHub answered with something that is no token", permanent=False) from error
