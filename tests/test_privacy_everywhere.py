"""A private incident is nowhere for those who take no part: every address of Andon is asked, by an administrator.

What came out of it (page, post-mortem, actions, problem, article) is as private. What is not theirs to know of answers
404, so that not even its existence is told.
"""

import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from incidents.services import add_task, assign_role, declare, judge, post_update, transition
from notifications import outbox
from notifications.models import Counter
from notifications.outgoing import fanout
from oncall import calendars
from oncall.models import Page
from postmortems import services as lessons
from postmortems.models import Image
from postmortems.trends import FIGURES
from tests.factories import (
    AdministratorFactory,
    ChangeFactory,
    IncidentFactory,
    IntegrationFactory,
    PersonFactory,
    staffed_service,
)
from tests.notifications.outgoing import subscribe
from tests.postmortems.cases import published
from tests.routes import routes

pytestmark = pytest.mark.django_db
SECRET, WORD = "Zanzibar", "quagga"  # titles have both: a page shows the word that was searched for
TITLE = f"{SECRET} {WORD}"
RECORDS = {
    "incidents": "incident",
    "postmortems": "postmortem",
    "problems": "problem",
    "knowledge": "article",
    "actions": "action",
    "exercises": "exercise",
}
FIRST = 77_000  # numbers so odd that one on a page is no accident
LEFT_OUT = {
    "account_logout",  # ends the session
    "hook",  # these are for programs that sign what they send
    "one-line",
}
ROUTES = routes(lambda route: route.name not in LEFT_OUT)
QUERIES = (
    "",
    f"q={WORD}",
    "show=all",
    "status=resolved",
    "state=open",
    "until=2999-01-01",
    "since=2020-01-01",
    "page_size=500",
)


class World:
    """A private incident that went all the way, and a public one of the same service beside it."""

    def __init__(self):
        for name in RECORDS.values():
            Counter.objects.create(name=name, value=FIRST)
        self.webhook = subscribe()
        self.service = staffed_service()
        self.insider = by = PersonFactory()
        self.change = ChangeFactory(service=self.service)
        self.incident, _ = declare(
            title=TITLE, severity="sev1", services=[self.service], private=True, by=by, summary=TITLE
        )
        settle()
        self.page = Page.objects.get(about=self.incident.subject)
        self.task = add_task(incident=self.incident, title=TITLE, by=by)
        assign_role(incident=self.incident, role="commander", person=by, by=by)
        post_update(incident=self.incident, text=TITLE, by=by)
        judge(incident=self.incident, change=self.change, verdict="confirmed", by=by)
        transition(incident=self.incident, to="resolved", by=by)
        self.postmortem = published(self.incident, title=TITLE)
        leads = PersonFactory()
        self.incident.participant_set.create(person=leads, how="added")
        lessons.set_facilitator(postmortem=self.postmortem, person=leads, by=by)
        lessons.set_meeting(postmortem=self.postmortem, at=timezone.now() + timedelta(days=1), place=TITLE, by=by)
        lessons.invite(postmortem=self.postmortem, person=by, side="dev", by=by)
        lessons.write_interview(postmortem=self.postmortem, body=TITLE, person=by, by=leads)
        late = timezone.localdate() - timedelta(days=3)
        self.action = lessons.create_action(title=TITLE, by=by, postmortem=self.postmortem, due_on=late)
        self.problem = lessons.open_problem(title=TITLE, by=by, postmortem=self.postmortem, services=[self.service])
        lessons.mark_known_error(problem=self.problem, by=by, cause_notes=TITLE, workaround=TITLE)
        self.article = lessons.write_article(
            title=TITLE, issue=TITLE, by=by, services=[self.service], problems=[self.problem]
        )
        self.exercise = lessons.start_exercise(incident=self.incident, by=by)
        lessons.say_in_exercise(exercise=self.exercise, text=TITLE, by=by)
        section = self.postmortem.sections.first()
        self.comment = lessons.comment(section=section, body=TITLE, quote=TITLE, by=by)
        self.image = Image.objects.create(
            postmortem=self.postmortem, content_type="image/png", content=SECRET.encode(), digest="x", width=1, height=1
        )
        settle()
        self.public = IncidentFactory(title=f"Checkout and {WORD} are slow", number=5)
        self.public.services.add(self.service)
        self.integration = IntegrationFactory()

    @property
    def numbers(self):
        return {noun: getattr(self, name).number for noun, name in RECORDS.items()}

    def values(self, route):
        """What stands for each parameter of a route: always the private one, where there is one."""
        parts = route.template.removeprefix("/api/v1").split("/")
        noun = parts[1]
        slugs = {"schedules": self.service.schedule.slug, "teams": self.service.dev_team.slug}
        keys = {
            "pages": self.page.pk,
            "people": self.insider.pk,
            "changes": self.change.pk,
            "incidents": self.task.pk,
            "settings": (self.webhook if "/webhooks/" in route.template else self.integration).pk,
            "webhooks": self.webhook.pk,
            "factors": self.postmortem.findings.first().pk,
            "postmortems": self.comment.pk,
        }
        entry = self.incident.timeline.first()
        return {
            "number": self.numbers.get(noun),
            "incident": self.incident.number,
            "slug": slugs.get(noun, self.service.slug),
            "pk": keys.get(noun, 1),
            "page": self.page.pk,
            "webhook": self.webhook.pk,
            "person": self.insider.pk,
            "change": self.change.pk,
            "task": self.task.pk,
            "entry": entry.pk,
            "finding": self.postmortem.findings.first().pk,
            "review": self.postmortem.reviews.first().pk,
            "invitation": self.postmortem.invitations.first().pk,
            "note": self.postmortem.interviews.first().pk,
            "key": "summary",
            "version": 1,
            "name": self.image.name if noun in ("images", "postmortems") else "coverage",
            "comment": self.comment.pk,
            "figure": "coverage",
            "token": "x",
            "provider_id": "oidc",
            "uidb36": "1",
            "method": 1,
            "urgency": "high",
            "handle": "dev-oncall",
            "secret": 1,
            "integration": self.integration.pk,
            "message": 1,
            "source": "event",
            "content_type_id": ContentType.objects.get_for_model(self.incident).pk,
            "object_id": self.incident.pk,
            "app_label": "incidents",
            "url": "incidents",
        }

    def address(self, route):
        return route.address(self.values(route))

    def absent(self, route):
        """The same address of a record that there never was."""
        nothing = dict.fromkeys(("number", "incident", "pk", "page"), FIRST + 999)
        return route.address(self.values(route) | nothing)


