"""What trackers tell at `/hooks/issues/<key>`: proved each in their own way, with one effect however often it comes."""

import json

import pytest

from notifications import inbox, signatures
from notifications.models import InboundMessage
from postmortems import services
from postmortems.models import ExternalIssue
from postmortems.services.trackers import add_tracker, retire_tracker
from tests.postmortems.tracker_servers import ADDRESSES, CHANGED

pytestmark = pytest.mark.django_db
HOSTS = {"github": "https://github.com", "gitlab": "https://gitlab.com", "jira": "https://shop.atlassian.net"}


@pytest.fixture(params=HOSTS)
def kind(request):
    return request.param


def tracked(kind):
    """A tracker, its secret and an action that is tracked there."""
    tracker, secret = add_tracker(kind=kind, name=kind, url=HOSTS[kind], by=None)
    action = services.create_action(title="Bound the pool", by=None, url=HOSTS[kind] + ADDRESSES[kind])
    return tracker, secret, action


def news(kind, closed=True, at=CHANGED):
    """Headers and body of a webhook, as far as anybody looks at it."""
    match kind:
        case "github":
            issue = {"number": 7, "title": "Pool", "state": "closed" if closed else "open", "updated_at": at}
            told = {"action": "closed", "issue": issue, "sender": {"login": "ana"}}
            return {"X-GitHub-Event": "issues"}, told | {"repository": {"full_name": "Shop/Pay"}}
        case "gitlab":
            issue = {"iid": 7, "title": "Pool", "state": "closed" if closed else "opened", "updated_at": at}
            told = {"object_kind": "issue", "object_attributes": issue, "user": {"name": "ana"}}
            return {"X-Gitlab-Event": "Issue Hook"}, told | {"project": {"path_with_namespace": "shop/team/pay"}}
    status = {"name": "Done", "statusCategory": {"key": "done" if closed else "new"}}
    issue = {"key": "SHOP-7", "fields": {"summary": "Pool", "status": status, "updated": at}}
    return {}, {"webhookEvent": "jira:issue_updated", "issue": issue, "user": {"displayName": "ana"}}


def signed(kind, secret, body):
    match kind:
        case "github":
            return {"X-Hub-Signature-256": f"sha256={signatures.sign_hex(secret, body)}"}
        case "gitlab":
            return {"X-Gitlab-Token": secret}
    return {"X-Hub-Signature": f"sha256={signatures.sign_hex(secret, body)}"}


def post(client, tracker, message, secret, query=""):
    headers, told = message
    body = json.dumps(told).encode()
    proof = signed(tracker.kind, secret, body) if secret else {}
    answer = client.post(
        f"/hooks/issues/{tracker.key}{query}", body, content_type="application/json", headers=headers | proof
    )
    inbox.process_due()
    return answer


def state_of(action):
    action.refresh_from_db()
    return action.state


def test_closed_there_is_done_here_at_once_with_who_it_was(client, kind):
    tracker, secret, action = tracked(kind)
    assert post(client, tracker, news(kind), secret).status_code == 202
    issue = ExternalIssue.objects.get()
    assert (state_of(action), issue.state, issue.closed_by) == ("done", "closed", "ana")
    post(client, tracker, news(kind, closed=False, at="2026-06-01T08:00:01Z"), secret)
    assert state_of(action) == "accepted"


def test_a_replay_has_one_effect_and_an_old_word_none(client, kind):
    tracker, secret, action = tracked(kind)
    for _ in range(2):
        post(client, tracker, news(kind), secret)
    services.transition_action(action=action, to="reopened", by=None)
    post(client, tracker, news(kind), secret)
    post(client, tracker, news(kind, closed=False, at="2026-05-01T08:00:00Z"), secret)
    assert (state_of(action), ExternalIssue.objects.get().state) == ("accepted", "closed")


def test_who_does_not_prove_who_they_are_is_refused(client, kind):
    tracker, _, action = tracked(kind)
    for secret in ("", "guessed"):
        assert post(client, tracker, news(kind), secret).status_code == 401
    assert post(client, tracker, news(kind), "", query="?key=guessed").status_code == 401
    assert state_of(action) == "proposed" and not InboundMessage.objects.exists()


def test_jira_server_which_cannot_sign_gives_the_secret_in_the_address(client):
    tracker, secret, action = tracked("jira")
    assert post(client, tracker, news("jira"), "", query=f"?key={secret}").status_code == 202
    assert state_of(action) == "done"
    assert secret not in json.dumps(InboundMessage.objects.get().headers)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"X-GitHub-Event": "ping"}, {"zen": "x"}),
        ({"X-Gitlab-Event": "Note Hook"}, {"object_kind": "note"}),
        ({}, {"webhookEvent": "comment_created"}),
        ({}, {}),
    ],
)
def test_what_speaks_of_something_else_is_kept_and_ignored(client, headers, told):
    tracker, secret, _ = tracked("github")
    assert post(client, tracker, (headers, told), secret).status_code == 202
    assert InboundMessage.objects.get().state == "ignored"


@pytest.mark.parametrize(
    "told", [{"issue": {}}, {"issue": {"number": 7, "state": "closed", "updated_at": "soon"}}, {"issue": []}]
)
def test_what_makes_no_sense_is_refused_with_what_was_wrong(client, told):
    tracker, secret, _ = tracked("github")
    repository = {"repository": {"full_name": "shop/pay"}}
    answer = post(client, tracker, ({"X-GitHub-Event": "issues"}, repository | told), secret)
    assert answer.status_code == 400 and answer.json()["detail"]


def test_an_issue_that_no_action_is_tracked_by_is_no_fault(client):
    tracker, secret, _ = tracked("github")
    headers, told = news("github")
    post(client, tracker, (headers, told | {"repository": {"full_name": "shop/other"}}), secret)
    assert InboundMessage.objects.get().outcome == "no action is tracked by this issue"


def test_a_retired_tracker_is_not_listened_to(client):
    tracker, secret, _ = tracked("github")
    retire_tracker(tracker=tracker, by=None)
    assert post(client, tracker, news("github"), secret).status_code == 404
