"""`Heartbeat` is called `SignOfLife` from now on; the table keeps its name, so that two versions can run side by side."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_verified_contact_methods")]

    operations = [
        migrations.AlterModelTable(name="heartbeat", table="notifications_heartbeat"),
        migrations.RenameModel(old_name="Heartbeat", new_name="SignOfLife"),
        migrations.AlterModelOptions(name="signoflife", options={"verbose_name_plural": "signs of life"}),
    ]
