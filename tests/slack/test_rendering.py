"""Messages of other rooms as Slack shows them: every one of them is something Slack takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from slack.rendering import render
from slack.sandbox import block_problems

PAGE = {
    "kind": "page",
    "subject": "Page: SEV1 #42 <!channel> & more",
    "text": "You are paged: SEV1 #42\nAffected: Checkout\n\nCards are refused",
    "url": "https://andon.example/p/token/",
    "facts": [["Service", "Checkout"], ["Urgency", "high"]],
    "actions": [
        {"id": "page.acknowledge", "label": "Acknowledge", "value": "token", "style": "primary"},
        {"id": "page.escalate", "label": "Escalate", "value": "token"},
        {"id": "open", "label": "Open room", "url": "https://andon.example/incidents/42/"},
    ],
}


def test_a_page_has_its_facts_and_its_buttons():
    shown = render(PAGE)
    assert block_problems(shown["blocks"]) == []
    assert shown["text"] == "Page: SEV1 #42 &lt;!channel&gt; &amp; more"
    text = str(shown["blocks"])
    assert "*Service* Checkout" in text and "Cards are refused" in text and "Nobody" not in text
    acknowledge, escalate, room = shown["blocks"][-1]["elements"]
    assert (acknowledge["action_id"], acknowledge["value"]) == ("page.acknowledge", "token")
    assert (escalate["action_id"], escalate["value"]) == ("page.escalate", "token")
    assert room["url"] == "https://andon.example/incidents/42/"


def test_any_other_message_is_a_paragraph_with_its_link():
    shown = render({"subject": "Your shift changed", "text": "From <Monday> on", "url": "https://andon.example/"})
    assert shown["text"] == "Your shift changed"
    paragraph, way = shown["blocks"]
    assert paragraph["text"]["text"] == "*Your shift changed*\nFrom &lt;Monday&gt; on"
    assert way["elements"][0]["text"] == "<https://andon.example/|Open>"


def test_a_message_of_one_sentence_says_it_once():
    assert len(render({"text": "Hello"})["blocks"]) == 1


@given(
    st.fixed_dictionaries(
        {"subject": st.text(max_size=400), "text": st.text(max_size=5000), "url": st.just("")},
    ),
    st.booleans(),
)
def test_whatever_it_says_slack_takes_it(message, is_page):
    shown = render(PAGE | message if is_page else message)
    assert block_problems(shown["blocks"]) == []
    assert shown["text"]


@given(
    st.lists(
        st.fixed_dictionaries({"subject": st.text(min_size=1), "service": st.text(), "url": st.text()}), min_size=2
    ),
    st.integers(0, 1000),
)
def test_a_list_of_any_pages_is_something_slack_takes(pages, more):
    answer = {"id": "bundle.acknowledge", "label": "Acknowledge all", "value": "token", "style": "primary"}
    shown = render(
        {
            "kind": "bundle",
            "count": len(pages[:20]) + more,
            "pages": [page | {"url": f"https://andon.example/{page['url']}"} for page in pages[:20]],
            "url": "https://andon.example/p/token/",
            "actions": [answer],
        }
    )
    assert block_problems(shown["blocks"]) == []
    assert shown["blocks"][-1]["elements"][0]["action_id"] == "bundle.acknowledge"
