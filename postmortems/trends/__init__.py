"""Figures by name, for one person and one period: fetch rows, compute, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from notifications.errors import InvalidInput
from postmortems import metrics
from postmortems.metrics import Figure
from postmortems.models import Factor
from postmortems.trends import queries
from postmortems.trends.filters import Filters, parse

__all__ = ["FIGURES", "Figure", "Filters", "figure", "parse"]


def _coverage(user: Any, filters: Filters) -> Figure:
    return metrics.coverage(queries.resolved_incidents(user, filters), filters.period)


def _time_to_postmortem(user: Any, filters: Filters) -> Figure:
    return metrics.time_to_postmortem(queries.resolved_incidents(user, filters), filters.period)


def _time_to_restore(user: Any, filters: Filters) -> Figure:
    return metrics.time_to_restore(queries.harmful_incidents(user, filters), filters.period)


def _detection(user: Any, filters: Filters) -> Figure:
    return metrics.detection(queries.started_incidents(user, filters), filters.period)


def _factor_share(user: Any, filters: Filters) -> Figure:
    names = dict(Factor.objects.values_list("key", "name"))
    return metrics.factor_share(queries.published_postmortems(user, filters), filters.period, names)


def _actions_on_time(user: Any, filters: Filters) -> Figure:
    return metrics.actions_on_time(queries.actions(user, filters), filters.period)


def _overdue_actions(user: Any, filters: Filters) -> Figure:
    return metrics.overdue_actions(queries.actions(user, filters), filters.period)


def _problems(user: Any, filters: Filters) -> Figure:
    return metrics.problems(queries.unresolved_problems(user, filters), filters.period, timezone.localdate())


def _knowledge(user: Any, filters: Filters) -> Figure:
    return metrics.knowledge(queries.articles(user, filters), filters.period, timezone.localdate())


def _learning(user: Any, filters: Filters) -> Figure:
    sessions, exercises = queries.read_and_played(user, filters)
    published = queries.read_postmortems(user, filters)
    return metrics.learning(published, filters.period, sessions=sessions, exercises=exercises)


def _improvement_time(user: Any, filters: Filters) -> Figure:
    return metrics.improvement_time(queries.improvement_time(filters), filters.period)


def _suspects_recall(user: Any, filters: Filters) -> Figure:
    return metrics.suspects_recall(queries.confirmed_changes(user, filters), filters.period)


FIGURES: dict[str, Callable[[Any, Filters], Figure]] = {
    "coverage": _coverage,
    "time-to-postmortem": _time_to_postmortem,
    "time-to-restore": _time_to_restore,
    "detection": _detection,
    "suspects-recall": _suspects_recall,
    "factor-share": _factor_share,
    "actions-on-time": _actions_on_time,
    "overdue-actions": _overdue_actions,
    "problems": _problems,
    "knowledge": _knowledge,
    "learning": _learning,
    "improvement-time": _improvement_time,
}
"""By name, in the order of the page."""


def figure(name: str, *, user: Any, filters: Filters) -> Figure:
    """The figure of that name, over what `user` may see. Raises `InvalidInput` naming the known ones."""
    if name not in FIGURES:
        raise InvalidInput(figure=f"{name!r} is no figure: choose one of {', '.join(FIGURES)}.")
    return FIGURES[name](user, filters)
