"""A Slack user is matched by id, else by the confirmed address of their profile."""

from __future__ import annotations

import pytest

from incidents.models import Incident
from notifications.errors import InvalidInput
from slack import grammar, identity
from slack.payloads import SlashCommand
from tests.factories import IncidentFactory, PersonFactory
from tests.slack.conftest import run

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BO = "U0ANA", "U0BO"


def asked(practice):
    return [call.args["user"] for call in practice.calls if call.method == "users.info"]


def test_the_first_command_links_by_address_and_the_second_asks_no_more(practice):
    ana = PersonFactory(email="Ana@Example.com")
    practice.slash(ANA, "general", "/incident", "checkout is down")
    run()
    practice.slash(ANA, "general", "/incident", "list")
    run()
    ana.refresh_from_db()
    assert ana.slack_id == ANA
    assert Incident.objects.get().declared_by == ana
    assert asked(practice) == [ANA]


def test_somebody_unknown_may_declare_and_is_named(practice):
    practice.slash(ANA, "general", "/incident", "checkout is down")
    run()
    incident = Incident.objects.get()
    assert (incident.declared_by, incident.declared_by_name) == (None, "ana")
    practice.slash(ANA, "general", "/incident", "resolve")
    run()
    assert "Andon does not know you" in practice.ephemerals(ANA)[-1]["text"]
    assert Incident.objects.open().exists()


def test_an_address_that_is_not_confirmed_is_no_proof(practice):
    ana = PersonFactory(email="ana@example.com")
    practice.workspace.users[ANA]["is_email_confirmed"] = False
    identity.link([ANA])
    ana.refresh_from_db()
    assert ana.slack_id == ""


def test_a_guest_from_another_workspace_is_not_one_of_us(practice):
    PersonFactory(email="ana@example.com")
    practice.workspace.users[ANA]["is_stranger"] = True
    identity.link([ANA])
    assert identity.person_of(ANA) is None


def test_a_link_that_exists_is_not_taken_over(practice):
    ana = PersonFactory(email="ana@example.com", slack_id="U0OTHER")
    identity.link([ANA])
    ana.refresh_from_db()
    assert ana.slack_id == "U0OTHER"


def test_who_left_is_nobody(db):
    PersonFactory(slack_id=ANA, is_active=False)
    assert identity.person_of(ANA) is None


def test_an_id_that_two_claim_is_nobodys(db):
    PersonFactory(slack_id=ANA)
    PersonFactory(slack_id=ANA)
    assert identity.person_of(ANA) is None


def test_whoever_is_mentioned_is_linked_too(practice):
    PersonFactory(email="ana@example.com")
    bo = PersonFactory(email="bo@example.com", name="Bo Practice")
    incident = IncidentFactory()
    practice.slash(ANA, "general", "/incident", "role commander @bo")
    run()
    assert incident.roles.get(until=None).person == bo


def test_a_mention_of_nobody_says_so(db):
    ana = PersonFactory(email="ana@example.com")
    with pytest.raises(InvalidInput, match="No account belongs to @cy"):
        identity.mentioned(grammar.Person("U0CY", "cy"), ana)
    with pytest.raises(InvalidInput, match="Nobody has an address that begins with cy@"):
        identity.mentioned(grammar.Person(None, "cy"), ana)
    assert identity.mentioned(grammar.Person(None, "ana"), ana) == ana
    assert identity.mentioned(grammar.Person(None, "me"), ana) == ana


def test_slack_that_does_not_answer_keeps_nobody_from_declaring(practice):
    PersonFactory(email="ana@example.com")
    practice.fail_with("users.info", status=500, times=5)
    practice.slash(ANA, "general", "/incident", "checkout is down")
    run()
    assert Incident.objects.get().declared_by_name == "ana"


def test_all_who_are_named_in_a_command_are_asked_for():
    told = SlashCommand(user_id=ANA, user_name="ana", command="/incident", text="role commander <@U0BO|bo> <@W9>")
    assert identity.named_in(told) == {ANA, BO, "W9"}
