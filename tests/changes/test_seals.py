"""The chain over the ledger: what was sealed is seen to be altered, whoever did it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from changes.models import LedgerEntry, LedgerSeal
from changes.seals import seal_due, verify
from tests.factories import ChangeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    """Three sealed entries."""
    found = [ChangeFactory().entries.get() for _ in range(3)]
    assert seal_due() == 3
    return found


def tamper(statement, *values):
    """What somebody with every right over the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("changes_ledgerentry", "changes_ledgerseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def test_entries_are_sealed_once_and_in_order(entries):
    assert seal_due() == 0
    assert list(LedgerSeal.objects.values_list("number", "entry")) == [
        (number, entry.pk) for number, entry in enumerate(entries, 1)
    ]
    assert (verify().sealed, verify().flaw) == (3, "")


def test_the_chain_goes_on_where_it_ended(entries):
    ChangeFactory()
    assert verify().waiting == 1
    seal_due()
    assert (verify().sealed, verify().waiting, verify().flaw) == (4, 0, "")


@pytest.mark.parametrize(
    "alteration",
    ["actor = 'somebody else'", "state = 'failed'", "at = at + interval '1 second'", 'data = \'{"revision": "x"}\''],
)
def test_an_altered_entry_is_named(entries, alteration):
    tamper(f"UPDATE changes_ledgerentry SET {alteration} WHERE id = %s", entries[1].pk)
    verdict = verify()
    assert verdict.sealed == 1
    assert f"Entry {entries[1].pk} " in verdict.flaw


def test_a_removed_entry_leaves_a_gap(entries):
    tamper("DELETE FROM changes_ledgerseal WHERE number = 2")
    assert "Seal 2 is missing" in verify().flaw


def test_the_command_says_that_all_is_well_and_seals_what_waits(entries):
    ChangeFactory()
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue() == f"All 4 entries fit. The last digest is {LedgerSeal.objects.last().digest}.\n"


def test_the_command_fails_with_the_first_entry_that_does_not_fit(entries):
    tamper("UPDATE changes_ledgerentry SET why = 'because' WHERE id > %s", entries[0].pk)
    with pytest.raises(CommandError, match=f"Entry {entries[1].pk} .* does not fit. The 1 before it fit"):
        call_command("verify_ledger")
    assert LedgerEntry.objects.count() == 3


def test_postgresql_refuses_to_alter_a_seal(entries):
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        LedgerSeal.objects.filter(number=1).update(digest="0")
