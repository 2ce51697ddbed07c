"""How many queries each page takes, in `query_counts.json`: with a few rows and with three times as many.

`UPDATE_QUERY_COUNTS=1 bin/test tests/test_query_counts.py` writes the file anew; a number that grows is to be
explained in the commit.
"""

import json
import os
import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changes.events import PipelineRun as Run
from changes.gate import Question, check
from changes.gate.freezes import save_freeze
from changes.gate.policy import save_guard, save_template
from changes.models import Change, Pipeline
from changes.pipelines import record
from incidents.services import add_task, assign_role, declare, post_update, transition
from notifications import outbox
from oncall.calendars import key_of
from oncall.models import (
    ContactRule,
    Layer,
    LayerParticipant,
    Leave,
    Override,
    Page,
    Service,
    Shadow,
    Step,
    Swap,
    Target,
    Team,
)
from oncall.paging import page
from oncall.services.maintenance import plan_maintenance
from postmortems import services as lessons
from postmortems.canonical import Part
from postmortems.improvement import monday_of
from postmortems.models import Image
from postmortems.services.importing import start_import
from postmortems.services.improvement import set_improvement_time
from postmortems.services.taxonomy import save_factor
from postmortems.services.templates import save_template as save_post_mortem_template
from postmortems.services.trackers import add_tracker
from tests.factories import (
    AlertFactory,
    ChangeFactory,
    ContactMethodFactory,
    HeartbeatFactory,
    IntegrationFactory,
    PanelFactory,
    PanelTemplateFactory,
    PersonFactory,
    PolicyFactory,
    ServiceFactory,
    ShiftFactory,
    SnapshotFactory,
    TimelineEntryFactory,
    staffed_service,
)
from tests.notifications.outgoing import subscribe, waits_for
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db
FILE = Path(__file__).with_name("query_counts.json")
ROWS = 2


