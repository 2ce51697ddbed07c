import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PHASES = [
    ("background", "Background"),
    ("detection", "Detection"),
    ("diagnosis", "Diagnosis"),
    ("repair", "Repair"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("postmortems", "0007_review_signed_last_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnMoment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="When it happened.")),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, help_text="When it was written down."),
                ),
                ("text", models.TextField()),
                ("phase", models.CharField(choices=PHASES, default="diagnosis", max_length=12)),
                ("key_moment", models.BooleanField(default=False)),
                (
                    "how_it_looked",
                    models.TextField(blank=True, help_text="How it looked then, to those who were there."),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "postmortem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_moments",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={"ordering": ["at", "id"]},
        ),
    ]
