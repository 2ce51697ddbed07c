"""So that counting what was refused does not read every delivery there ever was; made while deliveries are written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0005_shown_addresses")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(fields=["queue"], name="delivery_failed", condition=models.Q(state="failed")),
        )
    ]
