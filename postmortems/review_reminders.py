"""Reminding people to look again at what they wrote or accepted, when its date has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from notifications.models import Delivery
from oncall.models import Person
from oncall.tell import tell_person
from postmortems.models import Article, Problem


def remind_due() -> int:
    """Once for each record, person and month since its date; returns how many were told now."""
    today = timezone.localdate()
    return _remind_of_risks(today) + _remind_of_articles(today)


def month_of(due: date, today: date) -> int:
    """How many whole months have gone by since `due`: each has a reminder of its own, the first on the day itself."""
    return (today.year - due.year) * 12 + today.month - due.month - (today.day < min(due.day, 28))


def _remind_of_risks(today: date) -> int:
    accepted = Problem.objects.filter(outcome="risk_accepted", review_on__lte=today, status__in=("resolved", "closed"))
    return sum(
        _tell(
            person,
            f"problem:{problem.number}:review:{problem.review_on}:{month_of(problem.review_on, today)}:{person.pk}",
            problem,
            subject=f"Look again at an accepted risk: {problem.title}",
            text="Is it still right to accept it? Reopen the problem, or give it another date.",
        )
        for problem in accepted.select_related("owner", "team", "created_by")
        if problem.review_on
        for person in ([problem.owner] if problem.owner and problem.owner.is_active else _keepers(problem))
    )


def _remind_of_articles(today: date) -> int:
    due = Article.objects.current().filter(review_on__lte=today).select_related("team", "created_by")
    return sum(
        _tell(
            person,
            f"article:{article.number}:review:{article.review_on}:{month_of(article.review_on, today)}:{person.pk}",
            article,
            subject=f"Is it still right? {article.title}",
            text="Read it: say that it is still right, change it, or archive it.",
        )
        for article in due
        if article.review_on
        for person in _keepers(article)
    )


def _keepers(record: Problem | Article) -> Iterable[Person]:
    """The people of its team; without one, or with nobody in it, who wrote it."""
    team = list(record.team.members.filter(is_active=True)) if record.team else []
    return team or [person for person in [record.created_by] if person and person.is_active]


def _tell(person: Person, key: str, record: Problem | Article, *, subject: str, text: str) -> bool:
    if Delivery.objects.filter(dedup_key=key).exists():
        return False
    if not type(record).objects.visible_to(person).filter(pk=record.pk).exists():
        return False
    about = f"{record._meta.model_name}:{record.number}"
    return tell_person(person, key=key, about=about, subject=subject, text=text, url=record.get_absolute_url())
