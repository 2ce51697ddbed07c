"""Playing the stories: through the real services and the real intake, with the clock set to when they happened."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from changes import ledger
from changes.events import ChangeEvent
from config.demo import measures
from config.demo.measures import Trouble
from config.demo.organisation import email
from config.demo.stories import Story
from incidents import services as incidents
from incidents.models import Incident
from notifications import inbox, outbox
from notifications.models import Delivery, Integration
from oncall import paging
from oncall.models import Page, Person, Service
from oncall.shifts import on_call_now
from telemetry.models import Snapshot

AS_EVER = (100.0, 100.0)  # a metric that the story says nothing of


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Do something then, and let everything that follows from it follow then."""
    with time_machine.travel(moment, tick=True):
        yield
        while inbox.process_due() or outbox.react():
            pass


class Stage:
    """One story being played. The public methods without underscore are the verbs of its lines."""

    def __init__(self, story: Story, began: datetime) -> None:
        self.story, self.began = story, began
        self.service = Service.objects.get(slug=story.service)
        self.incident: Incident | None = None

    def play(self) -> Incident:
        """All of it, in order of time; returns the incident."""
        for minutes, slug, kind, revision, words in sorted(self.story.before, reverse=True):
            with at(self.began - timedelta(minutes=minutes)):
                record(slug, kind, "succeeded", revision, words)
        with at(self.began + timedelta(minutes=self.story.noticed)):
            self._begin()
        for line in self.story.lines:
            minutes, verb, *spoken = line
            with at(self.began + timedelta(minutes=minutes)):
                getattr(self, verb)(*spoken)
        self._draw_panels()
        return self._incident()

    def acknowledge(self, side: str) -> None:
        for page in Page.objects.open().filter(about=self._incident().subject):
            paging.acknowledge(page=page, person=self._person(side), via="slack")

    def role(self, role: str, who: str) -> None:
        person = self._person(who)
        incidents.assign_role(incident=self._incident(), role=role, person=person, by=self._responder(who))

    def note(self, who: str, text: str) -> None:
        incidents.add_note(incident=self._incident(), text=text, by=self._person(who))

    def update(self, who: str, text: str) -> None:
        incidents.post_update(incident=self._incident(), text=text, by=self._responder(who))

    def task(self, who: str, title: str) -> None:
        incidents.add_task(incident=self._incident(), title=title, by=self._person(who), assignee=self._person(who))

    def status(self, who: str, to: str, reason: str) -> None:
        incidents.transition(incident=self._incident(), to=to, by=self._person(who), reason=reason)
        if self.story.alert and to == "resolved":
            self._send_alert("resolved")

    def change(self, slug: str, state: str, revision: str) -> None:
        record(slug, "deploy", state, revision, "")

    def _begin(self) -> None:
        if self.story.alert:
            self._send_alert("firing")
            while inbox.process_due() or outbox.react():
                pass
            self.incident = Incident.objects.open().get(services=self.service, source="alert")
            incidents.edit(incident=self.incident, title=self.story.title, by=self._person("ops"))
            if self.story.severity != self.incident.severity:
                incidents.change_severity(incident=self.incident, severity=self.story.severity, by=self._person("ops"))
            return
        self.incident, _ = incidents.declare(
            title=self.story.title,
            severity=self.story.severity,
            services=[self.service],
            started_at=self.began,
            private=self.story.private,
            practice=self.story.practice,
            source="slack",
            by=self._person("dev"),
        )

    def _send_alert(self, status: str) -> None:
        """As Alertmanager sends it, through the inbox."""
        ended = timezone.now().isoformat() if status == "resolved" else "0001-01-01T00:00:00Z"
        labels = {"alertname": self.story.alert, "service": self.story.service, "severity": "critical"}
        alert = {
            "status": status,
            "labels": labels,
            "annotations": {"summary": self.story.title},
            "startsAt": self.began.isoformat(),
            "endsAt": ended,
            "generatorURL": "https://prometheus.shop.example/graph",
            "fingerprint": f"{random.Random(self.story.alert + self.story.at).getrandbits(64):016x}",  # noqa: S311
        }
        body = {"version": "4", "groupKey": f"{{}}:{labels}", "status": status, "receiver": "andon", "alerts": [alert]}
        integration = Integration.objects.get(source="alertmanager")
        key = f"demo:{alert['fingerprint']}:{status}:{self.began:%s}"
        inbox.keep(source="alertmanager", integration=integration, key=key, headers={}, body=json.dumps(body).encode())

    def _draw_panels(self) -> None:
        """Sample metrics for the incident's panels: there is no Prometheus in the demonstration."""
        incident = self._incident()
        end = incident.resolved_at + timedelta(minutes=10) if incident.resolved_at else timezone.now()
        mended = incident.mitigated_at or incident.resolved_at
        for snapshot in Snapshot.objects.about(incident.subject):
            usual, trouble = self.story.metrics.get(snapshot.name, AS_EVER)
            measures.show(snapshot, Trouble(self.began, mended, end), usual, trouble, self.story.service)

    def _incident(self) -> Incident:
        assert self.incident is not None, "the incident is declared before the first line"  # noqa: S101
        self.incident.refresh_from_db()
        return self.incident

    def _person(self, who: str) -> Person:
        """`dev` and `ops` are whoever is on call for the service now; else somebody by key."""
        if who in ("dev", "ops"):
            return on_call_now(self.service)[who][0]
        return Person.objects.get(email=email(who))

    def _responder(self, who: str) -> Person:
        person = self._person(who)
        return person if person.role != Person.Role.VIEWER else self._person("ops")


def record(slug: str, kind: str, state: str, revision: str, words: str) -> None:
    """A change, as GitHub or the flag service would have told of it."""
    source = "github" if kind == "deploy" else "event"
    event = ChangeEvent(
        external_id=f"{slug}:{revision}",
        state=state,  # type: ignore[arg-type]  # scripts use the ledger's own words
        occurred_at=timezone.now(),
        kind=kind,  # type: ignore[arg-type]
        environment="production",
        revision=revision,
        repository=f"shop/{slug}",
        service_hint=slug,
        actor="release train" if kind == "deploy" else "",
        description=words,
    )
    ledger.record(event=event, source=source, integration=Integration.objects.get(source=source))


def silence() -> None:
    """Nobody is really to be told of what is past."""
    Delivery.objects.filter(state=Delivery.State.WAITING).update(state=Delivery.State.WITHDRAWN)
    Page.objects.open().filter(created_at__lt=timezone.now() - timedelta(hours=6)).update(state=Page.State.RESOLVED)
