"""Who walks through the pages of incidents in these tests."""

from django.test import Client

from tests.factories import PersonFactory


def signed_in(person=None, **fields):
    """A browser in which this person, by default a responder, is signed in."""
    browser = Client()
    browser.force_login(person or PersonFactory(**fields))
    return browser


def text_of(response):
    return " ".join(response.content.decode().split())
