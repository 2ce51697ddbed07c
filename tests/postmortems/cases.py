"""Records as the services make them, in the fewest words."""

from datetime import timedelta

from django.utils import timezone

from postmortems import services
from tests.factories import ContactMethodFactory, IncidentFactory, MembershipFactory, TeamFactory


def member(discipline):
    """Somebody of a Dev or an Ops team who can be reached by e-mail."""
    person = ContactMethodFactory().person
    MembershipFactory(person=person, team=TeamFactory(discipline=discipline))
    return person


def resolved(*, severity="sev2", after=timedelta(hours=1), ago=timedelta(days=1), services=(), **fields):
    """An incident that was resolved `ago`, `after` it had started."""
    end = timezone.now() - ago
    incident = IncidentFactory(
        severity=severity,
        status="resolved",
        started_at=end - after,
        mitigated_at=end,
        resolved_at=end,
        **fields,
    )
    incident.services.set(services)
    return incident


def reviewed(*incidents, factors=("data",), title=None):
    """A post-mortem in review that only waits to be published."""
    dev, ops = member("dev"), member("ops")
    for incident in incidents:
        for person in (dev, ops):
            incident.participant_set.get_or_create(person=person, defaults={"how": "added"})
    postmortem = services.open_postmortem(incidents=incidents, template="service-reliability", by=dev, title=title)
    services.save_section(postmortem=postmortem, key="summary", body="What happened.", version=0, by=dev)
    for factor in factors:
        services.add_factor(postmortem=postmortem, factor=factor, by=dev)
    services.ask_reviewer(postmortem=postmortem, person=dev, side="dev", by=dev)
    services.ask_reviewer(postmortem=postmortem, person=ops, side="ops", by=dev)
    postmortem = services.transition(postmortem=postmortem, to="in_review", by=dev)
    services.sign_off(postmortem=postmortem, by=dev)
    services.sign_off(postmortem=postmortem, by=ops)
    return postmortem


def published(*incidents, **options):
    """A published post-mortem."""
    return services.transition(postmortem=reviewed(*incidents, **options), to="published", by=None)
