"""Several runs on GitHub may wait for one check."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0006_gate_joins_and_verdicts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="protectionrule",
            name="check_asked",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="protection_rules", to="changes.gatecheck"
            ),
        ),
        migrations.AddConstraint(
            model_name="protectionrule",
            constraint=models.UniqueConstraint(fields=("check_asked", "callback_url"), name="protection_rule_once"),
        ),
    ]
