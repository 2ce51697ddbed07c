"""Importing write-ups: each once, nobody told, whatever happens on the way."""

import json
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from incidents.models import Incident
from notifications.errors import Forbidden, InvalidInput
from notifications.models import Counter, Delivery, Event
from oncall.models import Page, Service
from postmortems.import_report import as_csv
from postmortems.models import Import, Postmortem
from postmortems.services import importing
from postmortems.services.importing import Run, start_import, work_due, work_through
from tests.factories import PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db
TOLD = {
    "title": "Search stood still",
    "started_at": "2019-06-02T18:45:00Z",
    "resolved_at": "2019-06-02T20:45:00Z",
    "services": ["Search", "Elsewhere"],
    "body": "A **queue** was full.",
    "keywords": ["time", "queues"],
    "url": "https://example.com/search",
}


def lines(*told):
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in told).encode()


def done(*told, **options):
    row = start_import(name="file.jsonl", raw=lines(*told), by=None, **options)
    work_through(row.pk)
    row.refresh_from_db()
    return row


def counts(row):
    return row.created, row.unchanged, row.refused


def test_a_line_becomes_a_published_post_mortem_and_a_closed_incident():
    search = ServiceFactory(slug="search")
    row = done(TOLD)
    assert counts(row) == (1, 0, 0)
    postmortem = Postmortem.objects.get()
    assert (postmortem.title, postmortem.status) == ("Search stood still", "published")
    assert postmortem.imported_at
    assert postmortem.published_at.year == 2019
    assert postmortem.keywords == ["time", "queues", "Elsewhere"]
    assert postmortem.source_url == "https://example.com/search"
    assert postmortem.sections.get(key="summary").body == "A **queue** was full."
    assert [one.factor.key for one in postmortem.findings.all()] == ["time-clocks"]
    [incident] = postmortem.incidents.all()
    assert (incident.status, incident.source, incident.severity) == ("closed", "import", "sev3")
    assert list(incident.services.all()) == [search]
    assert [entry.text for entry in incident.timeline.all()] == ["Began", "Resolved"]
    assert postmortem.curated.count() == 2
    assert [one["value"] for one in row.remarks if one["field"] == "services"] == ["Elsewhere"]


def test_nobody_is_told_and_nothing_reacts():
    done(TOLD, TOLD | {"severity": "sev1", "title": "Worse"})
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()
    assert not Page.objects.exists()


def test_the_same_file_again_changes_nothing():
    told = [TOLD | {"title": f"Number {index}"} for index in range(5)]
    done(*told)
    before = list(Postmortem.objects.values_list("pk", "imported_at"))
    assert counts(done(*told)) == (0, 5, 0)
    assert list(Postmortem.objects.values_list("pk", "imported_at")) == before
    assert Incident.objects.count() == 5


def test_a_duplicate_in_one_file_is_kept_once_and_remarked():
    row = done(TOLD, "", TOLD)
    assert counts(row) == (1, 1, 0)
    assert any(one["line"] == 3 and "same as line 1" in one["text"] for one in row.remarks)


def test_the_same_title_with_another_text_is_another():
    assert counts(done({"title": "Outage", "body": "a"}, {"title": "Outage", "body": "b"})) == (2, 0, 0)


def test_unsound_times_keep_the_write_up_without_an_incident():
    row = done({"title": "Vasa", "body": "It sank.", "started_at": "1628-08-10", "resolved_at": "1628-08-10"})
    assert counts(row) == (1, 0, 0)
    assert Postmortem.objects.get().incidents.count() == 0
    assert not Incident.objects.exists()


def test_strict_refuses_them():
    row = done({"title": "Vasa", "started_at": "1628-08-10"}, {"title": "Fine"}, strict=True)
    assert counts(row) == (1, 0, 1)


def test_lines_that_are_none_are_refused_and_the_others_kept():
    row = done("no json", {"title": "Kept"}, "[]", {"shoe": 1}, {"title": "Also", "shoe": 2})
    assert counts(row) == (2, 0, 3)
    assert [one["line"] for one in row.remarks if one["refused"]] == [1, 3, 4]
    assert [one["line"] for one in row.remarks if one["field"] == "shoe"] == [4]


def test_services_are_made_where_that_is_asked_for():
    row = done(TOLD, TOLD | {"title": "Again", "services": "elsewhere, 日本"}, create_services=True)
    assert sorted(Service.objects.values_list("slug", flat=True)) == ["elsewhere", "search"]
    assert [one["value"] for one in row.remarks if one["field"] == "services"] == ["日本"]


def test_killed_in_the_middle_it_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(importing, "BATCH_SECONDS", 0.000001)
    told = [{"title": f"Number {index}"} for index in range(4)]
    row = start_import(name="f", raw=lines(*told, told[0]), by=None)
    Run(row).batch()
    row.refresh_from_db()
    assert (row.state, row.position) == ("running", 1)
    assert work_due() == 4
    row.refresh_from_db()
    assert (row.state, row.content, counts(row)) == ("finished", "", (4, 1, 0))
    assert any("same as line 1" in one["text"] for one in row.remarks)


def test_a_batch_that_fails_leaves_no_half_of_itself(monkeypatch):
    row = start_import(name="f", raw=lines(TOLD, TOLD | {"title": "B"}), by=None)
    keep = Run._keep

    def die(self, row):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "_keep", die)
    with pytest.raises(KeyboardInterrupt):
        Run(row).batch()
    assert not Postmortem.objects.exists()
    monkeypatch.setattr(Run, "_keep", keep)
    work_through(row.pk)
    assert [one.number for one in Postmortem.objects.order_by("number")] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_file_at_once_make_nothing_twice():
    raw = lines(*(TOLD | {"title": f"Number {index}"} for index in range(30)))
    rows = [start_import(name="f", raw=raw, by=None) for _ in range(2)]
    failed = []

    def work(row):
        try:
            work_through(row.pk)
        except Exception as error:  # noqa: BLE001 - whatever it was, the test shows it
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[row]) for row in rows]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failed == []
    assert Postmortem.objects.count() == Incident.objects.count() == 30
    assert Counter.objects.get(name="postmortem").value == 30
    for row in rows:
        row.refresh_from_db()
    assert sum(row.created for row in rows) == sum(row.unchanged for row in rows) == 30


def test_only_administrators_import():
    with pytest.raises(Forbidden):
        start_import(name="f", raw=lines(TOLD), by=PersonFactory(role="responder"))


def test_an_empty_file_and_a_huge_one_are_refused():
    for raw, said in ((b" \n\n", "no line"), (b"x" * (importing.LARGEST + 1), "divide it")):
        with pytest.raises(InvalidInput, match=said):
            start_import(name="f", raw=raw, by=None)
    assert not Import.objects.exists()


def test_the_report_is_a_spreadsheet_that_runs_nothing():
    row = done({"title": "T", "services": "=cmd()"})
    assert "'=cmd()" in as_csv(row)


def test_the_command_imports_reports_and_ends_with_1_for_refusals(tmp_path, capsys):
    file = tmp_path / "all.jsonl"
    file.write_bytes(lines(TOLD, "no json"))
    with pytest.raises(SystemExit) as ended:
        call_command("import_incidents", str(file), report=str(tmp_path / "report.csv"))
    assert ended.value.code == 1
    shown = capsys.readouterr()
    assert "1 imported, unchanged 0, 1 refused, of 2 lines" in shown.out
    assert "line 2: REFUSED." in shown.out
    assert "2 of 2" in shown.err
    assert "line,refused" in (tmp_path / "report.csv").read_text()


def test_the_command_says_what_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_incidents", str(tmp_path / "none.jsonl"))
