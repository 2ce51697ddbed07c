"""What leaves the house: complete, as far as one may see it, harmless wherever it is opened."""

import base64
import io
import json
import re
from datetime import UTC, datetime

import pytest
from PIL import Image as Pixels

from postmortems import services
from postmortems.export import FORMATS, exported, nodes
from postmortems.export.document import document
from postmortems.export.pdf import _settable, as_pdf, set_in_type, shortened
from postmortems.export.typesetting import SECONDS
from postmortems.importing import read_line
from postmortems.services.images import add_image, markdown
from postmortems.text.rendering import to_html
from tests.factories import PersonFactory, ServiceFactory, TimelineEntryFactory
from tests.oncall.personas import api, browser
from tests.postmortems.cases import published, resolved, reviewed

HOSTILE = (
    """#import "x": * $x^2$ *a* @b `c` #read("/etc/passwd") #panic()

<script>alert(1)</script> [a](javascript:alert(2)) <img src=x onerror=alert(3)>

"""
    + "w" * 10_000
)


def picture():
    content = io.BytesIO()
    Pixels.new("RGB", (40, 20), "navy").save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def by():
    return PersonFactory(name="Ana Torres")


@pytest.fixture
def postmortem(by):
    incident = resolved(severity="sev1", title="Checkout is slow", services=[ServiceFactory(name="Checkout")])
    TimelineEntryFactory(incident=incident, kind="alert", text="Alert: all is slow", at=incident.started_at)
    made = services.open_postmortem(incidents=[incident], by=by, facilitator=by, template="concise")
    image = add_image(postmortem=made, content=picture(), by=by)
    body = f"| Region | Lost |\n|---|---|\n| eu-west | 1,203 |\n\n{markdown(image, 'The graph')}\n\n- [x] checked"
    services.save_section(postmortem=made, key="impact", body=body, version=0, by=by)
    services.add_factor(postmortem=made, factor="data", by=by, note="Odd rows.")
    services.create_action(title="Bound the pool", by=by, postmortem=made, owner=by)
    return made


def pdf_text(content):
    """The PDF's own strings: Typst writes names, titles and addresses of links as they are."""
    return content.decode("latin-1")


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", FORMATS)
def test_every_format_is_a_file_with_a_safe_name(postmortem, by, wanted):
    services.rename(postmortem=postmortem, title='Ch"eckout\\ / ../ дом is slow', by=by)
    postmortem.refresh_from_db()
    for client, root in ((browser(person=by), ""), (api(person=by), "/api/v1")):
        answer = client.get(f"{root}/postmortems/{postmortem.number}/export/?format={wanted}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == FORMATS[wanted]
        name = f"post-mortem-{postmortem.number}-checkout-is-slow.{wanted}"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.django_db
def test_the_pdf_has_pages_bookmarks_tags_and_who_wrote_it(postmortem, by):
    content = exported(postmortem, by, "pdf").content
    assert content.startswith(b"%PDF-")
    text = pdf_text(content)
    assert "/StructTreeRoot" in text
    assert "/Outlines" in text
    assert "(Ana Torres)" in text
    assert "(Checkout is slow)" in text
    assert "/Lang(en)" in text


@pytest.mark.django_db
def test_the_pdf_is_drawn_with_the_picture_the_table_and_the_course(postmortem, by):
    made = document(postmortem, by)
    assert made.course.startswith("<svg")
    pages = [Pixels.open(io.BytesIO(base64.b64decode(page))) for page in set_in_type(made, "png").split()]
    assert all(page.height > page.width for page in pages)
    navy = sum(page.convert("RGB").getcolors(1 << 24) is not None for page in pages)
    assert navy == len(pages)
    assert any((0, 0, 128) in {colour for _, colour in page.convert("RGB").getcolors(1 << 24)} for page in pages)


@pytest.mark.django_db
def test_hostile_text_neither_breaks_nor_steers_the_pdf(by):
    made = services.open_postmortem(title='#import "x" $x$ *b* \u202e 🔥 中文 مرحبا', by=by, template="concise")
    rows = "".join(f"| {index} | {'v' * 60} |\n" for index in range(300))
    texts = {
        "summary": HOSTILE,
        "impact": f"| a | b |\n|---|---|\n{rows}",
        "timeline": "```\n#eval(1)\n\t" + "z" * 3000 + "\n```\n\n" + "<div>" * 900,
        "factors": "|" + "|".join("abc" for _ in range(40)) + "|\n|" + "---|" * 40 + "\n",
        "mitigators": "> " * 9 + "deep\n\n" + "".join("  " * deep + "- item\n" for deep in range(9)),
        "actions": "word " * 20_000,
    }
    for key, body in texts.items():
        services.save_section(postmortem=made, key=key, body=body, version=0, by=by)
    content = as_pdf(document(made, by))
    assert content.startswith(b"%PDF-")
    assert "javascript" not in pdf_text(content)


@pytest.mark.django_db
def test_the_html_is_one_file_that_runs_and_fetches_nothing(postmortem, by):
    services.save_section(postmortem=postmortem, key="summary", body=HOSTILE, version=0, by=by)
    html = exported(postmortem, by, "html").content.decode()
    assert "<script" not in html
    assert "onerror=" not in html.replace("onerror=alert(3)&gt;", "")
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    assert re.findall(r'src="(?!data:)[^"]*"', html) == []
    assert "data:image/png;base64," in html
    assert "data:image/svg+xml;base64," in html
    assert "Made by Ana Torres on" in html
    assert "Bound the pool" in html
    assert "<th>Lost</th>" in html


@pytest.mark.django_db
def test_the_markdown_leads_to_the_pictures_and_says_who_made_it(postmortem, by):
    text = exported(postmortem, by, "md").content.decode()
    assert re.search(r"!\[The graph\]\(http://[^)]+/images/[\w-]+\)", text)
    assert text.splitlines()[-1].startswith("_Made by Ana Torres on ")


@pytest.mark.django_db
def test_the_json_is_complete_and_can_be_imported_elsewhere(postmortem, by):
    line = exported(postmortem, by, "json").content.decode()
    told = json.loads(line)
    assert (told["number"], told["action_items"][0]["title"]) == (postmortem.number, "Bound the pool")
    assert told["images"][0]["content_type"] == "image/png"
    assert told["timeline"][0]["text"] == "Alert: all is slow"
    read = read_line(line, 1, now=datetime.now(UTC)).record
    assert (read.title, read.severity) == (postmortem.title, "sev1")
    assert read.started_at == postmortem.incidents.get().started_at.replace(microsecond=read.started_at.microsecond)
    assert "1,203" in read.body
    assert "Data" in read.keywords


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["md", "html", "json"])
def test_a_draft_is_called_one_and_private_notes_stay_inside(by, wanted):
    incident = resolved(title="Checkout is slow")
    made = reviewed(incident)
    made.interviews.create(by=by, body="Zanzibar")
    made.sections.first().comments.create(body="Zanzibar", by=by)
    text = exported(made, by, wanted).content.decode()
    assert "in review" in text or "in_review" in text
    assert "Zanzibar" not in text


