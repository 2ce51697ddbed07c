"""What follows from what happens to problems (see config/reactions.py)."""

from __future__ import annotations

from notifications.models import Event
from oncall.tell import tell_person
from postmortems.models import Problem
from postmortems.problems.asks import stale


def ask_for_articles(event: Event) -> None:
    """Tell the owner of a problem that was resolved which of its articles are to be updated or archived."""
    problem = Problem.objects.select_related("owner").get(number=event.payload["problem"])
    owner = problem.owner
    if (
        owner is None
        or problem.resolved_at is None
        or not Problem.objects.visible_to(owner).filter(pk=problem.pk).exists()
    ):
        return
    if articles := stale(problem, owner):
        tell_person(
            owner,
            key=f"problem:{problem.number}:articles:{event.pk}",
            about=f"problem:{problem.number}",
            subject=f"Resolved: {problem.title}",
            text="Update or archive what was written before: " + ", ".join(map(str, articles)) + ".",
            url=problem.get_absolute_url(),
        )
