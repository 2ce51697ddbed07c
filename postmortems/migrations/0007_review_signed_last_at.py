from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0006_words_and_parts")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="signed_last_at",
            field=models.DateTimeField(blank=True, help_text="Kept when the sign-off is asked for anew.", null=True),
        ),
    ]
