"""Importing in Settings and by the API: who may, what one sees on the way, and what is said."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from postmortems.models import Import, Postmortem
from postmortems.services.importing import Run, work_due
from tests.oncall.personas import api, browser

pytestmark = pytest.mark.django_db
LINES = b'{"title": "Search stood still"}\nno json\n'


def upload(client, content=LINES, **told):
    return client.post("/settings/import/", {"file": SimpleUploadedFile("old.jsonl", content), **told}, follow=True)


def test_an_administrator_uploads_a_file_and_follows_its_progress():
    admin = browser()
    page = upload(admin).content.decode()
    assert "0 of 2" in page
    assert 'hx-trigger="live from:body' in page
    assert work_due() == 1
    page = admin.get(f"/settings/import/{Import.objects.get().pk}/").content.decode()
    assert "Finished: 1 imported, unchanged 0, 1 refused, of 2 lines." in page
    assert "This is not JSON" in page
    assert "hx-trigger" not in page.split('id="import"')[1].split(">")[0]
    assert "old.jsonl" in admin.get("/settings/import/").content.decode()


def test_the_report_is_downloaded():
    admin = browser()
    upload(admin)
    work_due()
    answer = admin.get(f"/settings/import/{Import.objects.get().pk}/report.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="import-{Import.objects.get().pk}.csv"'
    assert b"not JSON" in answer.content


def test_what_a_file_holds_is_shown_and_never_run():
    admin = browser()
    upload(admin, json.dumps({"title": "T", "severity": "<script>alert(1)</script>", "<b>": 1}).encode())
    work_due()
    page = admin.get(f"/settings/import/{Import.objects.get().pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_an_empty_file_is_refused_at_its_field():
    answer = upload(browser(), b"\n\n")
    assert answer.status_code == 422
    assert "There is no line in it" in answer.content.decode()


@pytest.mark.parametrize("role", ["responder", "viewer"])
def test_others_may_not(role):
    assert upload(browser(role)).status_code == 403
    assert api(role).post("/api/v1/imports/", {"text": "x"}).status_code == 403
    assert api(role).get("/api/v1/imports/").status_code == 403
    assert not Import.objects.exists()


def test_a_program_sends_lines_as_they_are_and_asks_how_far_they_are():
    admin = api()
    answer = admin.post("/api/v1/imports/?strict=true&name=old", LINES, content_type="application/x-ndjson")
    assert answer.status_code == 201
    assert (answer.data["state"], answer.data["total"], answer.data["strict"]) == ("waiting", 2, True)
    work_due()
    now = admin.get(f"/api/v1/imports/{answer.data['id']}/").data
    assert (now["state"], now["position"], now["created"], now["refused"]) == ("finished", 2, 1, 1)
    assert now["remarks"][0]["line"] == 2
    assert admin.get("/api/v1/imports/").data["results"][0]["name"] == "old"


@pytest.mark.parametrize("form", ["json", "multipart"])
def test_or_as_text_or_as_a_file(form):
    told = {"text": LINES.decode()} if form == "json" else {"file": SimpleUploadedFile("a.jsonl", LINES)}
    answer = api().post("/api/v1/imports/", told, format=form)
    assert answer.status_code == 201
    work_due()
    assert Postmortem.objects.count() == 1


def test_nothing_sent_is_said():
    answer = api().post("/api/v1/imports/", {}, format="json")
    assert answer.status_code == 400
    assert "one of them" in answer.content.decode()


def test_the_same_request_again_is_the_same_import():
    admin = api()
    for _ in range(2):
        answer = admin.post(
            "/api/v1/imports/", LINES, content_type="application/x-ndjson", headers={"Idempotency-Key": "k"}
        )
    assert answer.status_code == 201
    assert Import.objects.count() == 1


def test_progress_stands_in_the_page_while_it_goes_on(monkeypatch):
    monkeypatch.setattr("postmortems.services.importing.BATCH_SECONDS", 0)
    admin = browser()
    upload(admin, b'{"title": "a"}\n{"title": "b"}')
    row = Import.objects.get()
    Run(row).batch()
    assert "1 of 2" in admin.get(f"/settings/import/{row.pk}/").content.decode()
