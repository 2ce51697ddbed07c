"""The practice workspace behaves like Slack where Andon uses it."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.signature import SignatureVerifier

from slack.sandbox import Limits, PracticeSlack
from slack.sandbox.text import mentions, normalise, typed

from .andon import AndonStandIn, Received

BUTTONS = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Acknowledge"},
                "action_id": "page.acknowledge",
                "value": "p1",
            }
        ],
    }
]
MODAL = {
    "type": "modal",
    "callback_id": "incident.declare",
    "title": {"type": "plain_text", "text": "Declare"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "Title"},
            "element": {"type": "plain_text_input", "action_id": "value", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": {"type": "plain_text", "text": "Severity"},
            "element": {
                "type": "static_select",
                "action_id": "value",
                "options": [
                    {"text": {"type": "plain_text", "text": "SEV1"}, "value": "sev1"},
                    {"text": {"type": "plain_text", "text": "SEV2"}, "value": "sev2"},
                ],
            },
        },
    ],
}


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def andon() -> Iterator[AndonStandIn]:
    with AndonStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def slack(andon: AndonStandIn, clock: Clock) -> Iterator[PracticeSlack]:
    with PracticeSlack(andon_url=andon.url, signing_secret="s3cret", retry_delays=(0, 0, 0), clock=clock) as practice:
        yield practice


@pytest.fixture
def client(slack: PracticeSlack) -> WebClient:
    return WebClient("xoxb-practice", base_url=f"{slack.url}/api/")


def refusal(call: Callable[..., object], **args: object) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**args)
    return str(refused.value.response["error"])


# The Web API


def test_a_call_needs_the_right_token(slack: PracticeSlack) -> None:
    base = f"{slack.url}/api/"
    assert refusal(WebClient("xoxb-wrong", base_url=base).auth_test) == "invalid_auth"
    assert refusal(WebClient(base_url=base).auth_test) == "not_authed"
    assert WebClient("xoxb-practice", base_url=base).auth_test()["user_id"] == "U0ANDON"


def test_a_call_needs_its_scope() -> None:
    with PracticeSlack(scopes={"chat:write"}) as practice:
        client = WebClient("xoxb-practice", base_url=f"{practice.url}/api/")
        assert client.chat_postMessage(channel="general", text="hello")["ok"]
        assert refusal(client.conversations_create, name="inc-1") == "missing_scope"


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert refusal(client.api_call, api_method="files.upload") == "unknown_method"


def test_a_posted_message_is_kept_as_slack_keeps_it(slack: PracticeSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="general", text="a <b> & <@U0ANA> <!channel>", blocks=BUTTONS)
    (kept,) = slack.messages("general")
    assert kept["ts"] == posted["ts"]
    assert kept["text"] == "a &lt;b&gt; &amp; <@U0ANA> <!channel>"
    assert kept["blocks"][0]["elements"][0]["action_id"] == "page.acknowledge"


def test_a_message_can_be_changed_and_deleted_by_its_author_only(slack: PracticeSlack, client: WebClient) -> None:
    mine = client.chat_postMessage(channel="general", text="one")
    theirs = slack.people.say("U0ANA", "general", "hello")
    client.chat_update(channel=mine["channel"], ts=mine["ts"], text="two")
    assert [message["text"] for message in slack.messages("general")] == ["two", "hello"]
    assert refusal(client.chat_update, channel=mine["channel"], ts=theirs["ts"], text="x") == "cant_update_message"
    assert refusal(client.chat_delete, channel=mine["channel"], ts="1.0") == "message_not_found"
    client.chat_delete(channel=mine["channel"], ts=mine["ts"])
    assert [message["text"] for message in slack.messages("general")] == ["hello"]


def test_an_ephemeral_message_is_seen_by_one_person(slack: PracticeSlack, client: WebClient) -> None:
    client.chat_postEphemeral(channel="general", user="U0ANA", text="only you")
    assert slack.messages("general") == []
    assert [message["text"] for message in slack.ephemerals("U0ANA")] == ["only you"]
    assert slack.ephemerals("U0BO") == []


def test_bad_messages_are_refused_with_slacks_words(client: WebClient) -> None:
    post = client.chat_postMessage
    assert refusal(post, channel="nowhere", text="x") == "channel_not_found"
    assert refusal(post, channel="general", text="") == "no_text"
    assert refusal(post, channel="general", text="x" * 40_001) == "msg_too_long"


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([{"type": "divider"}] * 51, "no more than 50"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "less than 3001"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": ""}}], "more than 0"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "less than 151"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be plain_text"),
        (
            [
                {
                    "type": "actions",
                    "elements": [{"type": "button", "text": {"type": "plain_text", "text": "x" * 76}}],
                }
            ],
            "less than 76",
        ),
        (
            [
                {
                    "type": "actions",
                    "elements": [{"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "a"}] * 2,
                }
            ],
            "unique",
        ),
        (
            [
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "text": {"type": "plain_text", "text": "x"},
                            "action_id": "a" * 256,
                        }
                    ],
                }
            ],
            "255",
        ),
        ([{"type": "marquee"}], "unsupported"),
        (["text"], "unsupported"),
    ],
)
def test_bad_blocks_are_refused_and_the_place_is_named(client: WebClient, blocks: list[object], words: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="general", text="x", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert any(words in message for message in refused.value.response["errors"])


def test_a_channel_is_made_filled_and_archived(slack: PracticeSlack, client: WebClient) -> None:
    id = client.conversations_create(name="inc-7-checkout")["channel"]["id"]
    client.conversations_invite(channel=id, users="U0ANA,U0BO")
    client.conversations_setTopic(channel=id, topic="SEV2 · investigating")
    client.bookmarks_add(channel_id=id, title="Room", type="link", link="https://andon.example/7")
    assert client.conversations_members(channel=id)["members"] == ["U0ANDON", "U0ANA", "U0BO"]
    assert client.conversations_info(channel=id)["channel"]["topic"]["value"] == "SEV2 · investigating"
    client.conversations_archive(channel=id)
    assert refusal(client.chat_postMessage, channel=id, text="x") == "is_archived"
    assert refusal(client.conversations_archive, channel=id) == "already_archived"
    listed = client.conversations_list(exclude_archived=True)["channels"]
    assert "inc-7-checkout" not in [channel["name"] for channel in listed]
    assert slack.workspace.bookmarks[0]["channel_id"] == id


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("general", "name_taken"),
        ("Inc 7", "invalid_name_specials"),
        ("a" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("", "invalid_name_required"),
    ],
)
def test_bad_channel_names_are_refused(client: WebClient, name: str, error: str) -> None:
    assert refusal(client.conversations_create, name=name) == error


def test_a_private_channel_stays_private(slack: PracticeSlack, client: WebClient) -> None:
    made = client.conversations_create(name="inc-8", is_private=True)["channel"]
    assert made["is_private"]
    slack.workspace.add_channel("theirs", creator="U0ANA", members=["U0ANA"], kind="private")
    names = [channel["name"] for channel in client.conversations_list(types="private_channel")["channels"]]
    assert names == ["inc-8"]
    assert refusal(client.chat_postMessage, channel="theirs", text="x") == "channel_not_found"
    visible = [channel["name"] for channel in slack.page.state("U0BO", -1)["channels"]]
    assert "theirs" not in visible


def test_one_must_be_in_a_channel_to_post(slack: PracticeSlack, client: WebClient) -> None:
    id = slack.workspace.add_channel("theirs", creator="U0ANA", members=["U0ANA"])["id"]
    assert refusal(client.chat_postMessage, channel=id, text="x") == "not_in_channel"
    client.conversations_join(channel=id)
    assert client.chat_postMessage(channel=id, text="x")["ok"]


def test_people_are_found_by_their_email(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="ANA@example.com")["user"]["id"] == "U0ANA"
    assert refusal(client.users_lookupByEmail, email="nobody@example.com") == "users_not_found"
    assert len(client.users_list(limit=2)["members"]) == 2
    assert client.users_info(user="U0BO")["user"]["profile"]["email"] == "bo@example.com"


def test_long_lists_come_in_pages(client: WebClient) -> None:
    for number in range(5):
        client.conversations_create(name=f"inc-{number}")
    assert [len(page["channels"]) for page in client.conversations_list(limit=3)] == [3, 3, 1]


def test_a_direct_message_reaches_one_person(slack: PracticeSlack, client: WebClient) -> None:
    id = client.conversations_open(users="U0ANA")["channel"]["id"]
    client.chat_postMessage(channel=id, text="you are paged")
    assert client.conversations_open(users="U0ANA")["channel"]["id"] == id
    assert client.chat_postMessage(channel="U0ANA", text="again")["channel"] == id
    assert [message["text"] for message in slack.messages(id)] == ["you are paged", "again"]


def test_history_is_newest_first_and_bounded(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="general", text=str(number))["ts"] for number in range(4)]
    channel = client.conversations_list()["channels"][0]["id"]
    found = client.conversations_history(channel=channel, oldest=stamps[0], latest=stamps[3])["messages"]
    assert [message["text"] for message in found] == ["2", "1"]


def test_marks_are_put_once(slack: PracticeSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="general", text="root cause?")
    where = {"channel": posted["channel"], "timestamp": posted["ts"]}
    client.pins_add(**where)
    client.reactions_add(name="eyes", **where)
    assert refusal(client.pins_add, **where) == "already_pinned"
    assert refusal(client.reactions_add, name="eyes", **where) == "already_reacted"
    assert slack.messages("general")[0]["reactions"] == [{"name": "eyes", "users": ["U0ANDON"], "count": 1}]


def test_a_user_group_holds_who_it_is_given(slack: PracticeSlack, client: WebClient) -> None:
    slack.add_group({"id": "S1", "handle": "checkout-dev", "name": "Checkout Dev"})
    client.usergroups_users_update(usergroup="S1", users=["U0ANA", "U0BO"])
    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == ["U0ANA", "U0BO"]
    assert refusal(client.usergroups_users_update, usergroup="S1", users=["U9"]) == "invalid_users"


# Limits and faults


def test_a_channel_takes_about_a_message_a_second(slack: PracticeSlack, client: WebClient, clock: Clock) -> None:
    for number in range(10):
        client.chat_postMessage(channel="general", text=str(number))
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="general", text="too fast")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    assert client.chat_postMessage(channel="incidents", text="another channel is free")["ok"]
    clock.now += 1
    assert client.chat_postMessage(channel="general", text="now")["ok"]


def test_the_clients_own_retry_gets_through(slack: PracticeSlack, client: WebClient) -> None:
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.fail_with("chat.postMessage", retry_after=0)
    client.chat_postMessage(channel="general", text="at last")
    assert [call.outcome for call in slack.calls] == ["http 429", "ok"]


def test_a_tier_has_its_own_limit(andon: AndonStandIn, clock: Clock) -> None:
    with PracticeSlack(limits=Limits(tiers={1: 1, 2: 2, 3: 50, 4: 100}), clock=clock) as practice:
        client = WebClient("xoxb-practice", base_url=f"{practice.url}/api/")
        client.users_list()
        client.users_list()
        assert refusal(client.users_list) == "ratelimited"
        assert client.users_info(user="U0ANA")["ok"]


def test_faults_strike_as_often_as_asked(slack: PracticeSlack, client: WebClient) -> None:
    slack.fail_with("chat.postMessage", "fatal_error", times=2)
    slack.fail_with("conversations.create", status=503)
    assert refusal(client.chat_postMessage, channel="general", text="x") == "fatal_error"
    assert refusal(client.chat_postMessage, channel="general", text="x") == "fatal_error"
    assert client.chat_postMessage(channel="general", text="x")["ok"]
    with pytest.raises(SlackApiError) as refused:
        client.conversations_create(name="inc-1")
    assert refused.value.response.status_code == 503
    assert [message["text"] for message in slack.messages("general")] == ["x"]


def test_a_stalled_call_outlasts_the_clients_patience(slack: PracticeSlack) -> None:
    slack.stall("auth.test", 30)
    impatient = WebClient("xoxb-practice", base_url=f"{slack.url}/api/", timeout=1, retry_handlers=[])
    with pytest.raises(TimeoutError):
        impatient.auth_test()


# What Slack sends


def genuine(request: Received) -> bool:
    return SignatureVerifier("s3cret").is_valid_request(request.body, request.headers)


def test_a_slash_command_arrives_signed(slack: PracticeSlack, andon: AndonStandIn) -> None:
    reply = slack.slash("U0ANA", "general", "/incident", "checkout <down> & @bo sev2")
    (request,) = andon.received
    assert reply.ok
    assert genuine(request)
    assert request.path == "/slack/commands"
    assert request.form["command"] == "/incident"
    assert request.form["text"] == "checkout &lt;down&gt; &amp; <@U0BO|bo> sev2"
    assert request.form["user_id"] == "U0ANA"


def test_what_the_app_answers_is_shown_to_the_speaker(slack: PracticeSlack, andon: AndonStandIn) -> None:
    andon.answer = lambda request: (200, "Declared #7")
    slack.slash("U0ANA", "general", "/incident", "x")
    andon.answer = lambda request: (200, json.dumps({"response_type": "in_channel", "text": "for all"}))
    slack.slash("U0ANA", "general", "/incident", "y")
    assert [message["text"] for message in slack.ephemerals("U0ANA")] == ["Declared #7"]
    assert [message["text"] for message in slack.messages("general")] == ["for all"]


def test_a_failed_command_says_so_as_slack_does(slack: PracticeSlack, andon: AndonStandIn) -> None:
    andon.answer = lambda request: (500, "no")
    assert slack.slash("U0ANA", "general", "/incident", "x").error == "dispatch_failed"
    words = slack.ephemerals("U0ANA")[0]["text"]
    assert words == '/incident failed with the error "dispatch_failed"'


def test_an_answer_after_three_seconds_is_too_late(slack: PracticeSlack, andon: AndonStandIn) -> None:
    over = threading.Event()
    andon.answer = lambda request: (200, str(over.wait(20)))
    started = time.monotonic()
    assert slack.slash("U0ANA", "general", "/incident", "x").error == "operation_timeout"
    over.set()
    assert 2.9 < time.monotonic() - started < 6


def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: PracticeSlack, andon: AndonStandIn, client: WebClient, clock: Clock
) -> None:
    for _ in range(2):
        slack.slash("U0ANA", "general", "/incident")
    first, second = (request.form["trigger_id"] for request in andon.received)
    client.views_open(trigger_id=first, view=MODAL)
    assert refusal(client.views_open, trigger_id=first, view=MODAL) == "exchanged_trigger_id"
    clock.now += 3.1
    assert refusal(client.views_open, trigger_id=second, view=MODAL) == "expired_trigger_id"
    assert refusal(client.views_open, trigger_id="made.up", view=MODAL) == "invalid_trigger_id"
    assert len(slack.views("U0ANA")) == 1


def opened(slack: PracticeSlack, andon: AndonStandIn, client: WebClient) -> str:
    slack.slash("U0ANA", "general", "/incident")
    view = client.views_open(trigger_id=andon.received[-1].form["trigger_id"], view=MODAL)["view"]
    return str(view["id"])


def test_a_modal_is_submitted_and_closes(slack: PracticeSlack, andon: AndonStandIn, client: WebClient) -> None:
    reply = slack.submit("U0ANA", opened(slack, andon, client), {"title": "Down", "severity": "sev2"})
    payload = json.loads(andon.received[-1].form["payload"])
    assert reply.ok
    assert genuine(andon.received[-1])
    assert payload["type"] == "view_submission"
    assert payload["view"]["callback_id"] == "incident.declare"
    assert payload["view"]["state"]["values"]["title"]["value"]["value"] == "Down"
    assert payload["view"]["state"]["values"]["severity"]["value"]["selected_option"]["value"] == "sev2"
    assert slack.views("U0ANA") == []


def test_a_modals_errors_stay_at_their_field(slack: PracticeSlack, andon: AndonStandIn, client: WebClient) -> None:
    view = opened(slack, andon, client)
    missing = slack.submit("U0ANA", view, {"title": "", "severity": "sev1"})
    assert missing.errors == {"title": "Please complete this required field."}
    assert slack.submit("U0ANA", view, {"title": "x" * 21, "severity": "sev1"}).errors
    assert len(andon.received) == 1
    andon.answer = lambda request: (200, '{"response_action": "errors", "errors": {"title": "Too vague"}}')
    assert slack.submit("U0ANA", view, {"title": "x", "severity": "sev1"}).errors == {"title": "Too vague"}
    assert len(slack.views("U0ANA")) == 1


def test_an_answer_may_push_a_view_and_clear_them_all(
    slack: PracticeSlack, andon: AndonStandIn, client: WebClient
) -> None:
    view = opened(slack, andon, client)
    filled = {"title": "x", "severity": "sev1"}
    andon.answer = lambda request: (200, json.dumps({"response_action": "push", "view": MODAL}))
    slack.submit("U0ANA", view, filled)
    first, second = slack.views("U0ANA")
    assert first["id"] == view
    andon.answer = lambda request: (200, '{"response_action": "clear"}')
    slack.submit("U0ANA", second["id"], filled)
    assert slack.views("U0ANA") == []


def test_a_view_is_updated_unless_it_changed_meanwhile(
    slack: PracticeSlack, andon: AndonStandIn, client: WebClient
) -> None:
    view = opened(slack, andon, client)
    before = slack.views("U0ANA")[0]["hash"]
    client.views_update(view_id=view, hash=before, view=MODAL)
    assert refusal(client.views_update, view_id=view, hash=before, view=MODAL) == "hash_conflict"


def test_the_home_is_published_for_one_person(slack: PracticeSlack, client: WebClient) -> None:
    client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": BUTTONS})
    client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [{"type": "divider"}]})
    assert slack.page.state("U0ANA", -1)["home"]["blocks"][0]["type"] == "divider"
    assert slack.page.state("U0BO", -1)["home"] is None
    assert slack.views("U0ANA") == []


def test_a_button_tells_the_app_and_the_response_url_replaces_the_message(
    slack: PracticeSlack, andon: AndonStandIn, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel="general", text="Page", blocks=BUTTONS)["ts"]
    assert slack.click("U0BO", ts, "page.acknowledge").ok
    payload = json.loads(andon.received[-1].form["payload"])
    assert payload["actions"][0]["value"] == "p1"
    assert payload["user"]["id"] == "U0BO"
    assert payload["container"]["message_ts"] == ts
    post_json(payload["response_url"], {"replace_original": True, "text": "Acknowledged by Bo"})
    assert [message["text"] for message in slack.messages("general")] == ["Acknowledged by Bo"]


def test_a_response_url_is_good_five_times_for_half_an_hour(
    slack: PracticeSlack, andon: AndonStandIn, clock: Clock
) -> None:
    slack.slash("U0ANA", "general", "/oncall")
    url = andon.received[-1].form["response_url"]
    for number in range(5):
        assert post_json(url, {"text": str(number)}) == 200
    assert post_json(url, {"text": "six"}) == 404
    slack.slash("U0ANA", "general", "/oncall")
    clock.now += 1801
    assert post_json(andon.received[-1].form["response_url"], {"text": "late"}) == 404
    assert len(slack.ephemerals("U0ANA")) == 5


def test_events_arrive_signed_and_again_when_they_fail(slack: PracticeSlack, andon: AndonStandIn) -> None:
    answers = iter([500, 500, 200])
    andon.answer = lambda request: (next(answers), "")
    message = slack.people.say("U0ANA", "general", "it is the cache")
    assert slack.people.settled()
    bodies = {request.body for request in andon.received}
    assert len(andon.received) == 3
    assert len(bodies) == 1
    assert all(genuine(request) for request in andon.received)
    assert [request.headers.get("X-Slack-Retry-Num") for request in andon.received] == [None, "1", "2"]
    assert andon.received[1].headers["X-Slack-Retry-Reason"] == "http_error"
    envelope = json.loads(bodies.pop())
    assert envelope["type"] == "event_callback"
    assert envelope["event"]["ts"] == message["ts"]


def test_after_three_retries_slack_gives_up(slack: PracticeSlack, andon: AndonStandIn) -> None:
    andon.answer = lambda request: (503, "")
    replies = slack.people.event({"type": "app_home_opened", "user": "U0ANA"}).result(timeout=10)
    assert [reply.status for reply in replies] == [503] * 4


def test_marks_edits_and_deletions_by_people_are_told(slack: PracticeSlack, andon: AndonStandIn) -> None:
    ts = slack.people.say("U0ANA", "general", "first")["ts"]
    assert slack.people.settled()
    acts: list[Callable[[], object]] = [
        lambda: slack.people.pin("U0BO", ts),
        lambda: slack.people.pin("U0BO", ts),
        lambda: slack.people.react("U0BO", ts, "memo"),
        lambda: slack.people.react("U0BO", ts, "memo"),
        lambda: slack.people.edit("U0ANA", ts, "second"),
        lambda: slack.people.delete("U0ANA", ts),
    ]
    for act in acts:
        act()
        assert slack.people.settled()
    events = [json.loads(request.body)["event"] for request in andon.received]
    assert [event.get("subtype", event["type"]) for event in events] == [
        "message",
        "pin_added",
        "pin_removed",
        "reaction_added",
        "reaction_removed",
        "message_changed",
        "message_deleted",
    ]
    assert events[5]["message"]["text"] == "second"
    assert events[5]["previous_message"]["text"] == "first"


def test_shortcuts_carry_their_message(slack: PracticeSlack, andon: AndonStandIn) -> None:
    ts = slack.people.say("U0ANA", "general", "look at this")["ts"]
    slack.people.shortcut("U0BO", "timeline.add", ts)
    slack.people.shortcut("U0BO", "incident.declare")
    assert slack.people.settled()
    sent = [json.loads(request.form["payload"]) for request in andon.received if "payload" in request.form]
    assert [payload["type"] for payload in sent] == ["message_action", "shortcut"]
    assert sent[0]["message"]["text"] == "look at this"


# Keeping, seeding, text


def post_json(url: str, body: object, **headers: str) -> int:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as failure:
        return failure.code


def test_people_are_added_over_http(slack: PracticeSlack, client: WebClient) -> None:
    url = f"{slack.url}/practice/users"
    people = [{"id": "U0CY", "name": "Cy Field", "email": "cy@example.com"}]
    assert post_json(url, {"users": people}) == 200
    assert client.users_lookupByEmail(email="cy@example.com")["user"]["real_name"] == "Cy Field"
    assert post_json(url, {"users": [{"id": "cy", "name": "Cy", "email": "cy@example.com"}]}) == 400
    assert post_json(url, {"people": []}) == 400


def test_another_sites_page_cannot_act(slack: PracticeSlack) -> None:
    body = {"user": "U0ANA", "channel": "general", "text": "forged"}
    assert post_json(f"{slack.url}/practice/say", body, Origin="https://elsewhere.example") == 403
    assert slack.messages("general") == []
    assert post_json(f"{slack.url}/practice/say", body, Origin=slack.url) == 200


def test_a_restart_finds_the_workspace_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "workspace.json"
    with PracticeSlack(store=store) as practice:
        client = WebClient("xoxb-practice", base_url=f"{practice.url}/api/")
        client.conversations_create(name="inc-9")
        client.chat_postMessage(channel="inc-9", text="kept")
    with PracticeSlack(store=store) as again:
        assert [message["text"] for message in again.messages("inc-9")] == ["kept"]
        client = WebClient("xoxb-practice", base_url=f"{again.url}/api/")
        assert client.conversations_create(name="inc-10")["ok"]


def test_slack_keeps_entities_and_escapes_the_rest() -> None:
    assert normalise("<https://a.example|a & b> < <script> &lt;") == (
        "<https://a.example|a & b> &lt; &lt;script&gt; &lt;"
    )
    assert mentions("<!channel> <@U1|x> &lt;!here&gt; @channel") == {"!channel", "@U1"}
    assert typed("@ana. see #general <!channel>", {"ana": "U1"}, {"general": "C1"}) == (
        "<@U1|ana>. see <#C1|general> &lt;!channel&gt;"
    )