class World:
    """An organisation in which everything can be made more of."""

    def __init__(self, by):
        self.by = by
        self.service = staffed_service(slug="checkout")
        self.integration = IntegrationFactory()
        self.webhook = subscribe()
        self.incident, _ = declare(title="Checkout is slow", severity="sev1", services=[self.service], by=by)
        self.settle()
        self.page = Page.objects.get(about=self.incident.subject)
        self.past = self.learned_from()
        self.postmortem = self.past.postmortems.get()
        self.problem = lessons.open_problem(
            title="Retries pile up", by=by, postmortem=self.postmortem, services=[self.service]
        )
        self.article = lessons.write_article(title="Slow checkout", issue="Slow", by=by, services=[self.service])
        self.bare = staffed_service(slug="bare")
        Service.objects.filter(pk=self.bare.pk).update(policy=None)
        rule = {"kind": "weekly", "start": "2026-06-01T09:00"}
        self.layer = Layer.objects.create(seat=self.service.schedule.seats.first(), rule=rule)
        held = {"seat": self.layer.seat, "person": self.service.dev_team.members.get()}
        now = timezone.now()
        self.swap = Swap.objects.create(**held, start=now, end=now + timedelta(hours=20))
        self.template = save_template(name="Docs", owner=self.service.dev_team.slug, paths=["docs/"], by=by)
        self.check = self.asked("f0f0f0f")
        self.exercise = lessons.start_exercise(incident=self.past, by=by)
        self.tracker, _ = add_tracker(kind="github", name="Code", url="https://github.com", by=by)
        self.grow(ROWS)

    def settle(self):
        while outbox.react():
            pass

    def learned_from(self):
        """An incident that was resolved and has its post-mortem."""
        incident, _ = declare(title="Checkout was down", severity="sev1", services=[self.service], by=self.by)
        incident = transition(incident=incident, to="resolved", by=self.by)
        self.settle()
        return incident

    def asked(self, revision):
        """May this be deployed? An emergency, so that it is to be reviewed too."""
        question = Question(service="checkout", revision=revision, incident=self.incident.number, emergency=True)
        return check(question=question, by=self.by)

    def run_pipelines(self):
        """One pipeline more, and one run more of the first."""
        number = uuid.uuid4().hex
        for name in ("deliver", number):
            record(run=Run(pipeline=name, external_id=f"{name} {number}", repository="acme/checkout", status="failed"))
        self.change, self.pipeline = Change.objects.last(), Pipeline.objects.get(name="deliver")

    def grow(self, times):
        for _ in range(times):
            self.more()

    def more(self):
        """One more of each thing that a page lists, among them more parts of the very things the pages are about."""
        by = self.by
        other = staffed_service()
        self.service.depends_on.add(other)
        panel = PanelFactory(service=self.service)
        PanelTemplateFactory()
        SnapshotFactory(about=self.incident.subject, service=self.service, name=panel.name)
        IntegrationFactory()
        waits_for(self.webhook)
        waits_for(subscribe())
        ChangeFactory(service=self.service)
        self.run_pipelines()
        self.keep_policy(other)
        self.incident.alerts.add(AlertFactory(service=self.service))
        HeartbeatFactory(service=self.service)
        now = timezone.now()
        for start in (now, now + timedelta(days=1)):
            plan_maintenance(
                services=[self.service, other], start=start, end=start + timedelta(hours=1), reason="Disks", by=by
            )
        self.agree(other)
        declare(title="Search is slow", services=[other, self.service], by=by)
        page(subject="Look here", service=other, by=by)
        page(subject="Look there", person=by, by=by)
        TimelineEntryFactory(incident=self.incident, actor=other.dev_team.members.first())
        add_task(incident=self.incident, title="Look", by=by, assignee=other.dev_team.members.first())
        assign_role(incident=self.incident, role="scribe", person=other.ops_team.members.first(), by=by)
        post_update(incident=self.incident, text="We look", by=by)
        learned = self.learned_from()
        postmortem = learned.postmortems.get()
        action = self.set_to_do(other)
        lessons.add_factor(postmortem=self.postmortem, factor="data", by=by)
        self.discuss(other)
        self.facilitate(other)
        lessons.curate(postmortem=self.postmortem, entry=self.past.timeline.last(), by=by)
        problem = lessons.open_problem(title="Retries", by=by, postmortem=postmortem, services=[self.service])
        lessons.mark_known_error(problem=problem, by=by, cause_notes="None bounds them", workaround="Restart")
        lessons.link_problem(
            problem=self.problem, by=by, incidents=[learned], postmortems=[postmortem], actions=[action]
        )
        article = lessons.write_article(title="Slow", issue="Slow", by=by, services=[self.service], problems=[problem])
        lessons.start_exercise(incident=learned, by=by)
        self.imported = start_import(name="old.jsonl", raw=b'{"title": "x", "body": "y"}', by=by)
        lessons.say_in_exercise(exercise=self.exercise, text="Look at the retries", by=by)
        lessons.record_use(article=article, incident=self.incident, by=by)
        lessons.record_use(article=self.article, incident=learned, by=by)
        self.settle()

    def set_to_do(self, other):
        """One action more, of this team and that, tracked outside; and time set aside for it."""
        by, team, number = self.by, other.dev_team, other.pk
        self.action = lessons.create_action(
            title="Bound the retries",
            by=by,
            postmortem=self.postmortem,
            due_on=timezone.localdate() - timedelta(days=3),
            owner=by,
            team=self.service.dev_team,
            url=f"https://github.com/shop/pay/issues/{number}",
        )
        lessons.create_action(title="Alert on it", by=by, team=team, url="https://example.com/1")
        week = monday_of(timezone.localdate()) - timedelta(weeks=Team.objects.count() % 50)
        for one in (team, self.service.dev_team):
            set_improvement_time(team=one, week=week, planned_hours=Decimal(8), by=by)
        add_tracker(kind="jira", name=f"Jira {number}", url=f"https://jira{number}.example.com", by=by)
        return self.action

    def facilitate(self, other):
        """More people around the post-mortem, and more that they told."""
        by, told = self.by, {"postmortem": self.postmortem, "by": self.by}
        lessons.set_facilitator(**told, person=by)
        lessons.set_meeting(**told, at=timezone.now() + timedelta(days=2))
        for team, side in ((other.dev_team, "dev"), (other.ops_team, "ops")):
            lessons.invite(**told, person=team.members.first(), side=side)
            lessons.ask_reviewer(**told, person=team.members.first(), side=side)
        self.past.participant_set.create(person=PersonFactory(), how="joined")
        lessons.write_interview(**told, body="It looked well.", person=other.dev_team.members.first())

    def discuss(self, other):
        """Comments and a picture, a template and a factor more."""
        section, reader = self.postmortem.sections.first(), other.dev_team.members.first()
        thread = lessons.comment(section=section, body="Why?", quote="x", by=reader)
        lessons.reply(thread=thread, body="So.", by=self.by)
        lessons.resolve_thread(thread=lessons.comment(section=section, body="How?", by=reader), by=reader)
        Image.objects.create(
            postmortem=self.postmortem,
            content_type="image/png",
            content=b"x",
            digest=other.slug,
            width=1,
            height=1,
            by=reader,
        )
        save_post_mortem_template(name=other.slug, sections=[Part("summary", "Summary")], by=self.by)
        save_factor(name=other.slug, by=self.by)

    def keep_policy(self, other):
        """Questions to the gate, and what it decides by."""
        name = f"For {other.slug}"
        self.asked(f"{other.pk:07x}a")
        save_template(name=name, owner=other.dev_team.slug, service=other.slug, team=other.dev_team.slug, by=self.by)
        save_guard(name=name, service=other.slug, team=other.ops_team.slug, by=self.by)
        save_freeze(name=name, services=[other.slug], windows=[{}], environment="elsewhere", by=self.by)

    def agree(self, other):
        """More of what stands on schedules, policies and somebody's own on-call."""
        by, now = self.by, timezone.now()
        later = now + timedelta(days=30 * (Swap.objects.count() + 1))
        seat, policy = self.service.schedule.seats.first(), self.service.policy
        mate = PersonFactory()
        LayerParticipant.objects.create(layer=self.layer, turn=mate.pk, person=mate)
        ContactMethodFactory(person=mate)
        for person in (by, mate):
            ShiftFactory(seat=seat, person=person, during=(later, later + timedelta(days=7)))
            swap = {"seat": seat, "person": person, "start": later, "end": later + timedelta(days=1)}
            Swap.objects.create(**swap)
            Swap.objects.create(**swap, state="taken", taken_by=other.dev_team.members.first(), taken_at=now)
            Shadow.objects.create(seat=seat, person=person, start=now)
        method = ContactMethodFactory(person=by, address=f"{mate.pk}@example.com")
        ContactRule.objects.create(person=by, urgency="high", method=method)
        Leave.objects.create(person=by, start=later, end=later + timedelta(days=1))
        override = Override.objects.create(seat=seat, start=later, end=later + timedelta(hours=1), created_by=by)
        override.people.add(mate)
        ServiceFactory(policy=policy)
        step = Step.objects.create(policy=policy, position=policy.steps.count(), delay=timedelta(minutes=5))
        Target.objects.create(step=step, kind="person", person=mate)
        Target.objects.create(step=step, kind="team", team=other.dev_team)
        PolicyFactory()


