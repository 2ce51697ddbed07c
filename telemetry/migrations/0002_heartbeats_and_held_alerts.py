"""Heartbeats, and when an alert was held because its service was in maintenance."""

import datetime
import django.db.models.deletion
import django.utils.timezone
import telemetry.models.heartbeats
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                (
                    "token",
                    models.CharField(
                        default=telemetry.models.heartbeats.new_token,
                        help_text="Whoever knows it may call.",
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("every", models.DurationField(help_text="From 1 minute to 30 days.")),
                (
                    "grace",
                    models.DurationField(default=datetime.timedelta(seconds=60), help_text="How late a call may be."),
                ),
                (
                    "severity",
                    models.CharField(
                        default="critical",
                        help_text="The label by which the rules of the service decide.",
                        max_length=60,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("missing_since", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["service__name", "name", "id"],
            },
        ),
        migrations.AddField(
            model_name="alert",
            name="held_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Its service was in maintenance; it pages if it still fires afterwards.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                condition=models.Q(("held_at__isnull", False), ("status", "firing")),
                fields=["held_at"],
                name="alert_held",
            ),
        ),
        migrations.AddField(
            model_name="heartbeat",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="heartbeats", to="oncall.service"
            ),
        ),
        migrations.AddIndex(
            model_name="heartbeat",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="heartbeat_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="heartbeat",
            constraint=models.UniqueConstraint(fields=("service", "name"), name="heartbeat_named_once"),
        ),
        migrations.AddConstraint(
            model_name="heartbeat",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__range", (datetime.timedelta(seconds=60), datetime.timedelta(days=30)))),
                name="heartbeat_every",
            ),
        ),
        migrations.AddConstraint(
            model_name="heartbeat",
            constraint=models.CheckConstraint(
                condition=models.Q(("grace__range", (datetime.timedelta(0), datetime.timedelta(days=30)))),
                name="heartbeat_grace",
            ),
        ),
        migrations.AddConstraint(
            model_name="heartbeat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paused_at", None), models.Q(("missing_since", None), ("next_at", None)), _connector="OR"
                ),
                name="heartbeat_paused_waits_for_nothing",
            ),
        ),
    ]
