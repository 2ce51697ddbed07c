"""Time set aside to improve daily work, by team and week: the third way asks for it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from oncall.models import Team


class ImprovementTime(models.Model):
    """What a team planned for one week, and what became of it. Hours of the team, never of a person."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="improvement_time")
    week = models.DateField(help_text="Its Monday.")
    planned_hours = models.DecimalField(max_digits=6, decimal_places=1)
    spent_hours = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "improvement time"
        ordering = ["-week", "team__name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "week"], name="improvement_week_once"),
            models.CheckConstraint(condition=models.Q(week__iso_week_day=1), name="improvement_week_is_monday"),
            models.CheckConstraint(condition=models.Q(planned_hours__gte=0), name="improvement_hours_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} in {self.week}"
