"""What a resolved problem asks of people: its articles brought up to date, or the problem itself reopened."""

from __future__ import annotations

from typing import Any

from postmortems.models import Article, Problem


def asks(problem: Problem, user: Any) -> list[str]:
    """Sentences, for this person; empty while it is unresolved or nothing is left to do."""
    if problem.resolved_at is None or problem.status not in ("resolved", "closed"):
        return []
    articles = [
        f"{article} was written before this was resolved: update or archive it." for article in stale(problem, user)
    ]
    return [*articles, *([_reopen(problem)] if came_back(problem) else [])]


def stale(problem: Problem, user: Any) -> list[Article]:
    """Its articles that nobody has touched since it was resolved."""
    linked = Article.objects.visible_to(user).current().filter(problems=problem)
    return list(linked.filter(updated_at__lt=problem.resolved_at))


def came_back(problem: Problem) -> bool:
    """Whether it shows in an incident that began after it was resolved."""
    if problem.resolved_at is None or problem.status not in ("resolved", "closed"):
        return False
    return problem.incidents.filter(started_at__gt=problem.resolved_at).exists()


def _reopen(problem: Problem) -> str:
    number = problem.incidents.order_by("-number").values_list("number", flat=True).first()
    return f"#{number} came after this was resolved: reopen the problem, or unlink the incident."
