"""Signed links and button values: whoever holds one may acknowledge one page, as one person, for seven days."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from notifications.errors import Forbidden
from notifications.links import absolute
from oncall.models import Page, Person

VALID = timedelta(days=7)
SALT = "oncall.page"


def token(page: Page, person: Person | None) -> str:
    """The signed value that stands for this page in this person's hands; without one, for the page alone, where a
    button shows by itself who pressed it."""
    return signing.dumps([page.pk, person.pk if person else None], salt=SALT)


def acknowledge_url(page: Page, person: Person) -> str:
    """Where this person acknowledges this page with one button, without signing in."""
    return absolute(f"/p/{token(page, person)}/")


def read(given: str) -> tuple[Page, Person | None]:
    """The page and the person, if any, a token stands for. Raises Forbidden, with a sentence to show, for any other."""
    try:
        page_id, person_id = signing.loads(given, salt=SALT, max_age=VALID)
        page = Page.objects.select_related("service").get(pk=page_id)
        person = Person.objects.active().get(pk=person_id) if person_id is not None else None
    except signing.SignatureExpired as error:
        raise Forbidden(f"This link is older than {VALID.days} days; sign in to see the page.") from error
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Forbidden("This link is not one of ours, or was cut short; open the whole link.") from error
    except (Page.DoesNotExist, Person.DoesNotExist) as error:
        raise Forbidden("This link has ended: its page or its person is no longer here.") from error
    return page, person
