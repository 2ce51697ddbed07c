import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0004_snapshot_steps")]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="asked_at",
            field=models.DateTimeField(
                blank=True, default=django.utils.timezone.now, help_text="When it was first wanted.", null=True
            ),
        ),
    ]