def addresses(world):
    room, postmortem = f"/incidents/{world.incident.number}/", f"/postmortems/{world.postmortem.number}/"
    service = f"/services/{world.service.slug}/"
    return {
        "home": "/",
        "home: waiting": "/waiting/",
        "incidents": "/incidents/",
        "declare": "/incidents/declare/",
        "room": room,
        "room: timeline": f"{room}timeline/",
        "room: rail": f"{room}rail/",
        "room: panels": f"{room}panels/",
        "room: alerts": f"{room}alerts/",
        "room: seen before": f"{room}seen-before/",
        "room: known now": f"{room}known-now/",
        "seen in words": "/seen-before/?title=slow+checkout",
        "services": "/services/",
        "service": service,
        "service: incidents": f"{service}incidents/",
        "service: changes": f"{service}changes/",
        "service: panels": f"{service}panels/",
        "service: known errors": f"{service}known-errors/",
        "service: heartbeats": f"{service}heartbeats/",
        "heartbeat": f"{service}heartbeats/{world.service.heartbeats.first().pk}/",
        "maintenance": "/maintenance/",
        "schedules": "/schedules/",
        "schedule": f"/schedules/{world.service.schedule.slug}/",
        "schedule: report": f"/schedules/{world.service.schedule.slug}/report/",
        "schedule: rotations": f"/schedules/{world.service.schedule.slug}/rotations/",
        "schedule: swap": f"/schedules/{world.service.schedule.slug}/swaps/{world.swap.pk}/",
        "schedule: offer": f"/schedules/{world.service.schedule.slug}/swaps/new/",
        "schedule: import": f"/schedules/{world.service.schedule.slug}/import/",
        "schedule: calendar": f"/api/v1/schedules/{world.service.schedule.slug}.ics?key={key_of(world.by)}",
        "my calendar": f"/api/v1/people/me.ics?key={key_of(world.by)}",
        "metrics": "/metrics",
        "my on-call": "/oncall/",
        "service: escalation": f"/services/{world.bare.slug}/escalation/",
        "policies": "/policies/",
        "policy": f"/policies/{world.service.policy.slug}/",
        "policy: form": f"/policies/{world.service.policy.slug}/edit/",
        "pages": "/pages/?show=all",
        "page": f"/pages/{world.page.pk}/",
        "people": "/people/",
        "person": f"/people/{world.by.pk}/",
        "teams": "/teams/",
        "team": f"/teams/{world.service.dev_team.slug}/",
        "changes": "/changes/",
        "change": f"/changes/{world.change.pk}/",
        "change: form": "/changes/new/",
        "pipelines": "/changes/pipelines/",
        "pipeline": f"/changes/pipelines/{world.pipeline.pk}/",
        "API: pipelines": "/api/v1/pipelines/",
        "gate": "/changes/gate/",
        "gate: check": world.check.get_absolute_url(),
        "gate: form": "/changes/gate/ask/",
        "freezes": "/changes/freezes/",
        "change policy": "/changes/policy/",
        "change policy: template": f"/changes/policy/templates/{world.template.pk}/",
        "alerts": "/alerts/",
        "alert": world.incident.alerts.first().get_absolute_url(),
        "post-mortems": "/postmortems/",
        "post-mortem": postmortem,
        "post-mortem: timeline": f"{postmortem}timeline/",
        "post-mortem: facilitation": f"{postmortem}facilitation/",
        "post-mortem: guide": "/postmortems/guide/",
        "exercises": "/exercises/",
        "exercise": f"/exercises/{world.exercise.number}/",
        "post-mortem: comments": f"{postmortem}comments/",
        "post-mortem: pictures": f"{postmortem}images/",
        "post-mortem: incidents": f"{postmortem}incidents/",
        "settings: templates": "/settings/templates/",
        "settings: template": "/settings/templates/concise/edit/",
        "settings: factors": "/settings/factors/",
        "API: comments": f"/api/v1{postmortem}comments/",
        "API: pictures": f"/api/v1{postmortem}images/",
        "API: templates": "/api/v1/templates/",
        "API: factors": "/api/v1/factors/",
        "actions": "/actions/",
        "actions of a team": f"/actions/?team={world.service.dev_team.slug}",
        "action": f"/actions/{world.action.number}/",
        "time set aside": "/improvement/",
        "time set aside by a team": f"/improvement/{world.service.dev_team.slug}/",
        "problems": "/problems/",
        "known errors": "/problems/?known_errors=1&q=slow",
        "problem": f"/problems/{world.problem.number}/",
        "knowledge": "/knowledge/",
        "article": f"/knowledge/{world.article.number}/",
        "article history": f"/knowledge/{world.article.number}/history/",
        "trends": "/trends/",
        "trend rows": "/trends/coverage/",
        "search": "/search/?q=checkout",
        "settings: integrations": "/settings/integrations/",
        "settings: integration": f"/settings/integrations/{world.integration.pk}/",
        "settings: webhooks": "/settings/webhooks/",
        "settings: webhook": f"/settings/webhooks/{world.webhook.pk}/",
        "settings: rules of an integration": f"/settings/integrations/{world.integration.pk}/rules/",
        "post-mortem: export as HTML": f"{postmortem}export/?format=html",
        "settings: imports": "/settings/import/",
        "settings: import": f"/settings/import/{world.imported.pk}/",
        "settings: trackers": "/settings/trackers/",
        "settings: tracker": f"/settings/trackers/{world.tracker.pk}/",
        "settings: tokens": "/settings/tokens/",
        "settings: slack": "/settings/slack/",
        "settings: unmatched": "/settings/unmatched/",
        "settings: panels": "/settings/panels/",
        "API: incidents": "/api/v1/incidents/",
        "API: timeline": f"/api/v1{room}timeline/",
        "API: alerts of an incident": f"/api/v1{room}alerts/",
        "API: suspects": f"/api/v1{room}suspects/",
        "API: services": "/api/v1/services/",
        "API: schedules": "/api/v1/schedules/",
        "API: people": "/api/v1/people/",
        "API: teams": "/api/v1/teams/",
        "API: pages": "/api/v1/pages/",
        "API: changes": "/api/v1/changes/",
        "API: gate checks": "/api/v1/gate/checks",
        "API: gate check": f"/api/v1/gate/checks/{world.check.pk}",
        "API: gate templates": "/api/v1/gate/templates/",
        "API: gate guards": "/api/v1/gate/guards/",
        "API: gate freezes": "/api/v1/gate/freezes/",
        "API: alerts": "/api/v1/alerts/",
        "API: heartbeats": "/api/v1/heartbeats/",
        "API: panels of a service": f"/api/v1{service}panels/",
        "API: panel templates": "/api/v1/panel-templates/",
        "API: maintenance": "/api/v1/maintenance/",
        "API: post-mortems": "/api/v1/postmortems/",
        "API: post-mortem": f"/api/v1{postmortem}",
        "API: participants": f"/api/v1{postmortem}participants/",
        "API: meeting": f"/api/v1{postmortem}meeting/",
        "API: meeting as a calendar": f"/api/v1{postmortem}meeting.ics",
        "API: interviews": f"/api/v1{postmortem}interviews/",
        "API: suggestions": f"/api/v1{postmortem}suggestions/",
        "API: timeline of a post-mortem": f"/api/v1{postmortem}timeline/",
        "API: exercises": "/api/v1/exercises/",
        "API: exercise": f"/api/v1/exercises/{world.exercise.number}/",
        "API: export as JSON": f"/api/v1{postmortem}export?format=json",
        "API: imports": "/api/v1/imports/",
        "API: import": f"/api/v1/imports/{world.imported.pk}/",
        "API: actions": "/api/v1/actions/",
        "API: actions of each team": "/api/v1/actions/teams/",
        "API: trackers": "/api/v1/trackers/",
        "API: time set aside": "/api/v1/improvement-time/",
        "API: problems": "/api/v1/problems/",
        "API: suggested problems": "/api/v1/problems/suggestions/",
        "API: seen before": "/api/v1/seen-before/?q=slow",
        "API: seen before an incident": f"/api/v1{room}seen-before/",
        "API: knowledge": "/api/v1/knowledge/",
        "API: events": "/api/v1/events/?type=incident.*",
        "API: webhooks": "/api/v1/webhooks/",
        "API: messages of a webhook": f"/api/v1/webhooks/{world.webhook.pk}/messages/",
    }


def counted(client, world):
    """Queries by page. Each is asked twice: what is loaded once for all, such as content types, is not counted."""
    counts = {}
    for name, address in addresses(world).items():
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts[name] = len(captured)
    return counts


def test_pages_take_as_many_queries_as_they_are_known_to_take_however_many_rows():
    client = browser("administrator")
    world = World(client.person)
    few = counted(client, world)
    world.grow(2 * ROWS)
    many = counted(client, world)
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    if os.environ.get("UPDATE_QUERY_COUNTS") == "1":
        FILE.write_text(json.dumps(many, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert many == json.loads(FILE.read_text(encoding="utf-8"))