def settle():
    while outbox.react() or fanout.fan_out_due():
        pass


def browser(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def world():
    return World()


@pytest.fixture
def outsider(world):
    return browser(AdministratorFactory(is_superuser=True))


def is_private(route):
    """Whether the address is that of a private record, or of a part of it."""
    if route.template.startswith("/admin/"):
        return False
    numbered = any(f"/{noun}/{{number}}/" in route.template for noun in RECORDS)
    return numbered or "/pages/{pk}/" in route.template or "exempt/{incident}" in route.template


def leaks(world, answer):
    """What an answer gives away: the title, or a number."""
    content = answer.getvalue()  # also of what is streamed
    text = content.decode(errors="replace") + answer.headers.get("Location", "")
    found = [SECRET] if SECRET in text else []
    return found + [str(n) for n in world.numbers.values() if re.search(rf"(?<!\d){n}(?!\d)", text)]


def test_every_address_of_a_private_record_is_one_that_is_not_there(world, outsider):
    private = [route for route in ROUTES if is_private(route)]
    assert len(private) > 90
    seen = {route.template: outsider.get(world.address(route)).status_code for route in private}
    assert {template: status for template, status in seen.items() if status not in (404, 405)} == {}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_is_done_to_a_private_record_is_answered_as_if_there_were_none(world, outsider, method):
    ask = getattr(outsider, method)
    for route in filter(is_private, ROUTES):
        body = {"content_type": "application/json", "data": "{}"} if route.is_api else {}
        hidden, absent = ask(world.address(route), **body), ask(world.absent(route), **body)
        assert hidden.status_code == absent.status_code, route.template
        assert hidden.status_code in (400, 404, 405), route.template
        assert SECRET not in hidden.content.decode()


def test_no_other_address_shows_anything_of_it(world, outsider):
    told = {}
    for route in ROUTES:
        if not is_private(route):
            for query in QUERIES:
                address = world.address(route)
                answer = outsider.get(f"{address}?{query}")
                if answer.status_code == 500 or leaks(world, answer):
                    told[f"{route.template}?{query}"] = (answer.status_code, leaks(world, answer))
    assert not told


def test_no_figure_counts_it(world, outsider):
    for figure in FIGURES:
        for address in (f"trends/{figure}?", f"trends/{figure}?format=csv&", f"trends/{figure}/rows?"):
            for narrowed in ("", f"service={world.service.slug}&"):
                answer = outsider.get(f"/api/v1/{address}{narrowed}until=2999-01-01")
                assert answer.status_code == 200
                assert not leaks(world, answer)
        assert not leaks(world, outsider.get(f"/trends/{figure}/?until=2999-01-01"))


def test_the_incident_beside_it_was_not_seen_before(world, outsider):
    for address in (
        "/incidents/5/",
        "/incidents/5/seen-before/",
        "/incidents/5/rail/",
        "/api/v1/incidents/5/seen-before/",
    ):
        answer = outsider.get(address)
        assert answer.status_code == 200
        assert not leaks(world, answer)


def test_no_calendar_says_why_somebody_is_needed(world):
    reader = AdministratorFactory()
    answer = Client().get(f"/api/v1/schedules/{world.service.schedule.slug}.ics", {"key": calendars.key_of(reader)})
    assert answer.status_code == 200
    assert not leaks(world, answer)


def test_whoever_takes_part_sees_it_at_the_same_addresses(world):
    """So that the tests above would notice."""
    insider = browser(world.insider)
    shown = {route.name for route in ROUTES if leaks(world, insider.get(f"{world.address(route)}?q={WORD}"))}
    assert shown >= {
        "incidents:list",
        "incidents:room",
        "incidents:of-service",
        "postmortems:list",
        "postmortems:detail",
        "postmortems:latest-comments",
        "postmortems:image",
        "api-comments",
        "api-image",
        "postmortems:search",
        "postmortems:known-errors-of-service",
        "api-incidents",
        "api-incident-timeline",
        "api-postmortem-export",
        "api-problems",
        "api-articles",
        "api-search",
        "api-page-list",
        "oncall:page",
    }
