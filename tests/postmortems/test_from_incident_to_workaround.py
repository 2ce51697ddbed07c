"""Through the API alone: an incident, its post-mortem, a problem, a known error, an article, and the next incident."""

import pytest

from postmortems.models import Problem
from tests.factories import ChangeFactory, staffed_service
from tests.postmortems.cases import member

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"


class Asker:
    """Somebody who uses the API, and minds its answers."""

    def __init__(self, client):
        self.client = client

    def get(self, path):
        answer = self.client.get(ROOT + path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, path, body, *, status=(200, 201), method="post"):
        answer = getattr(self.client, method)(ROOT + path, body)
        assert answer.status_code in status, answer.content
        return answer.json()


@pytest.fixture
def service():
    return staffed_service(slug="checkout", name="Checkout")


def declare(asker, title):
    return asker.send("incidents/", {"title": title, "severity": "sev2", "services": ["checkout"]})["number"]


def publish(asker, api, number, one):
    """Both sides sign what stands there."""
    reviewers = {"dev": member("dev"), "ops": member("ops")}
    for side, person in reviewers.items():
        asker.send(f"{one}reviewers/", {"person": person.email, "side": side})
    asker.send(f"{one}transition/", {"to": "in_review"})
    for person in reviewers.values():
        Asker(api(person)).send(f"{one}sign-off/", {})
    return asker.send(f"{one}transition/", {"to": "published"})


def test_what_was_understood_helps_the_next_time(api, settle, service):
    asker = Asker(api(member("dev")))
    incident = declare(asker, "Checkout answers 500 while the connection pool is empty")
    settle()
    asker.send(f"incidents/{incident}/transition/", {"to": "resolved"})
    settle()

    [listed] = asker.get(f"postmortems/?incident={incident}")["results"]
    one = f"postmortems/{listed['number']}/"
    waits = asker.send(f"{one}transition/", {"to": "in_review"})["missing"]
    assert len(waits) == 4
    asker.send(f"{one}transition/", {"to": "published"}, status=(409,))
    asker.send(f"{one}transition/", {"to": "draft"})
    saved = asker.send(f"{one}sections/summary/", {"body": "The pool ran dry.", "version": 0}, method="patch")
    assert saved["version"] == 1
    asker.send(f"{one}factors/", {"factor": "capacity-load", "note": "The pool has no headroom."})
    action = asker.send("actions/", {"title": "Alert when the pool is 80% full", "postmortem": listed["number"]})
    assert publish(asker, api, listed["number"], one)["status"] == "published"

    problem = asker.send(
        "problems/",
        {
            "title": "The connection pool has no headroom",
            "category": "capacity-load",
            "symptoms": "Checkout answers 500; the log says: pool exhausted",
            "services": ["checkout"],
            "incidents": [incident],
            "postmortem": listed["number"],
        },
    )
    record = f"problems/{problem['number']}/"
    asker.send(f"{record}known-error/", {"workaround": "Restart it"}, status=(400,))
    known = {"cause_notes": "Ten connections for forty workers.", "workaround": "Restart the workers one by one."}
    assert asker.send(f"{record}known-error/", known)["known_error_at"]
    article = asker.send(
        "knowledge/",
        {
            "title": "Checkout answers 500",
            "issue": "Customers cannot pay",
            "resolution": "Restart the workers.",
            "services": ["checkout"],
            "problems": [problem["number"]],
            "postmortems": [listed["number"]],
        },
    )
    assert asker.send(f"knowledge/{article['number']}/transition/", {"to": "validated"})["confidence"] == "validated"

    again = declare(asker, "Checkout says pool exhausted")
    settle()
    seen = asker.get(f"incidents/{again}/seen-before/")
    assert "Restart the workers one by one." in str(seen["known_errors"])
    assert incident in [one["number"] for one in seen["incidents"]]
    assert article["number"] in [one["number"] for one in seen["articles"]]
    timeline = asker.get(f"incidents/{again}/timeline/")["results"]
    assert any("Restart the workers one by one." in entry["text"] for entry in timeline)
    asker.send(f"knowledge/{article['number']}/uses/", {"incident": again})
    assert asker.get(f"knowledge/{article['number']}/")["uses"] == 1

    fix = ChangeFactory(service=service, state="succeeded")
    asker.send(f"{record}transition/", {"to": "resolved", "outcome": "fixed"}, status=(400, 409))
    asker.send(f"{record}link/", {"changes": [fix.pk]})
    assert asker.send(f"{record}transition/", {"to": "resolved", "outcome": "fixed"})["status"] == "resolved"
    asker.send(f"actions/{action['number']}/transition/", {"to": "done"})
    assert Problem.objects.known_errors().count() == 0
