"""While an upgrade rolls out, processes of the version before run beside the new tables: nothing of theirs may break.

`LANDED` names the last migration of each app in a landed version; what comes after is held to docs/contributing.md.
When a version has landed, set it anew.
"""

from datetime import timedelta
from functools import cache

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.fields import NOT_PROVIDED
from django.utils import timezone

from changes.manual import record_manually
from oncall import paging, services
from oncall.models import PageNotice
from postmortems.services import ask_reviewer, create_action, open_postmortem, open_problem, write_article
from telemetry import snapshots
from tests.factories import AlertFactory, IntegrationFactory, MembershipFactory, staffed_service

LANDED = {
    "changes": "0007_protection_rules_of_a_check",
    "incidents": "0001_initial",
    "notifications": "0008_rejections",
    "oncall": "0009_panel_source",
    "postmortems": "0002_builtin_templates_and_factors",
    "slack": "0002_usergroup",
    "telemetry": "0005_snapshot_asked_at",
}
GONE = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField)


@cache
def loader():
    return MigrationLoader(None)


@cache
def landed_state():
    return loader().project_state(list(LANDED.items()))


def new_migrations():
    """Those after LANDED, in the order in which they are applied."""
    graph = loader().graph
    before = {node for key in LANDED.items() for node in graph.forwards_plan(key)}
    plan = dict.fromkeys(node for leaf in graph.leaf_nodes() for node in graph.forwards_plan(leaf))
    return [node for node in plan if node not in before and node[0] in LANDED]


@cache
def earlier_names():
    """What models that were renamed since were called."""
    return {
        (app, operation.new_name_lower): operation.old_name_lower
        for app, name in new_migrations()
        for operation in loader().get_migration(app, name).operations
        if isinstance(operation, migrations.RenameModel)
    }


def stood(app, name):
    """Whether the version before knows this model."""
    return (app, earlier_names().get((app, name), name)) in landed_state().models


def complaints(operation, app, before, after):
    """Why the version before could not go on while this operation is in effect."""
    name = getattr(operation, "model_name_lower", None) or getattr(operation, "name_lower", "")
    if name and not stood(app, name):
        return
    if isinstance(operation, GONE):
        yield "takes away what the version before still reads or writes"
    if isinstance(operation, migrations.RenameModel):
        tables = [state.apps.get_model(app, name)._meta.db_table for state, name in (
            (before, operation.old_name), (after, operation.new_name))]  # fmt: skip
        if tables[0] != tables[1]:
            yield f"renames the table {tables[0]}; keep its name with db_table"
    if isinstance(operation, migrations.AddField) and not can_be_left_out(operation.field):
        yield "adds a column that the version before does not fill; give it null=True or a db_default"
    if isinstance(operation, migrations.AlterField) and not operation.field.null:
        old = before.models[app, operation.model_name_lower].fields[operation.name]
        if old.null and not can_be_left_out(operation.field):
            yield "requires a column that the version before may leave empty; give it a db_default"


def can_be_left_out(field):
    return field.many_to_many or field.null or field.db_default is not NOT_PROVIDED


@pytest.mark.parametrize("node", new_migrations(), ids=lambda node: f"{node[0]}.{node[1]}")
def test_a_new_migration_leaves_the_version_before_running(node):
    app = node[0]
    state = loader().project_state(node, at_end=False)
    found = []
    for operation in loader().get_migration(*node).operations:
        before = state.clone()
        operation.state_forwards(app, state)
        found += [f"{operation.describe()}: {words}" for words in complaints(operation, app, before, state)]
    assert found == []


@pytest.mark.parametrize(
    ("operation", "refused"),
    [
        (migrations.RemoveField("team", "lead"), True),
        (migrations.DeleteModel("Shift"), True),
        (migrations.RenameField("team", "lead", "leader"), True),
        (migrations.RenameModel("Team", "Crew"), True),
        (migrations.AddField("team", "motto", models.TextField()), True),
        (migrations.AddField("team", "motto", models.TextField(default="")), True),
        (migrations.AddField("team", "motto", models.TextField(db_default="")), False),
        (migrations.AddField("team", "motto", models.TextField(null=True)), False),
        (migrations.AlterField("page", "resolved_at", models.DateTimeField()), True),
        (migrations.AlterField("page", "subject", models.CharField(max_length=300)), False),
    ],
    ids=lambda value: value.describe() if hasattr(value, "describe") else str(value),
)
def test_the_rule_tells_what_breaks_from_what_does_not(operation, refused):
    before = landed_state()
    after = before.clone()
    operation.state_forwards("oncall", after)
    assert bool(list(complaints(operation, "oncall", before, after))) == refused


def changed_tables():
    """(app, model as it is called now) of tables that had columns added, and stood when the version before landed."""
    found = {}
    for app, name in new_migrations():
        for operation in loader().get_migration(app, name).operations:
            if isinstance(operation, migrations.AddField) and stood(app, operation.model_name_lower):
                found[app, operation.model_name_lower] = None
    return list(found)


def organisation():
    """At least one row in every table that changed."""
    by = MembershipFactory().person
    postmortem = open_postmortem(title="A near miss", by=by)
    ask_reviewer(postmortem=postmortem, person=MembershipFactory(team__discipline="dev").person, side="dev", by=by)
    create_action(title="Alert on a full disk", postmortem=postmortem, by=by)
    open_problem(title="Disks fill up unseen", by=by)
    write_article(title="Disk full", issue="Writes fail", by=by)
    service = staffed_service()
    person = service.dev_team.members.get()
    MembershipFactory(person=person)
    seat = service.schedule.seats.get(name="dev")
    start = timezone.now() + timedelta(days=1)
    paging.page(subject="Checkout is down", service=service)
    services.add_override(seat=seat, people=[person], start=start, end=start + timedelta(hours=1), by=None)
    service.schedule.save()
    AlertFactory(service=service)
    IntegrationFactory()
    service.alert_rules.create(incident_severity="sev2")
    service.panels.create(name="Errors", query="up")
    snapshots.request(service=service, about="incident:1", since=timezone.now())
    record_manually(by=MembershipFactory().person, service=service.slug, given={"revision": "4f2a1c"})


@pytest.mark.django_db
def test_rows_as_the_version_before_writes_them_are_taken():
    organisation()
    assert PageNotice.objects.exists()
    tables = changed_tables()
    assert len(tables) > 5
    for app, name in tables:
        model = apps.get_model(app, name)
        row = model.objects.order_by("pk").last()
        assert row is not None, f"make a {name} in organisation()"
        old = landed_state().apps.get_model(app, earlier_names().get((app, name), name))
        columns = ", ".join(f'"{field.column}"' for field in old._meta.concrete_fields)
        table, pk = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE as_before ON COMMIT DROP AS SELECT {columns} FROM {table} WHERE {pk} = %s", [row.pk]
            )
            cursor.execute(f"DELETE FROM {table} WHERE {pk} = %s", [row.pk])
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM as_before")
            cursor.execute("DROP TABLE as_before")
        assert model.objects.get(pk=row.pk) is not None
    connection.check_constraints()
