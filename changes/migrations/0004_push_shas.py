import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("changes", "0003_gate_code_and_pipelines")]

    operations = [
        migrations.AddField(
            model_name="push",
            name="shas",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=64),
                blank=True,
                help_text="Every commit it brought, oldest first; null where its sender left some out.",
                null=True,
                size=None,
            ),
        ),
    ]
