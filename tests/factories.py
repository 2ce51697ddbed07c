"""One factory for each thing tests need, with the fewest words that make it valid."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from changes.ledger import TOLD
from changes.models import Change, LedgerEntry
from incidents.models import Incident, Participant, TimelineEntry
from notifications.models import ContactMethod, Integration, IntegrationSecret
from oncall.models import (
    Membership,
    Panel,
    Person,
    Policy,
    Schedule,
    Seat,
    Service,
    Shift,
    Step,
    Target,
    Team,
)
from telemetry.models import Alert, AlertRule, Heartbeat, PanelTemplate, Snapshot


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")


class AdministratorFactory(PersonFactory):
    role = Person.Role.ADMINISTRATOR


class ContactMethodFactory(DjangoModelFactory):
    class Meta:
        model = ContactMethod

    person = factory.SubFactory(PersonFactory)
    kind = ContactMethod.Kind.EMAIL
    address = factory.LazyAttribute(lambda o: o.person.email)


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    slug = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n}")
    discipline = "dev"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory)


class ScheduleFactory(DjangoModelFactory):
    class Meta:
        model = Schedule

    slug = factory.Sequence(lambda n: f"schedule-{n}")
    name = factory.Sequence(lambda n: f"Schedule {n}")
    timezone = "UTC"


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    schedule = factory.SubFactory(ScheduleFactory)
    name = "dev"


class ShiftFactory(DjangoModelFactory):
    """By default a shift that holds now."""

    class Meta:
        model = Shift

    seat = factory.SubFactory(SeatFactory)
    person = factory.SubFactory(PersonFactory)
    during = factory.LazyFunction(lambda: (timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)))


class PolicyFactory(DjangoModelFactory):
    """By default one step that reaches the Dev and the Ops seat."""

    class Meta:
        model = Policy
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"policy-{n}")
    name = factory.Sequence(lambda n: f"Policy {n}")

    @factory.post_generation
    def steps(policy, create, given, **kwargs):
        if create and given is None:
            step = Step.objects.create(policy=policy, position=0, delay=timedelta(minutes=5))
            for seat in ("dev", "ops"):
                Target.objects.create(step=step, kind="seat", seat=seat)


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    slug = factory.Sequence(lambda n: f"service-{n}")
    name = factory.Sequence(lambda n: f"Service {n}")


class PanelFactory(DjangoModelFactory):
    class Meta:
        model = Panel

    service = factory.SubFactory(ServiceFactory)
    name = factory.Sequence(lambda n: f"Panel {n}")
    query = 'up{job="{service}"}'


class PanelTemplateFactory(DjangoModelFactory):
    class Meta:
        model = PanelTemplate

    name = factory.Sequence(lambda n: f"Panel of all {n}")
    query = 'up{job="{service}"}'


class SnapshotFactory(DjangoModelFactory):
    """One that was stored a moment ago, with a point of now."""

    class Meta:
        model = Snapshot

    name = factory.Sequence(lambda n: f"Panel {n}")
    query = "up"
    since = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    covers_until = factory.LazyFunction(timezone.now)
    state = "stored"
    next_at = None
    series = factory.LazyFunction(lambda: [{"label": "value", "points": [[timezone.now().timestamp(), 1.0]]}])


def staffed_service(**fields):
    """A service whose Dev and Ops seats are filled now, by people who can be reached by e-mail."""
    schedule = fields.pop("schedule", None) or ScheduleFactory()
    dev_team, ops_team = TeamFactory(discipline="dev"), TeamFactory(discipline="ops")
    for position, (side, team) in enumerate((("dev", dev_team), ("ops", ops_team))):
        person = ContactMethodFactory(person__name=f"{side.title()} Person").person
        MembershipFactory(team=team, person=person)
        ShiftFactory(seat=SeatFactory(schedule=schedule, name=side, position=position), person=person)
    return ServiceFactory(schedule=schedule, policy=PolicyFactory(), dev_team=dev_team, ops_team=ops_team, **fields)


class IntegrationFactory(DjangoModelFactory):
    class Meta:
        model = Integration
        skip_postgeneration_save = True

    source = "event"
    name = factory.Sequence(lambda n: f"Integration {n}")

    @factory.post_generation
    def secret(integration, create, given, **kwargs):
        if create:
            IntegrationSecret.objects.create(integration=integration, secret=given or f"secret-{integration.pk}")


class ChangeFactory(DjangoModelFactory):
    class Meta:
        model = Change
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"test:{n}")
    service = factory.SubFactory(ServiceFactory)
    revision = factory.Sequence(lambda n: f"{n:040x}")
    state = "succeeded"
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=10))
    finished_at = factory.SelfAttribute("started_at")

    @factory.post_generation
    def entries(change, create, given, **kwargs):
        if create:
            told = {name: getattr(change, name) for name in (*TOLD, "type", "overridden")}
            step = {"state": change.state, "at": change.started_at, "actor": change.actor}
            LedgerEntry.objects.create(change=change, **step, data=told)


class AlertFactory(DjangoModelFactory):
    class Meta:
        model = Alert

    fingerprint = factory.Sequence(lambda n: f"{n:016x}")
    service = factory.SubFactory(ServiceFactory)
    name = "HighErrorRate"
    status = "firing"
    starts_at = factory.LazyFunction(timezone.now)


class AlertRuleFactory(DjangoModelFactory):
    class Meta:
        model = AlertRule

    service = factory.SubFactory(ServiceFactory)
    labels = {"severity": "critical"}
    incident_severity = "sev1"


class HeartbeatFactory(DjangoModelFactory):
    class Meta:
        model = Heartbeat

    service = factory.SubFactory(ServiceFactory)
    name = factory.Sequence(lambda n: f"Job {n}")
    every = timedelta(days=1)


class IncidentFactory(DjangoModelFactory):
    """An incident as a row; to go the way a real one goes, call `incidents.services.declare`."""

    class Meta:
        model = Incident
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: n + 1_000)
    title = factory.Sequence(lambda n: f"Something is wrong {n}")
    declared_by = factory.SubFactory(PersonFactory)
    started_at = factory.LazyFunction(timezone.now)
    detected_at = factory.LazyAttribute(lambda o: o.started_at)
    declared_at = factory.LazyAttribute(lambda o: o.detected_at)

    @factory.post_generation
    def declarer_takes_part(incident, create, given, **kwargs):
        if create and incident.declared_by:
            Participant.objects.create(incident=incident, person=incident.declared_by, how="declared")


class TimelineEntryFactory(DjangoModelFactory):
    class Meta:
        model = TimelineEntry

    incident = factory.SubFactory(IncidentFactory)
    at = factory.LazyFunction(timezone.now)
    kind = "note"
    text = factory.Sequence(lambda n: f"Note {n}")
