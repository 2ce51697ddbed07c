"""What was seen before, as the plain facts that Slack shows."""

from __future__ import annotations

from incidents.models import Incident
from notifications.links import absolute
from postmortems.finding.resemblance import Seen, SeenHit
from postmortems.finding.seen_before import certain_errors
from postmortems.models import Problem
from slack.blocks import SeenFacts

_SIGNS = {"incident": "#", "article": "K", "problem": "P"}
FEW = 2


def facts_of(seen: Seen) -> list[SeenFacts]:
    """Known errors first, with their workaround."""
    return [_fact(hit) for hit in (*seen.known_errors, *seen.incidents, *seen.articles)]


def known_to_all(incident: Incident) -> list[SeenFacts]:
    """Known errors that this incident is like, as far as everybody may read of them."""
    return [_error(problem) for problem in certain_errors(incident, Problem.objects.open_to_all())[:FEW]]


def _fact(hit: SeenHit) -> SeenFacts:
    if hit.kind == "problem":
        return _error(hit.row)
    more = hit.row.get_status_display() if hit.kind == "incident" else hit.row.get_confidence_display()
    return SeenFacts(f"{_SIGNS[hit.kind]}{hit.number}", hit.title, absolute(hit.url), more=more)


def _error(problem: Problem) -> SeenFacts:
    url = absolute(problem.get_absolute_url())
    return SeenFacts(f"P{problem.number}", problem.title, url, workaround=problem.workaround)
