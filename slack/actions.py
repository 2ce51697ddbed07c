"""Buttons in messages."""

from __future__ import annotations

from incidents import services
from notifications.errors import Forbidden, InvalidInput
from notifications.links import absolute
from oncall import paging
from oncall.models import Page, Person
from oncall.paging import links
from oncall.paging.answering_all import acknowledge_all as answer_for_all
from slack.asking import Ask
from slack.blocks import Message, done
from slack.facts import url_of
from slack.naming import numbered
from slack.payloads import Pressed


def acknowledge(ask: Ask) -> Message:
    """Answer for a page. Its messages change when the news of it comes round (slack/handlers.py)."""
    page, person = _page_and_person(ask)
    paging.acknowledge(page=page, person=person, via="slack")
    return done(f"You answer for this page: {page}", url=absolute(page.url))


def acknowledge_all(ask: Ask) -> Message:
    """Answer for every page of a message that lists many; only the one it was sent to can."""
    bundle = links.read_bundle(_value(ask))
    if _presser(ask, bundle.person) != bundle.person:
        raise Forbidden(f"These pages were sent to {bundle.person}: open the list to answer for yours.")
    answered = answer_for_all(bundle=bundle, via="slack")
    return done(f"You answer for {len(answered)} pages.", url=links.bundle_url(bundle))


def escalate(ask: Ask) -> Message:
    """Have the next in line called at once."""
    page, person = _page_and_person(ask)
    paging.escalate_now(page=page, by=person)
    return done(f"The next in line is called: {page}", url=absolute(page.url))


def join(ask: Ask) -> Message:
    incident = numbered(ask, int(_value(ask)) if _value(ask).isdecimal() else 0)
    services.join(incident=incident, person=ask.speaker)
    return done(f"You take part in {incident}.", url=url_of(incident))


def _page_and_person(ask: Ask) -> tuple[Page, Person]:
    """The page of a button, and who pressed it: whom we know by their Slack id; else, in the conversation with one
    person alone, the one it was sent to."""
    page, addressee = links.read(_value(ask))
    return page, _presser(ask, addressee)


def _presser(ask: Ask, addressee: Person | None) -> Person:
    direct = isinstance(ask.told, Pressed) and ask.told.direct
    return ask.person or (addressee if direct and addressee else ask.speaker)


def _value(ask: Ask) -> str:
    if not isinstance(ask.told, Pressed) or not ask.told.value:
        raise InvalidInput(value="This button carries no value any more: open the room on the web.")
    return ask.told.value
