"""Built-in templates and the taxonomy of factors. Going back leaves them: post-mortems may use them."""

from django.db import migrations

from postmortems.builtin import ensure_builtins


def add(apps, schema_editor):
    ensure_builtins(apps)


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
