"""The page of a service's panels: what was stored, the marks on its axis, and the same as a table."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.services import declare
from telemetry import snapshots
from telemetry.models import PanelTemplate, Snapshot
from tests.factories import (
    AdministratorFactory,
    AlertFactory,
    ChangeFactory,
    PanelFactory,
    PanelTemplateFactory,
    PersonFactory,
    ServiceFactory,
)
from tests.telemetry.prometheus_server import Answers, matrix, serving

pytestmark = pytest.mark.django_db
PANELS = "/services/checkout/panels/"
TEMPLATES = "/settings/panels/"


@pytest.fixture
def responder(client):
    client.force_login(PersonFactory(timezone="Europe/Berlin"))
    return client


@pytest.fixture
def administrator(client):
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def seen(client, path=PANELS, status=200, **query):
    answer = client.get(path, query)
    assert answer.status_code == status
    return answer.content.decode()


def part(client, **query):
    return client.get(PANELS, query, headers={"HX-Request": "true"}).content.decode()


def read(page, prefix):
    """What the page gives to its script."""
    return json.loads(re.search(rf'<script id="{prefix}[^>]*type="application/json">(.*?)</script>', page)[1])


def snapshot(service, window="1h", **fields):
    """A look as it was fetched just now."""
    now = timezone.now()
    about = f"service:{service.slug}:{window}"
    fields = {"name": "Errors", "since": now - timedelta(hours=1), "until": now, "covers_until": now} | fields
    panel = PanelFactory(service=service, name=fields["name"], query="up", source=fields.get("source", "prometheus"))
    fields |= {"state": "stored", "next_at": None, "query": panel.query, "unit": panel.unit}
    return Snapshot.objects.create(about=about, service=service, **fields)


def line(label="value", values=(1, 2, 3), minutes=10):
    begin = timezone.now().timestamp() - 60 * minutes
    return {"label": label, "points": [[begin + 15 * n, value] for n, value in enumerate(values)]}


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(PANELS).headers["Location"].startswith("/accounts/login/")


def test_without_panels_it_says_what_to_do(responder, checkout):
    assert "No panels yet" in seen(responder)


def test_it_asks_shows_that_it_asked_and_then_what_came(responder, checkout, settings):
    PanelFactory(service=checkout, name="Errors", unit="%")
    change = ChangeFactory(service=checkout, revision="4f2a1c9")
    answers = Answers()
    answers.answer = matrix(({}, [(1000, "1.5")]))
    with serving(answers) as settings.PROMETHEUS_URL:
        asked = seen(responder, window="6h")
        assert answers.asked == []
        snapshots.fetch_due()
    assert "Asked for 1 panel " in asked
    assert "load delay:2s" in asked
    shown = seen(responder, window="6h")
    assert "load delay:60s" in shown
    (panel,) = read(shown, "panels-")
    assert (panel["name"], panel["unit"], panel["series"][0]["points"]) == ("Errors", "%", [[1000.0, 1.5]])
    (mark,) = read(shown, "axis-")["marks"]
    assert mark["label"].startswith("deploy 4f2a1c9")
    assert f'href="/changes/{change.pk}/"' in shown


def test_without_prometheus_it_says_what_is_missing(responder, checkout, settings):
    settings.PROMETHEUS_URL = ""
    PanelFactory(service=checkout)
    seen(responder)
    snapshots.fetch_due()
    assert "PROMETHEUS_URL is not set" in seen(responder)


def test_the_table_says_the_same_as_the_chart(responder, checkout):
    snapshot(checkout, series=[line("eu", [4, 4, 10], 9), line("us", [7], 9)])
    page = seen(responder)
    table = re.search(r"<table.*?</table>", page, re.DOTALL)[0]
    assert re.findall(r'<th scope="col">(.*?)</th>', table) == ["From", "eu", "us"]
    assert "4 (4 to 10)" in table
    assert '<td class="end">7</td>' in table
    assert "<caption" in table
    assert table.count("<tr>") <= 31


def test_a_page_of_its_own_shows_the_table_and_a_part_folds_it(responder, checkout):
    snapshot(checkout, series=[line()])
    assert re.search(r"<details[^>]*data-table open>", seen(responder))
    assert re.search(r"<details[^>]*data-table>", part(responder))


def test_a_line_of_the_log_is_text_whatever_it_holds(responder, checkout):
    at = timezone.now().timestamp()
    snapshot(checkout, source="loki", log_lines=[[at, "app=checkout", "<script>alert(1)</script>" + "x" * 900]])
    page = seen(responder)
    assert "&lt;script&gt;alert(1)" in page
    assert "x" * 500 not in page


def test_of_many_lines_the_newest_are_shown_and_the_others_on_demand(responder, checkout):
    at = timezone.now().timestamp()
    snapshot(checkout, source="loki", log_lines=[[at + n, "app=a", f"line {n:03}"] for n in range(500)])
    page = seen(responder)
    assert page.index("line 499") < page.index("line 498")
    assert "line 399" not in page
    assert "The newest 100 of 500 lines" in page
    assert "line 000" in seen(responder, lines="all")


def test_many_long_series_are_thinned_for_the_wire(responder, checkout):
    snapshot(checkout, series=[line(f"pod={n}", [0.123456 * k for k in range(500)], 120) for n in range(20)])
    assert all(len(one["points"]) <= 150 for one in read(part(responder), "panels-")[0]["series"])


def test_incidents_stand_on_the_axis_for_those_who_may_see_them(responder, checkout):
    somebody = PersonFactory()
    declare(title="Checkout is slow", services=[checkout], by=somebody)
    declare(title="A secret", services=[checkout], by=somebody, private=True)
    page = seen(responder)
    assert "Checkout is slow began" in page
    assert "A secret" not in page


def test_alerts_stand_on_the_axis(responder, checkout):
    AlertFactory(service=checkout, name="HighErrorRate", starts_at=timezone.now() - timedelta(minutes=5))
    AlertFactory(service=checkout, name="Older", starts_at=timezone.now() - timedelta(hours=5))
    assert re.findall(r"alert:</span> (\w+)", seen(responder)) == ["HighErrorRate"]


class TestWindows:
    def test_a_window_that_does_not_exist_is_the_usual_one(self, responder, checkout):
        PanelFactory(service=checkout)
        seen(responder, window="1000y")
        assert Snapshot.objects.get().about == "service:checkout:1h"

    def test_ones_own_is_in_the_viewers_zone(self, responder, checkout):
        PanelFactory(service=checkout)
        seen(responder, since="2026-06-01T09:00", until="2026-06-01T11:30")
        look = Snapshot.objects.get()
        assert (look.since.isoformat(), look.until.isoformat()) == (
            "2026-06-01T07:00:00+00:00",
            "2026-06-01T09:30:00+00:00",
        )

    @pytest.mark.parametrize("since", ["2026-06-01T09:00Z", "2026-06-01T11:00+02:00", "2026-06-01T11:00 02:00"])
    def test_a_link_may_say_its_offset(self, responder, checkout, since):
        PanelFactory(service=checkout)
        seen(responder, since=since, until="2026-06-01T10:00Z")
        assert Snapshot.objects.get().since.isoformat() == "2026-06-01T09:00:00+00:00"

    @pytest.mark.parametrize(
        ("since", "until", "words"),
        [
            ("2026-06-01T09:00Z", "2026-06-01T08:00Z", "after the start"),
            ("2026-06-01T09:00Z", "2126-06-01T08:00Z", "in the future"),
            ("2026-01-01T09:00Z", "2026-06-01T08:00Z", "at most 31"),
            ("yesterday", "", "valid date/time"),
            ("0000-99-99T99:99Z", "", "is no time"),
            ("", "2026-06-01T08:00Z", "from when"),
        ],
    )
    def test_one_that_cannot_be_is_refused_and_asks_for_nothing(self, responder, checkout, since, until, words):
        PanelFactory(service=checkout)
        assert words in seen(responder, status=422, since=since, until=until)
        assert not Snapshot.objects.exists()

    def test_a_window_that_is_past_is_not_fetched_again_and_again(self, responder, checkout, settings):
        PanelFactory(service=checkout)
        query = {"since": "2026-06-01T09:00Z", "until": "2026-06-01T10:00Z"}
        with serving(Answers()) as settings.PROMETHEUS_URL:
            assert "load delay:2s" in seen(responder, **query)
            snapshots.fetch_due()
        assert "load delay" not in seen(responder, **query)


class TestTemplates:
    FIELDS = {"name": "Traffic", "source": "prometheus", "query": 'rate(x{app="{service}"}[5m])', "position": "1"}

    def test_only_administrators_may_look(self, responder):
        assert responder.get(TEMPLATES).status_code == 403

    def test_one_is_made_changed_and_deleted(self, administrator):
        assert "None yet" in seen(administrator, TEMPLATES)
        assert administrator.post(f"{TEMPLATES}new/", self.FIELDS).headers["Location"] == TEMPLATES
        template = PanelTemplate.objects.get()
        administrator.post(f"{TEMPLATES}{template.pk}/", self.FIELDS | {"name": "Requests", "source": "loki"})
        template.refresh_from_db()
        assert (template.name, template.source, template.query) == ("Requests", "loki", self.FIELDS["query"])
        assert "Requests" in seen(administrator, TEMPLATES)
        administrator.post(f"{TEMPLATES}{template.pk}/delete/")
        assert not PanelTemplate.objects.exists()

    def test_two_of_one_name_are_refused(self, administrator):
        PanelTemplateFactory(name="traffic")
        answer = administrator.post(f"{TEMPLATES}new/", self.FIELDS)
        assert answer.status_code == 422
        assert "is another template already" in answer.content.decode()
