"""Block Kit builders: within Slack's limits whatever people write, and mentioning nobody by a title."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack import blocks
from slack.blocks import IncidentFacts, PageFacts, Person, SeatFacts, ServiceOnCall
from slack.sandbox import block_problems, view_problems
from slack.sandbox.text import mentions, normalise

URL = "https://andon.example/incidents/7/"
wild = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>&!@channelU0ANA|*_`\n ", max_size=400),
    st.sampled_from(["", " ", "<!channel>", "<@U0ANA> look", "&" * 4000, "<!here|x>" * 900, "e" * 50_000]),
)
person = st.builds(Person, wild)
incidents = st.builds(
    IncidentFacts,
    number=st.integers(1, 10**9),
    title=wild,
    severity=st.sampled_from(["sev1", "sev4", "odd"]),
    status=wild,
    url=st.just(URL),
    services=st.lists(wild, max_size=4),
    commander=st.none() | person,
    declared_by=st.none() | person,
    channel=st.none(),
    practice=st.booleans(),
)
pages = st.builds(
    PageFacts,
    id=st.uuids().map(str),
    subject=wild,
    url=st.just(URL),
    service=wild,
    severity=wild,
    urgency=wild,
    also_paged=st.lists(person, max_size=40),
)
seats = st.builds(
    SeatFacts, name=wild, now=st.lists(person, max_size=6), next=st.lists(person, max_size=6), next_at=wild
)
services = st.lists(
    st.builds(ServiceOnCall, service=wild, url=st.just(URL), seats=st.lists(seats, max_size=6)), max_size=60
)


def mrkdwn(value: Any) -> Iterator[str]:
    """Every text in which Slack looks for mentions."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for inner in value.values():
            yield from mrkdwn(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from mrkdwn(inner)


def assert_sound(message: blocks.Message) -> None:
    text, made = message
    assert text.strip()
    assert len(text) <= 4000
    assert block_problems(made) == []
    for part in [text, *mrkdwn(made)]:
        assert mentions(part) == set()
        assert normalise(part) == part


@given(incidents, wild, person, wild)
def test_whatever_an_incident_is_called_its_messages_are_sound(
    incident: IncidentFacts, words: str, author: Person, due: str
) -> None:
    assert_sound(blocks.announcement(incident))
    assert_sound(blocks.stakeholder_update(incident, words, author=author, next_update=due))
    assert_sound(blocks.resolution(incident, lasted=due, summary=words, postmortem_url=URL))
    assert_sound(blocks.incident_list([incident] * 12, all_url=URL))
    topic = blocks.topic(incident, next_update=due)
    assert len(topic) <= 250
    assert mentions(topic) == set()


@given(pages, person, wild)
def test_whatever_a_page_says_its_messages_are_sound(page: PageFacts, by: Person, at: str) -> None:
    assert_sound(blocks.page_message(page))
    assert_sound(blocks.page_acknowledged(page, by, at))
    assert_sound(blocks.page_escalated(page, by, list(page.also_paged)))
    assert_sound(blocks.page_resolved(page, at))


@given(services, wild)
def test_whoever_is_on_call_the_answers_are_sound(found: list[ServiceOnCall], words: str) -> None:
    assert_sound(blocks.oncall_answer(found, url=URL))
    assert_sound(blocks.done(words, url=URL))
    assert_sound(blocks.error_answer(words, retry="again"))


@given(wild, st.lists(wild, max_size=120), st.sampled_from(["sev1", "sev3", "nonsense"]))
def test_the_declaration_form_is_sound_with_any_services(title: str, names: list[str], severity: str) -> None:
    view = blocks.declaration(
        services=[(name, f"service-{index}") for index, name in enumerate(names)],
        title=title,
        severity=severity,
    )
    assert view_problems(view) == []


def test_the_help_is_sound() -> None:
    assert_sound(blocks.help_text(url=URL))


def test_an_announcement_says_what_a_responder_needs() -> None:
    incident = IncidentFacts(
        7,
        "Checkout & cart <500>",
        "sev2",
        "investigating",
        URL,
        ["checkout", "cart"],
        commander=Person("Ana", "U0ANA"),
        declared_by=Person("Bo", "U0BO"),
        channel="C1",
    )
    text, made = blocks.announcement(incident)
    assert text == "SEV2 #7 Checkout &amp; cart &lt;500&gt;"
    assert made[0]["text"]["text"] == "🟠 SEV2 · Checkout & cart <500>"
    assert f"<{URL}|Incident #7>" in made[1]["text"]["text"]
    assert "checkout, cart" in made[1]["text"]["text"]
    assert "<@U0ANA>" in made[1]["text"]["text"]
    assert "<#C1>" in made[1]["text"]["text"]
    assert [button["action_id"] for button in made[3]["elements"]] == ["incident.join", "incident.open"]
    assert made[2]["elements"][0]["text"] == "Declared by Bo"


def test_a_page_carries_acknowledge_escalate_and_the_room() -> None:
    page = PageFacts("p1", "Checkout is down", URL, "checkout", "sev1", also_paged=[Person("Bo", "U0BO")])
    _, made = blocks.page_message(page)
    buttons = {button["action_id"]: button for button in made[-1]["elements"]}
    assert buttons["page.acknowledge"]["value"] == "p1"
    assert buttons["page.escalate"]["value"] == "p1"
    assert buttons["page.open"]["url"] == URL
    assert made[2]["elements"][0]["text"] == "Also paged: Bo"


def test_an_acknowledged_page_can_no_longer_be_acknowledged() -> None:
    text, made = blocks.page_acknowledged(PageFacts("p1", "Checkout is down", URL), Person("Ana"), "02:13 UTC")
    assert text == "Acknowledged: Checkout is down"
    assert "page.acknowledge" not in str(made)
    assert "Acknowledged by Ana, 02:13 UTC" in str(made)


def test_an_empty_seat_says_nobody() -> None:
    _, made = blocks.oncall_answer(
        [
            ServiceOnCall(
                "checkout",
                URL,
                [SeatFacts("dev", [Person("Ana")], [Person("Bo")], "Monday 09:00"), SeatFacts("ops")],
            )
        ],
        url=URL,
    )
    words = made[0]["text"]["text"]
    assert "◆ Dev: Ana · next Bo from Monday 09:00" in words
    assert "● Ops: *nobody*" in words


def test_a_submitted_form_reads_as_plain_values() -> None:
    state = {
        "values": {
            "title": {"value": {"type": "plain_text_input", "value": "Down"}},
            "severity": {"value": {"type": "static_select", "selected_option": {"value": "sev2"}}},
            "services": {"value": {"type": "multi_static_select", "selected_options": [{"value": "cart"}]}},
            "summary": {"value": {"type": "plain_text_input", "value": None}},
            "private": {"value": {"type": "checkboxes", "selected_options": []}},
        }
    }
    assert blocks.submitted(state) == {
        "title": "Down",
        "severity": "sev2",
        "services": ["cart"],
        "summary": None,
        "private": [],
    }


def test_an_option_too_long_to_come_back_is_refused() -> None:
    with pytest.raises(ValueError, match="Slack takes 150"):
        blocks.declaration(services=[("Checkout", "c" * 151)])


@given(wild, st.integers(10, 300))
def test_clipping_never_cuts_an_entity(text: str, limit: int) -> None:
    clipped = blocks.clip(text, limit)
    assert len(clipped) <= limit
    whole = clipped.removesuffix("…").replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in whole
