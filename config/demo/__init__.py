"""The sample organisation of `bin/up --demo`: three weeks at a shop, told through the real services."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from config.demo import agreed, delivery, learning, operations, organisation
from config.demo.lessons import learn
from config.demo.stage import Stage, at, silence
from config.demo.stories import NOW, STORIES, Story
from oncall.models import Person
from oncall.shifts import extend_all
from slack import practice

WEEKS = 3
BREAKS, DEPLOYS = 0.1, 0.25  # shares of builds that fail, and of the others that are deployed
SIGN_IN = (organisation.email("sam"), organisation.PASSWORD)


def load(say: Callable[[str], None]) -> None:
    """Load it into an empty database; a database with people in it is left alone. `say` hears of the progress."""
    if Person.objects.exists():
        return
    today = timezone.now()
    monday = today - timedelta(days=today.weekday() + 7 * WEEKS)
    say("Loading a sample organisation: people, services, schedules …")
    with at(monday.replace(hour=5)):
        organisation.found(f"{monday:%Y-%m-%d}")
        practice.people()  # in the practice workspace they are paged from the first story on
    say("  three weeks of changes …")
    _everyday_changes(today)
    for number, story in enumerate(STORIES, start=1):
        say(f"  incident {number} of {len(STORIES) + len(NOW)}: {story.title} …")
        incident = Stage(story, _began(story, today)).play()
        if story.lesson:
            learn(incident, story.lesson, today.date())
        silence()
    say("  what the gate was asked …")
    delivery.agree(today)
    delivery.ask_earlier(today)
    for story in NOW:
        say(f"  and now: {story.title} …")
        Stage(story, _began(story, today)).play()
    delivery.ask_now(today)
    extend_all()
    say("  who stands in for whom …")
    agreed.arrange()
    say("  what is learned from it …")
    learning.arrange(today)
    operations.arrange(today)


def _began(story: Story, today: datetime) -> datetime:
    """When it began: a time of day some days ago, or `-hh:mm` before now."""
    hours, minutes = (int(part) for part in story.at.removeprefix("-").split(":"))
    if story.at.startswith("-"):
        return today - timedelta(hours=hours, minutes=minutes)
    return (today - timedelta(days=story.days_ago)).replace(hour=hours, minute=minutes, second=0, microsecond=0)


def _everyday_changes(today: datetime) -> None:
    """On every working day each service is built once or twice, and some of it deployed, with nothing the matter."""
    dice = random.Random(2026)  # noqa: S311 - the same sample for everybody
    for day in range(7 * WEEKS, 0, -1):
        moment = (today - timedelta(days=day)).replace(hour=8, minute=30)
        for service in organisation.SERVICES if moment.weekday() < 5 else ():
            for _ in range(dice.randint(1, 2)):
                moment += timedelta(minutes=dice.randint(15, 50))
                breaks, deploys = dice.random() < BREAKS, dice.random() < DEPLOYS
                with at(moment):
                    delivery.deliver(service["slug"], dice, breaks=breaks, deploys=deploys)
