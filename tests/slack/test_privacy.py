"""A private incident is told to nobody but those who take part."""

from __future__ import annotations

import pytest

from incidents import services
from notifications.models import Delivery
from tests.factories import PersonFactory
from tests.slack.conftest import run

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BO = "U0ANA", "U0BO"
TITLE = "Somebody stole a laptop"


@pytest.fixture
def ana():
    return PersonFactory(email="ana@example.com", name="Ana Practice", slack_id=ANA)


@pytest.fixture
def bo():
    return PersonFactory(email="bo@example.com", name="Bo Practice", slack_id=BO)


def everything_in_channels(practice):
    return str([practice.messages("incidents"), practice.messages("general")])


def test_it_is_announced_nowhere_whatever_happens_to_it(practice, ana):
    incident, _ = services.declare(title=TITLE, private=True, severity="sev1", by=ana)
    services.change_severity(incident=incident, severity="sev2", by=ana)
    services.post_update(incident=incident, text="The police came", by=ana)
    services.transition(incident=incident, to="resolved", by=ana)
    run()
    assert practice.messages("incidents") == [] and practice.messages("general") == []
    assert not Delivery.objects.filter(address="#incidents").exists()


def test_commands_find_it_only_for_those_who_take_part(practice, ana, bo):
    incident, _ = services.declare(title=TITLE, private=True, by=ana)
    for command in ("list", "status", f"suspects #{incident.number}", f"note #{incident.number} hello"):
        practice.slash(BO, "general", "/incident", command)
        practice.slash(ANA, "general", "/incident", command)
    run()
    assert TITLE not in str(practice.ephemerals(BO))
    assert f"There is no incident #{incident.number} that you can see" in str(practice.ephemerals(BO))
    assert TITLE in str(practice.ephemerals(ANA))
    assert not incident.timeline.filter(actor=bo).exists()
    assert everything_in_channels(practice) == "[[], []]"


def test_one_that_becomes_private_is_taken_out_of_its_announcement(practice, ana):
    incident, _ = services.declare(title=TITLE, by=ana)
    run()
    assert TITLE in everything_in_channels(practice)
    services.set_private(incident=incident, private=True, by=ana)
    run()
    assert TITLE not in everything_in_channels(practice)
    assert "made private" in everything_in_channels(practice)
    services.transition(incident=incident, to="resolved", by=ana)
    run()
    assert TITLE not in everything_in_channels(practice)


def test_somebody_unknown_cannot_make_one_that_nobody_sees(practice):
    practice.slash(ANA, "general", "/incident")
    run()
    [view] = practice.views(ANA)
    practice.submit(ANA, view["id"], {"title": TITLE, "private": ["private"]})
    run()
    assert "Andon does not know you" in practice.ephemerals(ANA)[-1]["text"]


def test_the_press_of_join_does_not_open_it(practice, ana, bo):
    incident, _ = services.declare(title=TITLE, by=ana)
    run()
    ts = practice.messages("incidents")[0]["ts"]
    services.set_private(incident=incident, private=True, by=ana)
    practice.click(BO, ts, "incident.join")
    run()
    assert not incident.participants.filter(pk=bo.pk).exists()
