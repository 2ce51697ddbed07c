"""The personas of the tests of API and pages: who asks."""

from django.test import Client
from rest_framework.test import APIClient

from tests.factories import PersonFactory

ROLES = ("administrator", "responder", "viewer")


def api(role="administrator", person=None):
    """A program that speaks for somebody of this role; `anonymous` for nobody."""
    client = APIClient()
    if role != "anonymous":
        client.person = person or PersonFactory(role=role, name=role.title())
        client.force_authenticate(client.person)
    return client


def browser(role="administrator", person=None):
    """Somebody of this role, signed in; `anonymous` is not."""
    client = Client()
    if role != "anonymous":
        client.person = person or PersonFactory(role=role, name=role.title())
        client.force_login(client.person, backend="django.contrib.auth.backends.ModelBackend")
    return client
