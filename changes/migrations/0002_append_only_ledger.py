"""The database itself refuses to alter what stands in the ledger."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION changes_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger of changes is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Record another entry that corrects it.';
END
$$;
CREATE OR REPLACE TRIGGER ledger_keeps_entries BEFORE UPDATE OR DELETE ON changes_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION changes_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON changes_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION changes_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_keeps_entries BEFORE UPDATE OR DELETE ON changes_ledgerseal
    FOR EACH STATEMENT EXECUTE FUNCTION changes_ledger_is_append_only();
CREATE OR REPLACE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON changes_ledgerseal
    FOR EACH STATEMENT EXECUTE FUNCTION changes_ledger_is_append_only();
"""

BACKWARD = """
DROP TRIGGER ledger_is_not_emptied ON changes_ledgerseal;
DROP TRIGGER ledger_keeps_entries ON changes_ledgerseal;
DROP TRIGGER ledger_is_not_emptied ON changes_ledgerentry;
DROP TRIGGER ledger_keeps_entries ON changes_ledgerentry;
DROP FUNCTION changes_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
