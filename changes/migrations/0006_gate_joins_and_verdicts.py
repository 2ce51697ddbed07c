"""A change knows what a sender calls it beside the gate; and the database refuses to alter what people said of a check."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE TRIGGER gate_keeps_verdicts BEFORE UPDATE OR DELETE ON changes_gateverdict
    FOR EACH STATEMENT EXECUTE FUNCTION changes_ledger_is_append_only();
CREATE OR REPLACE TRIGGER gate_verdicts_are_not_emptied BEFORE TRUNCATE ON changes_gateverdict
    FOR EACH STATEMENT EXECUTE FUNCTION changes_ledger_is_append_only();
"""

BACKWARD = """
DROP TRIGGER gate_verdicts_are_not_emptied ON changes_gateverdict;
DROP TRIGGER gate_keeps_verdicts ON changes_gateverdict;
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0005_filters_of_the_ledger")]
    operations = [
        migrations.AddField(
            model_name="change",
            name="told_as",
            field=models.CharField(
                blank=True,
                help_text="The same by a sender that told of it after the gate was asked (changes/joining.py).",
                max_length=200,
                null=True,
                unique=True,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
