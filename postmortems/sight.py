"""Who of some people may see a post-mortem: the rule of `visible_to`, asked from the other end."""

from __future__ import annotations

from django.db.models import QuerySet

from incidents.models import Participant
from oncall.models import Person
from postmortems.models import Postmortem


def who_see(people: QuerySet[Person], postmortem: Postmortem) -> QuerySet[Person]:
    """Those who are active and take part in every private incident that it is about."""
    for incident in postmortem.incidents.all():
        if incident.private:
            people = people.filter(pk__in=Participant.objects.filter(incident=incident).values("person"))
    return people.filter(is_active=True)
