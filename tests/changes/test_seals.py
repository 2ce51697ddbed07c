"""The chain over the ledger: what was sealed is seen to be altered, whoever did it."""

from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.utils import timezone

from changes import ledger, seals
from changes.events import ChangeEvent
from changes.models import Change, LedgerEntry, LedgerSeal
from changes.seals import seal_due, seal_stragglers, standing
from changes.verification import Noted, verify
from oncall.models import Service
from tests.factories import ChangeFactory, ServiceFactory

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
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


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
    with pytest.raises(CommandError, match=f"Entry {entries[1].pk} .* does not fit: .* The 1 before it fit"):
        call_command("verify_ledger")
    assert LedgerEntry.objects.count() == 3


def test_an_entry_that_is_gone_is_named(entries):
    tamper("DELETE FROM changes_ledgerentry WHERE id = %s", entries[1].pk)
    assert verify().flaw == f"Entry {entries[1].pk} (seal 2) is gone, or the change that it was of."


def test_two_entries_that_changed_places_are_named(entries):
    first, second = (entry.pk for entry in entries[:2])
    for number, entry in ((1, -1), (2, first), (1, second)):
        tamper("UPDATE changes_ledgerseal SET entry_id = %s WHERE number = %s", entry, number)
    assert f"Entry {second} (seal 1: " in verify().flaw


def test_a_change_that_was_given_another_identity_is_named_by_its_first_entry(entries):
    tamper("UPDATE changes_change SET key = 'github:1:9' WHERE id = %s", entries[2].change_id)
    assert f"Entry {entries[2].pk} (seal 3: github:1:9" in verify().flaw


@pytest.mark.parametrize(
    "alteration",
    ["actor = 'somebody else'", "revision = 'f00'", "state = 'failed'", "type = 'standard'", "overridden = true"],
)
def test_a_change_that_says_what_its_entries_do_not_is_named(entries, alteration):
    tamper(f"UPDATE changes_change SET {alteration} WHERE id = %s", entries[1].change_id)
    verdict = verify()
    assert f"Change {entries[1].change_id} ({entries[1].change.key}) does not fit: its {alteration.split()[0]} is" in (
        verdict.flaw
    )


def test_an_entry_put_in_between_others_is_named(entries):
    tamper(
        "INSERT INTO changes_ledgerentry (change_id, state, at, recorded_at, actor, why, data)"
        " SELECT change_id, 'authorised', at, recorded_at, 'ana', 'agreed', data"
        " FROM changes_ledgerentry WHERE id = %s",
        entries[0].pk,
    )
    added = LedgerEntry.objects.get(state="authorised")
    tamper("UPDATE changes_ledgerseal SET number = number + 1 WHERE number = 3")
    tamper(
        "INSERT INTO changes_ledgerseal (number, digest, sealed_at, entry_id) VALUES (3, %s, now(), %s)",
        "0" * 64,
        added.pk,
    )
    assert f"Entry {added.pk} (seal 3: " in verify().flaw


def test_a_change_put_in_without_entries_is_named(entries):
    tamper("DELETE FROM changes_ledgerseal WHERE number = 3")
    tamper("DELETE FROM changes_ledgerentry WHERE id = %s", entries[2].pk)
    assert verify().flaw == f"Change {entries[2].change_id} ({entries[2].change.key}) does not fit: it has no entries."


