"""Signed links and button values: whoever holds one may acknowledge a page, or a bundle of them, for seven days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing

from notifications.errors import Forbidden
from notifications.links import absolute
from oncall.models import Bundle, Page, Person

VALID = timedelta(days=7)
SALT = "oncall.page"
BUNDLE = "oncall.bundle"


def token(page: Page, person: Person | None) -> str:
    """The signed value that stands for this page in this person's hands; without one, for the page alone, where a
    button shows by itself who pressed it."""
    return signing.dumps([page.pk, person.pk if person else None], salt=SALT)


def acknowledge_url(page: Page, person: Person) -> str:
    """Where this person acknowledges this page with one button, without signing in."""
    return absolute(f"/p/{token(page, person)}/")


def bundle_token(bundle: Bundle) -> str:
    """The signed value that stands for all pages of this bundle, in the hands of its person."""
    return signing.dumps(bundle.pk, salt=BUNDLE)


def bundle_url(bundle: Bundle) -> str:
    """Where its person acknowledges all pages of a bundle with one button, without signing in."""
    return absolute(f"/p/{bundle_token(bundle)}/")


def is_of_bundle(given: str) -> bool:
    """Whether a token is one of a bundle, though it may be too old."""
    try:
        signing.loads(given, salt=BUNDLE)
    except signing.BadSignature:
        return False
    return True


def read(given: str) -> tuple[Page, Person | None]:
    """The page and the person, if any, a token stands for. Raises Forbidden, with a sentence to show, for any other."""
    try:
        page_id, person_id = _read(given, SALT)
        page = Page.objects.select_related("service").get(pk=page_id)
        person = Person.objects.active().get(pk=person_id) if person_id is not None else None
    except (Page.DoesNotExist, Person.DoesNotExist) as error:
        raise Forbidden("This link has ended: its page or its person is no longer here.") from error
    return page, person


def read_bundle(given: str) -> Bundle:
    """The bundle a token stands for, with its person. Raises Forbidden, with a sentence to show, for any other."""
    try:
        return Bundle.objects.select_related("person").get(pk=_read(given, BUNDLE), person__is_active=True)
    except Bundle.DoesNotExist as error:
        raise Forbidden("This link has ended: its pages or its person are no longer here.") from error


def _read(given: str, salt: str) -> Any:
    try:
        return signing.loads(given, salt=salt, max_age=VALID)
    except signing.SignatureExpired as error:
        raise Forbidden(f"This link is older than {VALID.days} days; sign in to see the page.") from error
    except (signing.BadSignature, ValueError) as error:
        raise Forbidden("This link is not one of ours, or was cut short; open the whole link.") from error
