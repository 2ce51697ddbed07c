"""Issues of GitHub, GitLab and Jira: read back by poll, given a link once, and followed by the action."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.errors import Forbidden, InvalidInput
from postmortems import services
from postmortems.models import Action, ExternalIssue, Tracker
from postmortems.services.trackers import add_tracker, ask_test, change_tracker, retire_tracker, take_up_tracker
from postmortems.trackers.polling import poll_due
from postmortems.trackers.seen import Seen
from postmortems.trackers.testing import check_due
from tests.factories import PersonFactory
from tests.postmortems.tracker_servers import ADDRESSES, REFS, tracker_server

pytestmark = pytest.mark.django_db
KINDS = ["github", "gitlab", "jira"]


@pytest.fixture(params=KINDS)
def server(request):
    with tracker_server(request.param) as running:
        yield running


@pytest.fixture
def github():
    with tracker_server("github") as running:
        yield running


def added(server, **fields):
    given = {"kind": server.kind, "name": "Ours", "url": server.url, "token": "t0ken", "by": None}
    tracker, _ = add_tracker(**given | fields)
    Tracker.objects.update(next_at=None)
    return tracker


def followed(server, **fields):
    """An action that is tracked there."""
    return services.create_action(
        title="Bound the pool", by=None, url=f"{server.url}{ADDRESSES[server.kind]}", **fields
    )


def poll():
    """As after some time: whatever waits is due."""
    ExternalIssue.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    poll_due()
    return ExternalIssue.objects.get()


def state_of(action):
    action.refresh_from_db()
    return action.state


def test_what_stands_there_is_read(server):
    added(server)
    followed(server)
    issue = poll()
    assert (issue.ref, issue.title, issue.state, issue.error) == (REFS[server.kind], "Bound the pool", "open", "")


def test_a_link_is_left_there_once_though_it_is_read_often(server):
    added(server)
    action = followed(server)
    for _ in range(3):
        poll()
    left = [one["body"] for one in server.remarks] + list(server.links)
    assert len(left) == 1 and f"/actions/{action.number}/" in left[0]
    assert action.title not in left[0]


def test_an_answer_that_was_lost_leaves_no_second_link(server):
    added(server)
    followed(server)
    server.lose_next_post = True
    assert (poll().linked_back_at is None) == (server.kind != "jira")
    server.lose_next_post = False
    assert poll().linked_back_at
    assert len(server.remarks) + len(server.links) == 1


def test_closed_there_is_done_here_and_open_there_is_open_here(server):
    added(server)
    action = followed(server)
    poll()
    server.closed = True
    issue = poll()
    assert state_of(action) == "done" and action.done_at and issue.closed_action_at
    assert issue.closed_by == ("" if server.kind == "jira" else "octocat")
    server.closed = False
    assert poll().closed_by == ""
    assert state_of(action) == "accepted" and action.done_at is None


@pytest.mark.parametrize(("kind", "reason"), [("github", "not_planned"), ("jira", "Won't Do")])
def test_dropped_there_is_not_done_here_and_says_why(kind, reason):
    with tracker_server(kind) as server:
        added(server)
        action = followed(server)
        server.closed, server.reason = True, reason
        poll()
        assert state_of(action) == "wont_do"
        assert REFS[kind] in action.reason and "was closed" in action.reason


def test_what_somebody_moved_here_is_not_moved_back_by_the_tracker(github):
    added(github)
    action = followed(github)
    github.closed = True
    poll()
    services.transition_action(action=action, to="reopened", by=None)
    poll()
    assert state_of(action) == "accepted"
    services.transition_action(action=action, to="done", by=None)
    github.closed = False
    poll()
    assert state_of(action) == "done"


def test_nothing_is_asked_twice_within_a_quarter_of_an_hour(github):
    added(github)
    followed(github)
    assert (poll_due(), poll_due()) == (1, 0)
    again = ExternalIssue.objects.get().next_at - timezone.now()
    assert timedelta(minutes=14) < again < timedelta(minutes=16)


def test_github_is_asked_only_for_what_changed(github):
    added(github)
    followed(github)
    poll()
    github.answers = [(304, {}, b"")]
    assert poll().state == "open"
    assert "if-modified-since" in github.heads[-1]


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        (401, {}, "Its token is not accepted", timedelta(hours=1)),
        (403, {}, "Its token may not do that", timedelta(hours=1)),
        (429, {"Retry-After": "120"}, "answered 429", timedelta(minutes=2)),
        (500, {}, "answered 500", timedelta(seconds=32)),
        (302, {"Location": "http://10.0.0.1/inside"}, "redirects to http://10.0.0.1", timedelta(hours=1)),
        (200, {}, "JSON", timedelta(seconds=32)),
    ],
)
def test_what_goes_wrong_is_said_and_tried_again_later(github, status, headers, error, wait):
    added(github)
    action = followed(github)
    github.answers = [(status, headers, b"<html>")]
    issue = poll()
    assert error in issue.error and issue.state == "unknown"
    assert abs(issue.next_at - timezone.now() - wait) < timedelta(seconds=10)
    assert state_of(action) == "proposed"


def test_a_tracker_that_asks_us_to_wait_is_left_alone_for_all_its_issues(github):
    added(github)
    followed(github), followed(github)
    ExternalIssue.objects.filter(pk=ExternalIssue.objects.last().pk).update(
        next_at=timezone.now() + timedelta(seconds=9)
    )
    github.answers = [(429, {"Retry-After": "600"}, b"")]
    poll_due()
    soonest = min(ExternalIssue.objects.values_list("next_at", flat=True))
    assert soonest > timezone.now() + timedelta(minutes=9)


def test_an_issue_that_is_not_there_changes_nothing_here(server):
    added(server)
    action = followed(server)
    server.answers = [(404, {}, b"{}")]
    assert (poll().state, state_of(action)) == ("gone", "proposed")


def test_an_address_inside_is_asked_only_where_the_operator_allows_it(github, settings):
    settings.ANDON_ALLOW_PRIVATE_TARGETS = False
    added(github)
    followed(github)
    assert "not a public address" in poll().error
    assert github.asked == []


def test_an_address_that_no_tracker_knows_stays_a_link(github):
    added(github)
    action = services.create_action(title="Bound it", by=None, url="https://wiki.shop.example/pool")
    assert action.url and not ExternalIssue.objects.exists()


def test_another_address_is_another_issue_and_none_is_none(github):
    added(github)
    action = followed(github)
    first = action.issue.pk
    services.update_action(action=action, by=None, url=f"{github.url}/shop/pay/issues/8")
    assert ExternalIssue.objects.get().pk != first and ExternalIssue.objects.get().ref == "shop/pay#8"
    services.update_action(action=action, by=None, url="")
    assert not ExternalIssue.objects.exists()


def test_a_tracker_added_later_follows_what_was_a_link(github):
    followed(github)
    added(github)
    assert poll().state == "open"


def test_a_test_says_as_whom_we_read_and_asks_nothing_before_the_sweep(server):
    tracker = added(server)
    ask_test(tracker=tracker, by=None)
    assert server.asked == []
    assert (check_due(), check_due()) == (1, 0)
    tracker.refresh_from_db()
    assert ("Andon Bot" if server.kind == "jira" else "andon-bot") in tracker.test_said
    assert tracker.tested_at and tracker.last_error == ""


def test_a_test_that_fails_says_what_to_do(server):
    tracker = added(server)
    server.answers = [(401, {}, b"")]
    ask_test(tracker=tracker, by=None)
    check_due()
    tracker.refresh_from_db()
    assert "not accepted" in tracker.last_error and tracker.test_said == ""


def test_without_a_token_nothing_is_left_and_that_is_said(server):
    tracker = added(server, token="")
    followed(server)
    poll()
    assert server.remarks == [] and server.links == {}
    ask_test(tracker=tracker, by=None)
    check_due()
    tracker.refresh_from_db()
    assert "Without a token" in tracker.test_said


def test_jira_cloud_is_told_the_account_and_jira_server_the_token_alone():
    with tracker_server("jira") as server:
        tracker = added(server, account="bot@shop.example")
        followed(server)
        poll()
        assert server.heads[-1]["authorization"].startswith("Basic ")
        change_tracker(tracker=tracker, account="", by=None)
        poll()
        assert server.heads[-1]["authorization"] == "Bearer t0ken"


def test_where_the_address_changes_the_token_is_asked_for_again(github):
    tracker = added(github)
    with pytest.raises(InvalidInput) as refusal:
        change_tracker(tracker=tracker, url="https://evil.example", by=None)
    assert list(refusal.value.errors) == ["token"]
    tracker.refresh_from_db()
    assert tracker.url == github.url
    assert change_tracker(tracker=tracker, name="Theirs", by=None).token == "t0ken"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "https://user:pass@github.com"),
        ("api_url", "ftp://github.com"),
        ("token", "two\nlines"),
        ("kind", "trac"),
        ("name", " "),
    ],
)
def test_what_cannot_be_used_is_refused_by_field(field, value):
    given = {"kind": "github", "name": "GitHub", "url": "https://github.com", "by": None}
    with pytest.raises(InvalidInput) as refusal:
        add_tracker(**given | {field: value})
    assert list(refusal.value.errors) == [field]
    assert not Tracker.objects.exists()


def test_only_administrators_have_a_say():
    tracker, _ = add_tracker(kind="github", name="GitHub", url="https://github.com", by=None)
    for act in (retire_tracker, take_up_tracker, ask_test):
        with pytest.raises(Forbidden):
            act(tracker=tracker, by=PersonFactory())


def test_a_retired_tracker_forgets_its_token_and_is_asked_nothing(github):
    tracker = added(github)
    followed(github)
    assert retire_tracker(tracker=tracker, by=None).token == ""
    poll()
    assert github.asked == []
    take_up_tracker(tracker=tracker, by=None)
    assert poll().state == "open"


def test_what_is_over_on_both_sides_is_looked_at_once_a_day(github):
    added(github)
    followed(github)
    github.closed = True
    assert poll().next_at > timezone.now() + timedelta(hours=23)


def test_an_older_word_does_not_undo_a_newer_one(github):
    added(github)
    action = followed(github)
    issue = poll()
    long_ago = Seen(ref=issue.ref, title="Old", closed=True, status="closed", at=datetime(2020, 1, 1, tzinfo=UTC))
    assert not services.note_issue(issue=issue, seen=long_ago, at=long_ago.at)
    assert state_of(action) == Action.State.PROPOSED
