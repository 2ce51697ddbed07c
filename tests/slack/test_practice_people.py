"""The practice workspace knows the people of the database, and under the demo they are linked with it."""

from __future__ import annotations

import pytest

from slack.practice import people, practice_id, shortcuts
from slack.sandbox import PracticeSlack
from tests.factories import ContactMethodFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_under_the_demo_they_are_linked_and_paged_there_first(settings):
    settings.SLACK_PRACTICE_URL = "http://127.0.0.1:8001"
    ana = ContactMethodFactory(person__email="ana@example.com", person__name="Ana").person
    PersonFactory(email="gone@example.com", is_active=False)
    for _ in range(2):
        assert people() == [{"id": practice_id("ana@example.com"), "name": "Ana", "email": "ana@example.com"}]
    ana.refresh_from_db()
    assert ana.slack_id == practice_id("ANA@example.com")
    assert [method.kind for method in ana.contact_methods.all()] == ["slack", "email"]


def test_elsewhere_nothing_is_written():
    ana = PersonFactory(email="ana@example.com", slack_id="U0REAL")
    people()
    ana.refresh_from_db()
    assert ana.slack_id == "U0REAL"
    assert not ana.contact_methods.exists()


def test_the_workspace_takes_them_and_no_others():
    ana = PersonFactory(email="ana@example.com", name="Ana")
    given = [(one["id"], one["name"], one["email"]) for one in people()]
    workspace = PracticeSlack(people=given, shortcuts=shortcuts())
    try:
        users = workspace.workspace.users
        assert {user["real_name"] for user in users.values()} == {"Andon", ana.name}
        assert all(set(users) == set(channel["members"]) for channel in workspace.workspace.channels.values())
    finally:
        workspace.people.stop()
        workspace._server.server_close()