class TestADigestNotedElsewhere:
    @pytest.fixture
    def noted(self, entries):
        return list(LedgerSeal.objects.values_list("digest", flat=True))

    def cut_off(self, number):
        tamper(
            "WITH gone AS (DELETE FROM changes_ledgerseal WHERE number >= %s RETURNING entry_id)"
            " DELETE FROM changes_ledgerentry WHERE id IN (SELECT entry_id FROM gone)",
            number,
        )
        tamper("DELETE FROM changes_change WHERE id NOT IN (SELECT change_id FROM changes_ledgerentry)")

    def test_fits_an_untouched_chain(self, noted):
        assert [verify(noted=Noted(digest, number)).flaw for number, digest in enumerate(noted, 1)] == ["", "", ""]
        assert verify(noted=Noted(noted[1][:12])).flaw == ""

    def test_shows_that_the_end_was_cut_off(self, noted):
        self.cut_off(3)
        assert verify().flaw == ""
        assert verify(noted=Noted(noted[2], 3)).flaw == "The chain ends with seal 2, but 3 was noted: its end is gone."
        assert "the end of the chain is gone, or the chain was made anew" in verify(noted=Noted(noted[2])).flaw

    def test_shows_that_the_chain_was_made_anew(self, noted):
        tamper("UPDATE changes_ledgerentry SET why = 'because' WHERE id = (SELECT min(id) FROM changes_ledgerentry)")
        tamper("DELETE FROM changes_ledgerseal")
        assert seal_due() == 3
        assert verify().flaw == ""
        assert "the chain was made anew" in verify(noted=Noted(noted[0], 1)).flaw

    def test_is_given_to_the_command(self, noted):
        call_command("verify_ledger", head=noted[2].upper(), number=3, stdout=StringIO())
        with pytest.raises(CommandError, match=r"Seal 1 is .* was noted"):
            call_command("verify_ledger", head=noted[2], number=1)

    @pytest.mark.parametrize("given", [{"head": "the last one"}, {"number": 3}, {"head": "0" * 64, "number": 0}])
    def test_must_be_one(self, given):
        with pytest.raises(CommandError, match=r"--head|--number"):
            call_command("verify_ledger", **given)


def test_it_is_known_how_many_wait_for_their_seal(entries):
    ChangeFactory.create_batch(2)
    assert (standing().number, standing().waiting) == (3, 2)
    assert standing().digest == LedgerSeal.objects.last().digest


def test_an_entry_that_thousands_overtook_is_sealed_by_the_slower_sweep(entries, monkeypatch):
    tamper("DELETE FROM changes_ledgerseal WHERE number > 1")
    tamper("UPDATE changes_ledgerseal SET entry_id = %s", entries[1].pk)
    monkeypatch.setattr(seals, "CLOSE", 0)
    assert (seal_due(), seal_stragglers()) == (1, 1)
    assert LedgerSeal.objects.get(number=3).entry_id == entries[0].pk


@pytest.mark.parametrize("table", ["changes_ledgerentry", "changes_ledgerseal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_postgresql_refuses_to_alter_what_is_sealed_and_its_seals(entries, table, statement):
    column = "digest" if table == "changes_ledgerseal" else "actor"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table, column, "'0'"))


@pytest.mark.django_db(transaction=True)
def test_what_a_superuser_alters_with_the_triggers_off_is_named_by_the_command():
    for _ in range(3):
        ChangeFactory(actor="ana")
    seal_due()
    altered = LedgerSeal.objects.get(number=2).entry_id
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as superuser:
        with pytest.raises(psycopg.Error, match="append-only"):
            superuser.execute("UPDATE changes_ledgerentry SET actor = 'bo'")
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE changes_ledgerentry SET actor = 'bo' WHERE id = %s", [altered])
    with pytest.raises(CommandError, match=rf"Entry {altered} \(seal 2: .*\) does not fit.* The 1 before it fit\."):
        call_command("verify_ledger")


@pytest.mark.parametrize(
    ("column", "value"), [("service_id", "service"), ("finished_at", "time"), ("revision", "text")]
)
def test_a_row_that_says_what_its_entries_do_not_is_named_though_no_entry_was_touched(column, value):
    service, other = ServiceFactory(), ServiceFactory()
    event = ChangeEvent(external_id="1", state="succeeded", occurred_at=timezone.now(), revision="4f2a1c9")
    change = ledger.record(event=event, source="event", service=service)
    seal_due()
    assert verify().flaw == ""
    put = {"service": other.pk, "time": timezone.now() - timedelta(days=1), "text": "0000000"}[value]
    Change.objects.filter(pk=change.pk).update(**{column: put})
    assert f"Change {change.pk}" in verify().flaw


def test_a_service_that_is_renamed_is_no_flaw():
    service = ServiceFactory(slug="checkout")
    ledger.record(
        event=ChangeEvent(external_id="1", state="succeeded", occurred_at=timezone.now()), source="api", service=service
    )
    seal_due()
    Service.objects.filter(pk=service.pk).update(slug="till")
    assert verify().flaw == ""
