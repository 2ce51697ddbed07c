from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telemetry', '0003_panels_of_loki_and_alert_outcomes'),
    ]

    operations = [
        migrations.AddField(
            model_name='snapshot',
            name='steps',
            field=models.JSONField(blank=True, help_text='Where its level shifted (telemetry/kept_steps.py); null: not looked for.', null=True),
        ),
    ]
