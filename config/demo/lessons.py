"""What the sample organisation learned: post-mortems, actions, problems and articles, through the real services."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from config.demo.organisation import TEAMS, email
from config.demo.stage import at
from config.demo.stories import Lesson
from incidents.models import Incident
from oncall.models import Person, Team
from postmortems import services
from postmortems.models import Postmortem


def learn(incident: Incident, lesson: Lesson, today: date) -> None:
    """Write the post-mortem of a resolved incident, some days after it; actions are due around `today`."""
    resolved = incident.resolved_at or timezone.now()
    with at(min(resolved + timedelta(days=lesson.days_later), timezone.now() - timedelta(minutes=30))):
        facilitator = _somebody_else(incident)
        postmortem = incident.postmortems.first() or services.open_postmortem(incidents=[incident], by=facilitator)
        services.set_facilitator(postmortem=postmortem, person=facilitator, by=facilitator)
        _write(postmortem, lesson, facilitator)
        _act(postmortem, lesson, facilitator, today)
        if lesson.status != "draft":
            _review(postmortem, incident, lesson, facilitator)
        _record(postmortem, incident, lesson, facilitator)


def _write(postmortem: Postmortem, lesson: Lesson, by: Person) -> None:
    for section in postmortem.sections.all():
        if body := lesson.sections.get(section.key):
            services.save_section(postmortem=postmortem, key=section.key, body=body, version=section.version, by=by)
    for kind, found in (("contributing", lesson.factors), ("mitigating", lesson.mitigators)):
        for factor, note in found.items():
            services.add_factor(postmortem=postmortem, factor=factor, kind=kind, note=note, by=by)


def _act(postmortem: Postmortem, lesson: Lesson, by: Person, today: date) -> None:
    for title, kind, owner, team, state, days in lesson.actions:
        action = services.create_action(
            title=title,
            by=by,
            postmortem=postmortem,
            kind=kind,
            owner=Person.objects.get(email=email(owner)),
            team=Team.objects.get(slug=team),
            due_on=today + timedelta(days=days),
        )
        if state != "proposed":
            services.transition_action(action=action, to="accepted", by=by)
        if state in ("in_progress", "done"):
            services.transition_action(action=action, to="in_progress", by=by)
        if state == "done":
            services.transition_action(action=action, to="done", by=by)


def _review(postmortem: Postmortem, incident: Incident, lesson: Lesson, by: Person) -> None:
    service = incident.services.get()
    sides = {"dev": service.dev_team, "ops": service.ops_team}
    reviewers = {}
    for side, team in sides.items():
        person = team.members.exclude(pk=by.pk).order_by("name").first() if team else None
        if person:
            services.ask_reviewer(postmortem=postmortem, person=person, side=side, by=by)
            reviewers[side] = person
    services.transition(postmortem=postmortem, to="in_review", by=by)
    if lesson.status == "published":
        for side, person in reviewers.items():
            services.sign_off(postmortem=postmortem, by=person, side=side)
        services.transition(postmortem=postmortem, to="published", by=by)


def _record(postmortem: Postmortem, incident: Incident, lesson: Lesson, by: Person) -> None:
    services_of = list(incident.services.all())
    if lesson.problem:
        title, cause, workaround = lesson.problem
        problem = services.open_problem(
            title=title, by=by, incidents=[incident], postmortem=postmortem, services=services_of
        )
        services.mark_known_error(problem=problem, by=by, cause_notes=cause, workaround=workaround)
    if lesson.article:
        title, issue, resolution = lesson.article
        article = services.write_article(
            title=title, issue=issue, by=by, resolution=resolution, services=services_of, postmortems=[postmortem]
        )
        services.set_confidence(article=article, confidence="validated", by=by)


def _somebody_else(incident: Incident) -> Person:
    """A facilitator from outside of the responding team."""
    service = incident.services.get()
    busy = {team.slug for team in (service.dev_team, service.ops_team) if team}
    free = next(slug for slug in TEAMS if slug not in busy)
    return Person.objects.get(email=email(TEAMS[free][2][0]))
