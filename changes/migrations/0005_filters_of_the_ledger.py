"""Indexes by which the ledger is narrowed, on its page and in its export, and a pipeline is judged."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0004_push_shas"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["-started_at", "-id"], name="change_latest"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                django.db.models.functions.text.Upper("environment"),
                models.OrderBy(models.F("started_at"), descending=True),
                name="change_environment",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["state", "-started_at"], name="change_state"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["kind", "-started_at"], name="change_kind"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["type", "-started_at"], name="change_type"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("overridden", True)), fields=["-started_at"], name="change_overridden"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    models.Func(
                        django.db.models.functions.text.Concat(
                            "revision",
                            models.Value(" "),
                            "ref",
                            models.Value(" "),
                            "repository",
                            models.Value(" "),
                            "actor",
                            models.Value(" "),
                            "description",
                            models.Value(" "),
                            "service_hint",
                            models.Value(" "),
                            output_field=models.TextField(),
                        ),
                        models.Value("[\\W_]+"),
                        models.Value(" "),
                        models.Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                name="change_words",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("actor"), name="text_pattern_ops"
                ),
                name="ledger_entry_actor",
            ),
        ),
        migrations.AlterField(
            model_name="pipeline",
            name="branch",
            field=models.CharField(
                blank=True, help_text="The branch that counts; `*` is every one. Empty: main or master.", max_length=200
            ),
        ),
        migrations.AddIndex(
            model_name="pipelinerun",
            index=models.Index(fields=["repository", "pipeline", "status", "-finished_at"], name="pipeline_run_latest"),
        ),
        migrations.AddIndex(
            model_name="pipelinerun",
            index=models.Index(
                condition=models.Q(("revision", ""), _negated=True), fields=["revision"], name="pipeline_run_revision"
            ),
        ),
    ]
