"""The service catalogue: what runs, who builds and who operates it, what it depends on."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from simple_history.models import HistoricalRecords

from oncall.models.people import Team
from oncall.models.policies import Policy
from oncall.models.schedules import Schedule
from oncall.querysets import ServiceQuerySet


class Service(models.Model):
    """Something that runs. Dev is never absent from its path: the stage only says who is paged first."""

    class Stage(models.TextChoices):
        DEV_RUN = "dev-run", "Dev-run"
        SHARED = "shared", "Shared"
        OPS_RUN = "ops-run", "Ops-run"

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    dev_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="developed_services"
    )
    ops_team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="operated_services"
    )
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SHARED)
    tier = models.PositiveSmallIntegerField(default=2, help_text="1 is what the business cannot be without.")
    platform = models.SlugField(blank=True, help_text="What it shares with others, such as a cluster.")
    environment = models.CharField(max_length=60, default="production")
    repositories = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="depended_on_by", blank=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.SET_NULL, null=True, blank=True, related_name="services")
    policy = models.ForeignKey(Policy, on_delete=models.SET_NULL, null=True, blank=True, related_name="services")

    objects = ServiceQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[depends_on])

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=models.Q(tier__range=(1, 4)), name="service_tier_1_to_4")]
        indexes = [GinIndex(fields=["repositories"])]

    def __str__(self) -> str:
        return self.name


class Panel(models.Model):
    """A metric or log of a service: a query of Prometheus or Loki with `{service}` and `{environment}`."""

    class Source(models.TextChoices):
        PROMETHEUS = "prometheus", "Prometheus"
        LOKI = "loki", "Loki"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="panels")
    name = models.CharField(max_length=100)
    source = models.CharField(
        max_length=10, choices=Source.choices, default=Source.PROMETHEUS, db_default=Source.PROMETHEUS
    )
    query = models.TextField()
    unit = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="panel_named_once")]

    def __str__(self) -> str:
        return self.name
