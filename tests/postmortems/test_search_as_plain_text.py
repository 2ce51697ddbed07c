"""What a plain text search would find is found: parts of words, signs, phrases, words too common for an index."""

import pytest
from django.utils import timezone

from postmortems.finding.search import search
from postmortems.models import Postmortem, Template
from tests.factories import IncidentFactory, PersonFactory

pytestmark = pytest.mark.django_db

BODY = """The Who were on the radio when `nginx.conf` in /etc/nginx/sites was changed in us-east-1.
Raising max_connections from 100 to 250 after v2.14.3-rc1 let PostgreSQL
refuse connections. Überlastung in München; 障害が発生しました. `rm -rf /var/cache` ran on db-07.
It cost $1,200 (or 100%). See https://status.example/incidents/abc?x=1 for C++ and OR-mappers. "Split brain" it was."""


@pytest.fixture
def written():
    return write("Night of the proxies", BODY)


def write(title, *bodies, **fields):
    number = Postmortem.objects.count() + 1
    fields = {"template": Template.objects.earliest("pk"), "number": number, "published_at": timezone.now()} | fields
    one = Postmortem.objects.create(title=title, status="published", **fields)
    for position, body in enumerate(bodies):
        one.sections.create(key=f"part-{position}", title="Part", position=position, body=body)
    return one


def found(q, **options):
    return search(q, PersonFactory(), **options).get("postmortems", [])


PHRASES = [
    "nginx.conf",
    "/etc/nginx",
    "us-east-1",
    "max_connections",
    "connections",
    "nections",
    "v2.14.3",
    "2.14.3-rc1",
]
PHRASES += [
    "the who",
    "The Who",
    "THE WHO",
    '"the who"',
    "the",
    "who were",
    "überlastung",
    "MÜNCHEN",
    "障害",
    "発生しました",
]
PHRASES += [
    "rm -rf",
    "rm -rf /var/cache",
    "-rf",
    "db-07",
    "$1,200",
    "100%",
    "abc?x=1",
    "C++",
    "OR-mappers",
    "radio when",
]
PHRASES += [
    "let PostgreSQL refuse",
    '"let postgresql refuse"',
    "“split brain”",
    '"Split brain" it',
    "refused",
    "connection refuse",
]
PHRASES += ["Night of the proxies", "proxies München", "night radio", "status.example/incidents"]


@pytest.mark.parametrize("q", PHRASES)
def test_what_stands_in_it_finds_it(written, q):
    assert [hit.label for hit in found(q)] == ["PM1"]


@pytest.mark.parametrize(
    "q", ["nginx.com", "us-west-1", "the whom", '"who the"', "radio -nginx", "max%connections", "r_dio"]
)
def test_what_does_not_stand_in_it_does_not(written, q):
    assert found(q) == []


def test_its_words_may_stand_in_different_sections():
    write("Two parts", "The queue was full.", "Consumers had stopped.")
    assert found("queue consumers")
    assert not found("queue producers")


def test_its_keywords_are_found():
    write("Tagged", "Nothing.", keywords=["split-brain", "Consensus"])
    assert found("split-brain")
    assert found("consensus")


def test_titles_come_first_then_the_phrase_then_the_latest():
    write("One", "pool of a connection")
    phrase = write("Two", "the connection pool ran dry")
    titled = write("The pool had no connection", "")
    latest = write("Four", "no connection left in any pool")
    order = [hit.label for hit in found("connection pool")]
    assert order == [f"PM{one.number}" for one in (phrase, titled, latest)] + ["PM1"]


def test_all_of_them_can_be_reached():
    for number in range(23):
        write(f"Lantern {number}", "x")
    pages = [found("lantern", kind="postmortems", limit=10, offset=offset) for offset in (0, 10, 20)]
    assert [len(page) for page in pages] == [10, 10, 3]
    assert len({hit.label for page in pages for hit in page}) == 23
    assert found("lantern", kind="incidents") == []


def test_what_matched_is_shown_marked_and_nothing_else_is_html():
    write("Marked", "word " * 200 + "<script>alert(1)</script> the Lantern fell & broke. " + "word " * 200)
    [hit] = found("lantern broke")
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt; the <mark>Lantern</mark> fell &amp; <mark>broke</mark>." in hit.snippet
    )
    assert "<script" not in hit.snippet
    assert len(hit.snippet) < 500


def test_parts_of_words_in_incidents_are_found_too():
    incident = IncidentFactory(title="MySQL deadlocks", summary="InnoDB lock_wait_timeout on ab-12")
    for q in ("sql", "lock_wait", "wait_timeout", "ab-12", "deadlock", "innodb deadlocked"):
        assert [hit.label for hit in search(q, PersonFactory())["incidents"]] == [f"#{incident.number}"]


def test_the_api_reaches_all_and_says_what_it_does_not_understand(api):
    for number in range(60):
        write(f"Lantern {number}", "x")
    client = api(PersonFactory())
    assert len(client.get("/api/v1/search", {"q": "lantern"}).json()["postmortems"]) == 50
    assert len(client.get("/api/v1/search", {"q": "lantern", "limit": 500}).json()["postmortems"]) == 60
    assert len(client.get("/api/v1/search", {"q": "lantern", "offset": 50}).json()["postmortems"]) == 10
    for wrong in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"kind": "songs"}, {"limit": "x"}):
        assert client.get("/api/v1/search", {"q": "lantern"} | wrong).status_code == 400


def test_the_page_leads_to_all_of_a_kind(client):
    for number in range(60):
        write(f"Lantern {number}", "x")
    client.force_login(PersonFactory())
    page = client.get("/search/", {"q": "lantern"})
    assert page.content.count(b"Lantern ") == 10
    assert b"kind=postmortems" in page.content
    first, second = (client.get("/search/", {"q": "lantern", "kind": "postmortems", "page": n}) for n in (1, 2))
    assert (first.content.count(b"> Lantern "), second.content.count(b"> Lantern ")) == (50, 10)