@pytest.mark.django_db
def test_what_was_left_empty_is_said_in_a_draft_and_left_out_once_published(by):
    incident = resolved()
    draft = document(reviewed(incident), by)
    assert any("Not written yet." in part.html for part in draft.parts)
    done = document(published(resolved()), by)
    assert not any("Not written yet." in part.html for part in done.parts)


@pytest.mark.django_db
def test_nobody_exports_what_they_may_not_see(by):
    private = services.open_postmortem(incidents=[resolved(private=True)], by=None)
    for wanted in FORMATS:
        assert browser(person=by).get(f"/postmortems/{private.number}/export/?format={wanted}").status_code == 404


@pytest.mark.django_db
def test_another_format_is_refused_with_those_there_are(postmortem, by):
    page = browser(person=by).get(f"/postmortems/{postmortem.number}/export/?format=doc", follow=True)
    assert "choose one of md, html, pdf, json" in page.content.decode()


@pytest.mark.django_db
def test_setting_that_takes_too_long_is_stopped_and_said(postmortem, by, monkeypatch):
    monkeypatch.setattr("postmortems.export.pdf.PATIENCE", 0.001)
    page = browser(person=by).get(f"/postmortems/{postmortem.number}/export/?format=pdf", follow=True)
    assert "takes too long" in page.content.decode()
    assert SECONDS <= 30


def test_html_becomes_blocks_and_runs():
    told = nodes.blocks(to_html("## A\n\ntext **b *both*** `c`\n\n1. one\n   - two\n\n> q\n\n```\n x\n```\n\n---\n"))
    assert [block["k"] for block in told] == ["h", "p", "list", "quote", "code", "rule"]
    assert told[1]["runs"][1:3] == [{"s": "b ", "b": True}, {"s": "both", "b": True, "i": True}]
    assert told[2]["items"][0][1]["items"] == [[{"k": "p", "runs": [{"s": "two"}]}]]
    assert told[4]["text"] == " x"


def test_tables_are_even_and_numbers_stand_to_the_right():
    [table] = nodes.blocks(to_html("| a | b |\n|---|---|\n| x | 1,200 |\n| y |\n"))
    assert (table["columns"], table["right"]) == (2, [False, True])
    assert [len(row) for row in table["rows"]] == [2, 2]


def test_text_that_would_spoil_its_surroundings_is_made_harmless():
    assert nodes.plain("a\u202eb\x07c") == "abc"
    assert max(len(word) for word in nodes.plain("w" * 1000).split(nodes.BREAK)) <= 30
    assert _settable({"u": "https://x", "s": "\x01"}) == {"u": "https://x", "s": ""}
    assert len(shortened("t" * 200)) == 80
