"""Write-ups that mean harm, or only are odd: whatever page shows them, nothing in them runs or leads astray."""

import json
import re
from html.parser import HTMLParser

import pytest

from postmortems.models import Import, Postmortem
from postmortems.services.importing import start_import, work_through
from tests.oncall.personas import api, browser

ATTACKS = [
    "<script>alert('zanzibar')</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)><style>*{display:none}</style></svg>",
    "[click](javascript:alert(1)) [data](data:text/html;base64,PHNjcmlwdD4=) <a href='JaVaScRiPt:alert(1)'>x</a>",
    "![x](javascript:alert(1)) ![y](https://evil.example/pixel.png) <img src='//evil.example/p.png'>",
    "<iframe src=https://evil.example></iframe><object data=x></object><form action=//evil.example><input></form>",
    "<div style='position:fixed;inset:0' onclick=alert(1) id=main class=button>x</div>",
    "{{ 7|add:7 }}{% csrf_token %}{% debug %}",
    "'; DROP TABLE postmortems_postmortem; --",
    "\u202egnp.exe \ufeff\u2066 \u0000 \ud800",
    "</title></textarea></script><script>alert(1)</script>",
    "<!--><script>alert(1)</script-->",
    "=cmd|'/C calc'!A0",
    '#import "x" $x$ #read("/etc/passwd")',
    "日本語 العربية 🔥 " + "w" * 300,
]


class Dangers(HTMLParser):
    """What of a page could run, load from elsewhere or restyle, as a browser would read it."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        own_script = said.get("src", "").startswith("/static/") or said.get("type") == "application/json"
        if tag in ("iframe", "object", "embed", "style", "base"):
            self.found.append((tag, said))
        if tag == "script" and not own_script:
            self.found.append((tag, said))
        for name, value in said.items():
            address = re.sub(r"[\x00-\x20]", "", value).lower()
            if name.startswith("on") or name == "style":
                self.found.append((tag, name, value))
            if name in ("src", "action", "formaction", "data", "poster") and not address.startswith(
                ("/", "data:image/")
            ):
                self.found.append((tag, name, value))
            if name in ("src", "action", "formaction") and address.startswith("//"):
                self.found.append((tag, name, value))
            if name == "href" and address.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append((tag, name, value))


pytestmark = pytest.mark.django_db


@pytest.fixture
def imported():
    told = [
        {
            "title": f"Zanzibar {index} {attack}",
            "body": f"{attack}\n\n| {attack} | b |\n|---|---|\n| `{attack}` | c |\n\n```\n{attack}\n```",
            "keywords": [attack, "zanzibar"],
            "services": [attack],
            "url": "javascript:alert(1)" if index % 2 else f"https://example.com/?q={attack}",
            "severity": attack,
            "started_at": "2020-01-01T00:00:00Z",
            "resolved_at": "2020-01-01T02:00:00Z",
            attack: attack,
        }
        for index, attack in enumerate(ATTACKS)
    ]
    row = start_import(name="<b>.jsonl", raw="\n".join(map(json.dumps, told)).encode(), by=None)
    work_through(row.pk)
    assert Import.objects.get(pk=row.pk).created == len(ATTACKS)
    return list(Postmortem.objects.order_by("number"))


def test_every_page_that_shows_them_shows_text(imported):
    reader = browser()
    shown = [
        *(f"/postmortems/{one.number}/" for one in imported),
        *(f"/incidents/{one.incidents.get().number}/" for one in imported),
        f"/postmortems/{imported[0].number}/timeline/",
        "/postmortems/",
        "/incidents/",
        "/search/?q=zanzibar",
        f"/settings/import/{Import.objects.get().pk}/",
        "/settings/import/",
    ]
    for address in shown:
        answer = reader.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert Dangers(page).found == [], address
        assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_every_export_of_them_is_harmless(imported):
    reader = browser()
    for one in imported:
        html = reader.get(f"/postmortems/{one.number}/export/?format=html").content.decode()
        body = html.partition("</style>")[2]
        assert Dangers(body).found == [], one.number
    for one in imported[:3] + imported[-3:]:
        pdf = reader.get(f"/postmortems/{one.number}/export/?format=pdf").content
        assert pdf.startswith(b"%PDF-")
        assert b"/JavaScript" not in pdf
        assert b"/JS" not in pdf


def test_programs_are_answered_with_what_stands_there(imported):
    for one in imported:
        assert api().get(f"/api/v1/postmortems/{one.number}/").status_code == 200
    found = api().get("/api/v1/search?q=zanzibar").json()
    assert len(json.dumps(found)) > 100
